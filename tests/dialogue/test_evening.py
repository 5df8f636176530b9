"""A quiet evening: how loud the coach is, and where its tones fall silent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_routine import CATALOG, ROUTINE, shipped, wording

from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Say, Tone, ToneKind, Volume
from assistant.dialogue.evening import SOFTER_DB, without_beeps
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.state import State
from assistant.dialogue.timeline import Mark, toneless
from assistant.dialogue.transition import new_state
from assistant.simulation.rehearsal import Rehearsal, played

WORK = (ToneKind.BEGIN, ToneKind.END, ToneKind.BEAT)


def state(*, evening: bool = False, quiet: bool = False) -> State:
    catalog = replace(CATALOG, routines={"short": replace(ROUTINE, quiet=quiet)})
    return new_state(catalog, wording(), Memory(evening=evening, person=screened(catalog)))


def volumes(session: Rehearsal) -> list[float]:
    return [effect.db for _, effect in session.effects if isinstance(effect, Volume)]


def test_by_day_it_is_as_loud_as_ever() -> None:
    session = Rehearsal(state())
    assert volumes(session) == []
    session.say(Command.START, slots={"routine": "short"})
    assert volumes(session) == []


def test_late_it_is_softer_from_the_first_word_on() -> None:
    session = Rehearsal(state(evening=True))
    assert volumes(session) == [SOFTER_DB]
    session.say(Command.START, slots={"routine": "short"})
    session.say(Command.LOUDER)
    assert volumes(session) == [SOFTER_DB, SOFTER_DB + 6]


def test_a_routine_for_the_evening_is_softer_at_any_hour() -> None:
    session = played(state(quiet=True), "short")
    assert volumes(session) == [SOFTER_DB]
    assert session.state.soft  # also while it is asked how it was


def test_another_routine_after_it_is_as_loud_as_ever() -> None:
    session = Rehearsal(replace(state(), soft=True))
    session.say(Command.START, slots={"routine": "short"})
    assert volumes(session) == [0.0]


@pytest.mark.parametrize(("evening", "quiet"), [(True, False), (False, True), (True, True)])
def test_its_last_part_goes_by_without_beeps(evening: bool, quiet: bool) -> None:
    by_day = played(state(), "short")
    session = played(state(evening=evening, quiet=quiet), "short")
    tones = [at for at, effect in session.effects if isinstance(effect, Tone) and effect.kind in WORK]
    soft = [at for at, effect in session.effects if isinstance(effect, Say) and effect.utterance.text == "And rest."]
    assert len(soft) == 4  # two moves, twice round
    assert max(tones) < min(soft)
    assert session.state.now == pytest.approx(by_day.state.now, abs=10_000)  # it takes no less time


def test_the_nightly_routine_is_one_for_the_evening() -> None:
    quiet = [routine.id for routine in shipped().routines.values() if routine.quiet]
    assert quiet == ["nightly_routine"]


def test_ticks_become_soft_words() -> None:
    ticks = tuple(Mark(at * 1000, tone=ToneKind.BEAT) for at in range(5))
    end = Mark(5000, tone=ToneKind.END)
    assert [(mark.at, mark.text) for mark in toneless((*ticks, Mark(4500, "Three"), end), wording())] == [
        (1000, "Easy breath"),
        (3000, "Easy breath"),
        (4500, "Three"),
    ]


def test_the_check_after_the_last_block_is_silent_too() -> None:
    catalog = shipped()
    session = Rehearsal(new_state(catalog, wording(), Memory(evening=True, person=screened(catalog))))
    assert not without_beeps(session.state)
    session.say(Command.START, slots={"routine": "mid_back_full"})
    run = session.state.run
    assert run is not None
    silent = {
        step.block
        for step in run.plan.steps
        if without_beeps(replace(session.state, run=replace(run, index=step.index)))
    }
    assert silent == {"wall", "check_after"}
