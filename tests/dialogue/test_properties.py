"""What is true of the dialogue whatever happens, in whatever order."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_routine import CATALOG, wording

from assistant.catalog.positions import changes_level
from assistant.dialogue.checkpoint import checkpoint
from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.effects import Effect, Hush, Save, Say, Tone, ToneKind
from assistant.dialogue.events import (
    Advised,
    Event,
    Faulted,
    Heard,
    Interrupted,
    Measured,
    NearMiss,
    Opened,
    Outcome,
    Overheard,
    Part,
    Recovered,
    Said,
    SpeechEnded,
    Tick,
    Voiced,
)
from assistant.dialogue.state import Confirming, Done, Hurt, Idle, Paused, Positioning, Reviewing, State, Working
from assistant.dialogue.transition import new_state, next_deadline, transition
from assistant.dialogue.turn import live_run
from assistant.dialogue.view import view_of
from assistant.dialogue.wording import estimate_ms

SLOTS: dict[Command, dict[str, str | int]] = {
    Command.START: {"routine": "short"},
    Command.JUMP: {"block": "wall"},
    Command.CHOOSE: {"minutes": 10},
    Command.ASK: {"topic": "mid_back"},
    Command.HURT: {"part": "shoulder"},
    Command.SHORTEN: {"minutes": 3},
    Command.PICK: {"place": 2},
    Command.FEEL: {"feel": "worse"},
    Command.RATING: {"rating": 2},
}
LIKELY = [Command.START, Command.READY, Command.NEXT, Command.RESUME, Command.YES, Command.PAUSE, Command.UNDO]
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Wait:
    """Let time pass."""

    ms: int


@dataclass(frozen=True)
class Flow:
    """Let time pass as in life: sentences end when they should, and the person says "ready" when asked."""

    ms: int


@dataclass(frozen=True)
class Begun:
    """A session is begun and goes on for `s` seconds as in life; without `s` until the questions after it."""

    s: int | None = None


@dataclass(frozen=True)
class Speak:
    """The sentence under way ends like this."""

    outcome: Outcome


commands = st.one_of(st.sampled_from(LIKELY), st.sampled_from(Command)).map(lambda c: (c, SLOTS.get(c, {})))
moves = st.one_of(
    commands,
    st.integers(0, 40_000).map(Wait),
    st.integers(0, 90_000).map(Flow),
    st.sampled_from([Speak(o) for o in Outcome]),
    st.sampled_from(Command).map(lambda c: NearMiss(0, c, c.value, PhaseName.WORKING)),
    st.sampled_from(Part).map(lambda p: Faulted(0, p, "gone", "Something is gone.")),
    st.sampled_from(Part).map(lambda p: Recovered(0, p)),
    st.just(Advised(0, "Something is too loud.")),
    st.sampled_from(["it was good", "finished"]).map(lambda words: Said(0, words)),
    st.booleans().map(lambda active: Voiced(0, active)),
    st.integers(0, 3000).map(lambda ms: Overheard(0, "nice weather", "no command", ms)),
    st.integers(-90, -10).map(lambda db: Measured(0, 0, db, -70, clipped=False, odds=4)),
)
moments = st.sampled_from([0, 10, 30, 45, 50, 57, 62, 75, 90, 130, 170, 220, 300, 420, 600, 900])
START = (Command.START, SLOTS[Command.START])


WHOLE_S = 700
REVIEW = (Command.WORDS, Command.LEFT_SIDE, Command.FEEL, Command.RATING, Command.LEAVE)
review = st.sampled_from(REVIEW).map(lambda c: (c, SLOTS.get(c, {})))


def stories(longest: int = 900) -> st.SearchStrategy[list[Any]]:
    """A session that has been going for up to `longest` seconds, and then anything."""
    somewhere = st.tuples(moments.filter(lambda s: s <= longest), st.integers(0, 999))
    flows = somewhere.map(lambda parts: [Begun(parts[0]), Flow(parts[1])])
    if longest >= WHOLE_S:
        flows = st.one_of(flows, flows, st.just([Begun()]))
    return st.tuples(flows, st.lists(st.one_of(moves, review), max_size=25)).map(lambda parts: [*parts[0], *parts[1]])


class World:
    """Plays a story to the dialogue and watches its effects."""

    def __init__(
        self, story: list[Any], tick: int | None = None, speech: bool = True, state: State | None = None
    ) -> None:
        self.state: State = state or new_state(CATALOG, wording())
        self.now = 0
        self.tick, self.speech = tick, speech
        self.effects: list[Effect] = []
        self.sounding: int | None = None
        self.ends = 0  # when the sentence under way is over
        self.ready_said = 0
        self.post(Opened(0))
        for move in story:
            self.play(move)

    def play(self, move: Any) -> None:
        if isinstance(move, Wait):
            self.wait(move.ms)
        elif isinstance(move, Flow):
            self.flow(move.ms)
        elif isinstance(move, Begun):
            self.go_on_from(begun(move.s, self.tick, self.speech))
        elif isinstance(move, Speak):
            if self.speech and self.sounding is not None:
                self.post(SpeechEnded(self.now, self.sounding, move.outcome))
        elif isinstance(move, tuple):
            command, slots = move
            self.ready_said += command is Command.READY
            self.post(Heard(self.now, command, command.value, self.state.phase_name, self.now, slots))
        elif isinstance(move, NearMiss):
            self.post(replace(move, at=self.now, phase=self.state.phase_name, slots=SLOTS.get(move.command, {})))
        elif isinstance(move, Measured):
            self.post(replace(move, at=self.now, began_at=self.now))
        else:
            self.post(replace(move, at=self.now))

    def go_on_from(self, other: World) -> None:
        """Be where `other` is."""
        vars(self).update(vars(other), effects=list(other.effects))

    def wait(self, ms: int) -> None:
        end = self.now + ms
        if self.tick:
            while self.now + self.tick < end:
                self.now += self.tick
                self.post(Tick(self.now))
        self.now = end
        self.post(Tick(end))

    def flow(self, ms: int) -> None:
        end = self.now + ms
        while self.speech and self.now < end:
            due = self.ends if self.sounding is not None else next_deadline(self.state)
            self.wait(max(0, min(end, end if due is None else due) - self.now))
            if self.sounding is not None and self.ends <= self.now:
                self.post(SpeechEnded(self.now, self.sounding, Outcome.FINISHED))
            phase = self.state.phase
            if isinstance(phase, Positioning) and phase.gate and phase.waiting_since is not None:
                self.play((Command.READY, {}))
        self.wait(max(0, end - self.now))

    def post(self, event: Event) -> None:
        if isinstance(event, SpeechEnded) and event.utterance == self.sounding:
            self.sounding = None
        self.state, effects = transition(self.state, event)
        for effect in effects:
            self.watch(effect)
        self.effects.extend(effects)
        speaking = self.state.voice.speaking
        if speaking is not None:
            self.ends = speaking.since + estimate_ms(speaking.line.text)

    def watch(self, effect: Effect) -> None:
        if isinstance(effect, Hush):
            self.sounding = None
        if isinstance(effect, Say):
            assert self.sounding is None, "two voices"
            self.sounding = effect.utterance.id


@cache
def begun(s: int | None, tick: int | None, speech: bool) -> World:
    """What `Begun(s)` comes to: always the same, so it is played once."""
    world = World([START], tick, speech)
    if s is not None:
        world.flow(s * 1000)
    while s is None and not isinstance(world.state.phase, Reviewing) and world.now < WHOLE_S * 1000:
        world.flow(1000)
    return world


@MANY
@given(stories())
def test_one_voice_no_dead_end_and_a_view_of_every_state(story: list[Any]) -> None:
    world = World([])
    for move in story:
        world.play(move)
        due = next_deadline(world.state)
        assert due is None or due > world.now  # everything due has been worked off
        view = view_of(world.state, world.now)
        assert 0 <= view.move_fraction <= 1
        assert 0 <= view.session_fraction <= 1
        assert view.remaining_ms is None or view.remaining_ms >= 0
        assert 1 <= len(view.options) <= 3
        json.dumps([effect.checkpoint for effect in world.effects if isinstance(effect, Save)])


@settings(MANY, max_examples=40)
@given(stories(longest=130))
def test_how_often_we_wake_changes_nothing(story: list[Any]) -> None:
    jumping, ticking = World(story), World(story, tick=37)
    assert jumping.effects == ticking.effects
    assert jumping.state == ticking.state


@MANY
@given(stories())
def test_lost_ends_of_speech_never_wedge(story: list[Any]) -> None:
    """Whoever says nothing and whose speech never ends comes to a gate, a question or the end, and waits there."""
    world = World(story, speech=False)
    for _ in range(200):
        world.wait(10_000)
    assert isinstance(world.state.phase, (Idle, Paused, Hurt, Confirming, Reviewing, Done))
    assert world.state.voice.quiet


@MANY
@given(stories())
def test_stop_always_wins(story: list[Any]) -> None:
    world = World(story)
    before = len(world.effects)
    world.play((Command.STOP, {}))
    after = world.effects[before:]
    hushed = [n for n, effect in enumerate(after) if isinstance(effect, Hush)]
    assert hushed
    assert not any(isinstance(effect, Tone) and effect.start_at is not None for effect in after[hushed[-1] :])
    assert isinstance(world.state.phase, (Idle, Paused, Hurt, Reviewing, Done))
    place = live_run(world.state, world.now)
    world.wait(600_000)
    assert isinstance(world.state.phase, (Idle, Paused, Hurt, Reviewing, Done))  # and nothing goes on by itself
    assert live_run(world.state, world.now) == place


@MANY
@given(stories())
def test_a_checkpoint_at_any_moment_leads_back_to_the_same_place(story: list[Any]) -> None:
    world = World([])
    for move in story:
        world.play(move)
        if world.state.run is None:
            continue
        data = json.loads(json.dumps(checkpoint(world.state, world.now)))
        restored = new_state(CATALOG, wording(), checkpoint=data)
        assert isinstance(restored.phase, Paused)
        old, new = live_run(world.state, world.now), restored.run
        assert old is not None
        assert new is not None
        assert (new.offset, new.worked, new.extra, new.bouts, new.hurt) == (
            old.offset,
            old.worked,
            old.extra,
            old.bouts,
            old.hurt,
        )
        assert new.step.exercise == old.step.exercise
        assert (new.step.side, new.step.round, new.step.dose) == (old.step.side, old.step.round, old.step.dose)


@MANY
@given(stories())
def test_no_work_after_a_change_of_level_without_ready(story: list[Any]) -> None:
    """Between two begin tones on different levels somebody said that they are ready (or still are in a short pause)."""
    world = World([])
    worked_in: str | None = None
    said = 0
    for move in [*story, Wait(60_000)]:
        for piece in _pieces(move):
            before = len(world.effects)
            world.play(piece)
            begun = any(isinstance(e, Tone) and e.kind is ToneKind.BEGIN for e in world.effects[before:])
            if begun and world.state.run is not None and isinstance(world.state.phase, Working):
                here = world.state.run.step.exercise.position
                if worked_in is not None and changes_level(worked_in, here):
                    assert world.ready_said > said
                worked_in, said = here, world.ready_said


def _pieces(move: Any) -> list[Any]:
    """A long time in short ones, so that no two begin tones fall into one."""
    if isinstance(move, Begun) and move.s is not None:
        return [START, *_pieces(Flow(move.s * 1000))]
    if isinstance(move, (Wait, Flow)):
        return [replace(move, ms=min(4000, move.ms - begin)) for begin in range(0, move.ms, 4000)]
    if isinstance(move, NearMiss) and move.command is Command.READY:
        return []
    return [move]


@MANY
@given(stories())
def test_work_never_exceeds_twice_the_dose(story: list[Any]) -> None:
    world = World([*story, Wait(200_000)])
    run = live_run(world.state, world.now)
    for bout in run.bouts if run else ():
        assert 0 < bout.worked_ms <= bout.planned_ms * 2


@MANY
@given(stories())
def test_interrupted_ends_in_order(story: list[Any]) -> None:
    world = World(story)
    had_run = world.state.run is not None
    before = len(world.effects)
    world.post(Interrupted(world.now))
    names = [type(effect).__name__ for effect in world.effects[before:]]
    kept = [name for name in names if name in ("Save", "Record", "Quit")]
    assert kept[-3:] == (["Save", "Record", "Quit"] if had_run else kept[-3:])
    assert kept[-1] == "Quit"
    assert isinstance(world.state.phase, Done)
