"""The end of a session: what is asked, and what has changed since the last time. True facts only, each time others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.catalog.model import Side
from assistant.dialogue.memory import Memory, Review
from assistant.dialogue.state import ReviewQuestion, Run
from assistant.dialogue.wording import Sentence, Wording, capital, counted, fill, in_words, ordinal

ASKED: Mapping[ReviewQuestion, str] = {
    ReviewQuestion.SIDE: "asked_side",
    ReviewQuestion.FEEL: "asked_feel",
    ReviewQuestion.RATING: "asked_rating",
    ReviewQuestion.WORDS: "asked_words",
}
ASKED_AGAIN: Mapping[ReviewQuestion, str] = {
    ReviewQuestion.SIDE: "asked_again_side",
    ReviewQuestion.FEEL: "asked_again_feel",
    ReviewQuestion.RATING: "asked_again_rating",
    ReviewQuestion.WORDS: "asked_again_words",
}
SAID = ("close", "close_known", *ASKED.values(), *ASKED_AGAIN.values(), "rest_well")
"""Texts that may be said at the end."""
ENDED_EARLY_S = 180  # of work; whoever ends sooner is not asked how it was
FACTS = 2
STREAK = 3  # sessions in a row that are worth counting
SIDES = {side.value: side for side in Side}

_Fact = tuple[str, dict[str, object]]  # key of the wording, and its slots


def tighter_side(memory: Memory, routine: str) -> Side | None:
    """The side that gets a little more: the one that was tighter the last time."""
    past = memory.reviews.get(routine, ())
    return SIDES.get(past[-1].side or "") if past else None


def questions(run: Run, completed: bool) -> tuple[ReviewQuestion, ...]:
    """What to ask after `run`, whose work has been booked; little of one that was ended, nothing after danger."""
    worked_s = sum(bout.worked_ms for bout in run.bouts) / 1000
    if run.danger or not worked_s:
        return ()
    if not completed:
        return (ReviewQuestion.FEEL,) if worked_s >= ENDED_EARLY_S else ()
    sided = any(step.side for step in run.plan.steps)
    return tuple(question for question in ReviewQuestion if sided or question is not ReviewQuestion.SIDE)


def changes(memory: Memory, wording: Wording, title: str, session: Mapping[str, Any], review: Review) -> list[Sentence]:
    """At most two sentences about what has changed since the last time; the side first, the others take turns.

    The sentences of a text are variants here, and with each session it is another one's turn.
    """
    number = memory.sessions
    past = memory.reviews.get(session["routine"], ())
    others = [*_answers(past, review), *_counts(memory, title, session)]
    first = number % len(others) if others else 0
    facts = [*_side(past, review), *others[first:], *others[:first]][:FACTS]
    return [_variant(wording, key, number, slots) for key, slots in facts]


def _variant(wording: Wording, key: str, number: int, slots: Mapping[str, object]) -> Sentence:
    texts = wording.texts[key]
    sentence = fill(texts[number % len(texts)], **slots)
    return Sentence(capital(sentence.text), sentence.taught)


def _side(past: tuple[Review, ...], review: Review) -> Iterator[_Fact]:
    before, now = past[-1].side if past else None, review.side
    if before is None or now is None:
        return
    if before in SIDES and now in SIDES:
        row = _in_a_row([*(each.side for each in past), now])
        slots: dict[str, object] = {"side": now, "other": before, "nth": ordinal(row)}
        if before != now:
            yield "changed_side_moved", slots
        else:
            yield ("changed_side_streak" if row >= STREAK else "changed_side_stayed"), slots
    elif before in SIDES:
        yield "changed_side_gone", {"other": before}
    elif now in SIDES:
        yield "changed_side_come", {"side": now}


def _in_a_row(sides: list[str | None]) -> int:
    """How many of the last ones are alike."""
    return next((n for n, side in enumerate(reversed(sides)) if side != sides[-1]), len(sides))


def _answers(past: tuple[Review, ...], review: Review) -> Iterator[_Fact]:
    """What got better; what got worse the person knows."""
    before = past[-1] if past else Review()
    if review.feel == "better" and before.feel not in (None, "better"):
        yield "changed_feel", {"before": before.feel}
    if review.rating and before.rating and review.rating > before.rating:
        yield "changed_rating", {"now": in_words(review.rating), "before": in_words(before.rating)}


def _counts(memory: Memory, title: str, session: Mapping[str, Any]) -> Iterator[_Fact]:
    """How often, and how much more. One that was interrupted may have been counted then."""
    if session["resumed"]:
        return
    routine = session["routine"]
    if routine in memory.worked_s:
        more = round((session["worked_s"] - memory.worked_s[routine]) / 60)
        if more >= 1:
            yield "changed_minutes", {"time": counted(more, "minute")}
    if memory.this_week:
        yield "changed_week", {"nth": ordinal(memory.this_week + 1)}
    if not memory.times.get(routine):
        yield "changed_first", {"routine": title}
