"""A close look at one utterance: a grammar and a free recogniser hear the same samples.

Both are asked for the likelihood of the same span, so that their difference means something: how much better free
speech explains the sound than the best command does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.listening.model import RATE, SpeechModel
from assistant.listening.recogniser import Hypothesis, Recogniser, Samples

LEAD = int(0.4 * RATE)  # heard before the voice begins: the recogniser wants some silence first
_ALTERNATIVES = 10


@dataclass(frozen=True)
class Utterance:
    """Samples to be examined: [start, upto), with a voice in [began, ended)."""

    start: int
    began: int
    ended: int
    upto: int
    samples: Samples


@dataclass(frozen=True)
class Evidence:
    """What the two recognisers made of an utterance, best first; word positions count from its first sample."""

    utterance: Utterance
    commands: Sequence[Hypothesis]
    free: Hypothesis


class Probe:
    """The second, warm pair of recognisers. Belongs to one thread."""

    def __init__(self, model: SpeechModel, grammar: Sequence[str]) -> None:
        self._grammar = model.recogniser(grammar, alternatives=_ALTERNATIVES)
        self._free = model.recogniser(alternatives=1)

    def examine(self, utterance: Utterance) -> Evidence:
        """Hear the utterance twice, from a fresh start each: equal samples give equal evidence."""
        commands = self._hear(self._grammar, utterance.samples)
        free = self._hear(self._free, utterance.samples)
        return Evidence(utterance, commands, free[0] if free else Hypothesis("", 0.0, ()))

    @staticmethod
    def _hear(recogniser: Recogniser, samples: Samples) -> list[Hypothesis]:
        recogniser.feed(samples)
        return recogniser.final()
