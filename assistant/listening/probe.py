"""A close look at one utterance: three recognisers hear the same samples.

One knows the phrases, one any speech, one the commonest words, each as likely as any other. All are asked for the
likelihood of the same span, so that their differences mean something: how much better other words explain the sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from assistant.listening.model import RATE, SpeechModel
from assistant.listening.recogniser import Hypothesis, Recogniser, Samples
from assistant.listening.vocabulary import common_words
from assistant.listening.voice_activity import WINDOW
from assistant.listening.weights import Weights

LEAD = int(0.4 * RATE)  # heard before the voice begins: the recogniser wants some silence first
_COMMON_WORDS = 3000
_SPEEDS = (1.08, 0.92)  # at which a doubtful utterance is heard again: another sample of the same evidence
_BLURRED = RATE // 10  # by which a recogniser and the voice detector may differ
_TALK = 8 * RATE  # before a voice, in which other voices are talk
_TRIED = 1.0  # seconds
_LITTLE = 0.3  # seconds of voice that need not be another one
_SHORT = int(2.5 * RATE)  # speech without a command is only put into words up to this length
LONGEST = 5 * RATE  # longer speech is no command, unless the table has longer ones


@dataclass(frozen=True)
class Utterance:
    """Samples to be examined: [start, upto), with a voice in [began, ended). `early`: the voice may yet go on.

    `free`: its words are wanted, whatever they are.
    `speed`: at which its samples are heard; all positions are those of the sound as it came.
    `voices`: where the windows begin in which a voice is beyond doubt, also some seconds before.
    """

    start: int
    began: int
    ended: int
    upto: int
    samples: Samples
    early: bool = False
    voices: Sequence[int] = ()
    free: bool = False
    speed: float = 1.0

    def voice_outside(self, began: int, ended: int) -> float:
        """Seconds in which its voice sounds before and after words in [began, ended), which count from `start`."""
        first, last = self.start + began - _BLURRED, self.start + ended + _BLURRED
        return _seconds(at for at in self.voices if self.began <= at < self.ended and not first <= at < last)

    @property
    def talk_before(self) -> float:
        """Seconds in which others talked before it began. The first one is no talk: somebody may have tried before."""
        return max(0.0, _seconds(at for at in self.voices if self.began - _TALK <= at < self.began) - _TRIED)

    @property
    def in_talk(self) -> bool:
        """Whether somebody talked just before."""
        return self.talk_before >= _LITTLE

    def at_speed(self, speed: float) -> Utterance:
        """The same, spoken faster or slower, and so higher or lower."""
        at = np.arange(0, len(self.samples) - 1, speed)
        samples = np.interp(at, np.arange(len(self.samples)), self.samples).round().astype(np.int16)
        return replace(self, samples=samples, speed=speed)

    def on_its_own(self, began: int, ended: int) -> bool:
        """Whether nothing else was said around words in [began, ended)."""
        return self.voice_outside(began, ended) < _LITTLE and not self.in_talk


def _seconds(windows: Iterable[int]) -> float:
    return sum(1 for _ in windows) * WINDOW / RATE


@dataclass(frozen=True)
class Heard:
    """A hypothesis; `fit` is how well the sound fits it, whatever its words cost: comparable between grammars.

    `score` holds their cost as well: by it the recogniser ranks its own hypotheses.
    """

    text: str
    fit: float
    began: int  # samples from the start of the utterance
    ended: int
    score: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """What the recognisers made of an utterance, best first. `free` scores hold the cost of the words as well.

    `again`: what they made of it at other speeds, if there was doubt.
    """

    utterance: Utterance
    commands: Sequence[Heard] = ()
    free: Sequence[Heard] = ()
    common: Sequence[Heard] = ()
    again: Sequence[Evidence] = ()


class Probe:
    """The recognisers of a close look. Belongs to one thread."""

    def __init__(
        self,
        model: SpeechModel,
        grammar: Sequence[str],
        is_phrase: Callable[[str], bool],
        in_doubt: Callable[[Evidence], bool] = lambda evidence: False,
        *,
        hurry: bool = False,
    ) -> None:
        """`grammar`: phrases the model knows; `is_phrase`: whether a text is one, as only then it is worth the work.

        `in_doubt`: whether it is worth hearing again.

        `hurry`: somebody waits, so two recognisers may work at the same time (which takes some 15 MB more).
        """
        words = common_words(_COMMON_WORDS)
        self._is_phrase, self._in_doubt = is_phrase, in_doubt
        self._grammar = model.recogniser(grammar, alternatives=10)
        self._free = model.recogniser(alternatives=3)
        self._common = model.recogniser(words, alternatives=5)
        self._weights, self._common_weights = Weights(grammar), Weights(words)
        self._beside = ThreadPoolExecutor(1, "free speech") if hurry else None

    def examine(self, utterance: Utterance) -> Evidence:
        """Hear the utterance, from a fresh start each time: equal samples give equal evidence."""
        evidence = self._examine(utterance)
        if not utterance.early and self._in_doubt(evidence):
            evidence = replace(evidence, again=[self._examine(utterance.at_speed(speed)) for speed in _SPEEDS])
        return evidence

    def _examine(self, utterance: Utterance) -> Evidence:
        length = utterance.ended - utterance.began
        if utterance.free and length > LONGEST:
            return Evidence(utterance, free=self._hear(self._free, utterance))
        commands = self._hear(self._grammar, utterance, self._weights)
        if any(self._is_phrase(heard.text) for heard in commands):
            begun = self._beside.submit(self._hear, self._free, utterance) if self._beside else None
            common = self._hear(self._common, utterance, self._common_weights)
            free = begun.result() if begun else self._hear(self._free, utterance)
            return Evidence(utterance, commands, free, common)
        if utterance.early or (length > _SHORT and not utterance.free):
            return Evidence(utterance, commands)
        return Evidence(utterance, commands, self._hear(self._free, utterance))

    def warm(self, samples: Samples) -> None:
        """Hear speech of no consequence. A recogniser unfolds its network as it needs it, which takes most of its time.

        After thirty phrases in another voice the first look at a new one takes half as long.
        """
        for recogniser in (self._grammar, self._free, self._common):
            recogniser.feed(samples)
            recogniser.final()

    @staticmethod
    def _hear(recogniser: Recogniser, utterance: Utterance, weights: Weights | None = None) -> list[Heard]:
        recogniser.feed(utterance.samples)
        return [_heard(hypothesis, weights, utterance.speed) for hypothesis in recogniser.final()]


def _heard(hypothesis: Hypothesis, weights: Weights | None, speed: float) -> Heard:
    words = hypothesis.words
    cost = weights.cost(hypothesis.text) if weights else 0.0
    began, ended = (round(words[0].start * speed), round(words[-1].end * speed)) if words else (0, 0)
    return Heard(hypothesis.text, hypothesis.score + cost, began, ended, hypothesis.score)
