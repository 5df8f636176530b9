"""From any rate and channel count to what listening wants: 16 kHz mono int16."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

LISTENING_RATE = 16_000


def to_mono(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the channels of float32[n] or float32[n, channels]."""
    return block if block.ndim == 1 else block.mean(axis=1, dtype=np.float32)


def to_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """float32 in [-1, 1] as int16; what lies outside is clipped."""
    return np.asarray(np.rint(np.clip(samples, -1.0, 1.0) * 32767.0), np.int16)


def to_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """int16 as float32 in [-1, 1]."""
    return np.asarray(samples / np.float32(32768.0), np.float32)


def resampled(samples: NDArray[np.float32], rate: int, to: int) -> NDArray[np.float32]:
    """A whole mono sound at another rate; the same array when the rates agree."""
    if rate == to or samples.size == 0:
        return samples
    return np.asarray(soxr.resample(samples, rate, to, quality="HQ"), np.float32)


class Resampler:
    """A mono stream at `rate` Hz, block by block, to `to` Hz. Adds a few milliseconds of delay.

    The filter is soxr's medium quality: flat to 7 kHz, and it answers sooner than the high ones.
    """

    def __init__(self, rate: int, to: int = LISTENING_RATE) -> None:
        self._stream = None if rate == to else soxr.ResampleStream(rate, to, 1, dtype="float32", quality="MQ")

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32[n] in, what is ready out (may be empty)."""
        if self._stream is None:
            return block
        return np.asarray(self._stream.resample_chunk(np.ascontiguousarray(block, np.float32)), np.float32)
