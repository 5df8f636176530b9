"""The place, kept and found again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from small_routine import CATALOG, fresh, wording

from assistant.catalog.model import Side
from assistant.dialogue.checkpoint import checkpoint
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Record, Save
from assistant.dialogue.events import Interrupted
from assistant.dialogue.memory import Memory, Review
from assistant.dialogue.state import Paused, Positioning, Why, Working
from assistant.dialogue.transition import new_state
from assistant.dialogue.turn import live_run
from assistant.errors import StorageError
from assistant.simulation.rehearsal import Rehearsal


def in_a_hold() -> Rehearsal:
    """Thirty seconds into the long hold, after a move was left out."""
    session = fresh()
    session.say(Command.START, slots={"routine": "short"})
    session.say(Command.JUMP, slots={"block": "floor"})
    session.say(Command.SKIP)
    session.say(Command.READY)
    while not isinstance(session.state.phase, Working):
        session.run_until(session.next_moment() or 0)
    session.run_until(session.now + 30_000)
    return session


def saved(session: Rehearsal) -> Mapping[str, Any]:
    return [effect.checkpoint for _, effect in session.effects if isinstance(effect, Save)][-1]


def test_a_kill_in_the_middle_of_a_hold_loses_less_than_ten_seconds() -> None:
    session = in_a_hold()
    run = live_run(session.state, session.now)
    assert run is not None
    assert 0 <= run.offset - saved(session)["offset_ms"] < 10_000


def test_it_comes_back_paused_and_asks() -> None:
    session = in_a_hold()
    data = json.loads(json.dumps(saved(session)))
    again = Rehearsal(new_state(CATALOG, wording(), checkpoint=data))
    again.run_until(120_000)
    assert [entry.text for entry in again.entries] == [
        "Welcome back.",
        "Short Routine, at Long Hold.",
        "Say continue, or end session.",
    ]
    assert isinstance(again.state.phase, Paused)
    assert again.state.phase.why is Why.RESTORED
    again.say(Command.RESUME)
    again.run_until(again.now + 30_000)
    assert isinstance(again.state.phase, Positioning)
    again.say(Command.READY)
    while not isinstance(again.state.phase, Working):
        again.run_until(again.next_moment() or 0)
    assert again.state.phase.since == data["offset_ms"]
    assert again.state.run is not None
    assert again.state.run.skipped == ("open_arms",)


def test_a_session_that_goes_on_after_an_interruption_keeps_its_record() -> None:
    """Side with a little more, record and danger too."""
    memory = Memory(key="monday", reviews={"short": (Review(side="right"),)})
    session = fresh(memory)
    session.say(Command.START, slots={"routine": "short"})
    session.say(Command.DANGER)
    session.post(Interrupted(session.now + 60_000))
    data = json.loads(json.dumps(saved(session)))
    again = Rehearsal(new_state(CATALOG, wording(), Memory(key="tuesday"), checkpoint=data))
    assert again.state.run is not None
    assert again.state.run.danger
    assert again.state.run.plan.profile.more_side is Side.RIGHT
    again.post(Interrupted(again.now + 1000))
    records = [e.session for each in (session, again) for _, e in each.effects if isinstance(e, Record)]
    assert [record["session"] for record in records] == ["monday+0", "monday+0"]
    assert [record["resumed"] for record in records] == [False, True]


def test_elapsed_time_is_carried_over() -> None:
    session = in_a_hold()
    data = saved(session)
    again = Rehearsal(new_state(CATALOG, wording(), checkpoint=data))
    again.run_until(7000)
    assert checkpoint(again.state, 7000)["elapsed_ms"] == data["elapsed_ms"] + 7000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schema": 2}, "checkpoint_foreign"),
        ({"routine": "gone"}, "checkpoint_foreign"),
        ({"content_hash": "other"}, "checkpoint_foreign"),
        ({"step": {"block": "gone"}}, "checkpoint_damaged"),
        ({"profile": {}}, "checkpoint_damaged"),
        ({"offset_ms": None}, "checkpoint_damaged"),
        ({"bouts": 3}, "checkpoint_damaged"),
        ({"settings": {"odd": 1}}, "checkpoint_damaged"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(change: dict[str, Any], code: str) -> None:
    data = {**saved(in_a_hold()), **change}
    with pytest.raises(StorageError) as caught:
        new_state(CATALOG, wording(), checkpoint=data)
    assert caught.value.code == code
    assert str(caught.value).startswith("Your last place")


def test_a_changed_routine_is_not_resumed() -> None:
    data = saved(in_a_hold())
    routine = replace(CATALOG.routines["short"], content_hash="def")
    with pytest.raises(StorageError, match="has changed since"):
        new_state(replace(CATALOG, routines={"short": routine}), wording(), checkpoint=data)


def test_what_was_done_is_carried_over() -> None:
    session = in_a_hold()
    while isinstance(session.state.phase, Working):
        session.run_until(session.next_moment() or 0)
    data = json.loads(json.dumps(saved(session)))
    again = new_state(CATALOG, wording(), checkpoint=data)
    assert again.run is not None
    assert [(bout.exercise, bout.side, bout.worked_ms) for bout in again.run.bouts] == [("long_hold", None, 45_000)]
    session.say(Command.READY)
    while session.state.run is not None and len(session.state.run.bouts) < 2:
        session.run_until(session.next_moment() or 0)
    again = new_state(CATALOG, wording(), checkpoint=saved(session))
    assert again.run is not None
    assert [bout.side for bout in again.run.bouts] == [None, Side.LEFT]


def test_a_muted_microphone_stays_so_and_is_told() -> None:
    session = in_a_hold()
    session.say(Command.MUTE_MICROPHONE)
    session.run_until(session.now + 10_000)
    again = Rehearsal(new_state(CATALOG, wording(), checkpoint=json.loads(json.dumps(saved(session)))))
    again.run_until(120_000)
    assert again.entries[3].text == "Microphone muted."
    assert again.state.settings.muted
