"""The coach's own words: while they sound, and shortly after, they are no commands."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.listening.model import RATE
from assistant.listening.sampling import spoken
from assistant.listening.sounds import distance_within

_ECHO = int(0.3 * RATE)  # a room goes on sounding
_EARLY = int(0.1 * RATE)  # clocks of two devices agree to about this
_UNSURE = int(0.4 * RATE)  # where in a sentence a word sounds is told by its letters
_ALIKE = 0.2  # of its phones; one command in 250 is that like what is being said by chance
_KEPT = 10 * RATE  # nothing is judged later than this


@dataclass(frozen=True)
class _Mask:
    words: frozenset[str]
    start: int
    end: int
    sentence: str = ""

    def sounding(self, sample: int) -> bool:
        """Whether our own voice may be heard at `sample`."""
        return self.start - _EARLY <= sample <= self.end + _ECHO

    def around(self, began: int, ended: int) -> str:
        """The words of the sentence that sound in [began, ended), as far as their letters tell."""
        length = max(1, self.end - self.start)
        first = len(self.sentence) * (began - _UNSURE - self.start) / length
        last = len(self.sentence) * (ended + _UNSURE - self.start) / length
        words = re.finditer(r"\S+", self.sentence)
        return spoken(" ".join(word[0] for word in words if word.end() > first and word.start() < last))


class Masks:
    """The words that sound from our own speaker, and when, in samples of the microphone.

    What sounds is told by one thread and asked for by another.
    """

    def __init__(self) -> None:
        self._masks: tuple[_Mask, ...] = ()  # replaced as a whole, so that who reads needs no lock
        self._changing = threading.Lock()

    def add(self, words: Iterable[str], start: int, end: int, sentence: str = "") -> None:
        """From `start` to `end` our own voice says `words`, which are no commands there, in or as a `sentence`."""
        split = frozenset(word for text in words for word in spoken(text).split())
        with self._changing:
            kept = (mask for mask in self._masks if mask.end > start - _KEPT)
            self._masks = (*kept, _Mask(split, start, end, sentence))

    def covers(self, text: str, began: int) -> bool:
        """Whether every word of `text`, begun at sample `began`, may be our own voice."""
        words = set(text.split())
        return any(mask.sounding(began) and words <= mask.words for mask in self._masks)

    def echoes(self, text: str, began: int, ended: int) -> bool:
        """Whether our own voice, saying something that sounds like `text`, lies under [began, ended)."""
        under = (mask for mask in self._masks if mask.start - _EARLY <= began and ended <= mask.end + _ECHO)
        return any(distance_within(text, mask.around(began, ended)) <= _ALIKE for mask in under if mask.sentence)

    def sounding(self, sample: int) -> bool:
        """Whether our own voice may be heard at `sample`."""
        return any(mask.sounding(sample) for mask in self._masks)

    def clear(self) -> None:
        """Forget all."""
        with self._changing:
            self._masks = ()
