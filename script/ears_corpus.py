"""People's words in rooms and noise: the scenes on which the ears are fitted and measured.

Words are those of a folder of recordings `words/WORD/*.wav`; noises those of `noise/*.wav` (see the folder's own README
for where they come from). A word of two is written with an underscore. Everything follows from the seed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.audio import wav  # noqa: E402
from assistant.audio.resample import to_int16  # noqa: E402
from assistant.listening.model import RATE  # noqa: E402
from assistant.listening.recogniser import Samples  # noqa: E402
from assistant.listening.verify import Verifier, fitted  # noqa: E402
from assistant.simulation.acoustics import Floats, active_rms, gain, impulse_response  # noqa: E402

ROOMS = 12
AUDIO = ROOT.parent / "shared" / "audio"
UNSEEN = Path(__file__).parent / "ears_unseen.json"
_QUIET_DB = -72.0  # noise floor of a quiet recording


@dataclass(frozen=True)
class Condition:
    """Where a word is said: close to the microphone or in a room; `snr_db` None is quiet."""

    room: bool
    snr_db: int | None

    def __str__(self) -> str:
        return f"{'room' if self.room else 'close'} {'quiet' if self.snr_db is None else f'{self.snr_db} dB'}"


CONDITIONS = tuple(Condition(room, snr) for room in (False, True) for snr in (None, 15, 10, 5))


@dataclass(frozen=True)
class Scene:
    """One word somewhere in some seconds of sound; its voice lies in [began, ended)."""

    word: str
    samples: Samples
    began: int
    ended: int


def clips(audio: Path, step: int = 1) -> list[tuple[str, Floats]]:
    """Every `step`-th clip of each word, as (word, float32 at 16 kHz)."""
    found = [
        (folder.name.replace("_", " "), wav.read(path).mono(RATE))
        for folder in sorted((audio / "words").iterdir())
        for path in sorted(folder.glob("*.wav"))[::step]
    ]
    if not found:
        raise SystemExit(f"There are no recordings in {audio / 'words'}.")
    return found


@cache
def noises(audio: Path) -> dict[str, Floats]:
    """The recordings of music and machines by name."""
    found = {path.stem: wav.read(path).mono(RATE) for path in sorted((audio / "noise").glob("*.wav"))}
    if not found:  # what is measured without noise must not be told as measured with it
        raise SystemExit(f"There are no recordings in {audio / 'noise'}.")
    return found


def scenes(audio: Path, condition: Condition, step: int = 1) -> Iterator[Scene]:
    """Every `step`-th clip of each word in `condition`."""
    return placed(audio, condition, clips(audio, step))


def placed(audio: Path, condition: Condition, spoken: Sequence[tuple[str, Floats]]) -> Iterator[Scene]:
    """Each of the spoken texts (float32 at 16 kHz) in `condition`, with the noises and rooms in turn."""
    random = np.random.default_rng([int(condition.room), condition.snr_db or 0])
    machines = list(noises(audio).values())
    for number, (word, clip) in enumerate(spoken):
        before, after = int(random.uniform(0.8, 1.6) * RATE), RATE
        voice = in_room(clip, random) if condition.room else clip
        voice = voice * gain(random.uniform(-32, -20)) / active_rms(voice, RATE)
        sound = np.zeros(before + len(voice) + after, np.float32)
        sound[before : before + len(voice)] = voice
        if condition.snr_db is None:
            sound += random.standard_normal(len(sound)) * gain(_QUIET_DB)
        else:
            noise = np.roll(machines[number % len(machines)], -int(random.integers(RATE * 30)))
            noise = np.resize(noise, len(sound))
            noise = in_room(noise, random)[: len(sound)] if condition.room else noise
            sound += noise * active_rms(voice, RATE) * gain(-condition.snr_db) / np.sqrt(np.mean(noise**2))
        sound /= max(1.0, float(np.abs(sound).max()))
        first, last = voiced(voice)
        yield Scene(word, to_int16(sound), before + first, before + last)


def voiced(sound: Floats) -> tuple[int, int]:
    """First and last sample of what is less than 25 dB below the loudest 10 ms."""
    size = RATE // 100
    power = np.mean(np.square(sound[: len(sound) // size * size].reshape(-1, size)), axis=1)
    loud = np.flatnonzero(power > power.max() * gain(-25) ** 2)
    return int(loud[0]) * size, int(loud[-1] + 1) * size


@dataclass(frozen=True)
class Fold:
    """Some words, and a verifier fitted without them."""

    words: frozenset[str]
    verifier: Verifier


@cache
def unseen() -> list[Fold]:
    """The folds that script/fit-verifier wrote: every word is in one of them."""
    if not UNSEEN.is_file():
        raise SystemExit("Run script/fit-verifier first: the words are judged by weights that have not seen them.")
    shipped = fitted()
    return [
        Fold(frozenset(fold["words"]), replace(shipped, weights=tuple(fold["weights"]), bias=fold["bias"]))
        for fold in json.loads(UNSEEN.read_text(encoding="utf-8"))
    ]


def halves(words: Sequence[str], count: int, seed: int) -> list[list[str]]:
    """`count` random tables, each of half the words; what a table lacks is outside speech for it."""
    random = np.random.default_rng(seed)
    known = [word for word in words if word != "snowboy"]  # the model lacks it: outside speech only
    tables = []
    while len(tables) < count:
        mixed = [known[n] for n in random.permutation(len(known))]
        tables += [mixed[: len(mixed) // 2 + 1], mixed[len(mixed) // 2 :]]
    return tables[:count]


def table_of(words: Sequence[str]) -> dict[str, object]:
    """A phrase table in which each word is a command."""
    return {
        "language": "en",
        "intents": {word.replace(" ", "_"): {"data": [{"sentences": [word]}]} for word in words},
    }


def audio_argument(parser: argparse.ArgumentParser) -> None:
    """`--audio`: the folder with words/ and noise/."""
    parser.add_argument("--audio", type=Path, default=AUDIO, help="a folder with words/WORD/*.wav and noise/*.wav")


def in_room(sound: Floats, random: np.random.Generator) -> Floats:
    """`sound` as it arrives in one of the rooms, with its reverberation."""
    return convolved(sound, _responses()[int(random.integers(ROOMS))])


def convolved(sound: Floats, response: Floats) -> Floats:
    """`sound` with all its echoes, longer by the length of `response`."""
    size = 1 << (len(sound) + len(response)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[: len(sound) + len(response)].astype(np.float32)


@cache
def _responses() -> list[Floats]:
    """Rooms of RT60 0.3 to 0.8 s, 2 to 4 m to the mouth (on the floor or standing), microphone at 0.8 m."""
    random = np.random.default_rng(7)
    responses = []
    while len(responses) < ROOMS:
        room = (random.uniform(4.5, 6.5), random.uniform(3.4, 5.0), random.uniform(2.3, 2.9))
        microphone = (random.uniform(0.5, 1.2), random.uniform(0.6, room[1] - 0.6), 0.8)
        far, height = random.uniform(2, 4), random.choice([0.2, 1.5])
        away, angle = np.sqrt(far**2 - (height - 0.8) ** 2), random.uniform(-0.6, 0.6)
        mouth = (microphone[0] + away * np.cos(angle), microphone[1] + away * np.sin(angle), height)
        if all(0.2 < mouth[n] < room[n] - 0.2 for n in range(2)):
            response = impulse_response(room, mouth, microphone, random.uniform(0.3, 0.8), RATE)
            responses.append(response / np.abs(response).max())
    return responses
