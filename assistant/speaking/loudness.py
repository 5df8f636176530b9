"""Speech made even: it starts at its first sample, and every sentence of every voice is equally loud.

Loudness is that of EBU R128, measured where the speech is rendered (engine_child.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import to_int16

LOUDNESS_LUFS = -20.5
PEAK = 0.75  # the mixer is linear up to here
LEAD_S = 0.003  # kept before the first audible sample
TAIL_S = 0.04  # kept after the last one, faded out
AUDIBLE = 0.01  # of the peak


@dataclass(frozen=True)
class Speech:
    """A spoken sentence: `samples` int16[n] at `rate` Hz. It begins within 5 ms and ends within 50 ms of its sound."""

    samples: NDArray[np.int16]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def evened(sound: NDArray[np.float32], rate: int, lufs: float) -> Speech:
    """Trim float32[n] of loudness `lufs`, and bring it to LOUDNESS_LUFS (less if its peaks forbid).

    Silence stays an empty sentence.
    """
    sound = _trimmed(sound, rate)
    if sound.size == 0:
        return Speech(np.zeros(0, np.int16), rate)
    gain = 10.0 ** ((LOUDNESS_LUFS - lufs) / 20.0)
    gain = min(gain, PEAK / float(np.abs(sound).max()))
    return Speech(to_int16(np.asarray(sound * gain, np.float32)), rate)


def _trimmed(sound: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    peak = float(np.abs(sound).max(initial=0.0))
    audible = np.flatnonzero(np.abs(sound) > AUDIBLE * peak)
    if audible.size == 0:
        return sound[:0]
    lead, tail = round(LEAD_S * rate), round(TAIL_S * rate)
    begin, end = max(int(audible[0]) - lead, 0), int(audible[-1]) + 1
    trimmed = np.pad(sound[begin : end + tail], (0, max(end + tail - sound.size, 0)))
    trimmed[: int(audible[0]) - begin] *= np.linspace(0.0, 1.0, int(audible[0]) - begin, dtype=np.float32)
    trimmed[-tail:] *= np.linspace(1.0, 0.0, tail, dtype=np.float32)
    return trimmed
