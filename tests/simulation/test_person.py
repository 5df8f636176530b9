"""The scripted person: who says what when."""

from __future__ import annotations

import pytest

from assistant.simulation.person import REACTION_MS, Person
from assistant.simulation.script import Turn


def said(person: Person, lasts: int = 500) -> tuple[str | None, int]:
    """Let the person say what is due: the words, and when they began."""
    at = person.due()
    assert at is not None
    turn = person.speak()
    person.spoke(at + lasts)
    return turn.say, at


def test_a_turn_at_a_time_is_said_at_that_time() -> None:
    person = Person((Turn(at_ms=3000, say="stop"),))
    assert said(person) == ("stop", 3000)
    assert person.due() is None


def test_an_answer_follows_the_sentence_after_a_human_moment() -> None:
    person = Person((Turn(after="say READY", say="ready"),))
    person.coach_said("Lie down.", 1.0, 1000)
    assert person.due() is None
    person.coach_said("When you are there, say ready.", 1.0, 5000)
    words, at = said(person)
    assert words == "ready"
    assert REACTION_MS[0] <= at - 5000 <= REACTION_MS[1]


def test_turns_come_in_their_order_and_once() -> None:
    person = Person((Turn(after="one", say="first"), Turn(after="one", say="second")))
    person.coach_said("One.", 1.0, 1000)
    assert said(person)[0] == "first"
    assert person.due() is None
    person.coach_said("One.", 1.0, 9000)
    assert said(person)[0] == "second"
    person.coach_said("One.", 1.0, 20_000)
    assert person.due() is None


def test_a_text_that_comes_before_its_turn_is_not_answered() -> None:
    person = Person((Turn(at_ms=10_000, say="pause"), Turn(after="paused", say="continue")))
    person.coach_said("Say pause to be paused.", 1.0, 5000)
    assert said(person) == ("pause", 10_000)
    assert person.due() is None
    person.coach_said("Paused.", 1.0, 11_500)
    assert said(person)[0] == "continue"


def test_a_sentence_that_falls_into_the_moment_before_speaking_is_heard() -> None:
    person = Person((Turn(after="paused", say="continue"), Turn(after="arm side", say="ready")))
    person.coach_said("Paused.", 1.0, 1000)
    person.coach_said("Arm side.", 1.0, 1200)
    first, second = said(person), said(person)
    assert (first[0], second[0]) == ("continue", "ready")
    assert second[1] >= first[1] + 500 + REACTION_MS[0]


def test_every_answers_each_time_unless_the_next_turn_in_order_waits_for_the_same() -> None:
    person = Person((Turn(every="say ready", say="ready"), Turn(after="say ready", say="repeat")))
    for words in ("repeat", "ready", "ready"):
        person.coach_said("Say ready.", 1.0, 60_000)
        assert said(person)[0] == words


def test_after_s_counts_from_the_end_of_the_last_turn() -> None:
    person = Person((Turn(at_ms=1000, say="pause"), Turn(after_ms=2000, say="continue")))
    assert said(person, lasts=700) == ("pause", 1000)
    assert said(person) == ("continue", 3700)


def test_a_moment_that_has_passed_is_now() -> None:
    person = Person((Turn(at_ms=1000, say="a"), Turn(at_ms=1200, say="b")))
    assert said(person, lasts=5000) == ("a", 1000)
    assert said(person) == ("b", 6000)


@pytest.mark.parametrize(("share", "answers"), [(0.2, False), (0.9, True), (1.0, True)])
def test_of_a_sentence_that_was_cut_only_the_spoken_part_counts(share: float, answers: bool) -> None:
    person = Person((Turn(after="other side", say="ready"),))
    person.coach_said("Now the other side, and then we rest.", share * 1.0, 1000)
    assert (person.due() is not None) is answers


def test_the_same_seed_hesitates_the_same() -> None:
    def reaction(seed: int) -> int | None:
        person = Person((Turn(every="x", say="y"),), seed)
        person.coach_said("x", 1.0, 0)
        return person.due()

    assert reaction(1) == reaction(1)
    assert len({reaction(seed) for seed in range(10)}) > 3
