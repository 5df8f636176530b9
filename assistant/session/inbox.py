"""Where everything that happens comes in: from the ears, the mixer, the keyboard, each in its own thread.

Device callbacks only put something here and go on. Sample counts become session time here.
"""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, SimpleQueue

from assistant.dialogue.commands import PhaseName
from assistant.dialogue.events import Event, Outcome, SpeechEnded
from assistant.listening.hearing import Hearing
from assistant.session.clock import Clock


@dataclass(frozen=True)
class Voice:
    """Somebody began or ceased to speak at the microphone."""

    at: int  # ms
    active: bool


@dataclass(frozen=True)
class HearingAt:
    """What the ears made of an utterance, when (ms), and in which phase of the dialogue."""

    at: int
    hearing: Hearing
    phase: PhaseName


@dataclass(frozen=True)
class Typed:
    """A phrase from the keyboard."""

    at: int
    text: str


Item = Event | HearingAt | Voice | Typed


class Inbox:
    """A queue with the callbacks that fill it; every `post`-like method may be called from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: SimpleQueue[Item] = SimpleQueue()
        self.phase = PhaseName.IDLE  # what is heard now is heard in it; the session keeps it

    def post(self, event: Event) -> None:
        """Something happened, as the dialogue will see it."""
        self._queue.put(event)

    def typed(self, text: str) -> None:
        """The person typed a phrase."""
        self._queue.put(Typed(self._clock.now(), text))

    def speech_ended(self, utterance: int, outcome: Outcome, sample: int) -> None:
        """For the mixer's `on_ended`: `sample` counts the mixer's samples."""
        self._queue.put(SpeechEnded(self._clock.output_ms(sample), utterance, outcome))

    def hearing(self, hearing: Hearing) -> None:
        """For the ears' `on_hearing`."""
        self._queue.put(HearingAt(self._clock.input_ms(hearing.decided), hearing, self.phase))

    def voice(self, active: bool, sample: int) -> None:
        """For the ears' `on_voice`: `sample` counts listening samples."""
        self._queue.put(Voice(self._clock.input_ms(sample), active))

    def take(self, timeout_s: float = 0.0) -> Item | None:
        """The next item, waiting for it at most `timeout_s` seconds; None if none came."""
        try:
            return self._queue.get(block=timeout_s > 0, timeout=timeout_s or None)
        except Empty:
            return None
