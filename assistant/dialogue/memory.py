"""What is remembered of earlier sessions, as far as it matters for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.catalog.model import Side
from assistant.dialogue.effects import Sound
from assistant.dialogue.person import Person


@dataclass(frozen=True)
class Review:
    """What the person said of a session; None where a question was left out. `side`: the tighter one, or none."""

    side: str | None = None  # left | right | none
    feel: str | None = None  # better | same | worse
    rating: int | None = None  # 1 to 5
    words: tuple[str, ...] = ()  # their own, as heard


@dataclass(frozen=True)
class Memory:
    """What the past tells when a session begins."""

    at: int = 0  # session time (ms) at which it was gathered
    sessions: int = 0
    times: Mapping[str, int] = field(default_factory=dict)  # routine id -> how often done
    last_side: Mapping[str, Side] = field(default_factory=dict)  # routine id -> side it began with
    days_away: int | None = None
    days_since: Mapping[str, int] = field(default_factory=dict)  # routine id -> days since it was last done to its end
    last_routine: str | None = None  # id of the last one done to its end
    minute: int | None = None  # of the local day, at that time
    evening: bool = False
    new_routines: tuple[str, ...] = ()  # ids that were added and not mentioned yet
    left_out: int = 0  # files of the person's own that have faults
    person: Person = field(default_factory=Person)
    sound: Sound = field(default_factory=Sound)
    voices: tuple[str, ...] = ()  # names of those at hand, the one that suits or was chosen first
    key: str = ""  # no other start of the program has it: the ids of its sessions begin with it
    this_week: int = 0  # sessions since Monday
    worked_s: Mapping[str, float] = field(default_factory=dict)  # routine id -> seconds worked the last time
    reviews: Mapping[str, tuple[Review, ...]] = field(default_factory=dict)  # routine id -> of its last sessions
