"""The shipped content against what was promised: doses, work, minutes, words."""

from __future__ import annotations

import pytest

from assistant.catalog.adapt import adapt
from assistant.catalog.lint_words import word_count
from assistant.catalog.model import Catalog, Profile
from assistant.catalog.timing import bout_s, minutes, speech_s, total_reps, work_s

# seconds of one step (one side of a sided move), from the doses that were prescribed
WORK = {
    "turn_check": 10, "rib_breathing": 40, "easy_turns": 48, "roller_extension": 54, "floor_crescent": 20,
    "open_book": 40, "prone_chest_lift": 35, "upper_back_cat": 36, "thread_needle": 39, "heel_sit_rotation": 30,
    "child_side_reach": 20, "wall_chest_melt": 20, "wall_rainbow": 28, "wall_side_tilt": 15, "wall_peel": 22,
    "wall_angel": 24, "seated_chest_lift": 30, "chair_turn": 24, "seated_side_bend": 15, "seated_cat": 36,
    "floor_angel": 36, "sky_reach": 15, "desk_melt": 20, "sweep_lat": 45, "sweep_glute": 45, "dead_bug": 30,
    "glute_bridge": 56, "legs_up_breathing": 90, "pelvic_tilt": 48, "knee_hug": 20, "full_cat_cow": 48,
    "hip_flexor_kneel": 25, "standing_arch": 24, "blade_circles": 32, "chin_nod": 40, "neck_turn": 30,
    "neck_tilt": 20, "pocket_look": 20, "neck_press": 32,
}  # fmt: skip
MINUTES = {
    "mid_back_full": (25, 23), "wall_circuit": (11, None), "lunch_break": (4, None), "mid_back_express": (8, None),
    "nightly_routine": (24, None), "neck": (11, None), "low_back": (13, None), "desk_reset": (3, None),
}  # fmt: skip


@pytest.mark.parametrize(("name", "seconds"), WORK.items())
def test_work_is_what_was_prescribed(catalog: Catalog, name: str, seconds: float) -> None:
    exercise = catalog.exercises[name]
    alternating = exercise.sides == "alternating" and name not in ("easy_turns",)
    assert work_s(exercise, exercise.dose) == seconds * (2 if alternating else 1)


def test_spots_sets_and_sides_add_up(catalog: Catalog) -> None:
    extender, plank, bug = (catalog.exercises[n] for n in ("chair_extension", "side_plank_knees", "dead_bug"))
    assert work_s(extender, extender.dose) == 3 * 18 + 2 * 6
    assert work_s(plank, plank.dose) == 2 * 10 + 8
    assert total_reps(bug, bug.dose) == 10
    assert bout_s(catalog.exercises["thread_needle"], catalog.exercises["thread_needle"].dose) == 4 * 6 + 15


@pytest.mark.parametrize(("name", "promised"), MINUTES.items())
def test_minutes(catalog: Catalog, name: str, promised: tuple[float, float | None]) -> None:
    first, familiar = minutes(adapt(catalog.routines[name], catalog, Profile()))
    assert first == pytest.approx(promised[0], rel=0.1)
    assert familiar < first
    if promised[1] is not None:
        assert familiar == pytest.approx(promised[1], rel=0.1)


def test_every_plan_of_the_series_is_there(catalog: Catalog) -> None:
    assert set(catalog.routines) == set(MINUTES)
    parts = {routine.part: name for name, routine in catalog.routines.items() if routine.part}
    assert parts == {1: "neck", 2: "mid_back_full", 3: "low_back"}
    assert {catalog.routines[name].series for name in parts.values()} == {"spine"}


def test_the_flagship_works_every_plane_in_its_share(catalog: Catalog) -> None:
    seconds: dict[str, float] = {}
    for step in adapt(catalog.routines["mid_back_full"], catalog, Profile()).steps:
        if not step.block.startswith("check"):
            plane = step.exercise.planes[0]
            seconds[plane] = seconds.get(plane, 0) + work_s(step.exercise, step.dose)
    share = {plane: round(100 * value / sum(seconds.values())) for plane, value in seconds.items()}
    assert share["rotation"] >= 40
    assert min(share["extension"], share["lateral_tilt"]) >= 15


def test_every_move_has_cues_levels_and_a_way_out(catalog: Catalog) -> None:
    for exercise in catalog.exercises.values():
        assert 1 <= word_count(exercise.script.exit) <= 6, exercise.id
        if exercise.mode != "check":
            assert exercise.easier, exercise.id
            assert exercise.harder, exercise.id
            assert len(exercise.cues) >= 3, exercise.id


def test_the_first_run_is_mostly_movement(catalog: Catalog) -> None:
    """Set-up and move texts, said in full once, take less than 45 % of each routine."""
    for routine in catalog.routines.values():
        plan = adapt(routine, catalog, Profile())
        said = sum(
            speech_s(*step.intro, step.exercise.say, *step.exercise.script.setup, *step.exercise.script.move)
            for step in plan.steps
            if not step.second_side and not step.familiar
        )
        assert said <= 0.45 * plan.seconds, routine.id
