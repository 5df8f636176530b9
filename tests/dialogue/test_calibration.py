"""What levels say about settings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalog.load import load
from assistant.catalog.positions import Posture, posture
from assistant.dialogue.calibration import MOST_GAIN_DB, MOST_VOLUME_DB, Tuning, analyse, from_data, to_data
from assistant.dialogue.events import Measured

LYING, KNEELING, STANDING = Posture


def voice(db: int, noise: int = -75, odds: int = 4, *, clipped: bool = False) -> list[Measured]:
    return [Measured(0, 0, db, noise, clipped, odds)] * 3


def keys(samples: dict[Posture, list[Measured]]) -> list[tuple[str, str]]:
    return [(finding.key.removeprefix("calibrate_"), finding.posture.value) for finding in analyse(samples)[1]]


def test_a_usual_voice_needs_nothing() -> None:
    tunings, _ = analyse({LYING: voice(-38), KNEELING: voice(-36), STANDING: voice(-35)})
    assert set(tunings.values()) == {Tuning()}


def test_who_is_quiet_when_lying_is_listened_to_harder_there() -> None:
    samples = {LYING: voice(-54), KNEELING: voice(-38)}
    tunings, _ = analyse(samples)
    assert tunings == {LYING: Tuning(gain_db=14, volume_db=6), KNEELING: Tuning()}
    assert keys(samples) == [("quiet", "lying"), ("volume", "lying"), ("fine", "kneeling")]


def test_noise_is_not_raised() -> None:
    tunings, _ = analyse({LYING: voice(-50, noise=-50)})
    assert tunings[LYING].gain_db == 5


def test_one_bad_take_of_three_changes_nothing() -> None:
    assert analyse({LYING: [*voice(-38)[:2], *voice(-70, odds=0, clipped=True)[:1]]})[0] == {LYING: Tuning()}


def test_clear_speech_that_is_not_understood_is_asked_for_less_and_noise_for_more() -> None:
    assert analyse({STANDING: voice(-38, odds=1)})[0] == {STANDING: Tuning(lenience=1)}
    assert analyse({STANDING: voice(-38, noise=-44, odds=0)})[0][STANDING].lenience == 0
    assert analyse({STANDING: voice(-30, noise=-40, odds=6)})[0] == {STANDING: Tuning(lenience=-1, volume_db=3)}


def test_nothing_said_gives_nothing() -> None:
    assert analyse({LYING: [], KNEELING: []}) == ({}, ())


decibels = st.integers(-96, 0)
levels = st.builds(Measured, st.just(0), st.just(0), decibels, decibels, st.booleans(), st.integers(-99, 99))


@given(st.dictionaries(st.sampled_from(Posture), st.lists(levels, max_size=4)))
def test_whatever_was_measured_the_settings_are_bounded_and_can_be_kept(samples: dict[Posture, list[Measured]]) -> None:
    tunings, findings = analyse(samples)
    for tuning in tunings.values():
        assert 0 <= tuning.gain_db <= MOST_GAIN_DB
        assert -1 <= tuning.lenience <= 1
        assert 0 <= tuning.volume_db <= MOST_VOLUME_DB
    assert {finding.posture for finding in findings} == set(tunings) == {where for where in samples if samples[where]}
    assert from_data(to_data(tunings)) == tunings


def test_what_was_kept_is_held_within_bounds() -> None:
    assert from_data({"lying": {"gain_db": 90, "lenience": -9, "volume_db": -3}}) == {LYING: Tuning(18, -1, 0)}


@pytest.mark.parametrize("data", [{"flying": {}}, {"lying": {"gain": 1}}, {"lying": {"gain_db": None}}, {"lying": 3}])
def test_what_is_no_calibration_is_refused(data: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_data(data)  # type: ignore[arg-type]


def test_every_position_has_its_posture() -> None:
    found = {exercise.position: posture(exercise.position) for exercise in load().exercises.values()}
    assert found["side_lying"] is found["supine"] is found["prone"] is LYING
    assert found["half_kneel"] is found["quadruped"] is KNEELING
    assert found["wall_back"] is found["standing"] is found["chair"] is STANDING
