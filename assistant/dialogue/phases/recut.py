"""The rest of a routine for another profile: something is missing, or part of the body is to be spared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.catalog.model import Plan, Profile, Step
from assistant.catalog.replan import replan
from assistant.catalog.spoken import listing
from assistant.dialogue import flow, instructions
from assistant.dialogue.effects import Rank
from assistant.dialogue.phases import moves
from assistant.dialogue.state import Hurt, Positioning
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import Sentence, fill


def recut(turn: Turn, profile: Profile, said: Iterable[Sentence] = ()) -> None:
    """From here on the plan for `profile`. What that changes is told, or where it is nothing, `said`.

    The place stays where the step stays what it was. Else the person is led into what is done instead; while they are
    paused or hurt, nothing moves.
    """
    run = turn.run
    plan = replan(run.plan, turn.catalog, profile, run.index)
    told = (*(_changes(run.plan, plan) or tuple(said)), *_props(turn, run.plan, plan))
    if run.index >= len(plan.steps):
        _nothing_left(turn, told)
    elif _same(run.step, plan.steps[run.index]):
        limits = run.step.limits
        turn.update(plan=plan)
        if turn.run.step.limits != limits:
            turn.update(told=None)  # new words of caution must be heard
        turn.lines(told, Rank.ANSWER, keep=True)
        flow.save(turn)
        flow.prepare(turn)
    elif isinstance(turn.state.phase, Positioning):
        before = flow.leave(turn)
        turn.update(plan=plan)
        flow.enter(turn, run.index, before=before, opening=instructions.kept(told))
    else:
        _replace_step(turn, plan)
        turn.lines(told, Rank.ANSWER, keep=True)


def _replace_step(turn: Turn, plan: Plan) -> None:
    """Another step stands at this place; the phase stays."""
    phase = turn.state.phase
    flow.settle_accounts(turn)
    turn.update(plan=plan)
    moves.stand_at(turn, turn.run.index)
    if isinstance(phase, Hurt):
        turn.to(phase)
    flow.save(turn)


def _nothing_left(turn: Turn, told: Sequence[Sentence]) -> None:
    hurt = isinstance(turn.state.phase, Hurt)
    if isinstance(turn.state.phase, Positioning):
        flow.leave(turn)
    else:
        flow.settle_accounts(turn)
    turn.lines(told, Rank.ANSWER)
    turn.answer("nothing_more_hurt" if hurt else "nothing_left")
    flow.finish(turn, completed=not hurt)


def _changes(old: Plan, new: Plan) -> tuple[Sentence, ...]:
    """What the new plan says of itself that the old one did not."""
    return tuple(fill(note) for note in new.notes if note not in old.notes)


def _props(turn: Turn, old: Plan, new: Plan) -> tuple[Sentence, ...]:
    """What is needed now and was not."""
    more = [prop for prop in new.props if prop not in old.props]
    return turn.wording.sentences("props_more", props=listing(more)) if more else ()


def _same(old: Step, new: Step) -> bool:
    """Whether it is the same work."""
    return (old.exercise.id, old.side, old.dose, old.level) == (new.exercise.id, new.side, new.dose, new.level)
