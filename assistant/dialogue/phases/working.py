"""The work clock runs."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import flow
from assistant.dialogue.commands import Command
from assistant.dialogue.events import Heard
from assistant.dialogue.instructions import detail_of
from assistant.dialogue.phases import Table, answers, anywhere, moves, playing, shortening
from assistant.dialogue.state import State, Working
from assistant.dialogue.timeline import compile_step
from assistant.dialogue.turn import Turn


def repeat(turn: Turn, event: Heard) -> None:
    """The text once more, while the clock runs on."""
    answers.repeated(turn, answers.recalled(turn.state))


def extend(turn: Turn, event: Heard) -> None:
    """Ten seconds more, or the repetitions that fill them, up to twice the dose."""
    run, settings = turn.run, turn.state.settings
    detail = detail_of(turn.state, run.step)
    usual = replace(run.step, dose=run.step.less or run.step.dose)
    dose = compile_step(usual, turn.wording, detail, settings.tempo).planned
    longer = compile_step(run.step, turn.wording, detail, settings.tempo, run.extra + 1)
    if longer.planned > 2 * dose:
        turn.answer("enough")
        return
    turn.remember()
    reps = len(longer.reps) - len(flow.timeline(turn).reps)
    turn.update(extra=run.extra + 1)
    flow.retime(turn, dose=True)
    if reps:
        turn.answer("more", n=reps)
    else:
        turn.answer("ten_more")


def nothing(turn: Turn, event: Heard) -> None:
    """ "Ready" when work has just begun: it is what they wanted."""


def due(state: State, phase: Working) -> int:
    """The next word or tone, the end of the work, or the next save."""
    return min(playing.due(phase.track, phase.track.anchor + phase.timeline.total), phase.save_at)


def wake(turn: Turn, phase: Working) -> None:
    if phase.track.due is not None and phase.track.due <= turn.at:
        turn.to(replace(phase, track=playing.play(turn, phase.track)))
    elif phase.track.anchor + phase.timeline.total <= turn.at:
        flow.complete(turn)
    else:
        turn.to(replace(phase, save_at=turn.at + flow.SAVE_EVERY_MS))
        flow.save(turn)


TABLE: Table = {
    **answers.TABLE,
    Command.READY: nothing,
    Command.REPEAT: repeat,
    Command.EXPLAIN: moves.explain,
    Command.SKIP: moves.skip,
    Command.PREVIOUS: moves.previous,
    Command.EASIER: moves.change_level,
    Command.HARDER: moves.change_level,
    Command.NEXT: moves.next_,
    Command.RESTART: moves.restart,
    Command.COUNT: answers.count,
    Command.EXTEND: extend,
    Command.WAIT: extend,
    Command.JUMP: moves.jump,
    Command.SHORTEN: shortening.time_left,
    Command.END: anywhere.end,
}
