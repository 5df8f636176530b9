"""A whole session in a moment: a virtual clock, estimated speech lengths, typed commands, and nothing else.

It drives the dialogue alone, and shows what a routine will be like before anyone lies down for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Effect, Finished, Hush, Quit, Say, Tone, ToneKind
from assistant.dialogue.events import Event, Heard, Opened, Outcome, SpeechEnded, Tick
from assistant.dialogue.state import Positioning, Reviewing, ReviewQuestion, State
from assistant.dialogue.transition import next_deadline, transition
from assistant.dialogue.wording import estimate_ms

ANSWERS_MS = 1500  # a person answers this long after the coach has asked
LONGEST_MS = 4 * 3600 * 1000


@dataclass(frozen=True)
class Turn:
    """A command at a moment (ms)."""

    at: int
    command: Command
    text: str = ""
    slots: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A line of the rehearsal: when, who (COACH, PERSON or TONE), what. A cut sentence ends in "—"."""

    at: int
    who: str
    text: str

    def __str__(self) -> str:
        minutes, ms = divmod(self.at, 60_000)
        return f"{minutes:02d}:{ms // 1000:02d}.{ms % 1000:03d} {self.who:6} {self.text}"


ANSWERS: Mapping[ReviewQuestion, Turn] = {
    ReviewQuestion.SIDE: Turn(0, Command.NO_DIFFERENCE, "no difference"),
    ReviewQuestion.FEEL: Turn(0, Command.FEEL, "better", {"feel": "better"}),
    ReviewQuestion.RATING: Turn(0, Command.RATING, "four", {"rating": 4}),
    ReviewQuestion.WORDS: Turn(0, Command.LEAVE, "finished"),
}
"""How the person of a rehearsal finds every session."""


class Rehearsal:
    """A dialogue on a virtual clock. `state` is where it has come to; `entries` what was heard on the way."""

    def __init__(self, state: State, lengths: Callable[[str], int] = estimate_ms) -> None:
        self.state = state
        self.now = 0
        self.over = False
        self.entries: list[Entry] = []
        self.effects: list[tuple[int, Effect]] = []
        self._lengths = lengths
        self._speech: tuple[int, int, Entry] | None = None  # utterance, its end, its entry
        self.post(Opened(0))

    def post(self, event: Event) -> None:
        """Something happens at `event.at`; what is due before it happens first."""
        self.run_until(event.at)
        self._happen(event)

    def say(self, command: Command, text: str = "", slots: Mapping[str, str | int] | None = None) -> None:
        """The person says (types) a command now."""
        self._enter(Entry(self.now, "PERSON", text or command.value.replace("_", " ")))
        phase = self.state.phase_name
        self._happen(Heard(self.now, command, text or command.value, phase, self.now, slots or {}, typed=True))

    def run_until(self, at: int) -> None:
        """Let time pass up to `at`, and all that belongs to it happen."""
        while not self.over and (due := self.next_moment()) is not None and due <= at:
            self.now = max(self.now, due)
            self._happen(self._ended() or Tick(self.now))
        self.now = max(self.now, at)

    def next_moment(self) -> int | None:
        """When something happens by itself: the end of a sentence, or the dialogue's own next deadline."""
        times = [next_deadline(self.state), self._speech[1] if self._speech else None]
        return min((time for time in times if time is not None), default=None)

    def _ended(self) -> SpeechEnded | None:
        if self._speech is None or self._speech[1] > self.now:
            return None
        utterance, _, _ = self._speech
        self._speech = None
        return SpeechEnded(self.now, utterance, Outcome.FINISHED)

    def _happen(self, event: Event) -> None:
        self.state, effects = transition(self.state, event)
        for effect in effects:
            self.effects.append((self.now, effect))
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Say):
            begins = self.now if effect.start_at is None else effect.start_at
            entry = Entry(begins, "COACH", effect.utterance.text)
            self._enter(entry)
            self._speech = (effect.utterance.id, begins + self._lengths(effect.utterance.text), entry)
        elif isinstance(effect, Hush):
            self._cut()
        elif isinstance(effect, Tone):
            self._enter(Entry(self.now if effect.start_at is None else effect.start_at, "TONE", effect.kind.value))
        elif isinstance(effect, (Finished, Quit)):
            self.over = True

    def _cut(self) -> None:
        """What sounds is cut, what was scheduled never sounds."""
        self.entries = [entry for entry in self.entries if entry.at <= self.now or entry.who != "TONE"]
        if self._speech is not None:
            _, _, entry = self._speech
            self.entries.remove(entry)
            if entry.at < self.now:
                self._enter(Entry(entry.at, "COACH", f"{entry.text} —"))
        self._speech = None

    def _enter(self, entry: Entry) -> None:
        self.entries.append(entry)


def rehearse(state: State, routine: str, turns: Sequence[Turn] = ()) -> list[Entry]:
    """The whole of a routine in order, with a person who answers when asked and `turns` besides."""
    return in_order(played(state, routine, turns))


def in_order(rehearsal: Rehearsal) -> list[Entry]:
    """What was heard, by time."""
    return sorted(rehearsal.entries, key=lambda entry: entry.at)


def played(
    state: State, routine: str, turns: Sequence[Turn] = (), lengths: Callable[[str], int] = estimate_ms
) -> Rehearsal:
    """As `rehearse`, with its state and effects; `lengths` tells how long (ms) a sentence takes to say."""
    rehearsal = Rehearsal(state, lengths)
    rehearsal.say(Command.START, f"start {routine}", {"routine": routine})
    waiting = sorted(turns, key=lambda turn: turn.at)
    while not rehearsal.over and rehearsal.now < LONGEST_MS:
        answer = _answer(rehearsal.state)
        moments = [rehearsal.next_moment(), waiting[0].at if waiting else None, answer.at if answer else None]
        moment = min((moment for moment in moments if moment is not None), default=None)
        if moment is None:
            break
        rehearsal.run_until(moment)
        if waiting and waiting[0].at <= moment:
            turn = waiting.pop(0)
            rehearsal.say(turn.command, turn.text, turn.slots)
        elif (answer := _answer(rehearsal.state)) is not None and answer.at <= moment:
            rehearsal.say(answer.command, answer.text, answer.slots)
    return rehearsal


def _answer(state: State) -> Turn | None:
    """What the person says to the question that is open, if one is."""
    phase = state.phase
    if isinstance(phase, Positioning) and phase.waiting_since is not None and phase.prompts == 0:
        return Turn(phase.waiting_since + ANSWERS_MS, Command.READY, "ready")
    if isinstance(phase, Reviewing) and phase.waiting_since is not None and not (phase.held or phase.repeated):
        return replace(ANSWERS[phase.open[0]], at=phase.waiting_since + ANSWERS_MS)
    return None


def spoken_share(entries: Iterable[Entry]) -> float:
    """The part of the time in which the coach speaks (estimated)."""
    coach = [entry for entry in entries if entry.who == "COACH"]
    whole = max((entry.at for entry in coach), default=0)
    return sum(estimate_ms(entry.text) for entry in coach) / max(1, whole)


def tones(entries: Iterable[Entry], kind: ToneKind) -> Iterator[int]:
    """When the tones of a kind sound."""
    return (entry.at for entry in entries if entry.who == "TONE" and entry.text == kind.value)
