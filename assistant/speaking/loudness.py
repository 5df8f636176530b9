"""Speech made even: it starts at its first sample, and every sentence is equally loud."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import to_int16

LEVEL_DBFS = -20.0  # RMS while speaking
PEAK = 0.75  # the mixer is linear up to here
LEAD_S = 0.003  # kept before the first audible sample
TAIL_S = 0.04  # kept after the last one, faded out
AUDIBLE = 0.01  # of the peak
_FRAME_S = 0.03
_GATE = 0.1  # frames below this share of the loudest one are pauses


@dataclass(frozen=True)
class Speech:
    """A spoken sentence: `samples` int16[n] at `rate` Hz. It begins within 5 ms and ends within 50 ms of its sound."""

    samples: NDArray[np.int16]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def evened(sound: NDArray[np.float32], rate: int) -> Speech:
    """Trim float32[n], bring it to LEVEL_DBFS (less if its peaks forbid); silence stays an empty sentence."""
    sound = _trimmed(sound, rate)
    if sound.size == 0:
        return Speech(np.zeros(0, np.int16), rate)
    gain = 10.0 ** (LEVEL_DBFS / 20.0) / _speaking_rms(sound, rate)
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


def _speaking_rms(sound: NDArray[np.float32], rate: int) -> float:
    """RMS over the frames in which something is said, so that pauses do not make a sentence louder."""
    frame = max(round(_FRAME_S * rate), 1)
    padded = np.pad(sound, (0, -sound.size % frame)).reshape(-1, frame)
    power = np.mean(padded.astype(np.float64) ** 2, axis=1)
    return float(np.sqrt(power[power >= power.max() * _GATE**2].mean()))
