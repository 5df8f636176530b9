"""Commands that move the place in the routine or change the move: in positioning, working and paused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.catalog.model import Plan, Step
from assistant.catalog.replan import with_level
from assistant.dialogue import flow, instructions, person
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.state import Paused, Positioning, Run, Why, Working
from assistant.dialogue.timeline import Detail, sides
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import Sentence, fill


def next_(turn: Turn, event: Heard) -> None:
    """The other side, then the next move."""
    turn.remember()
    flow.leave(turn)
    flow.advance(turn)


def skip(turn: Turn, event: Heard) -> None:
    """The whole move is left out, both sides of it."""
    turn.remember()
    before = flow.leave(turn)
    turn.update(skipped=(*turn.run.skipped, before.origin))
    flow.go_to(turn, after_move(turn.run), before=before, opening=_opening(turn, "left_out"))


def previous(turn: Turn, event: Heard) -> None:
    """The move before, from its first side."""
    turn.remember()
    before = flow.leave(turn)
    _from_top(turn, before_move(turn.run), before)


def restart(turn: Turn, event: Heard) -> None:
    """This side of this move, from its begin."""
    turn.remember()
    before = flow.leave(turn)
    _from_top(turn, before.index, before)


def jump(turn: Turn, event: Heard) -> None:
    """To the first move of a block."""
    target = block_begin(turn, event)
    if target is None:
        return
    turn.remember()
    before = flow.leave(turn)
    say = turn.run.plan.steps[target].block_say
    flow.enter(turn, target, before=before, opening=_opening(turn, "block", block=say))


def block_begin(turn: Turn, event: Heard) -> int | None:
    """The first step of the block that was asked for; None (and it is said) where there is none."""
    blocks = str(event.slots.get("block")).split()
    target = next((step.index for step in turn.run.plan.steps if step.block in blocks), None)
    if target is None:
        turn.answer("no_such_block")
    return target


def stand_at(turn: Turn, index: int) -> None:
    """Paused before step `index`, which has not been explained."""
    phase = turn.state.phase
    turn.update(index=index, offset=0, worked=0, extra=0, told=None)
    paused = phase if isinstance(phase, Paused) else Paused(turn.at, Why.HURT, working=False)
    turn.to(replace(paused, working=False))
    flow.save(turn)


def explain(turn: Turn, event: Heard) -> None:
    """The clock stops, and everything is told in full; on with "ready"."""
    turn.remember()
    flow.freeze(turn)
    turn.answer("clock_stopped")
    turn.update(told=Detail.FULL)
    step = turn.run.step
    turn.line(instructions.title(step, turn.wording))
    turn.lines(instructions.full_text(step))
    turn.say("say_ready")
    turn.to(Positioning(turn.at, gate=True))


@dataclass(frozen=True)
class Change:
    """The plan with another version of the current move. `same`: it is still the same exercise."""

    plan: Plan
    said: tuple[Sentence, ...]
    same: bool


def change_level(turn: Turn, event: Heard) -> None:
    """The easier or the harder version of this move, from here on and in further rounds."""
    change = another_level(turn, event)
    if change is None:
        return
    turn.remember()
    if change.same:
        turn.update(plan=change.plan)
        keep_level(turn)
        if isinstance(turn.state.phase, Working):
            flow.retime(turn, dose=True)
        turn.lines(change.said, Rank.ANSWER)
        return
    before = flow.leave(turn)
    turn.update(plan=change.plan)
    keep_level(turn)
    flow.enter(turn, before.index, before=before, opening=instructions.kept(change.said))


def keep_level(turn: Turn) -> None:
    """The version of the current move is kept for all sessions to come."""
    step = turn.run.step
    turn.know(person.with_level(turn.state.person, step.origin, step.level))


def another_level(turn: Turn, event: Heard) -> Change | None:
    """What "easier" or "harder" comes to now; None (and it is said) where there is no such version."""
    run, easier = turn.run, event.command is Command.EASIER
    step = run.step
    change = step.exercise.easier if easier else step.exercise.harder
    back = step.level == ("harder" if easier else "easier")
    if back or (change is not None and step.level == "normal"):
        level = "normal" if back else event.command.value
        plan = with_level(run.plan, turn.catalog, step.move, level, run.index)
        new = plan.steps[run.index] if run.index < len(plan.steps) else None
        if new is not None and (new.origin, new.level) == (step.origin, level):
            said = "" if back or change is None else fill(change.say, **sides(step)).text
            key = "usual" if back else event.command.value
            text = said[:1].lower() + said[1:]
            return Change(plan, turn.wording.sentences(key, change=text), new.exercise.id == step.exercise.id)
    turn.answer("no_easier" if easier else "no_harder")
    return None


def _from_top(turn: Turn, index: int, before: Step) -> None:
    name = instructions.named(turn.run.plan.steps[index], turn.wording)
    flow.enter(turn, index, before=before, opening=_opening(turn, "from_top", move=name), again=True)


def _opening(turn: Turn, key: str, **slots: object) -> Iterator[instructions.Words]:
    return instructions.kept(turn.wording.sentences(key, **slots))


def after_move(run: Run) -> int:
    """The first step of the next move; past the last step after the last one."""
    here = run.step
    later = run.plan.steps[run.index + 1 :]
    others = (step.index for step in later if (step.move, step.round) != (here.move, here.round))
    return next(others, len(run.plan.steps))


def before_move(run: Run) -> int:
    """The first step of the move before this one, or of this one where there is none."""
    here = run.step
    earlier = [step for step in run.plan.steps[: run.index] if (step.move, step.round) != (here.move, here.round)]
    wanted = earlier[-1] if earlier else here
    same = [step for step in run.plan.steps if (step.move, step.round) == (wanted.move, wanted.round)]
    return same[0].index
