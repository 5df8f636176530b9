"""Changes to a plan while it is being done.

The steps before `at` are done: they, and their indices, stay as they are. The rest is adapted anew, and a step that was
done (same block, round, exercise and side) does not come back. Moves keep their numbers. `at` is the index of the step
the person is in or was about to do; it is done anew if it is still in the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.catalog.adapt import adapt
from assistant.catalog.choosing import NORMAL
from assistant.catalog.model import Catalog, Plan, Profile, Side, Step
from assistant.catalog.positions import changes_level, settle_s
from assistant.catalog.timing import plan_s

_Key = tuple[str, int, str, Side | None]


def with_level(plan: Plan, catalog: Catalog, move: int, level: str, at: int) -> Plan:
    """From step `at` on, move number `move` is done at `level`: normal, easier or harder."""
    origin = next(step.origin for step in plan.steps if step.move == move)
    levels = {name: value for name, value in plan.profile.levels.items() if name != origin}
    if level != NORMAL:
        levels[origin] = level
    return replan(plan, catalog, replace(plan.profile, levels=levels), at)


def without(plan: Plan, catalog: Catalog, exercise_id: str, at: int) -> Plan:
    """From step `at` on, the exercise is left out (as is an item of the routine that came to it by a swap)."""
    left_out = plan.profile.left_out | {exercise_id}
    return replan(plan, catalog, replace(plan.profile, left_out=left_out), at)


def replan(plan: Plan, catalog: Catalog, profile: Profile, at: int) -> Plan:
    """From step `at` on, the plan for another profile."""
    fresh = adapt(plan.routine, catalog, profile)
    done = plan.steps[:at]
    known = {key for step in done for key in _keys(step)}
    rest = [step for step in fresh.steps if known.isdisjoint(_keys(step))]
    moves = {(step.block, step.origin): step.move for step in plan.steps}
    spare = max((step.move for step in plan.steps), default=-1) + 1
    rest = [replace(step, move=moves.get((step.block, step.origin), spare + step.move)) for step in rest]
    steps = (*done, *_seam(plan, at, rest))
    steps = tuple(replace(step, index=index) for index, step in enumerate(steps))
    return replace(fresh, steps=steps, seconds=plan_s(steps, familiar=False))


def _keys(step: Step) -> Iterator[_Key]:
    yield step.block, step.round, step.origin, step.side
    yield step.block, step.round, step.exercise.id, step.side


def _seam(plan: Plan, at: int, rest: list[Step]) -> list[Step]:
    """The first step of the rest follows another one now: the way to it from where the person may be."""
    if not rest or not plan.steps:
        return rest
    first, old = rest[0], plan.steps[max(0, at - 1) : at + 1]
    if first.second_side and at and plan.steps[at - 1].move == first.move:
        return rest
    places = [step.exercise.position for step in old]
    settle = max(settle_s(place, first.exercise.position) for place in places)
    gate = first.gate or any(changes_level(place, first.exercise.position) for place in places)
    return [replace(first, settle_ms=round(settle * 1000), gate=gate, second_side=False), *rest[1:]]
