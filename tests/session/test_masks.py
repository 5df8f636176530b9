"""Where in an utterance a taught word sounds."""

from __future__ import annotations

from assistant.session.masks import MARGIN_MS, spans, without

RATE = 16_000
MARGIN = MARGIN_MS * RATE // 1000


def test_only_the_part_that_holds_the_word_is_covered() -> None:
    text = "Move in a comfortable range, and if something feels wrong, say stop."
    ((word, begin, end),) = spans(text, ("stop",), 4 * RATE, RATE)
    assert word == "stop"
    assert 3 * RATE < begin < end == 4 * RATE


def test_each_occurrence_counts_whatever_its_case() -> None:
    found = spans("Ready? Say ready when you are there.", ("ready",), 2 * RATE, RATE)
    assert [word for word, _, _ in found] == ["ready", "ready"]
    assert found[0][1] == 0
    assert found[0][2] < found[1][2]


def test_a_part_of_a_word_is_not_the_word() -> None:
    assert spans("You said it already.", ("ready",), RATE, RATE) == []


def test_the_margin_is_kept_on_both_sides() -> None:
    text = "x" * 50 + " next " + "x" * 50
    ((_, begin, end),) = spans(text, ("next",), 10 * RATE, RATE)
    assert end - begin == 10 * RATE * 55 // len(text) - 10 * RATE * 51 // len(text) + 2 * MARGIN


def test_what_is_taught_is_left_blank_and_the_rest_keeps_its_place() -> None:
    assert without("Say ready when you are there.", ("ready",)) == "Say       when you are there."
    assert without("Paused.", ()) == "Paused."
