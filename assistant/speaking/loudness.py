"""Speech made even: it starts at its first sample, and every sentence of every voice is equally loud.

Loudness is that of EBU R128, measured as ITU-R BS.1770-4 says; the tables named here are its tables.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import to_int16

LOUDNESS_LUFS = -20.5
PEAK = 0.75  # the mixer is linear up to here
LEAD_S = 0.003  # kept before the first audible sample
TAIL_S = 0.04  # kept after the last one, faded out
AUDIBLE = 0.01  # of the peak

_STEP_S = 0.1
_STEPS = 4  # in a block of 400 ms, which shares 75 % with the next one
_OFFSET = -0.691  # LU: takes away what the weighting adds at 997 Hz
_ABSOLUTE_GATE = -70.0  # LUFS; softer blocks do not count
_RELATIVE_GATE = -10.0  # LU, from the mean of all others; softer ones do not count either: pauses
_TABLE_RATE = 48_000
# Tables 1 and 2: b0 to b2, a0 to a2.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


@dataclass(frozen=True)
class Speech:
    """A spoken sentence: `samples` int16[n] at `rate` Hz. It begins within 5 ms and ends within 50 ms of its sound."""

    samples: NDArray[np.int16]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def loudness(sound: NDArray[np.float32], rate: int) -> float:
    """How loud the speech in float32[n] at `rate` Hz is, in LUFS; minus infinity below -70.

    Weighted as ears do, in blocks of 400 ms, pauses left out. A word shorter than a block is measured as a block with
    silence behind it, because that is how loud it is heard: the ear, too, takes some 400 ms together.
    """
    begin, end = _audible(sound)
    if begin == end:
        return -math.inf
    blocks = _blocks(sound[begin:end], rate)
    blocks = blocks[blocks > 10.0 ** ((_ABSOLUTE_GATE - _OFFSET) / 10.0)]
    if blocks.size == 0:
        return -math.inf
    blocks = blocks[blocks > 10.0 ** (_RELATIVE_GATE / 10.0) * blocks.mean()]
    return _OFFSET + 10.0 * math.log10(blocks.mean())


def _blocks(sound: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """The weighted mean square of each block; the last one may lack half a step."""
    step = round(_STEP_S * rate)
    size = max(sound.size, _STEPS * step)
    padded = np.pad(sound, (step, size - sound.size + step))
    weights = _weights(rate, 2 * step)
    powers = np.zeros(round(size / step))
    for i in range(powers.size):  # each with the step before it, in which the filters settle
        weighted = np.fft.irfft(weights * np.fft.rfft(padded[i * step : (i + 2) * step]), 2 * step)[step:]
        powers[i] = np.square(weighted[: size - i * step]).sum() / step
    return np.convolve(powers, np.full(_STEPS, 1.0 / _STEPS), "valid")


@lru_cache(maxsize=4)
def _weights(rate: int, size: int) -> NDArray[np.complex128]:
    """The K-weighting as factors for the spectrum of `size` samples at `rate` Hz.

    The tables hold for 48 kHz, and other rates shall have the same response: here it is looked up by frequency.
    """
    hz = np.minimum(np.fft.rfftfreq(size, 1.0 / rate), _TABLE_RATE / 2)
    delay = np.exp(-2j * np.pi * hz / _TABLE_RATE)
    response = np.ones(hz.size, np.complex128)
    for (b0, b1, b2), (a0, a1, a2) in (_SHELF, _HIGH_PASS):
        response *= (b0 + b1 * delay + b2 * delay**2) / (a0 + a1 * delay + a2 * delay**2)
    return response


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
    first, end = _audible(sound)
    if first == end:
        return sound[:0]
    lead, tail = round(LEAD_S * rate), round(TAIL_S * rate)
    begin = max(first - lead, 0)
    trimmed = np.pad(sound[begin : end + tail], (0, max(end + tail - sound.size, 0)))
    trimmed[: first - begin] *= np.linspace(0.0, 1.0, first - begin, dtype=np.float32)
    trimmed[-tail:] *= np.linspace(1.0, 0.0, tail, dtype=np.float32)
    return trimmed


def _audible(sound: NDArray[np.float32]) -> tuple[int, int]:
    """Where the audible samples begin and end; equal if there are none."""
    audible = np.flatnonzero(np.abs(sound) > AUDIBLE * np.abs(sound).max(initial=0.0))
    return (int(audible[0]), int(audible[-1]) + 1) if audible.size else (0, 0)
