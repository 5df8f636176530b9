"""The real model, loaded once, and the clips that say what their names say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.audio import wav
from assistant.listening import phrases
from assistant.listening.ears import Ears
from assistant.listening.hearing import Hearing
from assistant.listening.model import SpeechModel
from assistant.listening.phrases import PhraseTable
from assistant.listening.recogniser import Samples

CLIPS = Path(__file__).parent.parent / "audio-clips"
LISTS = {"routine": [("mid back", "mid_back_full"), ("lunch break", "lunch_break")], "block": [("wall", "wall")]}
Listener = Callable[..., "Listening"]


class Listening:
    """Ears with what they reported."""

    def __init__(
        self, model: SpeechModel, table: PhraseTable, *, inline: bool = True, half_duplex: bool = False
    ) -> None:
        self.hearings: list[Hearing] = []
        self.voices: list[tuple[bool, int]] = []
        self.ears = Ears(
            model,
            table,
            inline=inline,
            half_duplex=half_duplex,
            on_hearing=self.hearings.append,
            on_voice=lambda on, sample: self.voices.append((on, sample)),
        )

    def restart(self) -> None:
        """As if new."""
        self.ears.restart()
        self.ears.dictate(False)
        self.ears.tune(0.0, "normal")
        self.hearings.clear()
        self.voices.clear()

    def hear(self, *parts: Samples, block: int = 320) -> list[Hearing]:
        """Feed all parts, then silence; what was reported since the last call."""
        samples = np.concatenate(parts)
        for start in range(0, len(samples), block):
            self.ears.feed(samples[start : start + block])
        self.ears.finish()
        reported, self.hearings[:] = list(self.hearings), []
        return reported


@pytest.fixture(scope="session")
def model() -> SpeechModel:
    return SpeechModel()


@pytest.fixture(scope="session")
def table() -> PhraseTable:
    return phrases.load(lists=LISTS)


@pytest.fixture(scope="session")
def used() -> list[Listening]:
    """Inline ears for `table` that no test needs now: to make new ones and warm them up takes a second."""
    return []


@pytest.fixture
def listen(model: SpeechModel, table: PhraseTable, used: list[Listening]) -> Iterator[Listener]:
    """Makes inline ears for a phase, or others; `new`: none that another test has used."""
    usual, made, kept = table, list[Listening](), list[Listening]()

    def make(
        phase: str | None = None,
        *,
        inline: bool = True,
        half_duplex: bool = False,
        table: PhraseTable = usual,
        new: bool = False,
    ) -> Listening:
        again = inline and not half_duplex and not new and table is usual
        if again and used:
            listening = used.pop()
            listening.restart()
        else:
            listening = Listening(model, table, inline=inline, half_duplex=half_duplex)
        (kept if again else made).append(listening)
        listening.ears.listen(phase)
        return listening

    yield make
    for listening in made:
        listening.ears.close()
    used.extend(kept)


def clip(name: str) -> Samples:
    """16 kHz mono int16 of a clip, by what it says ("rendered/okay_next", "people/zero")."""
    return wav.read(CLIPS / f"{name}.wav").for_listening()


def silence(seconds: float) -> Samples:
    """Digital zeros."""
    return np.zeros(round(seconds * 16_000), np.int16)


def hiss(seconds: float, level: float = 30.0) -> Samples:
    """The noise of a quiet room; `level` is its RMS in int16 steps."""
    noise = np.random.default_rng(5).standard_normal(round(seconds * 16_000)) * level
    return noise.astype(np.int16)
