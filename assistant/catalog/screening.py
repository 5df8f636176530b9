"""Question sets: what is asked before somebody's first session, from YAML; and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.catalog.faults import Fault
from assistant.catalog.lint_words import Words, word_count
from assistant.catalog.model import Question, QuestionSet
from assistant.catalog.reading import Document, Place

CHANGED = "changed"
"""The id of the question whether anything has changed."""
FACT_WORDS = 15  # of what is said back


def question_set(data: Mapping[str, Any]) -> QuestionSet:
    """A question set from its file's data, which has passed its schema."""
    questions = tuple(_question(question, danger=False) for question in data["questions"])
    changed = _question({"id": CHANGED, "danger": True, **data["changed"]}, danger=True)
    return QuestionSet(data["id"], questions, changed, data.get("every_days", 30))


def _question(data: Mapping[str, Any], *, danger: bool) -> Question:
    """`danger`: of the question it belongs to."""
    danger = data.get("danger", danger)
    return Question(
        id=data["id"],
        ask=tuple(data["ask"]),
        yes=data["yes"],
        no=data["no"],
        when=data.get("when", "yes"),
        danger=danger,
        stops=data.get("stops", False),
        tags=tuple(data.get("tags", ())),
        missing=tuple(data.get("missing", ())),
        days=data.get("days"),
        parts=tuple(data.get("parts", ())),
        advice=tuple(data.get("advice", ())),
        then=tuple(_question(question, danger=danger) for question in data.get("then", ())),
    )


def check_questions(document: Document, words: Words) -> Iterator[Fault]:
    """Every fault of a question set's meaning; the schema has been checked."""
    if document.path.stem != document.data["id"]:
        yield document.fault(
            f"The id is '{document.data['id']}', the file {document.path.name}: name both alike.", "id"
        )
    seen = {CHANGED}
    for place, question in _places(document.data):
        if question.get("id") in seen:
            yield document.fault(f"The question '{question['id']}' is there twice.", *place, "id")
        seen.add(question.get("id", CHANGED))
        for n, sentence in enumerate(question["ask"]):
            for message in words.faults(sentence):
                yield document.fault(message, *place, "ask", n)
        for n, sentence in enumerate(question.get("advice", ())):
            for message in words.faults(sentence):
                yield document.fault(message, *place, "advice", n)
        for key in ("yes", "no"):
            if word_count(question[key]) > FACT_WORDS:
                yield document.fault(f"It is said back: at most {FACT_WORDS} words.", *place, key)
        if question.get("stops") and not question.get("advice"):
            yield document.fault("Whoever may not begin needs to hear why: write advice.", *place)


def _places(data: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Each question with its place in the file."""
    yield (CHANGED,), data["changed"]
    waiting: list[tuple[Place, Mapping[str, Any]]]
    waiting = [(("questions", n), question) for n, question in enumerate(data["questions"])]
    while waiting:
        place, question = waiting.pop(0)
        yield place, question
        waiting += [((*place, "then", n), follow) for n, follow in enumerate(question.get("then", ()))]
