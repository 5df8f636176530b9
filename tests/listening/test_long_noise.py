"""Minutes of sounds that are nobody's command: nothing is acted on, nothing piles up, the next word is heard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from assistant.listening.hearing import Kind
from assistant.listening.recogniser import Samples

from .conftest import Listener, clip, hiss

RATE = 16_000
Noise = Callable[[float], Samples]


def hum(seconds: float) -> Samples:
    """Of the mains, with harmonics."""
    times = np.arange(int(seconds * RATE)) / RATE
    return _loud(sum(np.sin(2 * np.pi * 50 * n * times) / n for n in range(1, 12)))


def vacuum_cleaner(seconds: float) -> Samples:
    """A motor that labours, and rushing air."""
    times = np.arange(int(seconds * RATE)) / RATE
    turns = np.cumsum(310 * (1 + 0.06 * np.sin(2 * np.pi * 0.4 * times))) / RATE
    air = np.random.default_rng(1).standard_normal(times.size)
    return _loud(sum(np.sin(2 * np.pi * n * turns) / n for n in range(1, 9)) + air)


def baby(seconds: float) -> Samples:
    """Cries of a second, 350 to 550 Hz, with a rest after each."""
    times = np.arange(int(seconds * RATE)) / RATE
    cry = times % 1.4 / 1.1  # of 1; beyond it the rest
    pitch = (450 + 100 * np.sin(2 * np.pi * times / 7)) * (1 + 0.25 * np.sin(np.pi * np.minimum(cry, 1)))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(n * phase) * (0.2 + np.exp(-(((n * pitch - 1100) / 350) ** 2))) for n in range(1, 12))
    return _loud(voice * np.where(cry < 1, np.sin(np.pi * np.minimum(cry, 1)) ** 0.4, 0.0))


def _loud(sound: object) -> Samples:
    level = np.asarray(sound, np.float64)
    return (level * 1500 / np.sqrt(np.mean(level**2))).astype(np.int16)


@pytest.mark.parametrize("noise", [hum, vacuum_cleaner, baby])
def test_noise_is_no_command_and_the_word_after_it_is_heard(listen: Listener, noise: Noise) -> None:
    ears = listen("working")
    minute = noise(60.0)
    heard = [hearing for _ in range(2) for hearing in ears.hear(minute)]
    assert [hearing for hearing in heard if hearing.kind in (Kind.ACCEPTED, Kind.NEAR)] == []
    (after,) = ears.hear(hiss(1.0), clip("rendered/how_many_more"))
    assert (after.kind, after.command) == (Kind.ACCEPTED, "count")


def test_nothing_piles_up_while_others_talk(listen: Listener) -> None:
    """Like a television: sentences without end. What is kept of them has a bound."""
    ears = listen("working")
    sentence = np.concatenate([clip("rendered/the_weather_is_nice_today"), hiss(0.2)])
    for _ in range(20):
        assert {hearing.kind for hearing in ears.hear(sentence, hiss(0.4))} <= {Kind.IGNORED}
        kept = [value.nbytes for value in vars(ears.ears).values() if isinstance(value, np.ndarray)]
        assert sum(kept) <= 8.5 * RATE * 2
