"""The commonest words of the speech model, and how rare a text is to it."""

from __future__ import annotations

from functools import cache

from assistant.errors import ListeningError
from assistant.resources import language

_RAREST = 14.0  # cost of a word that is not among the commonest


def common_words(count: int) -> list[str]:
    """The `count` commonest words, commonest first."""
    return list(_costs())[:count]


def rarity(text: str) -> float:
    """What the words of `text` cost the free recogniser, each for itself: high for words that it does not expect."""
    return sum(_costs().get(word, _RAREST) for word in text.split())


@cache
def _costs() -> dict[str, float]:
    path = language("en") / "words.txt"
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        return {word: float(cost) for cost, word in lines}
    except (OSError, ValueError) as error:
        raise ListeningError(f"The list of words {path} cannot be read: install Floorcoach again.") from error
