"""A question is open: whether to begin a routine, which of two, or whether to end."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import flow
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import Table, idle
from assistant.dialogue.state import BeginRoutine, Confirming, EndSession, Idle, State, WhichRoutine
from assistant.dialogue.turn import Turn

SILENCE_MS = 15_000


def yes(turn: Turn, event: Heard) -> None:
    question = _phase(turn).question
    if isinstance(question, BeginRoutine):
        _begin(turn, question.routine)
    elif isinstance(question, WhichRoutine):
        _ask_again(turn, _phase(turn))
    else:
        flow.finish(turn, completed=False)


def no(turn: Turn, event: Heard) -> None:
    """The next best, once; then as if it had not been asked."""
    question = _phase(turn).question
    if isinstance(question, BeginRoutine) and question.instead is not None:
        idle.ask_to_begin(turn, question.instead, "offer_instead")
    else:
        _back(turn, _phase(turn))


def pick(turn: Turn, event: Heard) -> None:
    """The first or the second of two."""
    question = _phase(turn).question
    if not isinstance(question, WhichRoutine):
        _ask_again(turn, _phase(turn))
        return
    _begin(turn, question.routines[1 if event.slots.get("place") == 2 else 0])


def _begin(turn: Turn, routine: str) -> None:
    turn.remember()
    turn.to(Idle(named=routine))
    flow.begin(turn, turn.catalog.routines[routine])


def ask(turn: Turn, event: Heard) -> None:
    """ "Why this one?" and "tell me about it": the answer, and the question again."""
    phase = _phase(turn)
    question = phase.question
    if isinstance(question, BeginRoutine) and event.slots.get("topic") == "reason":
        turn.answer("reason", because=question.because)
        idle.tell(turn, turn.catalog.routines[question.routine].why[:1])
        turn.answer("begin_asked")
        turn.to(Confirming(question))
    else:
        idle.ask(turn, event)


def due(state: State, phase: Confirming) -> int | None:
    if phase.waiting_since is None or not state.voice.quiet:
        return None
    return phase.waiting_since + SILENCE_MS


def wake(turn: Turn, phase: Confirming) -> None:
    """Silence: ask once more, then the safe way, which is to change nothing."""
    if phase.repeated:
        _back(turn, phase)
    else:
        _ask_again(turn, replace(phase, repeated=True))


def quiet(turn: Turn, phase: Confirming) -> None:
    if phase.waiting_since is None:
        turn.to(replace(phase, waiting_since=turn.at))


def _ask_again(turn: Turn, phase: Confirming) -> None:
    turn.to(replace(phase, waiting_since=None))
    if isinstance(phase.question, BeginRoutine):
        turn.say("begin_asked", Rank.ANSWER)
    elif isinstance(phase.question, EndSession):
        turn.say("end_asked", Rank.ANSWER)
    else:
        turn.say("which_again", Rank.ANSWER)


def _back(turn: Turn, phase: Confirming) -> None:
    question = phase.question
    if isinstance(question, EndSession):
        turn.answer("still_paused")
        turn.to(question.paused)
    else:
        turn.answer("not_begun")
        turn.to(Idle(named=question.routine if isinstance(question, BeginRoutine) else None))


def _phase(turn: Turn) -> Confirming:
    phase = turn.state.phase
    assert isinstance(phase, Confirming)
    return phase


def table(phase: Confirming) -> Table:
    """What can be answered: before a session another routine may be named as well."""
    return TABLE if isinstance(phase.question, EndSession) else {**TABLE, **BEFORE}


TABLE: Table = {Command.YES: yes, Command.NO: no}
BEFORE: Table = {
    Command.PICK: pick,
    Command.START: idle.start,
    Command.JUST_ONE: idle.just_one,
    Command.CHOOSE: idle.choose,
    Command.LIST: idle.list_,
    Command.ASK: ask,
}
