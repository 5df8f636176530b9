"""Something hurts: what kind, what to do now. Nothing goes on by itself."""

from __future__ import annotations

from dataclasses import replace

from assistant.catalog.replan import without
from assistant.dialogue import flow, instructions
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import Table, anywhere, moves, paused
from assistant.dialogue.state import Hurt, State, Trouble
from assistant.dialogue.turn import Turn

SILENCE_MS = 20_000
QUESTIONS = {
    Trouble.ASKED: "hurt_asked",
    Trouble.RESTING: "resting_asked",
    Trouble.MILD: "mild_asked",
    Trouble.DANGER: "danger_again",
}


def sharp(turn: Turn, event: Heard) -> None:
    """That move is out for today; paused before the next one."""
    run, exercise = turn.run, _keep(turn).exercise
    plan = without(run.plan, turn.catalog, exercise, run.index)
    flow.settle_accounts(turn)
    if run.step.exercise.id == exercise:
        turn.update(skipped=(*turn.run.skipped, run.step.origin))
    turn.say("sharp", Rank.SAFETY)
    if run.index >= len(plan.steps):
        flow.finish(turn, completed=True)
        return
    turn.update(plan=plan)
    moves.stand_at(turn, run.index)
    turn.say("moved_hurt", Rank.ANSWER, move=instructions.named(turn.run.step, turn.wording))


def nerve(turn: Turn, event: Heard) -> None:
    phase = _keep(turn)
    turn.say("nerve", Rank.SAFETY)
    turn.to(Hurt(Trouble.RESTING, phase.exercise))


def milder(turn: Turn, event: Heard) -> None:
    """Not bad, or over: three ways on."""
    turn.answer("mild_asked")
    turn.to(Hurt(Trouble.MILD, _phase(turn).exercise))


def easier(turn: Turn, event: Heard) -> None:
    """The easier version, with all the time to get back into it; where there is none, the other ways on."""
    if paused.change_level(turn, event):
        flow.come_back(turn)
    else:
        turn.answer("mild_asked")


def skip(turn: Turn, event: Heard) -> None:
    """On to the next move, paused; or to the end."""
    if moves.after_move(turn.run) < len(turn.run.plan.steps):
        paused.move_on(turn, event)
    else:
        flow.settle_accounts(turn)
        flow.finish(turn, completed=True)


def danger_first(turn: Turn, event: Heard) -> None:
    """After danger signs nothing but the end is offered."""
    turn.say("danger_again", Rank.SAFETY)


def due(state: State, phase: Hurt) -> int | None:
    """Silence repeats the question once, then everything stays as it is."""
    if phase.waiting_since is None or phase.repeated or not state.voice.quiet:
        return None
    return phase.waiting_since + SILENCE_MS


def wake(turn: Turn, phase: Hurt) -> None:
    turn.to(replace(phase, repeated=True))
    turn.say(QUESTIONS[phase.trouble], Rank.ANSWER)


def quiet(turn: Turn, phase: Hurt) -> None:
    if phase.waiting_since is None:
        turn.to(replace(phase, waiting_since=turn.at))


def _keep(turn: Turn) -> Hurt:
    """The exercise is spared in the days to come."""
    phase, known = _phase(turn), turn.state.person
    turn.know(replace(known, hurt={**known.hurt, phase.exercise: 0}))
    return phase


def _phase(turn: Turn) -> Hurt:
    phase = turn.state.phase
    assert isinstance(phase, Hurt)
    return phase


TABLE: Table = {
    Command.SHARP: sharp,
    Command.NERVE: nerve,
    Command.MILDER: milder,
    Command.EASIER: easier,
    Command.SKIP: skip,
    Command.END: anywhere.end,
}
IN_DANGER: Table = dict.fromkeys(
    (Command.SHARP, Command.NERVE, Command.MILDER, Command.EASIER, Command.SKIP), danger_first
)
