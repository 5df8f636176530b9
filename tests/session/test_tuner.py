"""Ears and loudness follow the posture of the current step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.catalog.adapt import adapt
from assistant.catalog.load import load
from assistant.catalog.model import Profile
from assistant.catalog.positions import Posture, posture
from assistant.dialogue.calibration import Tuning
from assistant.dialogue.state import Calibrating, Idle, Paused, Run, State, Why
from assistant.dialogue.transition import new_state
from assistant.language.wording import load_wording
from assistant.session.tuner import MEASURING, Tuner

CATALOG = load()
TUNINGS = {Posture.LYING: Tuning(12, 1, 4), Posture.STANDING: Tuning(lenience=-1)}


class Parts:
    """Ears and a speaker that remember how they were set."""

    def __init__(self) -> None:
        self.set: list[Any] = []

    def tune(self, gain_db: float, strictness: str) -> None:
        self.set.append((gain_db, strictness))

    def lift(self, db: float) -> None:
        self.set.append(db)


@pytest.fixture
def paused() -> State:
    state = new_state(CATALOG, load_wording())
    plan = adapt(CATALOG.routines["mid_back_full"], CATALOG, Profile())
    return replace(state, run=Run(plan), phase=Paused(0, Why.PAUSE, working=False))


def at(state: State, where: Posture) -> State:
    assert state.run is not None
    steps = state.run.plan.steps
    index = next(n for n, step in enumerate(steps) if posture(step.exercise.position) is where)
    return replace(state, run=replace(state.run, index=index))


def test_each_posture_has_its_settings_and_they_are_set_once(paused: State) -> None:
    parts = Parts()
    tuner = Tuner(parts, parts, "normal", TUNINGS)  # type: ignore[arg-type]
    for state in (at(paused, Posture.KNEELING), at(paused, Posture.LYING), at(paused, Posture.LYING)):
        tuner.follow(state)
    assert parts.set == [(12, "relaxed"), 4]
    tuner.follow(at(paused, Posture.STANDING))
    tuner.follow(replace(paused, run=None, phase=Idle()))
    assert parts.set[2:] == [(0, "strict"), 0, (0, "normal"), 0]


@pytest.mark.parametrize(
    ("own", "lying", "standing"), [("relaxed", "relaxed", "normal"), ("strict", "normal", "strict")]
)
def test_the_persons_own_strictness_is_what_it_starts_from(paused: State, own: str, lying: str, standing: str) -> None:
    parts = Parts()
    tuner = Tuner(parts, parts, own, TUNINGS)  # type: ignore[arg-type]
    tuner.follow(at(paused, Posture.LYING))
    tuner.follow(at(paused, Posture.STANDING))
    assert [strictness for _, strictness in parts.set[::2]] == [lying, standing]


def test_while_measuring_soft_voices_are_noticed_and_what_was_found_holds_at_once(paused: State) -> None:
    parts = Parts()
    tuner = Tuner(parts, parts, "normal", {})  # type: ignore[arg-type]
    tuner.follow(replace(paused, run=None, phase=Calibrating(Posture.LYING)))
    assert parts.set == [(MEASURING.gain_db, "normal"), 0]
    tuner.adopt({"lying": {"gain_db": 6, "lenience": 0, "volume_db": 0}})
    tuner.follow(at(paused, Posture.LYING))
    assert parts.set[2:] == [(6, "normal"), 0]
