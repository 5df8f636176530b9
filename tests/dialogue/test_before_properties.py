"""What is true of the questions, of kit and of what hurts, in whatever order anything is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_routine import spared, wording
from test_properties import MANY, Flow, Speak, Wait, World

from assistant.catalog.choosing import needs
from assistant.catalog.model import Plan, Step
from assistant.dialogue import person as persons
from assistant.dialogue.checkpoint import checkpoint
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Remember, Tone, ToneKind
from assistant.dialogue.events import Opened, Outcome
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import Person
from assistant.dialogue.phases.checking import ANSWERS
from assistant.dialogue.state import Checking, Idle, Paused, State
from assistant.dialogue.transition import new_state

PARTS = ["shoulder", "knee", "rib", "leg", "wrist", "neck"]
THINGS = ["wall", "floor", "foam_roller", "chair", "mat"]

slots = {
    Command.START: st.sampled_from([{"routine": "short"}, {"routine": "neck"}]),
    Command.HURT: st.sampled_from([{}, *({"part": part} for part in PARTS)]),
    Command.WITHOUT: st.sampled_from([{"kit": thing} for thing in THINGS]),
    Command.WITH: st.sampled_from([{"kit": thing} for thing in THINGS]),
    Command.JUMP: st.just({"block": "wall"}),
    Command.SHORTEN: st.sampled_from([{"minutes": 2}, {"minutes": 5}]),
}
OFTEN = [*ANSWERS, Command.START, Command.WITHOUT, Command.WITH, Command.HURT, Command.SHARP, Command.UNDO]
LIKELY = [*OFTEN, Command.EASIER, Command.HARDER, Command.READY, Command.RESUME, Command.PAUSE, Command.NEXT]
ALL = sorted(set(Command) - {Command.CHOOSE, Command.ASK}, key=lambda command: command.value)
spoken = st.one_of(st.sampled_from(LIKELY), st.sampled_from(ALL)).flatmap(
    lambda command: st.tuples(st.just(command), slots.get(command, st.just({})))
)
moves = st.one_of(spoken, spoken, st.integers(0, 90_000).map(Wait), st.integers(0, 90_000).map(Flow))
stories = st.lists(st.one_of(moves, st.sampled_from([Speak(outcome) for outcome in Outcome])), max_size=40)
BEGUN = [(Command.START, {"routine": "short"})]
KNOWN = Person(asked={"spine_v1": 0})


class Before(World):
    """A world with questions, for a person known so far."""

    def __init__(self, person: Person, story: list[Any], tick: int | None = None) -> None:
        super().__init__([], tick)
        self.effects, self.sounding = [], None
        self.state: State = new_state(spared(), wording(), Memory(person=person))
        self.post(Opened(0))
        for move in story:
            self.play(move)


def allowed(plan: Plan, index: int, person: Person) -> bool:
    """Whether nothing known of the person and the room forbids the step of the plan."""
    step = plan.steps[index]
    tags, missing = persons.counting(person.tags), persons.counting(person.missing)
    if not missing.isdisjoint(needs(step.exercise)):
        return False
    return not any(caution.tag in tags and caution.do != "limit" for caution in step.exercise.cautions)


@MANY
@given(st.sampled_from([Person(), KNOWN]), stories)
def test_no_move_that_a_tag_forbids_in_any_order(person: Person, story: list[Any]) -> None:
    world = Before(person, BEGUN)
    for move in story:
        world.play(move)
        run = world.state.run
        if run is not None and not isinstance(world.state.phase, Paused):
            assert allowed(run.plan, run.index, world.state.person), run.step.exercise.id
        for step in run.plan.steps[run.index :] if run else ():
            assert allowed(run.plan, step.index, world.state.person) if run else True


@MANY
@given(stories)
def test_nobody_works_before_the_questions_about_danger_are_answered(story: list[Any]) -> None:
    """The begin tone sounds only for a person who answered them all, and none of them with danger."""
    world = Before(Person(), BEGUN)
    for move in story:
        before = len(world.effects)
        world.play(move)
        if any(isinstance(e, Tone) and e.kind is ToneKind.BEGIN for e in world.effects[before:]):
            told = [effect.person for effect in world.effects if isinstance(effect, Remember)]
            assert any(person.asked for person in told)


@MANY
@given(stories)
def test_the_same_story_with_other_wakings_knows_the_same(story: list[Any]) -> None:
    jumping, ticking = Before(Person(), [*BEGUN, *story]), Before(Person(), [*BEGUN, *story], tick=997)
    assert jumping.effects == ticking.effects
    assert jumping.state == ticking.state


@MANY
@given(stories)
def test_what_is_known_is_always_kept(story: list[Any]) -> None:
    world = Before(Person(), BEGUN)
    for move in story:
        world.play(move)
        told = [effect.person for effect in world.effects if isinstance(effect, Remember)]
        assert (told[-1] if told else Person()) == world.state.person


@MANY
@given(stories)
def test_a_place_leads_back_to_the_same_step(story: list[Any]) -> None:
    world = Before(KNOWN, BEGUN)
    for move in story:
        world.play(move)
        if world.state.run is not None:
            data = checkpoint(world.state, world.now)
            restored = new_state(spared(), wording(), Memory(person=world.state.person), checkpoint=data).run
            assert restored is not None
            assert restored.step.exercise == world.state.run.step.exercise


@settings(MANY, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*ANSWERS, Command.UNDO, Command.REPEAT]), max_size=60))
def test_the_questions_come_to_an_end(answers: list[Command]) -> None:
    """Whoever goes on answering is asked each question at most once more for each undo, and comes to begin or not."""
    world = Before(Person(), BEGUN)
    world.flow(60_000)
    for command in answers:
        world.play((command, {}))
        world.flow(30_000)
    for _ in range(60):
        if not isinstance(world.state.phase, Checking) or world.state.phase.refused:
            break
        world.play((Command.NO, {}))
        world.flow(25_000)
    phase = world.state.phase
    assert not isinstance(phase, Checking) or phase.refused
    if isinstance(phase, Checking):
        world.wait(120_000)
        assert isinstance(world.state.phase, Idle)


def test_a_person_without_wall_and_back_has_the_same_plan() -> None:
    world = Before(KNOWN, BEGUN)
    assert world.state.run is not None
    steps = world.state.run.plan.steps
    world.play((Command.WITHOUT, {"kit": "wall"}))
    assert places(world.state.run.plan.steps) != places(steps)
    world.play((Command.WITH, {"kit": "wall"}))
    assert places(world.state.run.plan.steps) == places(steps)


def places(steps: Sequence[Step]) -> list[tuple[Any, ...]]:
    return [(step.exercise.id, step.side, step.round, step.dose) for step in steps]
