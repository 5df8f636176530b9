"""What the coach says, from the dialogue's effects to the mixer. Every `say` ends in exactly one `on_ended`."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audio.mixer import Mixer
from assistant.audio.tones import tone
from assistant.dialogue.effects import Rank, ToneKind, Utterance
from assistant.dialogue.events import Outcome, Part
from assistant.errors import SpeakingError
from assistant.speaking.cache import Sentences
from assistant.speaking.voice import Voice

LATE_S = 0.3  # a count that would sound later than this is wrong, and left out

OnFault = Callable[[Part, str, str], None]
OnRecovered = Callable[[Part], None]
OnPlaced = Callable[[Utterance, int, int], None]
OnSound = Callable[[NDArray[np.float32]], None]


@dataclass(frozen=True)
class _Job:
    """Something for the rendering thread: a sentence to say (if `ticket` still counts), to prepare, or to `take`."""

    text: str
    utterance: Utterance | None = None
    start: int | None = None
    ticket: int = 0
    take: OnSound | None = None


class Speaker:
    """One voice over a mixer.

    With `background`, sentences that must be rendered first are rendered in a thread, and `say` returns at once;
    without it (virtual room) everything happens in the caller. A sentence that cannot be rendered takes as long as
    it would have, in silence, and ends in FAILED: so the screen can be followed at its pace without a voice.
    `on_fault(part, code, sentence)` is called when the engine fails, once until it has worked again;
    `on_placed(utterance, start, length)` when a sentence goes to the mixer, in samples of the mixer.
    """

    def __init__(
        self,
        mixer: Mixer,
        sentences: Sentences,
        *,
        background: bool,
        on_fault: OnFault = lambda part, code, sentence: None,
        on_recovered: OnRecovered = lambda part: None,
        on_placed: OnPlaced = lambda utterance, start, length: None,
    ) -> None:
        self._mixer = mixer
        self._sentences = sentences
        self._on_fault = on_fault
        self._on_recovered = on_recovered
        self._on_placed = on_placed
        self._failed = False
        self._volume_db = self._lift_db = 0.0
        self._lock = threading.Lock()  # guards what follows; held for microseconds
        self._ticket = 0  # of the newest say or hush
        self._pending: _Job | None = None  # said, being rendered
        self._jobs: queue.PriorityQueue[tuple[int, int, _Job | None]] = queue.PriorityQueue()
        self._number = 0
        self._closing = False
        self._thread: threading.Thread | None = None
        if background:
            sentences.start()
            self._thread = threading.Thread(target=self._work, name="speech rendering", daemon=True)
            self._thread.start()

    @property
    def rate(self) -> int:
        """Samples a second of the mixer."""
        return self._mixer.rate

    def say(self, utterance: Utterance, start: int | None = None) -> None:
        """Speak, the first sample at mixer sample `start`, or as soon as possible."""
        known = self._sentences.cached(utterance.text)
        job = self._new_job(utterance, start)
        if known is not None:
            self._hand_over(job, known)
        elif self._thread is None:
            self._render(job)
        else:
            self._put(0, job)

    def hush(self) -> None:
        """Cut speech and drop what is scheduled, rendered or being rendered."""
        with self._lock:
            self._ticket += 1
            pending, self._pending = self._pending, None
            self._mixer.hush()
        self._end_cut(pending)

    def tone(self, kind: ToneKind, start: int | None = None) -> None:
        """Sound a tone, its first sample at mixer sample `start`, or at once."""
        self._mixer.tone(tone(kind, self._mixer.rate), start)

    def prepare(self, texts: Iterable[str]) -> None:
        """Have these sentences rendered: they come next."""
        for text in texts:
            if self._sentences.cached(text) is None:
                job = _Job(text)
                if self._thread is None:
                    self._render(job)
                else:
                    self._put(1, job)

    def lend(self, texts: Iterable[str], take: OnSound) -> None:
        """When nothing else is to be rendered, give the sound of each text (float32[n] at `rate`) to `take`.

        In the rendering thread; without one (virtual room) nothing is done, and so it is with what cannot be rendered.
        """
        if self._thread is not None:
            for text in texts:
                self._put(2, _Job(text, take=take))

    def volume(self, db: float) -> None:
        """The coach's own loudness relative to the default, in dB."""
        self._volume_db = db
        self._mixer.volume(self._volume_db + self._lift_db)

    def lift(self, db: float) -> None:
        """So much louder than the volume says, for as long as the person is where that is needed."""
        self._lift_db = db
        self._mixer.volume(self._volume_db + self._lift_db)

    def use(self, voice: Voice) -> None:
        """Speak with this voice from now on; the sentence that sounds, and one that is scheduled, stay as they are."""
        self._sentences.use(voice)

    def duck(self, on: bool) -> None:
        """Speak under the person's voice, or normally."""
        self._mixer.duck(on)

    def duration_ms(self, text: str) -> int | None:
        """How long a sentence takes, if it is known without rendering."""
        known = self._sentences.cached(text)
        return None if known is None else round(known.size * 1000 / self._mixer.rate)

    def close(self) -> None:
        """End the rendering thread and the engine. What is still being rendered ends in CUT."""
        self.hush()
        self._closing = True
        self._sentences.close()
        if self._thread is not None:
            self._put(-1, None)
            self._thread.join()

    def _new_job(self, utterance: Utterance, start: int | None) -> _Job:
        """A say that replaces the one being rendered."""
        with self._lock:
            self._ticket += 1
            pending = self._pending
            job = self._pending = _Job(utterance.text, utterance, start, self._ticket)
        self._end_cut(pending)
        return job

    def _end_cut(self, pending: _Job | None) -> None:
        if pending is not None and pending.utterance is not None:
            self._mixer.on_ended(pending.utterance.id, Outcome.CUT, self._mixer.position)

    def _put(self, urgency: int, job: _Job | None) -> None:
        with self._lock:
            self._number += 1
            self._jobs.put((urgency, self._number, job))

    def _work(self) -> None:
        while not self._closing:
            _, _, job = self._jobs.get()
            if job is not None and not self._closing:
                self._render(job)

    def _render(self, job: _Job) -> None:
        try:
            samples = self._sentences.get(job.text)
        except SpeakingError as error:
            if not self._failed and not self._closing:
                self._failed = True
                self._on_fault(Part.SPEECH_ENGINE, error.code, str(error))
            silence = np.zeros(round(self._sentences.voice.seconds(job.text) * self._mixer.rate), np.float32)
            self._hand_over(job, silence, Outcome.FAILED)
            return
        if self._failed:
            self._failed = False
            self._on_recovered(Part.SPEECH_ENGINE)
        self._hand_over(job, samples)

    def _hand_over(self, job: _Job, samples: NDArray[np.float32], outcome: Outcome = Outcome.FINISHED) -> None:
        """Give a sentence to the mixer, unless it was hushed meanwhile or is a count whose moment has gone."""
        utterance = job.utterance
        if utterance is None:
            if job.take is not None and outcome is Outcome.FINISHED:
                job.take(samples)
            return
        with self._lock:
            if job.ticket != self._ticket:
                return  # whoever took the ticket has ended it
            self._pending = None
            late = job.start is not None and self._mixer.position - job.start > LATE_S * self._mixer.rate
            late = late and utterance.rank is Rank.COUNT
            if not late:
                self._mixer.speak(utterance.id, samples, job.start, outcome)
                start = max(job.start or 0, self._mixer.position)
                self._on_placed(utterance, start, samples.size)
        if late:
            self._mixer.on_ended(utterance.id, Outcome.FAILED, self._mixer.position)
