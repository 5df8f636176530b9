"""What the dialogue asks the outside to do. Effects are data; the session carries them out in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any

from assistant.dialogue.commands import PhaseName
from assistant.dialogue.person import Person


class Rank(IntEnum):
    """Who speaks first: a higher rank hushes a lower one."""

    FILLER = 0  # praise, idle hints
    COACH = 1  # instructions and cues
    COUNT = 2  # counts and calls that belong to a moment
    ANSWER = 3  # answers to the person
    SAFETY = 4  # exits, danger, faults


class ToneKind(str, Enum):
    """Sounds that are not words."""

    BEGIN = "begin"  # rising: work starts on its first sample
    END = "end"  # falling: work ended on its first sample
    BEAT = "beat"  # a short tick for a repetition without words
    HEARD = "heard"  # the reaction to a command, before the words
    DOUBT = "doubt"  # soft: something like a command was heard
    REFUSED = "refused"  # understood, but not now


@dataclass(frozen=True)
class Utterance:
    """One sentence to be spoken. Sentences are said one by one, so that a cut one can be taken up again.

    `taught`: command words in it which the ears must not take for commands while they sound.
    """

    id: int
    text: str
    rank: Rank
    taught: tuple[str, ...] = ()


@dataclass(frozen=True)
class Say:
    """Speak. With `start_at` (ms) the first sample is placed on that moment, otherwise at once.

    Ends in exactly one SpeechEnded. The dialogue never has two at a time.
    """

    utterance: Utterance
    start_at: int | None = None


@dataclass(frozen=True)
class Hush:
    """Cut the speech that sounds or is scheduled (short fade), and every tone scheduled for later."""


@dataclass(frozen=True)
class Tone:
    """Sound a tone, at once or with its first sample at `start_at` (ms)."""

    kind: ToneKind
    start_at: int | None = None


@dataclass(frozen=True)
class Prepare:
    """Render these sentences ahead: they come next."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Listen:
    """From now on, heard commands are parsed for this phase. `free`: any other words are wanted too."""

    phase: PhaseName
    free: bool = False


@dataclass(frozen=True)
class Volume:
    """The coach's own loudness relative to the default, in dB."""

    db: float


@dataclass(frozen=True)
class Sound:
    """How the coach sounds. `voice`: its name, "" for the one that suits; `rate`: words a minute; `pitch`: 0 to 100."""

    voice: str = ""
    rate: int = 148
    pitch: int = 50
    volume_db: float = 0.0


@dataclass(frozen=True)
class SetVoice:
    """Speak with this voice from now on, and keep all of how it sounds, also the volume, for the next time."""

    sound: Sound


@dataclass(frozen=True)
class Save:
    """Keep the place, durably: a JSON-ready checkpoint (see dialogue/checkpoint.py)."""

    checkpoint: Mapping[str, Any]


@dataclass(frozen=True)
class Forget:
    """The session ended in order: the checkpoint is no longer needed."""


@dataclass(frozen=True)
class Record:
    """Keep this session in the history: a JSON-ready record (see dialogue/checkpoint.py).

    It takes the place of an earlier record of the same session ("session", its id).
    """

    session: Mapping[str, Any]


@dataclass(frozen=True)
class Remember:
    """Keep what is known of the person now, for all sessions to come."""

    person: Person


@dataclass(frozen=True)
class Calibrated:
    """Keep these settings of the ears for this microphone: posture -> figures, JSON-ready (dialogue/calibration.py)."""

    tunings: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Finished:
    """The session is over. The program may close, or hand in what it remembers now and wait for the next one."""


@dataclass(frozen=True)
class Quit:
    """The dialogue is over; the program may close once speech has ended."""


Effect = (
    Say
    | Hush
    | Tone
    | Prepare
    | Listen
    | Volume
    | SetVoice
    | Save
    | Forget
    | Record
    | Remember
    | Calibrated
    | Finished
    | Quit
)
