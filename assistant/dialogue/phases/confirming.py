"""A yes-or-no question is open."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import flow
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import Table
from assistant.dialogue.state import BeginRoutine, Confirming, Idle, State
from assistant.dialogue.turn import Turn

SILENCE_MS = 15_000


def yes(turn: Turn, event: Heard) -> None:
    question = _phase(turn).question
    if isinstance(question, BeginRoutine):
        turn.remember()
        turn.to(Idle())
        flow.begin(turn, turn.catalog.routines[question.routine])
    else:
        flow.finish(turn, completed=False)


def no(turn: Turn, event: Heard) -> None:
    """As if it had not been asked."""
    _back(turn, _phase(turn))


def due(state: State, phase: Confirming) -> int | None:
    if phase.waiting_since is None or not state.voice.quiet:
        return None
    return phase.waiting_since + SILENCE_MS


def wake(turn: Turn, phase: Confirming) -> None:
    """Silence: ask once more, then the safe way, which is to change nothing."""
    if phase.repeated:
        _back(turn, phase)
    else:
        turn.to(replace(phase, waiting_since=None, repeated=True))
        turn.say("begin_asked" if isinstance(phase.question, BeginRoutine) else "end_asked", Rank.ANSWER)


def quiet(turn: Turn, phase: Confirming) -> None:
    if phase.waiting_since is None:
        turn.to(replace(phase, waiting_since=turn.at))


def _back(turn: Turn, phase: Confirming) -> None:
    if isinstance(phase.question, BeginRoutine):
        turn.answer("not_begun")
        turn.to(Idle())
    else:
        turn.answer("still_paused")
        turn.to(phase.question.paused)


def _phase(turn: Turn) -> Confirming:
    phase = turn.state.phase
    assert isinstance(phase, Confirming)
    return phase


TABLE: Table = {Command.YES: yes, Command.NO: no}
