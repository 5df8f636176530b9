"""Whole sessions with anything said in any order, by people who must spare something, in rooms that lack something.

`FLOORCOACH_SESSIONS=10000 pytest tests/dialogue/test_any_order.py` plays that many.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_routine import shipped, wording
from test_properties import Flow, Wait, World

from assistant.catalog.choosing import needs
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Hush, Say, Tone
from assistant.dialogue.instructions import detail_of
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import Mark, Person, profile, screened
from assistant.dialogue.state import Done, Idle, Run, State, Working
from assistant.dialogue.timeline import compile_step
from assistant.dialogue.transition import new_state, next_deadline
from assistant.dialogue.turn import live_run

SESSIONS = int(os.environ.get("FLOORCOACH_SESSIONS", "150"))
ANY = settings(max_examples=SESSIONS, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
ROUTINES = ("lunch_break", "desk_reset", "wall_circuit", "neck", "mid_back_express", "nightly_routine")
TAGS = ("osteoporosis", "shoulder_pain", "wrist_pain", "knee_pain", "pregnancy_16w", "spinal_stenosis", "neck_surgery")
MISSING = ("wall", "foam_roller", "floor", "chair", "mat")
FORBIDDING = frozenset({"block", "ask", "swap"})

numbers = st.sampled_from([0, 1, 2, 3, 5, 9, 60, 1000])
slots: dict[Command, st.SearchStrategy[dict[str, str | int]]] = {
    Command.START: st.sampled_from(ROUTINES).map(lambda name: {"routine": name}),
    Command.CHOOSE: st.one_of(
        numbers.map(lambda n: {"minutes": n}),
        st.sampled_from(["neck", "back", "hip"]).map(lambda region: {"region": region}),
        st.sampled_from(MISSING).map(lambda thing: {"without": thing}),
        st.just({}),
    ),
    Command.ASK: st.sampled_from([{"topic": "it"}, {"topic": "reason"}, {"routine": "neck"}, {"topic": "moon"}]),
    Command.PICK: st.sampled_from([{"place": 1}, {"place": 2}]),
    Command.JUMP: st.sampled_from(["wall", "floor", "chair", "nowhere"]).map(lambda block: {"block": block}),
    Command.SHORTEN: numbers.map(lambda n: {"minutes": n}),
    Command.HURT: st.sampled_from([{}, {"part": "shoulder"}, {"part": "knee"}]),
    Command.WITHOUT: st.sampled_from(MISSING).map(lambda thing: {"kit": thing}),
    Command.WITH: st.sampled_from(MISSING).map(lambda thing: {"kit": thing}),
    Command.FEEL: st.sampled_from(["better", "worse"]).map(lambda feel: {"feel": feel}),
    Command.RATING: st.integers(1, 5).map(lambda rating: {"rating": rating}),
}


def said(command: Command) -> st.SearchStrategy[Any]:
    return slots.get(command, st.just({})).map(lambda filled: (command, filled))


LIKELY = [Command.START, Command.READY, Command.YES, Command.NO, Command.NEXT, Command.RESUME, Command.SHORTEN]
TAKEN_BACK = [
    *(Command.NEXT, Command.SKIP, Command.PREVIOUS, Command.RESTART, Command.EASIER, Command.HARDER, Command.EXTEND),
    *(Command.PAUSE, Command.STOP, Command.EXPLAIN, Command.READY, Command.RESUME, Command.END, Command.HURT),
    *(Command.SHORTEN, Command.JUMP, Command.WITHOUT, Command.START, Command.YES, Command.JUST_ONE),
    *(Command.LOUDER, Command.SLOWER, Command.FEWER_WORDS),
]
anything = st.one_of(
    st.sampled_from([*LIKELY, *Command]).flatmap(said),
    st.sampled_from([*Command]).flatmap(said),
    st.integers(0, 40_000).map(Wait),
    st.integers(0, 120_000).map(Flow),
)
people = st.builds(
    lambda tags, missing: replace(
        screened(shipped()),
        tags=dict.fromkeys(tags, Mark()),
        missing=dict.fromkeys(missing, Mark(0, 0)),
    ),
    st.lists(st.sampled_from(TAGS), max_size=2),
    st.lists(st.sampled_from(MISSING), max_size=2),
)


@dataclass(frozen=True)
class Session:
    """Somebody, and all that they say and do."""

    person: Person
    story: tuple[Any, ...]

    def played(self) -> World:
        world = World([], state=state_for(self.person))
        for move in self.story:
            world.play(move)
        return world


def state_for(person: Person) -> State:
    return new_state(shipped(), wording(), Memory(sessions=1, person=person))


begun = st.tuples(said(Command.START), st.integers(0, 400_000).map(Flow))
stories = st.builds(
    lambda person, start, moves: Session(person, (*start, *moves)), people, begun, st.lists(anything, max_size=15)
)


@ANY
@given(stories)
def test_any_order_of_commands(session: Session) -> None:
    """One voice (World watches it), only allowed work, never more than twice the dose, and always a way to the end."""
    world = World([], state=state_for(session.person))
    for move in session.story:
        world.play(move)
        check_work(world.state)
    stop_and_leave(world)


def check_work(state: State) -> None:
    """What is being done is nothing that they must not do or cannot do here, and at most twice the dose."""
    run = state.run
    if run is None or not isinstance(state.phase, Working):
        return
    known, exercise = profile(state.person), run.step.exercise
    assert not [c for c in exercise.cautions if c.tag in known.tags and c.do in FORBIDDING], exercise.id
    assert not known.missing.intersection(needs(exercise)), exercise.id
    assert not known.tags.intersection(run.plan.routine.not_for)
    detail = detail_of(state, run.step)
    dose = compile_step(run.step, state.context.wording, detail, state.settings.tempo).planned
    assert state.phase.timeline.planned <= 2 * dose


def stop_and_leave(world: World) -> None:
    """ "Stop" is silence within the block, nothing follows by itself, and from there the session can be ended."""
    before = len(world.effects)
    world.play((Command.STOP, {}))
    after = world.effects[before:]
    last = max(n for n, effect in enumerate(after) if isinstance(effect, Hush))
    assert not [e for e in after[last:] if isinstance(e, (Tone, Say)) and e.start_at is not None]
    place = live_run(world.state, world.now)
    world.wait(300_000)
    assert live_run(world.state, world.now) == place
    world.play((Command.OPEN_MICROPHONE, {}))
    for command in (Command.END, Command.YES, Command.LEAVE, Command.STOP, Command.END, Command.YES, Command.LEAVE):
        if world.state.run is not None or not isinstance(world.state.phase, (Idle, Done)):
            world.play((command, {}))
            world.flow(5_000)
    world.flow(120_000)
    assert world.state.run is None, world.state.phase
    assert isinstance(world.state.phase, (Idle, Done)), world.state.phase


@settings(ANY, max_examples=max(50, SESSIONS // 5))
@given(stories, st.sampled_from(TAKEN_BACK).flatmap(said), st.integers(0, 20_000))
def test_undo_restores_exactly(session: Session, command: Any, later: int) -> None:
    """Whatever was said last, and however long ago: place, second, plan, settings and what is known come back."""
    world = session.played()
    before, known = live_run(world.state, world.now), world.state.person
    set_up = world.state.settings
    snapshot = world.state.undo
    world.play((command[0], command[1]))
    if world.state.undo is None or world.state.undo is snapshot or world.state.settings.muted:
        return  # nothing that could be taken back was changed, or it is not heard
    world.wait(later)
    if world.state.undo is None:
        return  # the session has ended meanwhile
    place = world.state.undo.place
    world.play((Command.UNDO, {}))
    restored = live_run(world.state, world.now)
    assert world.state.settings == set_up
    assert world.state.person == known
    if place:
        assert but_for_misheard(restored) == but_for_misheard(before)
        if before is None:
            assert not isinstance(world.state.phase, Working)
        else:
            assert restored is not None
            assert restored.misheard == before.misheard + 1
            assert not isinstance(world.state.phase, Working)  # the position first


def but_for_misheard(run: Run | None) -> Run | None:
    return None if run is None else replace(run, misheard=0)


IDLE_TALK = (Command.LIST, Command.ASK, Command.CHOOSE, Command.NO, Command.OPTIONS, Command.WHAT_HEARD, Command.UNDO)


@settings(ANY, max_examples=10)
@given(st.lists(st.sampled_from(IDLE_TALK).flatmap(said), min_size=1, max_size=8), st.integers(2, 3))
def test_idle_for_days_nothing_grows_or_drifts(talk: list[Any], days: int) -> None:
    """The same talk every hour for days: always idle again, nothing due, and a state that does not grow."""
    world = World([], state=state_for(screened(shipped())))
    sizes = []
    for _ in range(24 * days):
        for move in talk:
            world.play(move)
            world.flow(5_000)
        world.wait(3_600_000)
        assert isinstance(world.state.phase, Idle)
        assert next_deadline(world.state) is None
        sizes.append(len(repr(replace(world.state, context=None))))  # type: ignore[arg-type]
    full = sizes[12:]  # the last eight sentences are remembered: the first hours fill that up
    assert max(full) - min(full) < 200  # times and numbers get longer, nothing else
