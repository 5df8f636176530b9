"""What happens to the dialogue. Every event carries `at`: session time in whole milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.memory import Memory


class Outcome(str, Enum):
    """How an utterance ended."""

    FINISHED = "finished"  # its last sample was played
    CUT = "cut"  # hushed while playing or before
    FAILED = "failed"  # could not be rendered or played


class Part(str, Enum):
    """A part of the machine that can fail."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    SPEECH_ENGINE = "speech engine"
    RECOGNISER = "recogniser"
    DISK = "disk"


@dataclass(frozen=True)
class Opened:
    """The session begins; the first event of every journal."""

    at: int


@dataclass(frozen=True)
class Recalled:
    """What the past tells now: after a session, and before the first words to a coach that has long been idle."""

    at: int
    memory: Memory


@dataclass(frozen=True)
class Heard:
    """A command, accepted by the ears (or typed). `began_at`: when its first word began."""

    at: int
    command: Command
    text: str
    phase: PhaseName  # the phase it was heard in; a stale one is refused
    began_at: int
    slots: Mapping[str, str | int] = field(default_factory=dict)
    typed: bool = False


@dataclass(frozen=True)
class NearMiss:
    """Something like a command, without enough evidence to act on it alone."""

    at: int
    command: Command
    text: str
    phase: PhaseName
    slots: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Overheard:
    """What was no command, and why; `heard_at`: when that was decided.

    Other people's talk is kept out of the dialogue and its journal until the person asks what was heard: then the last
    few come, just before the question.
    """

    at: int
    text: str
    why: str
    heard_at: int


@dataclass(frozen=True)
class Said:
    """Words of the person that are no command, as heard (or typed); only while they dictate."""

    at: int
    text: str
    typed: bool = False


@dataclass(frozen=True)
class Voiced:
    """Somebody began or ceased to speak; only told while the person dictates."""

    at: int
    active: bool


@dataclass(frozen=True)
class Measured:
    """How a voice arrived, during a calibration. `began_at`: when it began; levels in dB below full scale."""

    at: int
    began_at: int
    voice_db: int
    noise_db: int
    clipped: bool
    odds: int  # that it was a phrase of the table, as a logarithm; 0 if it was like none


@dataclass(frozen=True)
class SpeechEnded:
    """The one end that each `Say` has. `at` is when its last sample was played, or when it was given up."""

    at: int
    utterance: int
    outcome: Outcome


@dataclass(frozen=True)
class Tick:
    """Time has passed; nothing else happened."""

    at: int


@dataclass(frozen=True)
class Faulted:
    """A part failed. `sentence` says what happened and the way out, fit to be spoken."""

    at: int
    part: Part
    code: str
    sentence: str


@dataclass(frozen=True)
class Advised:
    """Something works, but not well. `sentence` says what, and the cure, fit to be spoken."""

    at: int
    sentence: str


@dataclass(frozen=True)
class Recovered:
    """A part that had failed works again."""

    at: int
    part: Part


@dataclass(frozen=True)
class Interrupted:
    """Ctrl-C, or the terminal was closed: keep the place and end."""

    at: int


Event = (
    Opened
    | Recalled
    | Heard
    | NearMiss
    | Overheard
    | Said
    | Voiced
    | Measured
    | SpeechEnded
    | Tick
    | Faulted
    | Advised
    | Recovered
    | Interrupted
)
