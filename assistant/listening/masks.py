"""The coach's own words: while they sound, and shortly after, they are no commands."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.listening.model import RATE
from assistant.listening.sampling import spoken

_ECHO = int(0.3 * RATE)  # a room goes on sounding
_EARLY = int(0.1 * RATE)  # clocks of two devices agree to about this
_KEPT = 10 * RATE  # nothing is judged later than this


@dataclass(frozen=True)
class _Mask:
    words: frozenset[str]
    start: int
    end: int


class Masks:
    """The words that sound from our own speaker, and when, in samples of the microphone.

    What sounds is told by one thread and asked for by another.
    """

    def __init__(self) -> None:
        self._masks: tuple[_Mask, ...] = ()  # replaced as a whole, so that who reads needs no lock
        self._changing = threading.Lock()

    def add(self, words: Iterable[str], start: int, end: int) -> None:
        """From `start` to `end` our own voice says `words`."""
        split = frozenset(word for text in words for word in spoken(text).split())
        with self._changing:
            kept = (mask for mask in self._masks if mask.end > start - _KEPT)
            self._masks = (*kept, _Mask(split, start, end))

    def covers(self, text: str, began: int) -> bool:
        """Whether every word of `text`, begun at sample `began`, may be our own voice."""
        words = set(text.split())
        return any(mask.start - _EARLY <= began <= mask.end + _ECHO and words <= mask.words for mask in self._masks)

    def sounding(self, sample: int) -> bool:
        """Whether our own voice may be heard at `sample`."""
        return any(mask.start - _EARLY <= sample <= mask.end + _ECHO for mask in self._masks)

    def clear(self) -> None:
        """Forget all."""
        with self._changing:
            self._masks = ()
