"""A voice that arrives too softly for minutes."""

from __future__ import annotations

from assistant.listening.hearing import Level
from assistant.session.softness import Softness


def told(levels: list[int], every_ms: int = 20_000) -> list[int]:
    softness = Softness()
    return [n for n, db in enumerate(levels) if softness.heard(n * every_ms, Level(db, -80))]


def test_soft_for_minutes_is_told_once() -> None:
    assert told([-62] * 30) == [7]


def test_soft_for_a_moment_is_not() -> None:
    assert told([-62] * 12, every_ms=5000) == []
    assert told([-62] * 7) == []


def test_a_television_next_door_is_not_the_person() -> None:
    assert told([-62, -65, -64, -40] * 8) == []


def test_who_becomes_soft_is_told_later() -> None:
    assert told([-40] * 5 + [-62] * 9) == [12]
