"""Talk for the ears to ignore: endless, never the same, by many synthetic voices, in rooms, with music or without.

The sentences are those of ears_conversation.txt, put together at random; the voices those of flite and eSpeak NG at
several speeds and pitches. Everything follows from the seed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from ears_corpus import RATE, Floats, in_room, voiced

from assistant.audio import wav
from assistant.simulation.acoustics import active_rms, gain

FLITE = ("slt", "rms", "awb", "kal16", "kal")
ESPEAK = ("en-us+f3", "en-us+m3", "en-gb+m4", "en-gb-scotland+f2", "en-us+Annie", "en-us+m7", "en-gb+f4", "en-us+Andy")
VOICES = (
    *(("flite", "-voice", name) for name in FLITE[:4]),
    *(("espeak-ng", "-s", "150", "-v", name) for name in ESPEAK),
)
_BLOCK_S = 60.0  # talk in one room with one noise


def sentences(seed: int) -> Iterator[str]:
    """Sentences without end."""
    chance, (templates, lists) = Random(seed), _templates()
    while True:
        for template in chance.sample(templates, len(templates)):
            yield _filled(template, lists, chance)


def talk(seed: int, noises: Mapping[str, Floats]) -> Iterator[Floats]:
    """Minutes of conversation, each of about 60 s in one room (or close by) with two to four voices; `noises`, if there
    are any, play 5 to 15 dB below them: every other time the one called music, else the others in turn."""
    chance, text = Random(seed), sentences(seed)
    mouths = [voice(chance.randrange(10**6)) for _ in range(4)]
    number = 0
    while True:
        if number % 5 == 0:
            mouths = [voice(chance.randrange(10**6)) for _ in range(chance.randint(2, 4))]
        yield _minute(text, mouths, chance, background(noises, number))
        number += 1


def _minute(text: Iterator[str], mouths: Sequence[tuple[str, ...]], chance: Random, noise: Floats | None) -> Floats:
    random = np.random.default_rng(chance.randrange(2**32))
    far, level = chance.random() < 0.75, chance.uniform(-36, -20)
    parts: list[Floats] = []
    seconds = 0.0
    while seconds < _BLOCK_S:
        said = " ".join(next(text) for _ in range(chance.choice((1, 1, 1, 2, 3, 5))))
        sound = spoken(said, chance.choice(mouths))
        sound = in_room(sound, random) if far else sound
        parts.append(sound * gain(level + chance.uniform(-4, 4)) / active_rms(sound, RATE))
        parts.append(np.zeros(int(chance.choice((0.05, 0.2, 0.4, 0.7, 1.2, 2.5)) * RATE), np.float32))
        seconds += (parts[-1].size + parts[-2].size) / RATE
    whole = np.concatenate(parts)
    whole += random.standard_normal(whole.size).astype(np.float32) * gain(-72)
    if noise is not None:
        noise = np.resize(np.roll(noise, -int(random.integers(noise.size))), whole.size)
        below = active_rms(whole, RATE) * gain(-chance.uniform(5, 15))
        whole += noise * below / np.sqrt(np.mean(np.square(noise)))
    return np.asarray(whole / max(1.0, float(np.abs(whole).max())), np.float32)


def background(noises: Mapping[str, Floats], number: int) -> Floats | None:
    """What plays below the talk of minute `number`."""
    names = sorted(noises, key=lambda name: (name != "music", name))
    if not names:
        return None
    return noises[names[0] if number % 2 == 0 or len(names) == 1 else names[1 + number // 2 % (len(names) - 1)]]


def voice(number: int) -> tuple[str, ...]:
    """One of the synthetic voices, as the command that speaks; the last two words are to be the file and the text."""
    chance = Random(number)
    if chance.random() < 0.6:
        stretch = f"{chance.uniform(0.8, 1.2):.2f}"
        pitch = f"{chance.uniform(85, 230):.0f}"
        settings = ("--setf", f"duration_stretch={stretch}", "--setf", f"int_f0_target_mean={pitch}")
        return ("flite", "-voice", chance.choice(FLITE), *settings)
    return (
        "espeak-ng",
        "-v",
        chance.choice(ESPEAK),
        "-s",
        str(chance.randint(130, 190)),
        "-p",
        str(chance.randint(20, 80)),
    )


def spoken(text: str, mouth: Sequence[str]) -> Floats:
    """`text` by a voice: float32 at 16 kHz without the silence before and after."""
    if shutil.which(mouth[0]) is None:
        raise SystemExit(f"Install {mouth[0]}: it speaks for this measurement.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        last = ["-o", str(path), "-t", text] if mouth[0] == "flite" else ["-w", str(path), text]
        subprocess.run([*mouth, *last], check=True, capture_output=True)
        return trimmed(wav.read(path).mono(RATE))


def trimmed(sound: Floats) -> Floats:
    """From its first to its last audible sample."""
    first, end = voiced(sound)
    return sound[first:end]


def _filled(template: str, lists: dict[str, list[str]], chance: Random) -> str:
    """`template` with one of each choice taken and one of each list put in."""
    text = re.sub(r"\(([^()]*)\)", lambda found: chance.choice(found[1].split("|")), template)
    text = re.sub(r"{(\w+)}", lambda found: chance.choice(lists[found[1]]), text)
    return text[0].upper() + text[1:]


@cache
def _templates() -> tuple[list[str], dict[str, list[str]]]:
    text = (Path(__file__).parent / "ears_conversation.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    lists = {name: words.split("|") for name, words in (re.findall(r"^(\w+): (.*)$", "\n".join(lines), re.MULTILINE))}
    return [line for line in lines if not re.match(r"\w+: ", line)], lists
