"""What is said to have changed: true, short, and not in the same words twice."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from small_routine import CATALOG, fresh, wording

from assistant.catalog.model import Side
from assistant.dialogue.closing import changes, tighter_side
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Record
from assistant.dialogue.memory import Memory, Review
from assistant.dialogue.transition import new_state
from assistant.simulation.rehearsal import in_order, played

SESSION: dict[str, Any] = {"routine": "short", "resumed": False, "worked_s": 400.0}
KNOWN = Memory(sessions=4, times={"short": 4})


NOT_REVIEWED = Review()


def told(memory: Memory, review: Review = NOT_REVIEWED, **session: Any) -> list[str]:
    sentences = changes(memory, wording(), "Short Routine", {**SESSION, **session}, review)
    return [sentence.text for sentence in sentences]


def with_past(*past: Review, **more: Any) -> Memory:
    return replace(KNOWN, reviews={"short": past}, **more)


@pytest.mark.parametrize(
    ("memory", "review"),
    [
        (KNOWN, Review(side="left", feel="better", rating=5)),  # nothing to compare with
        (with_past(Review(side="none")), Review(side="none")),
        (with_past(Review(side="left")), Review()),
        (with_past(Review()), Review(side="left")),
        (with_past(Review(feel="better", rating=4)), Review(feel="worse", rating=2)),  # they know
        (replace(KNOWN, worked_s={"short": 380.0}), Review()),  # less than half a minute
        (replace(KNOWN, worked_s={"short": 500.0}), Review()),
    ],
)
def test_nothing_is_made_up(memory: Memory, review: Review) -> None:
    assert told(memory, review) == []


def test_what_was_counted_before_an_interruption_is_not_counted_anew() -> None:
    memory = Memory(sessions=1, this_week=1, worked_s={"short": 60.0})
    assert told(memory)
    assert told(memory, resumed=True) == []


def test_two_facts_at_most_and_the_side_first() -> None:
    memory = with_past(Review("left", "worse", 1), this_week=2, worked_s={"short": 60.0})
    first, _ = told(memory, Review("none", "better", 5))
    assert "tighter" in first


def test_the_same_fact_is_told_in_other_words_the_time_after() -> None:
    for key in wording().texts:
        if key.startswith("changed_"):
            assert len(set(wording().texts[key])) > 1
    assert told(replace(KNOWN, this_week=1)) != told(replace(KNOWN, sessions=5, this_week=1))


def test_other_facts_come_first_the_time_after() -> None:
    memory = with_past(Review(feel="worse", rating=1), this_week=2, worked_s={"short": 60.0})
    review = Review(feel="better", rating=5)
    kinds = [[len(text) for text in told(replace(memory, sessions=n), review)] for n in range(8)]
    assert all(before != after for before, after in pairwise(kinds))


@pytest.mark.parametrize(
    ("past", "side"),
    [
        ((), None),
        ((Review(side="left"),), Side.LEFT),
        ((Review(side="left"), Review(side="none")), None),
        ((Review(side="left"), Review()), None),
        ((Review(side="none"), Review(side="right")), Side.RIGHT),
    ],
)
def test_only_the_last_session_decides_which_side_gets_more(past: tuple[Review, ...], side: Side | None) -> None:
    assert tighter_side(with_past(*past), "short") is side


def test_answered_at_once_it_takes_less_than_a_minute() -> None:
    session = played(new_state(CATALOG, wording()), "short")
    at = {entry.text: entry.at for entry in in_order(session)}
    assert at["Rest well."] - at["Which side was tighter: left side, right side, or no difference?"] < 45_000
    records = [effect.session for _, effect in session.effects if isinstance(effect, Record)]
    assert [record.get("review", {}).get("rating") for record in records] == [None, None, None, 4]


def test_two_sessions_of_one_program_are_two() -> None:
    session = fresh(Memory(key="today"))
    for _ in range(2):
        session.say(Command.START, slots={"routine": "short"})
        session.now += 60_000
        session.say(Command.END)
        session.say(Command.YES)
    ids = [effect.session["session"] for _, effect in session.effects if isinstance(effect, Record)]
    assert len(set(ids)) == len(ids) == 2
    assert all(name.startswith("today") for name in ids)
