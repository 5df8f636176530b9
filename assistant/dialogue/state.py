"""The state of the dialogue: frozen, and each phase its own type with only its own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from assistant.catalog.model import Catalog, Place, Plan, Routine, Side, Step
from assistant.catalog.positions import Posture
from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.effects import Sound
from assistant.dialogue.events import Measured, Part
from assistant.dialogue.memory import Memory, Review
from assistant.dialogue.person import Person
from assistant.dialogue.timeline import Detail, Timeline, Track
from assistant.dialogue.turn_taking import Voice
from assistant.dialogue.wording import Wording


@dataclass(frozen=True)
class Context:
    """What does not change during a session."""

    catalog: Catalog
    wording: Wording
    memory: Memory


@dataclass(frozen=True)
class Settings:
    """What the person set by voice."""

    tempo: float = 1.0
    sound: Sound = field(default_factory=Sound)
    muted: bool = False


@dataclass(frozen=True)
class Bout:
    """Work that was done: one exercise on one side, in one round."""

    exercise: str
    side: Side | None
    round: int
    worked_ms: int
    planned_ms: int


@dataclass(frozen=True)
class Run:
    """A session that was started: the plan, the place in it, and what was done.

    `offset`: the place in the step's timeline; `worked`: milliseconds worked in this step so far; `extra`: how often
    it was extended; `told`: the detail in which its text has been said to the end, None if it has not.
    """

    plan: Plan
    id: str = ""  # the history keeps one record of each
    index: int = 0
    offset: int = 0
    worked: int = 0
    extra: int = 0
    told: Detail | None = None
    elapsed: int = 0  # ms of earlier runs of this session, before it was resumed
    began_at: int = 0
    bouts: tuple[Bout, ...] = ()
    skipped: tuple[str, ...] = ()  # exercise ids, in order
    hurt: tuple[str, ...] = ()
    misheard: int = 0  # commands that were taken back
    danger: bool = False  # the emergency text was said
    praised: tuple[str, ...] = ()  # texts of praise that were used
    resumed: bool = False

    @property
    def step(self) -> Step:
        return self.plan.steps[self.index]


@dataclass(frozen=True)
class Snapshot:
    """What "undo" gives back; no run: nothing had been started. `place`: the place changed, not only a setting."""

    run: Run | None
    settings: Settings
    place: bool = True
    person: Person = field(default_factory=Person)
    checking: Checking | None = None  # the question that was open


@dataclass(frozen=True)
class Idle:
    """Waits for a routine. `listed`: how many names have been read out; `named`: the routine (id) named last."""

    listed: int = 0
    named: str | None = None


@dataclass(frozen=True)
class Checking:
    """Questions before `routine`: `asking` is the open one's id, in the set `questions`; `later` are asked after it.

    `held`: it waits for an answer without a deadline. `refused`: the answers forbid a session.
    """

    routine: Routine
    questions: str
    asking: str
    later: tuple[str, ...] = ()
    waiting_since: int | None = None
    repeated: bool = False
    held: bool = False
    refused: bool = False
    cut: frozenset[Place] = frozenset()  # moves of the routine that were not asked for


@dataclass(frozen=True)
class Positioning:
    """Told what to do, getting into position; then the count-in. `gate`: work begins only after "ready".

    `settled_at`: when they should be in position; 0 if they have said that they are.
    """

    settled_at: int
    gate: bool
    brief: bool = False  # the numbers alone count in
    prompts: int = 0
    waiting_since: int | None = None  # silence at the gate
    counting_in: Track | None = None


@dataclass(frozen=True)
class Working:
    """The work clock runs: offset 0 of the timeline is the moment `track.anchor`."""

    timeline: Timeline
    track: Track
    since: int  # offset at which this stretch began
    save_at: int


@dataclass(frozen=True)
class Calibrating:
    """Guided speech: the phrase `number` of a posture is asked for. `samples`: what was measured so far."""

    posture: Posture
    number: int = 0
    again: bool = False  # asked for a second time in this posture
    waiting_since: int | None = None
    samples: tuple[tuple[Posture, Measured], ...] = ()

    def of(self, posture: Posture) -> tuple[Measured, ...]:
        """What was measured in `posture`."""
        return tuple(measured for where, measured in self.samples if where is posture)


class Why(str, Enum):
    """Why the clock stands still."""

    PAUSE = "pause"
    STOP = "stop"
    FAULT = "fault"
    SILENCE = "silence"
    HURT = "hurt"
    RESTORED = "restored"


@dataclass(frozen=True)
class Paused:
    """The clock stands still, without any deadline. `working`: it stood still in the middle of work."""

    since: int
    why: Why
    working: bool


class Trouble(str, Enum):
    """What hurts, as far as we know."""

    ASKED = "asked"  # the question is open
    RESTING = "resting"  # numbness or dizziness: rest until it clears
    MILD = "mild"  # easier, skip or end?
    DANGER = "danger"  # the emergency text was said


@dataclass(frozen=True)
class Hurt:
    """Something hurts; nothing goes on by itself."""

    trouble: Trouble
    exercise: str = ""  # id of the one in which it began to hurt
    waiting_since: int | None = None
    repeated: bool = False


@dataclass(frozen=True)
class EndSession:
    """The question whether to end; `paused` is where "no" leads back to."""

    paused: Paused


@dataclass(frozen=True)
class BeginRoutine:
    """The question whether to begin `routine` (id). `because`: why this one; `instead`: offered after a "no"."""

    routine: str
    because: str = ""
    instead: BeginRoutine | None = None


@dataclass(frozen=True)
class WhichRoutine:
    """The question which of two routines (ids) of the same name is meant."""

    routines: tuple[str, str]


@dataclass(frozen=True)
class Confirming:
    """A yes-or-no question is open."""

    question: EndSession | BeginRoutine | WhichRoutine
    waiting_since: int | None = None
    repeated: bool = False


class ReviewQuestion(str, Enum):
    """What is asked after a session."""

    SIDE = "side"
    FEEL = "feel"
    RATING = "rating"
    WORDS = "words"


@dataclass(frozen=True)
class Reviewing:
    """Questions after a session, of which each may be left out. `session`: its record in the history.

    `questions`: those that suit the session; `open`: without an answer so far, the present one first; `silences`:
    how many were met with silence; `held`: after "stop" nothing is asked by itself; `before`: what "undo" gives back.
    """

    session: Mapping[str, Any]
    questions: tuple[ReviewQuestion, ...]
    open: tuple[ReviewQuestion, ...]
    review: Review = field(default_factory=Review)
    asked: bool = False
    waiting_since: int | None = None
    repeated: bool = False
    silences: int = 0
    held: bool = False
    before: Reviewing | None = None


@dataclass(frozen=True)
class Dictating:
    """The person says it in their own words. `voiced`: somebody is speaking; `reviewing`: where it leads back to."""

    reviewing: Reviewing
    since: int
    waiting_since: int | None = None  # once we listen
    voiced: bool = False
    words: tuple[str, ...] = ()

    @property
    def listening(self) -> bool:
        """Not while we still say that we are."""
        return self.waiting_since is not None


@dataclass(frozen=True)
class Done:
    """The session is over. `bye`: so is the program; `told`: the last words were said, and the outside knows."""

    bye: bool = False
    told: bool = False


Phase = (
    Idle | Checking | Positioning | Working | Paused | Hurt | Confirming | Reviewing | Dictating | Calibrating | Done
)

NAMES: Mapping[type[Phase], PhaseName] = {
    Idle: PhaseName.IDLE,
    Checking: PhaseName.CHECKING,
    Positioning: PhaseName.POSITIONING,
    Working: PhaseName.WORKING,
    Paused: PhaseName.PAUSED,
    Hurt: PhaseName.HURT,
    Confirming: PhaseName.CONFIRMING,
    Reviewing: PhaseName.REVIEWING,
    Dictating: PhaseName.REVIEWING,
    Calibrating: PhaseName.CALIBRATING,
    Done: PhaseName.DONE,
}


class Fate(str, Enum):
    """What became of the last thing heard."""

    DONE = "done"
    REFUSED = "not now"
    DOUBTED = "not sure"
    IGNORED = "ignored"


@dataclass(frozen=True)
class LastHeard:
    """Something heard, and what became of it; `why`: the reason, where it is not plain from that."""

    at: int
    text: str
    fate: Fate
    why: str = ""


@dataclass(frozen=True)
class Doubt:
    """A near-miss: what it was like, when; `tone_at`: when the doubt tone last sounded."""

    command: Command | None = None
    at: int = 0
    tone_at: int | None = None


@dataclass(frozen=True)
class State:
    """All of the dialogue. `now`: the moment up to which everything has been worked off.

    `person`: what is known of the person now; what was known before the session is in the context's memory.
    """

    context: Context
    phase: Phase
    now: int = 0
    person: Person = field(default_factory=Person)
    voice: Voice = field(default_factory=Voice)
    run: Run | None = None
    settings: Settings = Settings()
    undo: Snapshot | None = None
    heard: LastHeard | None = None
    soft: bool = False  # the outside was told to be softer
    by_voice: tuple[LastHeard, ...] = ()  # the last few, oldest first
    doubt: Doubt = Doubt()
    faults: frozenset[Part] = frozenset()

    @property
    def phase_name(self) -> PhaseName:
        return NAMES[type(self.phase)]
