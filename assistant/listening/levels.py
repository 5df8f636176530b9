"""How loud a voice arrived, and over what noise."""

from __future__ import annotations

import numpy as np

from assistant.listening.hearing import Level
from assistant.listening.recogniser import Samples

FLOOR_DBFS = -96
_FRAME = 320  # samples, 20 ms
_BEFORE, _MARGIN = 75, 5  # frames before the voice in which the noise is looked for
_QUIETEST = 25  # per cent of them: the noise, whatever else was to be heard
_SHUT = 1e-9  # power: the echo canceller lets nothing through, which is no quiet room
_CLIPPED = 32_700
_CLIPPING_SHARE = 0.002


def measure(samples: Samples, began: int, ended: int) -> Level:
    """The level of the voice in [began, ended) of `samples` (16 kHz), and of the noise before it."""
    whole = samples[: len(samples) // _FRAME * _FRAME].astype(np.float64).reshape(-1, _FRAME) / 32768
    powers = np.mean(whole**2, axis=1)
    first, last = max(began, 0) // _FRAME, -(-ended // _FRAME)
    before = powers[max(first - _BEFORE, 0) : max(first - _MARGIN, 0)]
    before = before[before > _SHUT]
    noise = float(np.percentile(before, _QUIETEST)) if before.size else 0.0
    voice = powers[first:last]
    active = voice[voice > 4 * noise]
    power = float(np.mean(active)) - noise if active.size else 0.0
    spoken = samples[max(began, 0) : ended]
    clipped = bool(spoken.size) and float(np.mean(np.abs(spoken.astype(np.int32)) >= _CLIPPED)) > _CLIPPING_SHARE
    return Level(_db(power), _db(noise), clipped)


def _db(power: float) -> int:
    return FLOOR_DBFS if power <= 0 else max(FLOOR_DBFS, round(10 * float(np.log10(power))))


def amplified(samples: Samples, gain_db: float) -> Samples:
    """`samples` louder by `gain_db`; what would not fit is cut off."""
    if not gain_db:
        return samples
    louder: Samples = np.clip(samples * 10 ** (gain_db / 20), -32768, 32767).astype(np.int16)
    return louder
