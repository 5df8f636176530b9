"""What the ears report: one Hearing for each utterance that was examined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(str, Enum):
    """What became of an utterance."""

    ACCEPTED = "accepted"  # a command, act on it
    NEAR = "near"  # like a command, too little evidence to act on it alone
    ELSEWHERE = "elsewhere"  # surely a command, but one of another phase: "not now"
    SAID = "said"  # words that are no command, while the person dictates
    IGNORED = "ignored"  # anything else


@dataclass(frozen=True)
class Level:
    """How a voice arrived at the microphone, in dB below full scale, before any gain of ours."""

    voice_db: int
    noise_db: int
    clipped: bool = False


@dataclass(frozen=True)
class Hearing:
    """One utterance and its fate. Samples count from the first one fed; `margin` is the evidence, for logs."""

    kind: Kind
    command: str  # id, also for a near miss; "" if it was like none
    text: str  # what was heard
    why: str  # the reason, in plain words
    began: int  # sample at which its first word began
    ended: int  # sample at which its voice ended
    decided: int  # samples consumed when the decision fell
    slots: Mapping[str, str | int] = field(default_factory=dict)
    margin: float = 0.0
    level: Level | None = None
