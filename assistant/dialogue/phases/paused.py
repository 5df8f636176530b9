"""The clock stands still; there is no deadline. It never goes on by itself."""

from __future__ import annotations

from assistant.dialogue import flow, instructions
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import Table, answers, anywhere, kit, moves, shortening
from assistant.dialogue.state import Paused, Positioning, Why
from assistant.dialogue.timeline import Detail
from assistant.dialogue.turn import Turn

SHORT_MS = 10_000  # after a pause up to this long the body is still where it was


def resume(turn: Turn, event: Heard) -> None:
    """On: after a short pause on "three, two, one", else with everything it takes to get back."""
    phase = turn.state.phase
    assert isinstance(phase, Paused)
    turn.remember()
    turn.drop(lambda line: True)
    if phase.why is Why.PAUSE and phase.working and turn.at - phase.since <= SHORT_MS:
        turn.to(Positioning(turn.at, gate=False, brief=True))
    else:
        flow.come_back(turn)


def move_on(turn: Turn, event: Heard) -> None:
    """To another move, still paused."""
    run = turn.run
    target = moves.before_move(run) if event.command is Command.PREVIOUS else moves.after_move(run)
    if target == len(run.plan.steps):
        turn.answer("last_move")
        return
    turn.remember()
    flow.settle_accounts(turn)
    if event.command is Command.SKIP:
        turn.update(skipped=(*run.skipped, run.step.origin))
    _stand_before(turn, target)


def jump(turn: Turn, event: Heard) -> None:
    """To the first move of a block, still paused."""
    target = moves.block_begin(turn, event)
    if target is None:
        return
    turn.remember()
    flow.settle_accounts(turn)
    _stand_before(turn, target)


def _stand_before(turn: Turn, index: int) -> None:
    """Before another step, which is named; still paused."""
    moves.stand_at(turn, index)
    turn.answer("moved_paused", move=instructions.named(turn.run.step, turn.wording))


def change_level(turn: Turn, event: Heard) -> bool:
    """The easier or harder version, still paused; whether there is one."""
    change = moves.another_level(turn, event)
    if change is None:
        return False
    turn.remember()
    if change.same:
        turn.update(plan=change.plan)
    else:
        flow.settle_accounts(turn)
        turn.update(plan=change.plan)
        moves.stand_at(turn, turn.run.index)
    moves.keep_level(turn)
    turn.lines(change.said, Rank.ANSWER)
    return True


def level(turn: Turn, event: Heard) -> None:
    change_level(turn, event)


def explain(turn: Turn, event: Heard) -> None:
    """What the move is, while paused: everything, or as when working."""
    answers.repeated(turn, Detail.FULL if event.command is Command.EXPLAIN else answers.recalled(turn.state))


TABLE: Table = {
    **kit.TABLE,
    **answers.TABLE,
    Command.RESUME: resume,
    Command.READY: resume,
    Command.NEXT: move_on,
    Command.SKIP: move_on,
    Command.PREVIOUS: move_on,
    Command.REPEAT: explain,
    Command.EXPLAIN: explain,
    Command.EASIER: level,
    Command.HARDER: level,
    Command.JUMP: jump,
    Command.SHORTEN: shortening.time_left,
    Command.END: anywhere.end,
}
