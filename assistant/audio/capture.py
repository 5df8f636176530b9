"""What the microphone delivers, made fit for listening, and its level watched."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import LISTENING_RATE, Resampler, to_int16, to_mono

FLOOR_DBFS = -96.0
CLIPPED = 32_700  # a sample at or beyond it has hit the ceiling
CLIPPING_SHARE = 0.001  # of the samples of the last seconds: more than that is heard as a rasp, and costs recognition
_MEMORY_S = 3.0
_MINUTES_S = 180.0  # what clips for a moment is a door; what clips again and again is a wrong gain
_CLIPPED_S = 5.0  # within these minutes
_LOUD_DBFS, _LOUD_S = -20.0, 30.0  # so many seconds this loud: no room is, at a sound gain


class Meter:
    """Level, clipping and digital silence of a 16 kHz int16 stream; cheap enough to run always.

    A quiet room still has noise in the last bits; exact zeros mean a dead, muted or refused microphone.
    """

    def __init__(self) -> None:
        self.level_dbfs = FLOOR_DBFS  # RMS of the newest block
        self.zeros_s = 0.0  # how long nothing but zeros has come
        self.heard_anything = False  # was any sample ever not zero
        self._clipped_share = 0.0
        self._clipped_s = 0.0  # seconds that clipped, fading over the minutes
        self._loud_s = 0.0  # the same for seconds that were loud

    @property
    def clipping(self) -> bool:
        """Whether the last three seconds or so were too loud for the microphone's setting."""
        return self._clipped_share > CLIPPING_SHARE

    @property
    def too_high(self) -> bool:
        """Whether it has been too loud again and again over the last minutes: the gain is wrong."""
        return self._clipped_s > _CLIPPED_S or self._loud_s > _LOUD_S

    def feed(self, samples: NDArray[np.int16]) -> None:
        """Take in int16[n]."""
        if samples.size == 0:
            return
        seconds = samples.size / LISTENING_RATE
        if samples.any():
            self.heard_anything = True
            self.zeros_s = 0.0
        else:
            self.zeros_s += seconds
        rms = math.sqrt(float(np.mean(samples.astype(np.float64) ** 2))) / 32768.0
        self.level_dbfs = max(20.0 * math.log10(rms), FLOOR_DBFS) if rms > 0 else FLOOR_DBFS
        clipped = float(np.mean((samples >= CLIPPED) | (samples <= -CLIPPED)))
        self._clipped_share += (clipped - self._clipped_share) * min(seconds / _MEMORY_S, 1.0)
        fading = min(seconds / _MINUTES_S, 1.0)
        self._clipped_s += (seconds if clipped > CLIPPING_SHARE else 0.0) - self._clipped_s * fading
        self._loud_s += (seconds if self.level_dbfs > _LOUD_DBFS else 0.0) - self._loud_s * fading


class Capture:
    """Blocks of a device at any rate and channel count -> 16 kHz mono int16, metered."""

    def __init__(self, rate: int) -> None:
        self.meter = Meter()
        self.position = 0  # listening samples delivered so far
        self._resampler = Resampler(rate)

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.int16]:
        """float32[n] or float32[n, channels] in, int16[m] out (may be empty)."""
        samples = to_int16(self._resampler.feed(to_mono(block)))
        self.meter.feed(samples)
        self.position += samples.size
        return samples
