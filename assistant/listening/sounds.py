"""How words sound: phones from the CMU Pronouncing Dictionary, and how far two texts are apart in sound."""

from __future__ import annotations

import gzip
import re
from functools import cache, lru_cache
from itertools import islice, product
from math import inf
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


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[Phones, ...]:
    """The ways to say a text of several words, the first few."""
    several = [pronunciations(word) for word in text.split()]
    ways = (sum(way, ()) for way in product(*several))
    return tuple(islice(ways, _MOST_READINGS))


def syllables(text: str) -> int:
    """The syllables of a text, in its first pronunciation."""
    return sum(phone in _VOWELS for word in text.split() for phone in pronunciations(word)[0])


@lru_cache(maxsize=4096)
def distance(one: str, other: str) -> float:
    """How far two texts are apart in sound: 0 the same, 1 nothing in common. By the longer of the two."""
    return _distance(one, other, 1.0)


def near(one: str, other: str, limit: float) -> bool:
    """Whether `distance(one, other)` is at most `limit`: quicker, as soon as it is certain to be more."""
    return _distance(one, other, limit) <= limit


def _distance(one: str, other: str, limit: float) -> float:
    """The distance if it is at most `limit`, else anything above."""
    pairs = product(readings(one), readings(other))
    return min((_edits(a, b, limit) / max(len(a), len(b), 1) for a, b in pairs), default=1.0)


def _edits(one: Phones, other: Phones, limit: float) -> float:
    """The least cost of turning `one` into `other` by leaving out, putting in and exchanging phones.

    Infinite if it is certain to be more than `limit` times the longer one's length. To leave out or put in costs 1,
    so that only places near the diagonal count.
    """
    longest = max(len(one), len(other), 1)
    band = int(limit * longest) + 1  # 1 more than needed, against rounding
    if abs(len(one) - len(other)) > band:
        return inf
    row = [float(n) for n in range(len(other) + 1)]
    for m, phone in enumerate(one):
        first, last = max(0, m - band), min(len(other), m + band + 1)
        fresh = [inf] * len(row)
        fresh[first] = left = row[first] + 1
        for n in range(first, last):
            left = min(row[n] + _exchange(phone, other[n]), row[n + 1] + 1, left + 1)
            fresh[n + 1] = left
        if min(fresh) / longest > limit:
            return inf
        row = fresh
    return row[-1]


@lru_cache(maxsize=4096)
def distance_within(text: str, speech: str) -> float:
    """How far `text` is in sound from that part of `speech` which is most like it, by the phones of the text."""
    return min((_part(a, b) / max(len(a), 1) for a in readings(text) for b in readings(speech)), default=1.0)


def _part(one: Phones, speech: Phones) -> float:
    """As `_edits`, but what `speech` has before and after costs nothing."""
    row = [0.0] * (len(speech) + 1)
    for phone in one:
        left = row[0] + 1
        fresh = [left]
        for n, wanted in enumerate(speech):
            left = min(row[n] + _exchange(phone, wanted), row[n + 1] + 1, left + 1)
            fresh.append(left)
        row = fresh
    return min(row)


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
