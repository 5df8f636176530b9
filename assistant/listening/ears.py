"""Ears: 16 kHz samples in, hearings out.

The voice detector is always on. When a voice pauses, and again when it has ended, the utterance goes to the probe and
its evidence is judged. All is done in windows of 512 samples, so the length of the blocks that are fed changes nothing.

No recogniser is always on: the detector notices 95 to 99 of 100 words even when noise is only 5 dB below the voice,
and a fresh look at an utterance hears it as well as one that followed the minutes before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from assistant.listening.hearing import Hearing, Kind, Level
from assistant.listening.judge import Judge
from assistant.listening.levels import amplified, measure
from assistant.listening.model import RATE, SpeechModel
from assistant.listening.phrases import PhraseTable
from assistant.listening.probe import LEAD, LONGEST, Evidence, Probe, Utterance
from assistant.listening.recogniser import Samples
from assistant.listening.verify import Verifier, fitted
from assistant.listening.voice_activity import WINDOW, Segment, Voice, VoiceActivity
from assistant.listening.worker import Inline, Threaded

Job = tuple[Utterance, ...]
_MEMORY = 8 * RATE  # samples kept
_DICTATION = 60 * RATE  # kept while the person dictates: nobody speaks longer without a breath
_WORD = 0.42 * RATE  # of slow speech
_LONGEST_EARLY = 3 * RATE  # longer speech is only looked at when it has ended
_BREATH = int(0.6 * RATE)  # voices closer than this may be one command
_REMEMBERED = 8  # commands: more are not said in as many seconds
_GOES_ON = int(0.5 * RATE)  # a phrase that begins another one waits this long for the rest


class Ears:
    """Belongs to the thread that feeds it. `on_hearing` and `on_voice` are called from within `feed`."""

    def __init__(
        self,
        model: SpeechModel,
        table: PhraseTable,
        *,
        inline: bool = False,
        half_duplex: bool = False,
        strictness: str = "normal",
        verifier: Verifier | None = None,
        on_hearing: Callable[[Hearing], None],
        on_voice: Callable[[bool, int], None] = lambda on, sample: None,
    ) -> None:
        """`inline`: examine within `feed`, so that the same samples always give the same hearings; else in a thread.

        `half_duplex`: the samples hold our own voice, which is nobody else's talk then.
        `strictness`: relaxed, normal or strict, along the curve measured when the verifier was fitted.
        `verifier`: another one than that which ships.
        """
        grammar, self.unheard = _known(table.grammar(), model)
        words = max((len(phrase.split()) for phrase in grammar), default=0)
        self._longest = min(max(LONGEST, round(words * _WORD)), _MEMORY - LEAD)
        self._activity = VoiceActivity()
        self._table = table
        self._judge = Judge(table, verifier or fitted(), strictness)
        self._probe = Probe(
            model,
            grammar,
            lambda text: table.parse(text) is not None,
            lambda evidence: self._judge.in_doubt(evidence, self._phase),
        )

        def examine(job: Job) -> list[Evidence]:
            return [self._probe.examine(utterance) for utterance in job]

        self._worker: Inline[Job, list[Evidence]] | Threaded[Job, list[Evidence]]
        self._worker = Inline(examine) if inline else Threaded(examine)
        self._on_hearing, self._on_voice = on_hearing, on_voice
        self._half_duplex = half_duplex
        self._gain_db = 0.0
        self._phase: str | None = None
        self._free = False
        self._position = 0  # samples fed
        self._done = 0  # samples worked off, in whole windows
        self._pending: Samples = np.zeros(0, np.int16)
        self._recent: Samples = np.zeros(0, np.int16)  # the samples up to _done
        self._chain: Segment | None = None  # voices so far that the next one may belong to
        self._acted = 0  # speech up to here was acted on
        self._commands: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED)  # where the last ones were said
        self._held: Hearing | None = None  # accepted, unless it goes on

    @property
    def position(self) -> int:
        """Samples fed."""
        return self._position

    def listen(self, phase: str | None) -> None:
        """From now on commands of `phase` count (of all phases: None)."""
        self._phase = phase

    def dictate(self, on: bool) -> None:
        """From now on words that are no command are wanted too (or not any more)."""
        self._free = on

    def tune(self, gain_db: float, strictness: str) -> None:
        """From now on hear everything louder by `gain_db`, and ask for evidence as `strictness` says."""
        self._gain_db = gain_db
        self._judge.strictness = strictness

    def mask(self, words: Iterable[str], start: int, end: int, sentence: str = "") -> None:
        """From sample `start` to `end` our own voice says `words`, perhaps among others, or the whole of `sentence`.

        Till 300 ms later these words are no command, nor is what sounds like the part of the sentence that is being
        said then.
        """
        self._judge.masks.add(words, start, end, sentence)

    def feed(self, samples: Samples) -> None:
        """Take the next samples, any number of them."""
        self._position += len(samples)
        self._pending = np.concatenate([self._pending, samples])
        while len(self._pending) >= WINDOW:
            window, self._pending = self._pending[:WINDOW], self._pending[WINDOW:]
            self._window(window)
        self._collect()

    def warm(self, samples: Samples) -> None:
        """Speech of no consequence, to be heard when nothing else is: the next words are then understood sooner.

        From any thread.
        """
        self._worker.aside(lambda: self._probe.warm(samples))

    def finish(self) -> None:
        """Silence follows: decide about what was said last. For files."""
        self.feed(np.zeros(RATE + (-self._position) % WINDOW, np.int16))
        self._worker.drain()
        self._collect()

    def restart(self) -> None:
        """Forget everything heard so far; sample 0 comes next. Cheaper than new ears, with equal results."""
        self._worker.drain()
        self._worker.take()
        self._activity.restart()
        self._judge.masks.clear()
        self._commands.clear()
        self._position = self._done = self._acted = 0
        self._pending = self._recent = np.zeros(0, np.int16)
        self._chain = self._held = None

    def close(self) -> None:
        """End the thread. Nothing is reported afterwards."""
        self._worker.close()

    def _window(self, window: Samples) -> None:
        self._recent = np.concatenate([self._recent, window])[-(_DICTATION if self._free else _MEMORY) :]
        self._done += WINDOW
        was_sure = self._activity.sure
        segment = self._activity.feed(amplified(window, self._gain_db))
        if self._activity.sure != was_sure:
            self._on_voice(self._activity.sure, self._done)
        if segment:
            self._voice_ended(segment)
        self._collect()

    def _voice_ended(self, segment: Segment) -> None:
        """Examine a voice that has ended, together with what came a breath before it, and alone."""
        if self._free:
            self._chain = None
            if not segment.early and segment.began >= self._acted:
                self._worker.submit((replace(self._utterance(segment), free=True),))
            return
        if segment.early:
            if segment.began >= self._acted and segment.ended - segment.began <= _LONGEST_EARLY:
                utterance = self._utterance(segment)
                if not utterance.in_talk:  # then its end is awaited
                    self._worker.submit((utterance,))
            return
        chain, self._chain = self._chain, segment
        if segment.ended - segment.began > self._longest:
            self._report(
                Hearing(Kind.IGNORED, "", "", "longer than any command", segment.began, segment.ended, self._done)
            )
        elif chain and segment.began - chain.ended <= _BREATH:
            self._chain = Segment(chain.began, segment.ended)
            self._examine(self._chain, segment)
        else:
            self._examine(segment)

    def _examine(self, *segments: Segment) -> None:
        """Have readings of the same moment examined, the longer one first."""
        job = tuple(
            self._utterance(segment)
            for segment in segments
            if segment.began >= self._acted and segment.ended - segment.began <= self._longest
        )
        if job:
            self._worker.submit(job)

    def _utterance(self, segment: Segment) -> Utterance:
        start = max(0, segment.began - LEAD, self._done - len(self._recent))
        samples = amplified(self._recent[start - self._done :], self._gain_db)
        heard = [voice for voice in self._activity.voices if not self._is_ours(voice)]
        voices = tuple(voice.at for voice in heard if voice.sure)
        talk = tuple(voice.at for voice in heard if not self._is_command(voice.at))
        return Utterance(start, segment.began, segment.ended, self._done, samples, segment.early, voices, talk)

    def _is_ours(self, voice: Voice) -> bool:
        """Whether it is what is left of our own voice: of that next to nothing is like a voice beyond doubt."""
        return (self._half_duplex or not voice.sure) and self._judge.masks.sounding(voice.at)

    def _is_command(self, at: int) -> bool:
        return any(began <= at < ended for began, ended in self._commands)

    def _collect(self) -> None:
        """Judge what has been examined; let go of a phrase that was held back for its end."""
        for evidence in self._worker.take():
            if evidence[0].utterance.free:
                self._report(self._judge.words(evidence[0], self._phase, self._done))
                continue
            early = evidence[0].utterance.early
            hearings = [self._judge.hearing(each, self._phase, self._done) for each in evidence]
            self._judged([h for h in hearings if h.kind in _SURE or not early])
        held = self._held
        if held and self._done >= held.ended + _GOES_ON and not self._activity.active and not self._worker.busy:
            self._held = None
            self._report(replace(held, decided=self._done))

    def _judged(self, hearings: list[Hearing]) -> None:
        """Take the best of the readings of one moment; the longer one comes first."""
        hearings = [hearing for hearing in hearings if hearing.began >= self._acted]
        if not hearings:
            return
        best = min(hearings, key=lambda hearing: _RANK[hearing.kind])
        held, self._held = self._held, None
        if held and not (best.kind is Kind.ACCEPTED and best.began < held.ended):
            self._report(held)
            if best.began < self._acted:
                return
        if best.kind in _SURE and self._table.goes_on(best.text, best.command, self._phase):
            self._held = best
        else:
            self._report(best)

    def _report(self, hearing: Hearing) -> None:
        if hearing.kind in _SURE:
            self._acted = hearing.ended
            if hearing.kind is Kind.ACCEPTED:
                self._commands.append((hearing.began - LEAD, hearing.ended))
        self._on_hearing(replace(hearing, level=self._level(hearing)))

    def _level(self, hearing: Hearing) -> Level:
        """How it arrived, as far as it is remembered."""
        start = self._done - len(self._recent)
        return measure(self._recent, hearing.began - start, hearing.ended - start)


_SURE = (Kind.ACCEPTED, Kind.ELSEWHERE)  # an answer follows, so the same voice is not examined again
_RANK = {Kind.ACCEPTED: 0, Kind.ELSEWHERE: 1, Kind.NEAR: 2, Kind.IGNORED: 3}


def _known(phrases: Iterable[str], model: SpeechModel) -> tuple[list[str], list[str]]:
    """The phrases that the model can hear, and the words that it cannot."""
    words = {word for phrase in phrases for word in phrase.split()}
    unheard = {word for word in words if not model.knows(word)}
    return [phrase for phrase in phrases if unheard.isdisjoint(phrase.split())], sorted(unheard)
