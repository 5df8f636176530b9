"""Sounds that are not words: short, distinct by shape, with a sharp onset at their first sample."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.effects import ToneKind

ATTACK_S = 0.001  # short enough to be found to the millisecond in a recording, long enough not to click
OVERTONES = ((1, 1.0), (2, 0.35), (3, 0.1))


@dataclass(frozen=True)
class _Note:
    hz: float
    s: float
    decay_s: float  # to a third


_NOTES: dict[ToneKind, tuple[float, tuple[_Note, ...]]] = {  # peak level, notes
    ToneKind.BEGIN: (0.35, (_Note(659.3, 0.11, 0.12), _Note(987.8, 0.24, 0.10))),
    ToneKind.END: (0.35, (_Note(987.8, 0.11, 0.12), _Note(659.3, 0.30, 0.12))),
    ToneKind.BEAT: (0.30, (_Note(1318.5, 0.06, 0.02),)),
    ToneKind.HEARD: (0.25, (_Note(1174.7, 0.09, 0.04),)),
    ToneKind.DOUBT: (0.12, (_Note(440.0, 0.14, 0.06),)),
    ToneKind.REFUSED: (0.25, (_Note(392.0, 0.10, 0.07), _Note(392.0, 0.16, 0.07))),
}


@lru_cache(maxsize=64)
def tone(kind: ToneKind, rate: int) -> NDArray[np.float32]:
    """The tone as float32[n] in [-1, 1] at `rate` Hz; the same array each time, read-only."""
    peak, notes = _NOTES[kind]
    sound = np.concatenate([_note(note, rate) for note in notes])
    sound = np.asarray(sound * (peak / np.abs(sound).max()), np.float32)
    sound.setflags(write=False)
    return sound


def _note(note: _Note, rate: int) -> NDArray[np.float64]:
    t = np.arange(round(note.s * rate)) / rate
    wave = np.zeros(t.size)
    for number, level in OVERTONES:
        wave += level * np.sin(2 * np.pi * number * note.hz * t)
    attack = np.minimum(t / ATTACK_S, 1.0)
    release = np.minimum((note.s - t) / 0.01, 1.0)
    return np.asarray(wave * attack * release * np.exp(-t / note.decay_s))
