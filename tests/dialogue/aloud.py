"""A conversation of the table, aloud: a synthetic person, the virtual room, the real ears, voice and session.

`Aloud` stands where `Rehearsal` stands when the words are typed, and takes over from one at any moment: how a row
came to its beginning is the same dialogue either way, only sooner than in the room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Effect, Tone
from assistant.dialogue.events import Event, Heard, Outcome, Overheard, Said, SpeechEnded
from assistant.dialogue.state import State
from assistant.errors import StorageError
from assistant.listening.ears import Ears
from assistant.listening.hearing import Hearing, Kind
from assistant.listening.model import SpeechModel
from assistant.listening.phrases import PhraseTable
from assistant.simulation.chronicle import Chronicle, Line
from assistant.simulation.demo import PERSON_WORDS_A_MINUTE
from assistant.simulation.person import Person
from assistant.simulation.rehearsal import Entry, Rehearsal
from assistant.simulation.room import RATE, Room, RoomSpec
from assistant.simulation.script import Turn
from assistant.simulation.voices import Voices
from assistant.simulation.world import Coach, World
from assistant.speaking import Renderer, Sentences, Voice
from assistant.storage.store import Store

ROOM = RoomSpec(rt60_s=0.35, distance_m=2.0, echo_db=-6.0)
TYPICAL = "Stand tall with soft knees, and let your shoulders drop."
REACTION_MS = 500  # a person answers this long after the coach has finished
PATIENCE_MS = 8000  # and talks over it after waiting for so long
DECIDED_MS = 3000  # after the last word the ears have made something of it
_UNDERSTOOD = (Kind.ACCEPTED, Kind.ELSEWHERE)


class Studio:
    """What all conversations share: the model and the ears. `close` ends the engines of speech."""

    def __init__(self, folder: Path) -> None:
        self.model = SpeechModel()
        self.folder = folder
        self.coach = self.person = Sentences(Renderer(Voice()), RATE)
        self._ears: dict[int, SharedEars] = {}

    def begin(self, voice: str) -> None:
        """New engines, for a person with `voice`: eSpeak says a sentence a little differently after other sentences,
        and what a conversation sounds like must not hang on those before it."""
        self.close()
        self.coach, self.person = Sentences(Renderer(Voice()), RATE), Sentences(Renderer(Voice()), RATE)
        self.person.use(Voice(id=voice, rate=PERSON_WORDS_A_MINUTE))

    def ears(self, table: PhraseTable) -> Callable[..., Ears]:
        """What makes ears for `table`: the first time new ones; later the same, with nothing heard yet."""
        return self._ears.setdefault(id(table), SharedEars(self.model, table)).begin

    def close(self) -> None:
        self.coach.close()
        self.person.close()


class SharedEars:
    """Ears for one conversation after another: the grammar of a table takes a second to warm up."""

    def __init__(self, model: SpeechModel, table: PhraseTable) -> None:
        self._make = partial(Ears, model, table, inline=True)
        self._ears: Ears | None = None

    def begin(
        self, half_duplex: bool, on_hearing: Callable[[Hearing], None], on_voice: Callable[[bool, int], None]
    ) -> Ears:
        self._on_hearing, self._on_voice = on_hearing, on_voice
        if self._ears is None:
            self._ears = self._make(
                half_duplex=half_duplex,
                on_hearing=lambda hearing: self._on_hearing(hearing),
                on_voice=lambda on, at: self._on_voice(on, at),
            )
        self._ears.restart()
        self._ears.dictate(False)
        self._ears.tune(0.0, "normal")
        return self._ears


class Witness(Chronicle):
    """Has what sounded in the form of a rehearsal's entries, and all hearings."""

    def __init__(self, delay: int, entries: list[Entry]) -> None:
        super().__init__(RATE, delay)
        self.entries = entries
        self.hearings: list[Hearing] = []
        self._places: dict[int, int] = {}

    def coach_begins(self, utterance: int, text: str, start: int, length: int) -> None:
        super().coach_begins(utterance, text, start, length)
        self._places[utterance] = len(self.entries)
        self.entries.append(Entry(0, "COACH", text))

    def coach_ends(self, utterance: int, outcome: Outcome, sample: int) -> Line | None:
        line = super().coach_ends(utterance, outcome, sample)
        place = self._places[utterance]
        if line is None:
            self.entries[place] = replace(self.entries[place], who="UNSAID")
        elif outcome is Outcome.CUT:
            self.entries[place] = replace(self.entries[place], text=f"{line.text} —")
        return line

    def hears(self, hearing: Hearing) -> None:
        super().hears(hearing)
        self.hearings.append(hearing)


class Aloud:
    """The session in the room, from where `rehearsal` has come to, with a person who speaks with `voice` (eSpeak's)."""

    def __init__(self, studio: Studio, table: PhraseTable, rehearsal: Rehearsal, voice: str) -> None:
        studio.begin(voice)
        self.effects = list(rehearsal.effects)
        self.entries = list(rehearsal.entries)
        self.late_ms = 0  # what speaking took where typing takes none
        room = Room(ROOM, coach_sample=studio.coach.get(TYPICAL))
        self._witness = Witness(room.delay, self.entries)
        self._store = Store(studio.folder, _cannot_keep)
        state = replace(rehearsal.state, now=rehearsal.now)
        self._world = World(
            Coach(state, studio.ears(table), table, studio.coach, self._store),
            room,
            Person(()),
            Voices(studio.person.get),
            lambda sound: None,
            on_effect=self._effect,
            chronicle=self._witness,
        )
        if state.voice.speaking is not None:  # the sentence that was under way ends here
            self._world.session.run_due(SpeechEnded(self.now, state.voice.speaking.id, Outcome.FINISHED))

    def close(self) -> None:
        """The engines go on, for the next conversation."""
        self._store.close()

    @property
    def state(self) -> State:
        return self._world.session.state

    @property
    def now(self) -> int:
        return self._world.clock.now()

    def next_moment(self) -> int | None:
        """In a room there is always a next one."""
        return None if self._world.session.over else self.now + 1

    def run_until(self, at: int) -> None:
        """Let time pass up to `at`, or the end of the session."""
        while self.now < at and not self._world.session.over:
            self._world.step()

    def say(self, command: Command, text: str = "", slots: Mapping[str, str | int] | None = None) -> None:
        """The person says it aloud, and it must be understood, slots and all."""
        words = text or command.value.replace("_", " ")
        hearing = self._say(words, lambda hearing: hearing.kind in _UNDERSTOOD or self.state.settings.muted)
        assert hearing.command == command.value, f'"{words}" was taken for "{hearing.text}" ({hearing.command})'
        assert dict(hearing.slots) == dict(slots or {})

    def post(self, event: Event) -> None:
        """The person says aloud what the event tells of."""
        if isinstance(event, Heard):
            self.say(event.command, event.text, event.slots)
        elif isinstance(event, Overheard):
            self._say(event.text, lambda hearing: hearing.kind is Kind.IGNORED)
        elif isinstance(event, Said):
            self._say(event.text, lambda hearing: hearing.kind is Kind.SAID)
        else:
            raise TypeError(f"{event} cannot be said aloud")

    def _say(self, words: str, decided: Callable[[Hearing], bool]) -> Hearing:
        """The hearing of `words` which fulfils `decided`."""
        asked = self.now
        while not self.state.voice.quiet and self.now < asked + PATIENCE_MS:
            self._world.step()
        self.run_until(self.now + REACTION_MS)
        before = len(self._witness.hearings)
        ended = self._world.speak(Turn(say=words))
        while self.now < ended + DECIDED_MS:
            self._world.step()
            for hearing in self._witness.hearings[before:]:
                if decided(hearing):
                    self.late_ms += self.now - asked
                    return hearing
        heard = [(each.kind.value, each.text, each.command, each.why) for each in self._witness.hearings[before:]]
        raise AssertionError(f'"{words}" was not understood in {self.state.phase_name.value}, but {heard}')

    def _effect(self, at: int, effect: Effect) -> None:
        self.effects.append((at, effect))
        if isinstance(effect, Tone):
            self.entries.append(Entry(at if effect.start_at is None else effect.start_at, "TONE", effect.kind.value))


def _cannot_keep(error: StorageError) -> None:
    raise error
