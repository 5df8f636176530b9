"""Changes during a session: what is done stays, what comes follows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.catalog.adapt import adapt
from assistant.catalog.load import load
from assistant.catalog.model import Profile
from assistant.catalog.replan import replan, with_level, without

CATALOG = load()
PLAN = adapt(CATALOG.routines["mid_back_full"], CATALOG, Profile())
AT = st.integers(0, len(PLAN.steps) - 1)


def step_at(exercise: str, round_: int = 1, second: bool = False) -> int:
    return next(
        step.index
        for step in PLAN.steps
        if (step.exercise.id, step.round, step.second_side) == (exercise, round_, second)
    )


@given(AT, AT, st.sampled_from(["easier", "harder", "normal"]))
def test_a_level_changes_no_index(at: int, other: int, level: str) -> None:
    move = PLAN.steps[other].move
    changed = with_level(PLAN, CATALOG, move, level, at)
    assert changed.steps[:at] == PLAN.steps[:at]
    assert [(s.exercise.id, s.side, s.move) for s in changed.steps] == [
        (s.exercise.id, s.side, s.move) for s in PLAN.steps
    ]
    assert {s.level for s in changed.steps[at:] if s.move == move} <= {level, "normal"}
    assert [s.gate for s in changed.steps] == [s.gate for s in PLAN.steps]


def test_easier_reaches_the_other_side_and_the_second_round() -> None:
    at = step_at("wall_rainbow")
    easy = with_level(PLAN, CATALOG, PLAN.steps[at].move, "easier", at)
    reps = [step.dose.reps for step in easy.steps if step.exercise.id == "wall_rainbow"]
    assert reps == [3, 3, 3, 3]
    plain = with_level(easy, CATALOG, PLAN.steps[at].move, "normal", at + 1)
    assert [step.dose.reps for step in plain.steps if step.exercise.id == "wall_rainbow"] == [3, 4, 4, 4]


@given(AT, AT)
def test_leaving_out_keeps_what_is_done(at: int, other: int) -> None:
    name = PLAN.steps[other].exercise.id
    changed = without(PLAN, CATALOG, name, at)
    assert changed.steps[:at] == PLAN.steps[:at]
    assert [step.index for step in changed.steps] == list(range(len(changed.steps)))
    rest = [step for step in PLAN.steps[at:] if step.exercise.id != name]
    assert [(s.exercise.id, s.side, s.round, s.move) for s in changed.steps[at:]] == [
        (s.exercise.id, s.side, s.round, s.move) for s in rest
    ]


def test_a_gate_that_was_not_passed_stays() -> None:
    at = step_at("roller_extension")
    changed = without(PLAN, CATALOG, "roller_extension", at)
    assert changed.steps[at].exercise.id == "floor_crescent"
    assert changed.steps[at].gate
    assert changed.steps[at].intro == ("Come down to the floor in your own time.",)


def test_the_way_from_a_move_that_is_broken_off_counts() -> None:
    at = step_at("open_book", second=True)
    changed = without(PLAN, CATALOG, "open_book", at)
    following = changed.steps[at]
    assert (following.exercise.id, following.settle_ms, following.gate) == ("prone_chest_lift", 8000, False)


def test_no_wall_in_the_middle() -> None:
    at = step_at("wall_chest_melt")
    changed = replan(PLAN, CATALOG, Profile(missing=frozenset({"wall"})), at)
    assert [step.exercise.id for step in changed.steps[at:] if not step.second_side and step.round == 1] == [
        "desk_melt", "chair_turn", "sky_reach", "seated_cat", "seated_chest_lift", "turn_check",
    ]  # fmt: skip
    assert changed.steps[at].gate


def test_the_second_side_of_a_move_that_becomes_easier_is_not_done_twice() -> None:
    at = step_at("open_book", second=True)
    changed = with_level(PLAN, CATALOG, PLAN.steps[at].move, "easier", at)
    assert [(s.side, s.level) for s in changed.steps if s.exercise.id == "open_book"] == [
        (PLAN.steps[at - 1].side, "normal"),
        (PLAN.steps[at].side, "easier"),
    ]
    assert changed.steps[at].second_side
