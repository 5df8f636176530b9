"""A plan cut to the time that is left: whole moves, planes in balance, within the time."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.catalog.adapt import AFTER, adapt
from assistant.catalog.load import load
from assistant.catalog.model import Catalog, Place, Plan, Profile, Step
from assistant.catalog.shorten import BALANCED, Move, Shortened, only, shorten
from assistant.catalog.timing import step_s

CATALOG = load()
BARE = Profile(missing=frozenset({"wall", "foam_roller"}))
PLANS = {
    (routine.id, kit): adapt(routine, CATALOG, profile)
    for routine in CATALOG.routines.values()
    for kit, profile in (("all", Profile()), ("bare", BARE))
}
FULL = PLANS["mid_back_full", "all"]
Situation = tuple[tuple[str, str], int, int, bool]


def seconds(step: Step) -> float:
    return step_s(step, familiar=False)


def cut_to(plan: Plan, at: int, minutes: float, *, begun: bool = False) -> Shortened:
    return shorten(plan, CATALOG, at, minutes * 60, begun=begun, step_s=seconds)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """A plan by name, the step, the minutes, whether the step is under way."""
    name = draw(st.sampled_from(sorted(PLANS)))
    at = draw(st.integers(0, len(PLANS[name].steps) - 1))
    begun = PLANS[name].steps[at].second_side or draw(st.booleans())
    return name, at, draw(st.integers(0, 30)), begun


def key(step: Step) -> tuple[object, ...]:
    return step.block, step.round, step.exercise.id, step.side, step.dose


@given(situations())
def test_what_is_done_stays_and_what_is_kept_keeps_its_order_and_dose(situation: Situation) -> None:
    name, at, minutes, begun = situation
    plan = PLANS[name]
    shorter = cut_to(plan, at, minutes, begun=begun).plan
    done = at + begun
    assert [key(step) for step in shorter.steps[:done]] == [key(step) for step in plan.steps[:done]]
    rest = iter(key(step) for step in plan.steps[done:])
    assert all(key(step) in rest for step in shorter.steps[done:])
    assert [step.index for step in shorter.steps] == list(range(len(shorter.steps)))


@given(situations())
def test_never_one_side_only(situation: Situation) -> None:
    name, at, minutes, begun = situation
    plan = PLANS[name]
    shorter = cut_to(plan, at, minutes, begun=begun).plan
    sides = Counter((step.block, step.round, step.origin) for step in shorter.steps if step.exercise.sides == "each")
    assert set(sides.values()) <= {2}


@given(situations())
def test_within_the_time_or_the_least_there_can_be(situation: Situation) -> None:
    name, at, minutes, begun = situation
    plan = PLANS[name]
    result = cut_to(plan, at, minutes, begun=begun)
    assert abs(result.seconds - sum(seconds(step) for step in result.plan.steps[at + begun :])) < 1e-6
    if result.seconds > minutes * 60:
        assert len(result.kept) == (0 if begun else 1)
    if not result.cut:
        assert [key(step) for step in result.plan.steps] == [key(step) for step in plan.steps]


@given(situations())
def test_no_plane_gets_ahead_of_one_that_loses_moves(situation: Situation) -> None:
    """Round by round, what is chosen leaves rotation, bending, extending and tilting within one move of each other."""
    name, at, minutes, begun = situation
    plan = PLANS[name]
    result = cut_to(plan, at, minutes, begun=begun)
    done = {step_place(step): Move((step,)).plane for step in plan.steps[: at + begun]}
    before = Counter(done.values())
    for number in {move.place[1] for move in result.kept}:
        counts = before + Counter(move.plane for move in result.kept if move.place[1] <= number)
        lost = {move.plane for move in result.cut if move.place[1] <= number} & BALANCED
        told = {step_place(plan.steps[at])} - set(done)  # what was just explained comes first
        for plane in {move.plane for move in result.kept if move.place[1] == number and move.place not in told} - {""}:
            assert all(counts[plane] <= max(counts[other], before[plane]) + 1 for other in lost)


def step_place(step: Step) -> Place:
    return step.block, step.round, step.origin


def test_fewer_rounds_come_first() -> None:
    wall = next(step.index for step in FULL.steps if step.block == "wall")
    for minutes in range(3, 12):
        kept = cut_to(FULL, wall, minutes).kept
        first = [move for move in kept if move.place[1] == 1 and move.place[0] == "wall"]
        again = [move for move in kept if move.place[1] == 2]
        assert not again or len(first) == 5


def test_five_minutes_at_the_begin_keep_all_four_directions_without_going_down() -> None:
    result = cut_to(FULL, 2, 5, begun=True)
    assert {move.plane for move in result.kept} == {*BALANCED, ""}
    assert not any(step.gate for step in result.plan.steps)


def test_the_closing_check_stays_if_there_was_one_in_the_beginning() -> None:
    for minutes in (2, 4, 8):
        assert cut_to(FULL, 10, minutes).kept[-1].place[0] == AFTER
    assert cut_to(FULL, 0, 3).kept[-1].place[0] != AFTER


def test_the_words_about_a_whole_round_are_left_away_for_a_part_of_it() -> None:
    wall = next(step.index for step in FULL.steps if (step.block, step.round) == ("wall", 2))
    intro = cut_to(FULL, wall - 4, 4).plan.steps
    again = [step for step in intro if (step.block, step.round) == ("wall", 2)]
    assert not again or "The same moves once more." not in again[0].intro


def test_more_can_be_changed_afterwards() -> None:
    first = cut_to(FULL, 4, 10)
    second = cut_to(first.plan, 6, 5)
    names = {(step.block, step.round, step.origin) for step in second.plan.steps}
    assert names <= {(step.block, step.round, step.origin) for step in first.plan.steps}
    assert second.seconds <= 300


def test_only_one_move_is_no_check_and_no_breathing() -> None:
    assert [step.exercise.id for step in only(FULL, CATALOG).steps] == ["easy_turns"]
    lunch = PLANS["lunch_break", "all"]
    assert [step.exercise.id for step in only(lunch, CATALOG).steps] == ["chair_extension"]


def test_a_re_plan_of_a_very_long_routine_takes_less_than_fifty_milliseconds() -> None:
    """Three times the longest one that ships; that one takes 2 ms."""
    routine = FULL.routine
    blocks = tuple(replace(block, id=f"{block.id}{n}") for n in range(3) for block in routine.blocks)
    catalog = Catalog({"long": replace(routine, id="long", blocks=blocks)}, CATALOG.exercises)
    plan = adapt(catalog.routines["long"], catalog, Profile())
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        shorten(plan, catalog, 30, 1200, begun=True, step_s=seconds)
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.05
