"""What a routine is: Routine > Block > Item (an Exercise with its dose in this routine).

Frozen and plain, so that the dialogue can hold it. Times in files are seconds; a `Plan` holds what will really be
done, one `Step` per bout of work (an exercise done on each side is two steps).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Side(str, Enum):
    """The side a step is for; what it means is the exercise's `side_means`."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


@dataclass(frozen=True)
class Dose:
    """How much. `reps` per side and spot, or `hold_s`, or `breaths`, or `duration_s` (a timed flow); sets and spots.

    `final_hold_s` follows the last repetition. `rest_s` lies between sets, `shift_s` between spots.
    """

    reps: int | None = None
    hold_s: float | None = None
    breaths: int | None = None
    duration_s: float | None = None
    final_hold_s: float = 0.0
    sets: int = 1
    rest_s: float = 0.0
    spots: int = 1
    shift_s: float = 6.0


@dataclass(frozen=True)
class RepPart:
    """A part of one repetition: `name` as spoken ("open"), seconds, and the breath that goes with it."""

    name: str
    s: float
    breath: str = "free"  # in | out | in_out | hold_soft | free


@dataclass(frozen=True)
class Script:
    """What is said. Sentences may hold {side}, {other}, {teach:word}."""

    setup: tuple[str, ...]
    move: tuple[str, ...]
    short: str  # one sentence: side words early; for repeats, round two and coming back
    exit: str  # at most six words: how to get out of it, said at every release
    why: str
    switch: str = ""  # the side call, naming the body part: "{side} arm on top now"
    shift: str = ""  # said between spots
    again: str = ""  # said first when the move comes again later in the routine


@dataclass(frozen=True)
class Cue:
    """A short hint while moving (at most six words); `at` early | mid | late | any."""

    say: str
    at: str = "any"
    focus: str = "external"


@dataclass(frozen=True)
class Change:
    """The easier or harder version: what is said, what changes in the dose, or another exercise instead."""

    say: str
    dose: Mapping[str, float] = field(default_factory=dict)
    use: str | None = None


@dataclass(frozen=True)
class Swap:
    """When something is missing (no_wall, no_roller, no_floor, no_chair, no_mat, tag:x): the exercise to do instead."""

    when: str
    use: str


@dataclass(frozen=True)
class Caution:
    """For people with `tag`: block it, swap it, limit it (with words), or ask a clinician first."""

    tag: str
    do: str  # block | swap | limit | ask
    use: str | None = None
    say: str = ""


@dataclass(frozen=True)
class Count:
    """How repetitions are counted aloud: on_return | none | breaths; `last_call` 2 = "two more", "last one"."""

    aloud: str = "on_return"
    last_call: int = 2


@dataclass(frozen=True)
class Exercise:
    """One move, as its file describes it."""

    id: str
    say: str
    region: tuple[str, ...]
    planes: tuple[str, ...]
    position: str
    sides: str  # none | each | alternating
    mode: str  # reps | hold | paced_breaths | flow_timed | check
    dose: Dose
    script: Script
    rep: tuple[RepPart, ...] = ()
    side_means: str = ""
    switch_s: float = 6.0
    kit_need: tuple[str, ...] = ()
    kit_want: tuple[str, ...] = ()
    count: Count = Count()
    cues: tuple[Cue, ...] = ()
    errors: tuple[Cue, ...] = ()
    easier: Change | None = None
    harder: Change | None = None
    swaps: tuple[Swap, ...] = ()
    cautions: tuple[Caution, ...] = ()
    stop_extra: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()

    @property
    def rep_s(self) -> float:
        """Seconds of one repetition."""
        return sum(part.s for part in self.rep)


@dataclass(frozen=True)
class Item:
    """An exercise with its dose in this routine; `dose` holds only what differs from the exercise's own."""

    use: str
    dose: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Enter:
    """How a block is entered: `gate` ready (the person says so), timed or auto; what is said; what is cleared away."""

    gate: str = "auto"
    say: tuple[str, ...] = ()
    clear: str = ""


@dataclass(frozen=True)
class Block:
    """A part of a routine. A circuit repeats its items `rounds` times with `round_rest_s` between."""

    id: str
    say: str
    items: tuple[Item, ...]
    kind: str = "straight"  # straight | circuit
    rounds: int = 1
    round_rest_s: float = 0.0
    round_say: tuple[str, ...] = ()  # said before each further round
    enter: Enter = Enter()


SCREENING = "spine_v1"
"""The questions before a routine that names no others."""


@dataclass(frozen=True)
class Routine:
    """A whole session, as its file describes it. `minutes` are promised: the first time, and when familiar."""

    id: str
    title: str
    summary: str
    minutes_first: float
    minutes_familiar: float
    difficulty: str  # gentle | moderate | strong
    type: str  # mobility | strength | mixed | breathing
    regions: tuple[str, ...]
    kit_need: tuple[str, ...]
    kit_want: tuple[str, ...]
    blocks: tuple[Block, ...]
    names: tuple[str, ...] = ()  # further spoken names; the title is always one
    why: tuple[str, ...] = ()  # two or three sentences: "why is the mid back important?"
    series: str | None = None
    part: int | None = None
    check: str | None = None  # exercise id of the check before and after
    start_side: str = "alternate"  # left | right | alternate
    quiet: bool = False  # softer, and without beeps at its end
    screening: str = SCREENING  # id of the questions asked before it
    not_for: tuple[str, ...] = ()  # tags of people who do not do it at all
    moment: str | None = None  # lunch | evening: when it is proposed first
    content_hash: str = ""  # of the routine and all exercises it uses
    source: str = ""  # the file it came from


@dataclass(frozen=True)
class Question:
    """A question about the person or the room, answered by yes, no or not sure, and what an answer comes to.

    `when` is the answer that has effects; "not sure" always has them. With them the `tags` and the `missing` things
    hold for `days` after the day it was said (None: until it is asked again), `advice` is said, and `then` is asked.
    """

    id: str
    ask: tuple[str, ...]
    yes: str  # said back after "Yes:"
    no: str
    when: str = "yes"  # yes | no
    danger: bool = False  # unclear answers forbid a session
    stops: bool = False  # with effects: no session
    tags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    days: int | None = None
    parts: tuple[str, ...] = ()  # of the body: "my shoulder hurts" sets the tags, too
    advice: tuple[str, ...] = ()
    then: tuple[Question, ...] = ()

    def all(self) -> Iterator[Question]:
        """This question and all that may follow from it."""
        yield self
        for question in self.then:
            yield from question.all()


@dataclass(frozen=True)
class QuestionSet:
    """What is asked before somebody's first session; after `every_days`, only whether anything has changed."""

    id: str
    questions: tuple[Question, ...]  # at most three groups
    changed: Question
    every_days: int = 30

    def all(self) -> Iterator[Question]:
        """Every question there is."""
        yield self.changed
        for question in self.questions:
            yield from question.all()

    def find(self, name: str) -> Question:
        """The question of that id."""
        return next(question for question in self.all() if question.id == name)


@dataclass(frozen=True)
class Catalog:
    """Every routine, exercise and question set that was loaded without fault."""

    routines: Mapping[str, Routine]
    exercises: Mapping[str, Exercise]
    screenings: Mapping[str, QuestionSet] = field(default_factory=dict)


Place = tuple[str, int, str]
"""A move's place in its routine: block id, round, and the exercise id in the routine's file."""


@dataclass(frozen=True)
class Profile:
    """What is known of the person and the room today, as far as a plan depends on it."""

    tags: frozenset[str] = frozenset()  # osteoporosis, shoulder_pain, ...
    missing: frozenset[str] = frozenset()  # wall, foam_roller, floor, chair, mat: what is not there today
    left_out: frozenset[str] = frozenset()  # exercise ids not to be done today
    levels: Mapping[str, str] = field(default_factory=dict)  # exercise id -> easier | harder
    start_side: Side = Side.LEFT
    cut: frozenset[Place] = frozenset()  # moves not done today for want of time
    more_side: Side | None = None  # the tighter one: a little more for it


@dataclass(frozen=True)
class Step:
    """One bout of work: an exercise with its final dose, on one side (or none), at its place in the routine."""

    index: int  # in Plan.steps
    move: int  # which move of the plan; both sides of a move share it (repeated by each round)
    exercise: Exercise
    dose: Dose
    level: str  # normal | easier | harder
    side: Side | None
    second_side: bool  # the other side of the same move came just before
    block: str  # id
    block_say: str
    round: int  # 1, 2, ...
    rounds: int
    familiar: bool  # short text is enough: a further round of the same move
    settle_ms: int  # time to get into position, from the position pair table (or the switch of sides)
    gate: bool  # waits for "ready": change between floor and standing
    intro: tuple[str, ...] = ()  # said before it: bridge into the block, rest between rounds, swap notes
    rest_ms: int = 0  # rest before it
    limits: tuple[str, ...] = ()  # words of caution for this person
    origin: str = ""  # exercise id in the routine's file, before swaps and levels
    less: Dose | None = None  # the other side's dose, where this one gets a little more


@dataclass(frozen=True)
class Plan:
    """What will be done: the steps in order, and what was left out or changed, as sentences to be said."""

    routine: Routine
    steps: tuple[Step, ...]
    props: tuple[str, ...]  # spoken names of what to lay within reach
    notes: tuple[str, ...] = ()
    seconds: float = 0.0  # expected length of the session with full text
    profile: Profile = Profile()
