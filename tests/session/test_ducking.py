"""When the coach lowers its voice."""

from __future__ import annotations

from assistant.session.ducking import PATIENCE_MS, REST_MS, Ducking


def ducked() -> tuple[Ducking, list[bool]]:
    calls: list[bool] = []
    return Ducking(calls.append), calls


def test_low_while_somebody_speaks_and_up_again_a_moment_after() -> None:
    ducking, calls = ducked()
    ducking.voice(True, 1000)
    ducking.voice(False, 1600)
    assert ducking.deadline() == 1600 + REST_MS
    ducking.advance(1600 + REST_MS - 1)
    assert calls == [True]
    ducking.advance(1600 + REST_MS)
    assert calls == [True, False]
    assert ducking.deadline() is None


def test_a_second_word_keeps_it_low() -> None:
    ducking, calls = ducked()
    ducking.voice(True, 0)
    ducking.voice(False, 300)
    ducking.voice(True, 500)
    ducking.advance(300 + REST_MS)
    assert calls == [True]


def test_a_voice_without_end_is_background() -> None:
    ducking, calls = ducked()
    ducking.voice(True, 0)
    ducking.advance(PATIENCE_MS)
    ducking.voice(True, PATIENCE_MS + 100)
    assert calls == [True, False]
    ducking.voice(False, 60_000)
    ducking.voice(True, 61_000)
    assert calls == [True, False, True]


def test_an_answer_is_not_low_and_the_same_voice_does_not_lower_it_again() -> None:
    ducking, calls = ducked()
    ducking.voice(True, 0)
    ducking.answered()
    assert ducking.deadline() is None
    ducking.voice(True, 300)
    assert calls == [True, False]
    ducking.voice(False, 500)
    assert ducking.deadline() is None
    ducking.voice(True, 900)
    assert calls == [True, False, True]
