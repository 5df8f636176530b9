"""What the person sounds like, and what they mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.audio import wav
from assistant.catalog.load import load
from assistant.errors import SimulationError, SpeakingError
from assistant.listening.phrases import PhraseTable, lists_of
from assistant.listening.phrases import load as load_phrases
from assistant.simulation.room import RoomSpec
from assistant.simulation.script import Script, Turn
from assistant.simulation.voices import Voices, command_of, last_sample

Floats = NDArray[np.float32]


@pytest.fixture(scope="module")
def table() -> PhraseTable:
    return load_phrases(lists=lists_of(load()))


def silent(words: str) -> Floats:
    return np.zeros(100, np.float32)


def script(folder: Path, turn: Turn) -> Script:
    return Script(RoomSpec(), (turn,), source=folder / "script.yaml")


def test_a_recording_of_any_kind_becomes_sixteen_kilohertz_mono(tmp_path: Path) -> None:
    wav.write(tmp_path / "a.wav", np.full((8000, 2), 0.5, np.float32), 8000)
    sound = Voices(silent).sound(Turn(wav=tmp_path / "a.wav"))
    assert sound.shape == (16_000,)


def test_a_recording_that_is_missing_is_named_with_its_turn(tmp_path: Path) -> None:
    turn = Turn(at_ms=0, wav=tmp_path / "none.wav", line=7)
    with pytest.raises(SimulationError, match=r"script\.yaml:7: There is no file .*none\.wav"):
        Voices(silent).prepare(script(tmp_path, turn))


def test_a_turn_without_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match=r"script\.yaml:3: .*no sound"):
        Voices(silent).prepare(script(tmp_path, Turn(at_ms=0, say="...", line=3)))


def test_a_voice_that_fails_is_named_with_the_turn(tmp_path: Path) -> None:
    def fails(words: str) -> Floats:
        raise SpeakingError("No such voice.")

    with pytest.raises(SimulationError, match=r"script\.yaml:3: No such voice"):
        Voices(fails).prepare(script(tmp_path, Turn(at_ms=0, say="stop", line=3)))


def test_the_last_word_ends_where_it_can_no_longer_be_heard() -> None:
    sound = np.concatenate([np.full(500, 0.5), np.full(100, 0.02), np.full(300, 0.004)]).astype(np.float32)
    assert last_sample(sound) == 600


@pytest.mark.parametrize(
    ("turn", "phase", "expected"),
    [
        (Turn(say="pause please"), "working", ("pause", True)),
        (Turn(say="continue"), "working", ("resume", True)),  # a command, though not now
        (Turn(say="nice weather today"), "working", (None, True)),
        (Turn(wav=Path("x/next_move.wav")), "working", ("next", True)),
        (Turn(wav=Path("x/Stop-2.wav")), "working", ("stop", True)),
        (Turn(wav=Path("stop/0a7c_nohash_0.wav")), "working", ("stop", True)),
        (Turn(wav=Path("x/0a7c.wav"), means="how long"), "working", ("time", True)),
        (Turn(wav=Path("x/0a7c.wav"), means="hello"), "working", (None, True)),
        (Turn(wav=Path("x/0a7c.wav")), "working", (None, False)),
    ],
)
def test_what_a_turn_means(table: PhraseTable, turn: Turn, phase: str, expected: tuple[str | None, bool]) -> None:
    assert command_of(turn, table, phase) == expected
