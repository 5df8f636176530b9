"""Plans: what holds for every person and room, and what a few of them come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalog.adapt import MORE_S, a_little_more, adapt
from assistant.catalog.choosing import Dropped, choose, needs
from assistant.catalog.load import load
from assistant.catalog.model import Catalog, Dose, Plan, Profile, Side, Step
from assistant.catalog.positions import FLOOR, changes_level
from assistant.catalog.timing import bout_s

CATALOG = load()
TAGS = sorted({caution.tag for exercise in CATALOG.exercises.values() for caution in exercise.cautions})
THINGS = ["floor", "wall", "foam_roller", "rolled_towel", "chair", "mat", "table", "cushion"]

profiles = st.builds(
    Profile,
    tags=st.frozensets(st.sampled_from(TAGS), max_size=4),
    missing=st.frozensets(st.sampled_from(THINGS), max_size=4),
    left_out=st.frozensets(st.sampled_from(sorted(CATALOG.exercises)), max_size=3),
    levels=st.dictionaries(st.sampled_from(sorted(CATALOG.exercises)), st.sampled_from(["easier", "harder"])),
    start_side=st.sampled_from(Side),
    more_side=st.sampled_from([None, *Side]),
)
routines = st.sampled_from(sorted(CATALOG.routines))


def plan_of(routine: str, **profile: object) -> Plan:
    return adapt(CATALOG.routines[routine], CATALOG, Profile(**profile))  # type: ignore[arg-type]


def ids(steps: Sequence[Step], block: str | None = None) -> list[str]:
    """Exercises in order, the second side not repeated."""
    return [s.exercise.id for s in steps if not s.second_side and (block is None or s.block == block)]


@given(routines, profiles)
def test_no_step_that_a_tag_blocks(routine: str, profile: Profile) -> None:
    for step in adapt(CATALOG.routines[routine], CATALOG, profile).steps:
        cautions = [c for c in step.exercise.cautions if c.tag in profile.tags]
        assert all(caution.do == "limit" for caution in cautions)
        assert set(step.limits) == {caution.say for caution in cautions}
        assert step.exercise.id not in profile.left_out


@given(routines, profiles)
def test_no_step_needs_what_is_missing(routine: str, profile: Profile) -> None:
    plan = adapt(CATALOG.routines[routine], CATALOG, profile)
    assert all(profile.missing.isdisjoint(needs(step.exercise)) for step in plan.steps)


def usual(step: Step) -> Dose:
    """The dose without what the tighter side gets on top."""
    return step.less or step.dose


@given(routines, profiles)
def test_the_tighter_side_gets_a_little_more_and_never_more_than_twice(routine: str, profile: Profile) -> None:
    for step in adapt(CATALOG.routines[routine], CATALOG, profile).steps:
        more = step.side is not None and step.side is profile.more_side and step.exercise.mode != "check"
        assert (step.less is not None) is more
        if more:
            least, dose = bout_s(step.exercise, usual(step)), bout_s(step.exercise, step.dose)
            assert least < dose <= 2 * least
            assert dose - least <= max(MORE_S, step.exercise.rep_s)


def test_every_kind_of_dose_has_a_little_more() -> None:
    assert a_little_more(Dose(breaths=4)) == Dose(breaths=5)
    assert a_little_more(Dose(reps=4, sets=2)) == Dose(reps=5, sets=2)
    assert a_little_more(Dose(hold_s=20)) == Dose(hold_s=30)
    assert a_little_more(Dose(hold_s=6)) == Dose(hold_s=12)
    assert a_little_more(Dose(duration_s=60)) == Dose(duration_s=70)


def test_the_tighter_side_begins_whatever_the_routine_says() -> None:
    routine = replace(CATALOG.routines["mid_back_full"], start_side="right")
    plan = adapt(routine, CATALOG, Profile(start_side=Side.LEFT, more_side=Side.LEFT))
    assert next(step.side for step in plan.steps if step.side) is Side.LEFT
    assert next(step.side for step in adapt(routine, CATALOG, Profile()).steps if step.side) is Side.RIGHT


@given(routines, profiles)
def test_sided_moves_have_both_sides_with_one_dose(routine: str, profile: Profile) -> None:
    steps = adapt(CATALOG.routines[routine], CATALOG, profile).steps
    for step, after in zip(steps, (*steps, None)[1:], strict=True):
        if step.exercise.sides != "each":
            assert step.side is None
        elif not step.second_side:
            assert after is not None
            assert (after.side, after.second_side) == (step.side.other, True)  # type: ignore[union-attr]
            assert (after.exercise, usual(after), after.move) == (step.exercise, usual(step), step.move)
            assert after.settle_ms == step.exercise.switch_s * 1000


@given(routines, profiles)
def test_gates_stand_exactly_where_the_level_changes(routine: str, profile: Profile) -> None:
    steps = adapt(CATALOG.routines[routine], CATALOG, profile).steps
    before = "standing"
    for step in steps:
        assert step.gate == changes_level(before, step.exercise.position)
        before = step.exercise.position


@given(routines, profiles)
def test_at_most_one_change_of_level_inside_a_round(routine: str, profile: Profile) -> None:
    steps = adapt(CATALOG.routines[routine], CATALOG, profile).steps
    for _, group in groupby(steps, key=lambda step: (step.block, step.round)):
        places = [step.exercise.position for step in group]
        assert sum(changes_level(a, b) for a, b in pairwise(places)) <= 1


@given(routines, profiles)
def test_order_and_numbers(routine: str, profile: Profile) -> None:
    plan = adapt(CATALOG.routines[routine], CATALOG, profile)
    assert [step.index for step in plan.steps] == list(range(len(plan.steps)))
    first_round = [step.move for step in plan.steps if step.round == 1 and not step.second_side]
    assert first_round == list(range(len(first_round)))
    blocks = ["check_before", *(block.id for block in plan.routine.blocks), "check_after"]
    places = [blocks.index(step.block) for step in plan.steps]
    assert places == sorted(places)


@given(routines, profiles)
def test_what_is_left_out_is_told(routine: str, profile: Profile) -> None:
    plan = adapt(CATALOG.routines[routine], CATALOG, profile)
    told = " ".join(plan.notes)
    for block in plan.routine.blocks:
        for item in block.items:
            choice = choose(item, CATALOG.exercises, profile)
            if isinstance(choice, Dropped):
                assert choice.say in told
            else:
                assert choice.exercise.id in ids(plan.steps, block.id)


def test_the_flagship_in_order() -> None:
    plan = plan_of("mid_back_full")
    wall = ["wall_chest_melt", "wall_rainbow", "wall_side_tilt", "wall_peel", "wall_angel"]
    assert ids(plan.steps) == [
        "turn_check", "rib_breathing", "easy_turns", "roller_extension", "floor_crescent", "open_book",
        "prone_chest_lift", "upper_back_cat", "thread_needle", "heel_sit_rotation", "child_side_reach",
        *wall, *wall, "turn_check",
    ]  # fmt: skip
    assert [step.exercise.id for step in plan.steps if step.gate] == ["roller_extension", "wall_chest_melt"]
    assert plan.notes == ()
    assert plan.props == ("a mat", "a foam roller", "a pillow", "a cushion")


def test_settling_follows_the_pairs_of_positions() -> None:
    steps = [step for step in plan_of("mid_back_full").steps if step.block != "check_after"]
    settle = {(step.exercise.id, step.side, step.round): step.settle_ms for step in steps}
    assert settle["turn_check", Side.LEFT, 1] == 15_000
    assert settle["roller_extension", None, 1] == 15_000  # down to the floor
    assert settle["open_book", Side.LEFT, 1] == 8_000  # from the back to the side
    assert settle["open_book", Side.RIGHT, 1] == 12_000  # side to side
    assert settle["upper_back_cat", None, 1] == 10_000  # to hands and knees
    assert settle["wall_chest_melt", None, 1] == 25_000  # up and to the wall
    assert settle["wall_rainbow", Side.LEFT, 1] == 8_000
    assert settle["wall_side_tilt", Side.LEFT, 1] == 4_000  # the same position


def test_rounds_rest_and_become_familiar() -> None:
    steps = plan_of("mid_back_full").steps
    second = [step for step in steps if step.block == "wall" and step.round == 2]
    assert [step.rest_ms for step in second] == [20_000] + [0] * 6
    assert second[0].intro == ("The same moves once more.", "Go a touch slower, not harder.")
    assert all(step.familiar for step in second)
    assert not any(step.familiar for step in steps if step.round == 1 and step.block != "check_after")
    assert steps[-2].intro == ("Same turn again, and notice what you can see now.",)


def test_what_lies_about_is_cleared_away() -> None:
    steps = [step for step in plan_of("mid_back_full").steps if step.round == 1 and not step.second_side]
    intro = {step.exercise.id: step.intro for step in steps}
    assert "Set the foam roller aside." in intro["floor_crescent"]
    assert "Set the pillow aside." in intro["prone_chest_lift"]
    assert intro["wall_chest_melt"] == (
        "Leave the mat behind you.",
        "Sit for one slow breath, then walk to your wall.",
    )


def test_the_start_side_is_the_persons_unless_the_routine_says() -> None:
    assert next(s.side for s in plan_of("mid_back_full", start_side=Side.RIGHT).steps) is Side.RIGHT
    fixed = replace(CATALOG.routines["mid_back_full"], start_side="left")
    assert adapt(fixed, CATALOG, Profile(start_side=Side.RIGHT)).steps[0].side is Side.LEFT


def test_without_a_roller_the_towel_and_then_the_floor_angel() -> None:
    assert ids(plan_of("mid_back_full", missing=frozenset({"foam_roller"})).steps, "floor")[0] == "towel_extension"
    plan = plan_of("mid_back_full", missing=frozenset({"foam_roller", "rolled_towel"}))
    assert ids(plan.steps, "floor")[0] == "floor_angel"
    assert plan.notes == ("Without a roller, some moves change.",)
    assert "a foam roller" not in plan.props
    assert "Floor Angel takes the place of Roller Chest Opener." in plan.steps[4].intro


def test_without_the_floor_everything_is_done_upright_and_twins_merge() -> None:
    plan = plan_of("mid_back_full", missing=frozenset({"floor"}))
    assert FLOOR.isdisjoint(step.exercise.position for step in plan.steps)
    assert not any(step.gate for step in plan.steps)
    assert ids(plan.steps, "floor") == ["chair_extension", "seated_side_bend", "chair_turn", "seated_chest_lift"]
    assert ids(plan.steps, "kneeling") == ["seated_cat", "chair_turn", "seated_side_bend"]
    turns = next(s for s in plan.steps if s.block == "kneeling" and s.exercise.id == "chair_turn")
    assert turns.dose.reps == 6  # two moves became it: three and three
    spoken = " ".join(line for step in plan.steps for line in step.intro)
    assert "Come down" not in spoken  # no bridge for a way that is not gone
    assert "before you stand" not in spoken


def test_a_doubled_hold_becomes_two_sets() -> None:
    plan = plan_of("mid_back_full", tags=frozenset({"osteoporosis"}), missing=frozenset({"wall"}))
    assert all(step.dose.sets <= 2 for step in plan.steps)
    tilt = plan_of("neck", missing=frozenset({"chair"}))
    sky = next(step for step in tilt.steps if step.exercise.id == "sky_reach")
    assert (sky.dose.sets, sky.dose.rest_s) == (2, 5.0)


@pytest.mark.parametrize(
    ("tag", "move", "instead"),
    [
        ("osteoporosis", "roller_extension", "floor_angel"),
        ("knee_pain", "upper_back_cat", "seated_cat"),
        ("shoulder_pain", "wall_chest_melt", "chair_extension"),
        ("balance_risk", "wall_rainbow", "chair_turn"),
        ("leg_pain_or_disc", "wall_peel", "wall_angel"),
        ("pregnancy_16w", "prone_chest_lift", "seated_chest_lift"),
        ("abdominal_surgery_12w", "prone_chest_lift", None),
        ("fracture", "wall_peel", None),
        ("clot_or_inflammation", "roller_extension", None),
    ],
)
def test_tags_swap_and_block(tag: str, move: str, instead: str | None) -> None:
    plan = plan_of("mid_back_full", tags=frozenset({tag}))
    done = {step.origin: step.exercise.id for step in plan.steps if step.round == 1}
    assert done.get(move) == instead or (instead in done.values() and move not in done)
    if instead is None:
        assert any(CATALOG.exercises[move].say in note for note in plan.notes)


def test_a_clinicians_word_is_asked_for() -> None:
    plan = plan_of("mid_back_full", tags=frozenset({"clot_or_inflammation"}))
    assert plan.notes == ("We leave out Roller Chest Opener until a clinician has agreed.",)


def test_swaps_by_tag_never_send_up_and_down_twice() -> None:
    plan = plan_of("mid_back_full", tags=frozenset({"pregnancy_16w"}))
    assert ids(plan.steps, "floor") == ["chair_extension", "seated_side_bend", "seated_chest_lift", "open_book"]
    (step,) = [s for s in plan.steps if s.exercise.id == "open_book" and s.gate]
    assert "Come down to the floor in your own time." in step.intro


def test_levels_change_the_dose() -> None:
    easy = plan_of("mid_back_full", levels={"roller_extension": "easier", "open_book": "harder"})
    found = {step.exercise.id: (step.level, step.dose.spots, step.dose.reps) for step in easy.steps}
    assert found["roller_extension"] == ("easier", 1, 4)
    assert found["open_book"] == ("harder", 1, 4)
    assert found["prone_chest_lift"] == ("normal", 1, 5)


def test_an_easier_version_that_is_another_exercise_is_checked_too() -> None:
    exercises = dict(CATALOG.exercises)
    change = replace(exercises["roller_extension"].easier, use="towel_extension")  # type: ignore[type-var]
    exercises["roller_extension"] = replace(exercises["roller_extension"], easier=change)
    catalog = Catalog(CATALOG.routines, exercises)
    levels = {"roller_extension": "easier"}
    routine = catalog.routines["mid_back_full"]
    plan = adapt(routine, catalog, Profile(levels=levels))
    assert ids(plan.steps, "floor")[0] == "towel_extension"
    plan = adapt(routine, catalog, Profile(levels=levels, missing=frozenset({"rolled_towel"})))
    assert ids(plan.steps, "floor")[0] == "roller_extension"


def test_doses_of_the_routine_go_over_those_of_the_exercise() -> None:
    reps = {step.exercise.id: step.dose.reps for step in plan_of("mid_back_express").steps}
    assert (reps["easy_turns"], reps["open_book"], reps["upper_back_cat"]) == (4, 3, 5)


def test_nothing_left_is_an_empty_plan() -> None:
    plan = plan_of("lunch_break", missing=frozenset({"chair"}), left_out=frozenset({"easy_turns"}))
    assert plan.steps == ()
    assert plan.notes[-1] == "Thoracic Extender, Seated Chest Lift and Chair Turn stay out today."
