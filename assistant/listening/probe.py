"""A close look at one utterance: two recognisers hear the same samples, without echoes and noise, and a transcriber
writes them down.

One knows the phrases, the other the commonest words, each as likely as any other. Both are asked for the likelihood of
the same span, so that their difference means something: how much better other words explain the sound. The transcriber
says how likely it finds the phrases that the first one heard, beside what it writes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from assistant.listening.enhancement import enhanced
from assistant.listening.levels import FLOOR_DBFS, measure
from assistant.listening.model import RATE, SpeechModel
from assistant.listening.recogniser import Hypothesis, Recogniser, Samples
from assistant.listening.transcriber import Transcriber, Transcript, Written
from assistant.listening.vocabulary import common_words
from assistant.listening.voice_activity import WINDOW
from assistant.listening.weights import Weights

LEAD = int(0.4 * RATE)  # heard before the voice begins: the recogniser wants some silence first
_BLURRED = RATE // 10  # by which a recogniser and the voice detector may differ
_TALK = 8 * RATE  # before a voice, in which other voices are talk
_TRIED = 1.0  # seconds
_LITTLE = 0.3  # seconds of voice
_CLEAR_DB = 20
_SHORT = int(2.5 * RATE)  # speech without a command is only put into words up to this length
LONGEST = 5 * RATE  # longer speech is no command, unless the table has longer ones


@dataclass(frozen=True)
class Utterance:
    """Samples to be examined: [start, upto), with a voice in [began, ended). `early`: the voice may yet go on.

    `free`: its words are wanted, whatever they are.
    `voices`, `talk`: where the windows begin in which a voice is beyond doubt, and those, also some seconds before, in
    which others may talk.
    """

    start: int
    began: int
    ended: int
    upto: int
    samples: Samples
    early: bool = False
    voices: Sequence[int] = ()
    talk: Sequence[int] = ()
    free: bool = False

    def voice_outside(self, began: int, ended: int) -> float:
        """Seconds in which its voice sounds before and after words in [began, ended), which count from `start`."""
        first, last = self.start + began - _BLURRED, self.start + ended + _BLURRED
        return _seconds(at for at in self.voices if self.began <= at < self.ended and not first <= at < last)

    @property
    def talk_before(self) -> float:
        """Seconds in which others talked before it began. The first one is no talk: somebody may have tried before."""
        return max(0.0, _seconds(at for at in self.talk if self.began - _TALK <= at < self.began) - _TRIED)

    @property
    def clear(self) -> bool:
        """Whether its voice is well above the noise just before it. Where nothing is let through that is not known."""
        level = measure(self.samples, self.began - self.start, self.ended - self.start)
        return FLOOR_DBFS < level.noise_db <= level.voice_db - _CLEAR_DB

    @property
    def in_talk(self) -> bool:
        """Whether somebody talked just before."""
        return self.talk_before >= _LITTLE


def _seconds(windows: Iterable[int]) -> float:
    return sum(1 for _ in windows) * WINDOW / RATE


@dataclass(frozen=True)
class Heard:
    """A hypothesis; `fit` is how well the sound fits it, whatever its words cost: comparable between grammars."""

    text: str
    fit: float
    began: int  # samples from the start of the utterance
    ended: int


@dataclass(frozen=True)
class Evidence:
    """What was made of an utterance: by the recognisers, best first, and by the transcriber if that was worth the work.

    `again`: what they made of it as it came, if there was doubt.
    """

    utterance: Utterance
    commands: Sequence[Heard] = ()
    common: Sequence[Heard] = ()
    transcript: Transcript | None = None
    again: Evidence | None = None

    @property
    def text(self) -> str:
        """What was written down, if anything."""
        return self.transcript.text if self.transcript else ""


class Probe:
    """The recognisers of a close look. Belongs to one thread."""

    def __init__(
        self,
        model: SpeechModel,
        grammar: Sequence[str],
        is_phrase: Callable[[str], bool],
        in_doubt: Callable[[Evidence], bool] = lambda evidence: False,
    ) -> None:
        """`grammar`: phrases the model knows; `is_phrase`: whether a text is one, as only then it is worth the work.

        `in_doubt`: whether it is worth hearing again.
        """
        words = common_words()
        self._is_phrase, self._in_doubt = is_phrase, in_doubt
        self._grammar = model.recogniser(grammar, alternatives=20)
        self._common = model.recogniser(words, alternatives=5)
        self._weights, self._common_weights = Weights(grammar), Weights(words)
        self._transcriber = Transcriber()
        # Somebody waits, so it works beside the recognisers, and begins before it is known whether they hear a phrase.
        self._beside = ThreadPoolExecutor(1, "transcriber")

    def examine(self, utterance: Utterance) -> Evidence:
        """Hear the utterance, from a fresh start each time: equal samples give equal evidence."""
        if utterance.free and utterance.ended - utterance.began > LONGEST:
            return Evidence(utterance, transcript=Transcript(self._transcriber.write_down(utterance.samples)))
        samples = enhanced(utterance.samples, utterance.began - utterance.start)
        evidence = self._examine(utterance, samples)
        if self._in_doubt(evidence):
            evidence = replace(evidence, again=self._examine(utterance, utterance.samples))
        return evidence

    def _examine(self, utterance: Utterance, samples: Samples) -> Evidence:
        short = utterance.ended - utterance.began <= _SHORT
        written = self._beside.submit(self._transcriber.written, samples) if short or utterance.free else None
        commands = self._hear(self._grammar, samples, self._weights)
        if phrases := [heard.text for heard in commands if self._is_phrase(heard.text)]:
            written = written or self._beside.submit(self._transcriber.written, samples)
            transcript = self._beside.submit(self._compared, written, phrases)
            common = self._hear(self._common, samples, self._common_weights)
            return Evidence(utterance, commands, common, transcript.result())
        if written is None or utterance.early:
            return Evidence(utterance, commands)
        return Evidence(utterance, commands, transcript=self._compared(written))

    def _compared(self, written: Future[Written], phrases: Sequence[str] = ()) -> Transcript:
        return self._transcriber.compare(written.result(), phrases)

    def warm(self, samples: Samples) -> None:
        """Hear speech of no consequence. A recogniser unfolds its network as it needs it, which takes most of its time.

        After thirty phrases in another voice the first look at a new one takes half as long.
        """
        for recogniser in (self._grammar, self._common):
            recogniser.feed(samples)
            recogniser.final()
        self._transcriber.hear(samples)

    @staticmethod
    def _hear(recogniser: Recogniser, samples: Samples, weights: Weights) -> list[Heard]:
        recogniser.feed(samples)
        return [_heard(hypothesis, weights) for hypothesis in recogniser.final()]


def _heard(hypothesis: Hypothesis, weights: Weights) -> Heard:
    words = hypothesis.words
    began, ended = (words[0].start, words[-1].end) if words else (0, 0)
    return Heard(hypothesis.text, hypothesis.score + weights.cost(hypothesis.text), began, ended)
