"""The person says in their own words how it was: listened to freely, until ten seconds of silence or "finished"."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.commands import Command
from assistant.dialogue.events import Heard, Said, Voiced
from assistant.dialogue.phases import Table, reviewing
from assistant.dialogue.state import Dictating, Fate, LastHeard, State
from assistant.dialogue.turn import Turn

SILENCE_MS = 10_000
LONGEST_MS = 180_000  # a television never ends


def due(state: State, phase: Dictating) -> int | None:
    """The end of the silence, or of our patience."""
    if phase.waiting_since is None:
        return None
    longest = phase.since + LONGEST_MS
    return longest if phase.voiced else min(longest, phase.waiting_since + SILENCE_MS)


def wake(turn: Turn, phase: Dictating) -> None:
    """Nothing more comes."""
    turn.answer("dictated" if phase.words else "not_dictated")
    reviewing.taken_down(turn, phase)


def quiet(turn: Turn, phase: Dictating) -> None:
    """We have said that we listen: now we do."""
    if phase.waiting_since is None:
        turn.to(replace(phase, since=turn.at, waiting_since=turn.at))


def said(turn: Turn, event: Heard | Said) -> None:
    """Some more of it; also what would be a command at other times."""
    phase = _phase(turn)
    turn.set(heard=LastHeard(turn.at, event.text, Fate.DONE))
    turn.to(replace(phase, waiting_since=turn.at, words=(*phase.words, event.text)))


def voiced(turn: Turn, event: Voiced) -> None:
    """The silence begins when the voice ceases."""
    phase = turn.state.phase
    if isinstance(phase, Dictating) and phase.waiting_since is not None:
        turn.to(replace(phase, voiced=event.active, waiting_since=turn.at))


def finish(turn: Turn, event: Heard) -> None:
    wake(turn, _phase(turn))


def undo(turn: Turn, event: Heard) -> None:
    """It was not asked for: back to the question."""
    turn.answer("undone")
    reviewing.go_back(turn, _phase(turn))


def _phase(turn: Turn) -> Dictating:
    phase = turn.state.phase
    assert isinstance(phase, Dictating)
    return phase


TABLE: Table = {Command.LEAVE: finish, Command.END: finish, Command.UNDO: undo}
