"""How words sound: phones from the CMU Pronouncing Dictionary, and how far two texts are apart in sound."""

from __future__ import annotations

import gzip
import re
from functools import cache, lru_cache
from itertools import product
from typing import Final

from assistant.errors import ListeningError
from assistant.resources import resource

Phones = tuple[str, ...]

_CLASSES: Final = (
    {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"},
    {"P", "B", "T", "D", "K", "G"},
    {"F", "V", "TH", "DH", "S", "Z", "SH", "ZH", "HH", "CH", "JH"},
    {"M", "N", "NG"},
    {"L", "R", "W", "Y"},
)
_VOWELS: Final = _CLASSES[0]
_TWINS: Final = {
    frozenset(pair)
    for pair in (
        ("P", "B"), ("T", "D"), ("K", "G"), ("F", "V"), ("S", "Z"), ("TH", "DH"), ("SH", "ZH"), ("CH", "JH"),
        ("M", "N"), ("N", "NG"), ("IH", "IY"), ("UH", "UW"), ("AA", "AO"), ("AH", "UH"), ("EH", "AE"), ("AH", "IH"),
    )
}  # fmt: skip
_ALIKE, _RELATED = 0.3, 0.6  # cost of taking one phone for its twin, for one of its class; any other costs 1
_MOST_READINGS = 12  # of one text; more pronunciations than that tell nothing new
_LETTERS: Final = {  # for words that the dictionary lacks: enough to compare them
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K",
    "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V",
    "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip


@lru_cache(maxsize=4096)
def pronunciations(word: str) -> tuple[Phones, ...]:
    """The ways to say `word`, as phones without stress; by its letters if the dictionary lacks it."""
    found: dict[Phones, None] = {}
    dictionary, key = _dictionary(), f"\n{word} ".encode()
    at = dictionary.find(key)
    while at >= 0 and dictionary.startswith(key, at):
        end = dictionary.index(b"\n", at + 1)
        phones = dictionary[at + len(key) : end].decode()
        found[tuple(re.sub(r"\d", "", phones).split())] = None
        at = end
    return tuple(found) or (tuple(" ".join(_LETTERS.get(letter, "") for letter in word).split()),)


def readings(text: str) -> list[Phones]:
    """The ways to say a text of several words, the first few."""
    several = [pronunciations(word) for word in text.split()]
    ways = (sum(way, ()) for way in product(*several))
    return [way for way, _ in zip(ways, range(_MOST_READINGS), strict=False)]


def syllables(text: str) -> int:
    """The syllables of a text, in its first pronunciation."""
    return sum(phone in _VOWELS for word in text.split() for phone in pronunciations(word)[0])


@lru_cache(maxsize=4096)
def distance(one: str, other: str) -> float:
    """How far two texts are apart in sound: 0 the same, 1 nothing in common. By the longer of the two."""
    return min((_edits(a, b) / max(len(a), len(b), 1) for a in readings(one) for b in readings(other)), default=1.0)


def _edits(one: Phones, other: Phones) -> float:
    """The least cost of turning `one` into `other` by leaving out, putting in and exchanging phones."""
    row = [float(n) for n in range(len(other) + 1)]
    for phone in one:
        left = row[0] + 1
        fresh = [left]
        for n, wanted in enumerate(other):
            left = min(row[n] + _exchange(phone, wanted), row[n + 1] + 1, left + 1)
            fresh.append(left)
        row = fresh
    return row[-1]


@cache
def _exchange(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if frozenset((one, other)) in _TWINS:
        return _ALIKE
    return _RELATED if any(one in phones and other in phones for phones in _CLASSES) else 1.0


@cache
def _dictionary() -> bytes:
    path = resource("voice_models") / "pronunciations" / "en.txt.gz"
    try:
        return b"\n" + gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise ListeningError(
            f"The pronunciations in {path} cannot be read: restore voice_models/ or install Floorcoach again."
        ) from error
