"""The world of a simulated session: the real session, ears and voice, in the virtual room instead of a real one.

One sample clock for everything. A step lasts until the block ends, the session's next deadline or the person's next
word, whichever comes first, so that each deadline falls on its millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.audio.echo import open_canceller
from assistant.audio.mixer import Mixer
from assistant.catalog.model import Plan
from assistant.dialogue.effects import Effect, Record, Utterance
from assistant.dialogue.events import Faulted, Opened, Outcome, Part
from assistant.dialogue.state import State
from assistant.dialogue.transition import HEARD_WHEN_MUTED
from assistant.listening.ears import Ears
from assistant.listening.hearing import Hearing, Kind
from assistant.listening.phrases import PhraseTable
from assistant.session.clock import SampleClock
from assistant.session.inbox import Inbox
from assistant.session.session import Session
from assistant.simulation.chronicle import Chronicle
from assistant.simulation.person import Person
from assistant.simulation.room import RATE, Room, Sound
from assistant.simulation.scoring import Said
from assistant.simulation.script import Turn
from assistant.simulation.voices import Voices, command_of, last_sample
from assistant.speaking.cache import Sentences
from assistant.speaking.speaker import Speaker
from assistant.storage.store import Store

BLOCK = 320  # samples, 20 ms: what sound cards hand over at a time
_PER_MS = RATE // 1000
_END_MS = 1500  # of silence after the last word, so that the recording does not stop short
_NOTHING_MS = 3000  # the ears may take that long to make something of the last word
_STUCK_MS = 10 * 60_000  # the coach prompts by itself, but nobody will ever answer
_LONGEST_MS = 6 * 3_600_000


@dataclass(frozen=True)
class Coach:
    """The coach's half of a session: where its dialogue begins, what it listens and speaks with, what it keeps.

    `ears`: makes them, given `half_duplex`, `on_hearing` and `on_voice`; they must examine inline.
    """

    state: State
    ears: Callable[..., Ears]
    table: PhraseTable
    sentences: Sentences
    store: Store


class World:
    """Lets time pass. `on_sound` gets what is to be recorded, step by step; `on_effect` what the dialogue asks for.

    The coach's state may be one that is under way: time then begins where that has come to.
    """

    def __init__(
        self,
        coach: Coach,
        room: Room,
        person: Person,
        voices: Voices,
        on_sound: Callable[[Sound], None],
        *,
        on_effect: Callable[[int, Effect], None] = lambda at, effect: None,
        chronicle: Chronicle | None = None,
    ) -> None:
        self.chronicle = chronicle or Chronicle(RATE, room.delay)
        self.clock = SampleClock(RATE, coach.state.now)
        self._room, self._person, self._voices, self._on_sound = room, person, voices, on_sound
        self._table, self._on_effect = coach.table, on_effect
        self._inbox = Inbox(self.clock)
        self._inbox.phase = coach.state.phase_name
        self._mixer = Mixer(RATE, self._speech_ended)
        self._canceller = open_canceller(RATE)
        self._speaker = Speaker(
            self._mixer, coach.sentences, background=False, on_fault=self._fault, on_placed=self._placed
        )
        self._ears = coach.ears(
            half_duplex=self._canceller.half_duplex, on_hearing=self._hearing, on_voice=self._inbox.voice
        )
        self._ears.listen(coach.state.phase_name.value)
        self.session = Session(
            coach.state,
            self._inbox,
            clock=self.clock,
            speaker=self._speaker,
            ears=self._ears,
            table=coach.table,
            store=coach.store,
            half_duplex=self._canceller.half_duplex,
            on_effect=self._effect,
        )
        self.delay = room.delay  # samples
        self.plan: Plan | None = None  # of the routine that was started last
        self.record: Mapping[str, Any] = {}  # what the history would keep of it
        self._quiet_since = 0  # ms: the end of the last thing said by anybody

    def run(self, on_progress: Callable[[int], None] = lambda ms: None) -> None:
        """From the opening to the end of the session; `on_progress` is told the session time (ms) every second."""
        self._inbox.post(Opened(0))
        self.session.run_due()
        told = 0
        while not self._is_over():
            self.step()
            if self.clock.now() >= told + 1000:
                told = self.clock.now()
                on_progress(told)
        until = self.clock.now() + _END_MS
        while self.clock.now() < until:
            self.step()

    def close(self) -> None:
        """End what runs beside us: the speech engine."""
        self._ears.close()
        self._speaker.close()

    def _is_over(self) -> bool:
        now = self.clock.now()
        if now < self._quiet_since:
            return False
        nothing = self.session.deadline() is None and self._person.due() is None
        quiet = now - self._quiet_since
        stuck = quiet > _STUCK_MS and self._person.due() is None
        return self.session.over or (nothing and quiet > _NOTHING_MS) or stuck or now > _LONGEST_MS

    def step(self) -> None:
        """Let time pass until the next moment at which something may have to happen, 20 ms at most."""
        rendered = self._mixer.render(self._length())
        sound = self._room.step(rendered)
        self._on_sound(sound)
        self._canceller.played(rendered)
        self._ears.feed(self._canceller.clean(sound.microphone))
        self.clock.position += rendered.size
        self._let_person_speak()
        self.session.run_due()
        if self.session.state.run is not None:
            self.plan = self.session.state.run.plan

    def _length(self) -> int:
        """Samples until the next moment at which something may have to happen."""
        here = self.clock.position
        length = BLOCK - here % BLOCK
        for ms in (self.session.deadline(), self._person.due()):
            if ms is not None:
                length = min(length, max(self.clock.output_sample(ms) - here, _PER_MS))
        return length

    def _let_person_speak(self) -> None:
        due = self._person.due()
        if due is None or due > self.clock.now():
            return
        self._person.spoke(self.speak(self._person.speak()))

    def speak(self, turn: Turn) -> int:
        """The person says this now; returns when (ms) their last word ends."""
        sound, began = self._voices.sound(turn), self.clock.position
        self._room.speak(sound, began, turn.db)
        command, known = command_of(turn, self._table, self.session.state.phase_name.value)
        command = None if self._is_muted(command) else command
        ended = began + last_sample(sound)
        self.chronicle.person_says(Said(began, ended, turn.say or str(turn.wav), command, known))
        self._spoken_until(ended)
        return self.clock.output_ms(ended)

    def _spoken_until(self, sample: int) -> None:
        self._quiet_since = max(self._quiet_since, self.clock.output_ms(sample))

    # -- what the parts report ----------------------------------------------------------------------------

    def _placed(self, utterance: Utterance, start: int, length: int) -> None:
        self.session.placed(utterance, start, length)
        self.chronicle.coach_begins(utterance.id, utterance.text, start, length)
        self._spoken_until(start + length)

    def _speech_ended(self, utterance: int, outcome: Outcome, sample: int) -> None:
        self._inbox.speech_ended(utterance, outcome, sample)
        line = self.chronicle.coach_ends(utterance, outcome, sample)
        if line is not None:
            self._person.coach_said(line.text, line.share, self.clock.output_ms(sample + self._room.delay))

    def _effect(self, at: int, effect: Effect) -> None:
        if isinstance(effect, Record):
            self.record = effect.session
        self._on_effect(at, effect)

    def _hearing(self, hearing: Hearing) -> None:
        self._inbox.hearing(hearing)
        if self._is_muted(hearing.command):
            hearing = replace(hearing, kind=Kind.IGNORED, why="the microphone is muted")
        self.chronicle.hears(hearing)

    def _is_muted(self, command: str | None) -> bool:
        """Whether the microphone is closed to this command."""
        return self.session.state.settings.muted and command not in [each.value for each in HEARD_WHEN_MUTED]

    def _fault(self, part: Part, code: str, sentence: str) -> None:
        self._inbox.post(Faulted(self.clock.now(), part, code, sentence))
