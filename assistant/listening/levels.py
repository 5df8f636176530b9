"""How loud a voice arrived, and over what noise."""

from __future__ import annotations

import numpy as np

from assistant.listening.hearing import Level
from assistant.listening.recogniser import Samples
from assistant.listening.voice_activity import WINDOW, VoiceActivity

FLOOR_DBFS = -96
_FRAME = 320  # samples, 20 ms
_BEFORE, _MARGIN = 75, 5  # frames before the voice in which the noise is looked for
_QUIETEST = 25  # per cent of them: the noise, whatever else was to be heard
_SHUT = 1e-9  # power: the echo canceller lets nothing through, which is no quiet room
_CLIPPED = 32_700
_CLIPPING_SHARE = 0.002
_FIT_FOR_DETECTOR = 10_000  # peak: the detector finds half of the voices at -64 dB, and none at -76


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


def noise_floor(samples: Samples) -> int:
    """The level of `samples` (16 kHz) where they are quietest, in dB below full scale."""
    powers = np.mean(samples[: len(samples) // _FRAME * _FRAME].astype(np.float64).reshape(-1, _FRAME) ** 2, axis=1)
    return _db(float(np.percentile(powers, _QUIETEST)) / 32768**2 if powers.size else 0.0)


def spoken(samples: Samples) -> Level | None:
    """The level of the voice in `samples` (16 kHz), however soft it is; None where nobody speaks.

    ListeningError if no voice detector is installed.
    """
    peak = int(np.max(np.abs(samples.astype(np.int32)), initial=1))
    louder = amplified(samples, max(20 * float(np.log10(_FIT_FOR_DETECTOR / peak)), 0.0))
    louder = np.concatenate([louder, np.zeros(10 * WINDOW, np.int16)])  # a voice that goes on to the end counts, too
    activity = VoiceActivity()
    windows = (louder[at : at + WINDOW] for at in range(0, len(louder) - WINDOW + 1, WINDOW))
    voices = [segment for segment in map(activity.feed, windows) if segment and segment.early]  # these are sure
    return measure(samples, voices[0].began, voices[-1].ended) if voices else None


def _db(power: float) -> int:
    return FLOOR_DBFS if power <= 0 else max(FLOOR_DBFS, round(10 * float(np.log10(power))))


def amplified(samples: Samples, gain_db: float) -> Samples:
    """`samples` louder by `gain_db`; what would not fit is cut off."""
    if not gain_db:
        return samples
    louder: Samples = np.clip(samples * 10 ** (gain_db / 20), -32768, 32767).astype(np.int16)
    return louder
