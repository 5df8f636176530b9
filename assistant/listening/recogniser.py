"""A thin, typed cover over one Vosk recogniser: samples in, hypotheses with sample positions out.

A recogniser belongs to one thread at a time: Vosk has no locks and crashes when two use one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
_RATE = 16_000


@dataclass(frozen=True)
class Word:
    """One recognised word; `start` and `end` are samples since the recogniser's last final result."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Hypothesis:
    """What may have been said. `score`: unnormalised log-likelihood, comparable over the same samples only."""

    text: str
    score: float
    words: tuple[Word, ...]


class Recogniser:
    """Takes 16 kHz mono int16; `alternatives` > 0 asks for scored hypotheses, best first."""

    def __init__(self, kaldi: Any, alternatives: int) -> None:
        self._kaldi = kaldi
        if alternatives:
            kaldi.SetMaxAlternatives(alternatives)
            kaldi.SetWords(True)
        self._fed = 0  # since it was made: word times run on across final results
        self._base = 0  # samples at the last final result

    def feed(self, samples: Samples) -> None:
        """Take any number of samples."""
        if len(samples):
            self._fed += len(samples)
            self._kaldi.AcceptWaveform(samples.tobytes())

    def final(self) -> list[Hypothesis]:
        """The hypotheses after all samples were flushed; the recogniser then starts afresh, with no memory."""
        hypotheses = self._hypotheses(self._kaldi.FinalResult())
        self._base = self._fed
        return hypotheses

    def _hypotheses(self, text: str) -> list[Hypothesis]:
        return [
            Hypothesis(str(found["text"]).strip(), float(found["confidence"]), self._words(found))
            for found in json.loads(text).get("alternatives", [])
        ]

    def _words(self, found: dict[str, Any]) -> tuple[Word, ...]:
        return tuple(
            Word(
                str(word["word"]),
                round(word["start"] * _RATE) - self._base,
                round(word["end"] * _RATE) - self._base,
            )
            for word in found.get("result", ())
        )
