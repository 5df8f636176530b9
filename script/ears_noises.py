"""Long sounds that are no speech, made here: a mains hum, a vacuum cleaner, a crying baby. Everything follows from the
seed; each yields pieces of ten seconds (float32 at 16 kHz, RMS about 0.03) without end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from ears_corpus import RATE, Floats

_PIECE = 10 * RATE


def hum(seed: int) -> Iterator[Floats]:
    """50 Hz with its harmonics, and a little hiss."""
    chance = np.random.default_rng(seed)
    strengths = chance.uniform(0.2, 1, 12) / np.arange(1, 13)
    for times in _times():
        tones = sum(s * np.sin(2 * np.pi * 50 * (n + 1) * times) for n, s in enumerate(strengths))
        yield _level(tones + 0.02 * chance.standard_normal(_PIECE))


def vacuum(seed: int) -> Iterator[Floats]:
    """Rushing air, and a motor whose speed wanders as the nozzle is pushed over the carpet."""
    chance = np.random.default_rng(seed)
    for times in _times():
        push = 1 + 0.06 * np.sin(2 * np.pi * 0.4 * times) + 0.02 * np.sin(2 * np.pi * 1.7 * times)
        turns = np.cumsum(310 * push) / RATE
        motor = sum(np.sin(2 * np.pi * n * turns) / n for n in range(1, 9))
        air = np.convolve(chance.standard_normal(_PIECE + 7), np.ones(8) / 8, "valid")
        yield _level(0.6 * motor + 2.0 * air * push)


def baby(seed: int) -> Iterator[Floats]:
    """Cries of about a second: a voice of 350 to 550 Hz that rises and falls, with the formants of an open mouth."""
    chance = np.random.default_rng(seed)
    while True:
        piece = np.zeros(_PIECE)
        at = 0
        while at < _PIECE - 2 * RATE:
            cry = _cry(chance)
            piece[at : at + cry.size] = cry
            at += cry.size + int(chance.uniform(0.15, 0.9) * RATE)
        yield _level(piece + 0.01 * chance.standard_normal(_PIECE))


def _cry(chance: np.random.Generator) -> Floats:
    times = np.arange(int(chance.uniform(0.5, 1.6) * RATE)) / RATE
    share = times / times[-1]
    pitch = chance.uniform(350, 550) * (1 + 0.25 * np.sin(np.pi * share) + 0.02 * np.sin(2 * np.pi * 6 * times))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = np.zeros(times.size)
    for n in range(1, 14):
        hertz = n * pitch
        heard = sum(np.exp(-(((hertz - formant) / 350) ** 2)) for formant in (1100, 2800, 4300))
        voice += (0.15 + heard) / n**0.5 * np.sin(n * phase) * (hertz < 7500)
    voice += chance.uniform(0, 0.4) * chance.standard_normal(times.size)
    return np.asarray(voice * np.sin(np.pi * share) ** 0.4, np.float32)


def _times() -> Iterator[np.ndarray]:
    start = 0
    while True:
        yield (start + np.arange(_PIECE)) / RATE
        start += _PIECE


def _level(sound: np.ndarray) -> Floats:
    return np.asarray(sound * 0.03 / np.sqrt(np.mean(np.square(sound))), np.float32)
