"""Which samples of an utterance hold a word that is being taught, so that the ears do not take it for a command.

Speech engines do not tell when a word sounds. Its place is estimated from its letters, widened by `MARGIN_MS`
on both sides: an answer right after the prompt still counts, and so does a command said over the rest of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MARGIN_MS = 250


def spans(text: str, taught: tuple[str, ...], length: int, rate: int) -> list[tuple[str, int, int]]:
    """For each occurrence of a taught wording: (wording, first sample, sample after the last), within the utterance.

    `length` is that of the utterance in samples at `rate` Hz.
    """
    margin = MARGIN_MS * rate // 1000
    found = []
    for word in taught:
        for match in _occurrences(word, text):
            begin = length * match.start() // len(text) - margin
            end = length * match.end() // len(text) + margin
            found.append((word, max(begin, 0), min(end, length)))
    return found


def without(text: str, taught: tuple[str, ...]) -> str:
    """The text with blanks in place of what is taught."""
    blank = text
    for word in taught:
        for match in _occurrences(word, text):
            blank = blank[: match.start()] + " " * len(match[0]) + blank[match.end() :]
    return blank


def _occurrences(word: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
