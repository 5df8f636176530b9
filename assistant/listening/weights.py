"""What a phrase costs in a Vosk grammar before a sound is heard.

Vosk turns a list of phrases into a bigram of static discount and back-off (src/language_model.cc of vosk-api), and its
scores contain that cost. Adding it back leaves how well the sound fits, so that evidence does not depend on how many
phrases a table has: a threshold stays true when a phrase is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from math import inf, log

_DISCOUNT = 0.5  # of every count; the rest is for backing off
_END = ""


class Weights:
    """The costs (negative natural logarithms of probability) of the texts that a grammar allows."""

    def __init__(self, grammar: Iterable[str]) -> None:
        """`grammar` as given to Vosk: repeated phrases count more."""
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        for phrase, times in Counter(grammar).items():
            words = [*phrase.split(), _END]
            for word, following in pairwise(words):
                self._words[word] += times
                self._pairs[word, following] += times
            self._words[_END] += times
        self._total = sum(self._words.values())

    def cost(self, text: str) -> float:
        """The cost of `text`, along the cheaper of bigram and back-off for each word; infinite if a word is missing."""
        words = text.split()
        if any(word not in self._words for word in words):
            return inf
        said = [*words, _END]
        return self._alone(said[0]) + sum(self._after(word, following) for word, following in pairwise(said))

    def _alone(self, word: str) -> float:
        return -log(_DISCOUNT * self._words[word] / self._total)

    def _after(self, word: str, following: str) -> float:
        backed_off = -log(1 - _DISCOUNT) + self._alone(following)
        pairs = self._pairs[word, following]
        return min(backed_off, -log(_DISCOUNT * pairs / self._words[word])) if pairs else backed_off
