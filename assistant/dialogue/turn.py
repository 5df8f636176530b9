"""One step of the dialogue under way: the state so far and the effects so far.

A `Turn` lives only inside `transition`. The functions of the dialogue take one and change it, which spares them from
handing state and effects around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from assistant.catalog.model import Catalog
from assistant.dialogue import turn_taking
from assistant.dialogue.effects import Effect, Hush, Rank, Remember, Tone, ToneKind
from assistant.dialogue.events import Heard, NearMiss, Overheard
from assistant.dialogue.instructions import Words
from assistant.dialogue.person import Person
from assistant.dialogue.state import Checking, Fate, LastHeard, Phase, Run, Snapshot, State, Working
from assistant.dialogue.turn_taking import Line, Spoken
from assistant.dialogue.wording import Sentence, Wording

REMEMBERED = 4  # things heard by voice: those that are told, and the question


class Turn:
    """`state` as it is now, at the moment `at` (ms), and the effects it has had."""

    def __init__(self, state: State, at: int) -> None:
        self.state = state if state.now == at else replace(state, now=at)
        self.at = at
        self.effects: list[Effect] = []

    @property
    def run(self) -> Run:
        """The session that was started; only for phases that have one."""
        assert self.state.run is not None
        return self.state.run

    @property
    def wording(self) -> Wording:
        return self.state.context.wording

    @property
    def catalog(self) -> Catalog:
        return self.state.context.catalog

    def set(self, **changes: Any) -> None:
        """Change fields of the state."""
        self.state = replace(self.state, **changes)

    def to(self, phase: Phase) -> None:
        self.state = replace(self.state, phase=phase)

    def update(self, **changes: Any) -> None:
        """Change fields of the run."""
        self.state = replace(self.state, run=replace(self.run, **changes))

    # -- the voice -----------------------------------------------------------------------------------------

    def line(self, sentence: Sentence, rank: Rank = Rank.COACH, **timing: Any) -> None:
        """Let the voice say a sentence when its turn comes; `timing`: fields of Line."""
        self.set(voice=turn_taking.offer(self.state.voice, Line(sentence.text, rank, sentence.taught, **timing)))

    def lines(self, sentences: Iterable[Sentence], rank: Rank = Rank.COACH, **timing: Any) -> None:
        for sentence in sentences:
            self.line(sentence, rank, **timing)

    def words(self, words: Iterable[Words]) -> None:
        """Let the voice say the sentences of an instruction."""
        for each in words:
            self.line(each.sentence, gap=each.gap, not_before=each.not_before, keep=each.keep)

    def fill(self, sentence: Sentence, at: int) -> None:
        """Say something that may be left out before the instructions that wait: they leave room for it from `at` on."""
        line = Line(sentence.text, Rank.FILLER, sentence.taught)
        self.set(voice=turn_taking.make_room(self.state.voice, line, at))

    def say(self, key: str, rank: Rank = Rank.COACH, **slots: object) -> None:
        """Let the voice say the text `key`."""
        self.lines(self.wording.sentences(key, **slots), rank)

    def answer(self, key: str, **slots: object) -> None:
        self.say(key, Rank.ANSWER, **slots)

    def drop(self, unwanted: Callable[[Line], bool]) -> None:
        """Forget these lines, also the one being said."""
        self._speak(turn_taking.drop(self.state.voice, self.at, unwanted))

    def hush(self) -> None:
        """Silence, now; also tones scheduled for later."""
        self._speak(turn_taking.drop(self.state.voice, self.at, lambda line: True))
        if not any(isinstance(effect, Hush) for effect in self.effects):
            self.effects.append(Hush())

    def speak(self) -> None:
        """Let the voice go on as far as it may now."""
        self._speak(turn_taking.speak(self.state.voice, self.at))

    def tone(self, kind: ToneKind) -> None:
        """A tone at once; words wait until it is over."""
        self.effects.append(Tone(kind))
        voice = self.state.voice
        self.set(voice=replace(voice, free_at=max(voice.free_at, self.at)))

    def _speak(self, spoken: Spoken) -> None:
        voice, effects = spoken
        if voice is not self.state.voice:
            self.set(voice=voice)
        self.effects.extend(effects)

    # -- what was heard ------------------------------------------------------------------------------------

    def accept(self, event: Heard) -> None:
        """The first reaction to a command: a tone. What was being answered before is not waited for."""
        self.note(event, Fate.DONE)
        self.tone(ToneKind.HEARD)
        self.drop(lambda line: line.rank is Rank.ANSWER)

    def refuse(self, event: Heard) -> None:
        """Understood, but not now."""
        self.note(event, Fate.REFUSED)
        self.tone(ToneKind.REFUSED)

    def note(self, event: Heard | NearMiss, fate: Fate) -> None:
        """Keep what was heard, and what became of it."""
        heard = LastHeard(self.at, event.text, fate)
        self.set(heard=heard)
        if not (isinstance(event, Heard) and event.typed):
            self.set(by_voice=(*self.state.by_voice, heard)[-REMEMBERED:])

    def overhear(self, event: Overheard) -> None:
        """Put what was no command among what was heard."""
        ignored = LastHeard(event.heard_at, event.text, Fate.IGNORED, event.why)
        known = sorted((*self.state.by_voice, ignored), key=lambda heard: heard.at)
        self.set(by_voice=tuple(known[-REMEMBERED:]))

    def remember(self, place: bool = True) -> None:
        """From here "undo" leads back to this place, or to these settings."""
        state = self.state
        checking = state.phase if isinstance(state.phase, Checking) else None
        self.set(undo=Snapshot(live_run(state, self.at), state.settings, place, state.person, checking))

    def know(self, person: Person) -> None:
        """From now on, and in all sessions to come, this is what is known of the person."""
        if person != self.state.person:
            self.set(person=person)
            self.effects.append(Remember(person))


def live_run(state: State, at: int) -> Run | None:
    """The run with its place and its worked time as of `at`, also in the middle of work."""
    phase = state.phase
    if not isinstance(phase, Working) or state.run is None:
        return state.run
    offset = min(max(at - phase.track.anchor, phase.since), phase.timeline.total)
    worked = state.run.worked + phase.timeline.worked(phase.since, offset)
    return replace(state.run, offset=offset, worked=worked)
