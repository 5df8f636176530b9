"""Which samples of an utterance hold a word that is being taught, so that the ears do not take it for a command.

Speech engines do not tell when a word sounds. Its place is estimated from its letters, widened by `MARGIN_MS`
on both sides: an answer right after the prompt still counts, and so does a command said over the rest of it.
"""

from __future__ import annotations

import re

MARGIN_MS = 250


def spans(text: str, taught: tuple[str, ...], length: int, rate: int) -> list[tuple[str, int, int]]:
    """For each occurrence of a taught wording: (wording, first sample, sample after the last), within the utterance.

    `length` is that of the utterance in samples at `rate` Hz.
    """
    margin = MARGIN_MS * rate // 1000
    found = []
    for word in taught:
        for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
            begin = length * match.start() // len(text) - margin
            end = length * match.end() // len(text) + margin
            found.append((word, max(begin, 0), min(end, length)))
    return found
