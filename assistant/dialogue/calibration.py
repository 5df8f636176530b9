"""What guided speech tells about a person, a room and a microphone: levels in, settings and findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from assistant.catalog.positions import Posture
from assistant.dialogue.events import Measured

QUIET_DB = -46  # below this the ears begin to miss words (measured: 8 of 8 found at -46 dB, 4 at -58)
GOOD_DB = -40  # what a quiet voice is brought up to
MOST_GAIN_DB = 18
LOUD_ROOM_DB = -45  # noise; gain does not bring it above this
CLEAR_DB = 15  # of voice over noise: whoever is not understood then speaks clearly, but unlike what the ears expect
FAR_DB = 6  # below the loudest posture: further from the speaker, too, where that stands by the microphone
MOST_VOLUME_DB = 6
SURE = 1.5  # log-odds with which a phrase is usually recognised, and more


@dataclass(frozen=True)
class Tuning:
    """Settings for one posture. `lenience`: steps along strict, normal, relaxed; positive asks for less evidence."""

    gain_db: int = 0
    lenience: int = 0
    volume_db: int = 0


@dataclass(frozen=True)
class Finding:
    """A text key (see wording.yaml) that says what was found for `posture`."""

    key: str
    posture: Posture


Samples = Mapping[Posture, Sequence[Measured]]
Tunings = Mapping[Posture, Tuning]


def analyse(samples: Samples) -> tuple[Tunings, tuple[Finding, ...]]:
    """The settings for each posture in which something was said, and what to tell about it."""
    heard = {posture: _Voice(measured) for posture, measured in samples.items() if measured}
    loudest = max((voice.level for voice in heard.values()), default=0)
    tunings = {posture: _tuning(voice, loudest) for posture, voice in heard.items()}
    findings = [finding for posture in heard for finding in _findings(posture, heard[posture], tunings[posture])]
    return tunings, tuple(findings)


def to_data(tunings: Tunings) -> dict[str, dict[str, int]]:
    """JSON-ready."""
    return {posture.value: asdict(tuning) for posture, tuning in tunings.items()}


def from_data(data: Mapping[str, Any]) -> Tunings:
    """What `to_data` gave, each figure within its bounds; ValueError or TypeError if it is something else."""
    return {Posture(name): _bounded(Tuning(**figures)) for name, figures in data.items()}


class _Voice:
    """How somebody sounds in one posture. Levels in dB below full scale."""

    def __init__(self, measured: Sequence[Measured]) -> None:
        self.level = median(each.voice_db for each in measured)
        self.noise = median(each.noise_db for each in measured)
        self.odds = median(each.odds for each in measured)
        self.clipped = sum(each.clipped for each in measured) * 2 > len(measured)

    @property
    def clear(self) -> bool:
        return self.level - self.noise >= CLEAR_DB

    @property
    def noisy(self) -> bool:
        return self.noise > LOUD_ROOM_DB


def _tuning(voice: _Voice, loudest: float) -> Tuning:
    gain = min(GOOD_DB - voice.level, LOUD_ROOM_DB - voice.noise) if voice.level < QUIET_DB else 0
    lenience = 0
    if voice.odds < SURE and voice.clear:
        lenience = 1
    elif voice.odds > 2 * SURE and voice.noisy:
        lenience = -1
    behind = loudest - voice.level
    volume = (behind / 2 if behind >= FAR_DB else 0) + (3 if voice.noisy else 0)
    return _bounded(Tuning(round(gain), lenience, round(volume)))


def _bounded(tuning: Tuning) -> Tuning:
    return Tuning(
        min(max(int(tuning.gain_db), 0), MOST_GAIN_DB),
        min(max(int(tuning.lenience), -1), 1),
        min(max(int(tuning.volume_db), 0), MOST_VOLUME_DB),
    )


def _findings(posture: Posture, voice: _Voice, tuning: Tuning) -> Iterator[Finding]:
    keys = []
    if voice.clipped:
        keys.append("calibrate_clipping")
    if tuning.gain_db:
        keys.append("calibrate_quiet")
    if voice.level + tuning.gain_db < QUIET_DB:
        keys.append("calibrate_too_quiet")
    if voice.noisy:
        keys.append("calibrate_noisy")
    if tuning.lenience > 0:
        keys.append("calibrate_lenient")
    if tuning.volume_db:
        keys.append("calibrate_volume")
    return (Finding(key, posture) for key in keys or ["calibrate_fine"])
