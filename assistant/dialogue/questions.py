"""The questions before a session, as facts: which are due, and what an answer makes of what is known of the person."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from assistant.catalog.model import Catalog, Question, QuestionSet
from assistant.dialogue.person import SORE_DAYS, Mark, Person, marked, unmarked

GENTLE = "gentle"
"""The tag of a day on which every move is done in its easier version."""


class Answer(str, Enum):
    """What was answered, or that nothing clear was."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


def due(person: Person, questions: QuestionSet) -> tuple[str, ...]:
    """The ids of the questions to be asked before a session, in order; none, where all is known."""
    if questions.id not in person.asked or any(each.id in person.dangers for each in questions.all()):
        return tuple(question.id for question in questions.questions)
    return (questions.changed.id,) if person.asked[questions.id] >= questions.every_days else ()


def has_effects(question: Question, answer: Answer) -> bool:
    """Whether the answer is the one that matters, or unclear."""
    return answer in (Answer(question.when), Answer.UNSURE)


def forbids(question: Question, answer: Answer) -> bool:
    """Whether nobody may begin after this answer."""
    unclear = question.danger and answer is Answer.UNSURE
    return unclear or (question.stops and has_effects(question, answer))


def learned(person: Person, question: Question, answer: Answer) -> Person:
    """What is known after the answer. It outweighs whatever was said to the same question before."""
    if has_effects(question, answer):
        dangers = tuple(name for name in person.dangers if name != question.id)
        gentle = (GENTLE,) if answer is Answer.UNSURE and not question.danger else ()
        return replace(
            person,
            dangers=(*dangers, question.id) if forbids(question, answer) else dangers,
            tags=marked({**person.tags, **dict.fromkeys(gentle, Mark(0, 0))}, question.tags, question.days),
            missing=marked(person.missing, question.missing, question.days),
        )
    untrue = [*question.all()]  # nor is anything that would have been asked next
    return replace(
        person,
        dangers=tuple(name for name in person.dangers if name not in _ids(question)),
        tags=unmarked(person.tags, tuple(tag for each in untrue for tag in each.tags)),
        missing=unmarked(person.missing, tuple(thing for each in untrue for thing in each.missing)),
    )


def answered(person: Person, questions: QuestionSet) -> Person:
    """Everything due has been answered; today counts as the day of all answers."""
    return replace(person, asked={**person.asked, questions.id: 0})


def about_part(catalog: Catalog, part: str) -> Question | None:
    """The question whose tags spare a part of the body ("shoulder"), if there is one."""
    every = (question for questions in catalog.screenings.values() for question in questions.all())
    return next((question for question in every if part in question.parts), None)


def sore(person: Person, question: Question) -> Person:
    """The person whose part of the body, of `question`, hurts today: it is spared for some days."""
    return replace(person, tags=marked(person.tags, question.tags, SORE_DAYS))


def _ids(question: Question) -> set[str]:
    return {each.id for each in question.all()}
