"""Scripts: what is taken, and what is said about what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SimulationError
from assistant.simulation import script
from assistant.simulation.room import RoomSpec
from assistant.simulation.script import Turn


def write(folder: Path, text: str) -> Path:
    path = folder / "script.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_script_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
room: {rt60_s: 0.5, distance_m: 3, echo_db: -6}
noise: {wav: sounds/tap.wav, snr_db: 10}
person: {voice: en-gb, new: true}
turns:
  - {at_s: 1.5, say: "start {routine}"}
  - {after: Paused, wav: yes.wav, means: continue}
  - {after_s: 2, say: no}
  - {every: say ready, say: ready}
""",
    )
    read = script.load(path, {"routine": "lunch break"})
    assert read.room == RoomSpec(rt60_s=0.5, distance_m=3, echo_db=-6)
    assert (read.noise, read.snr_db, read.voice, read.new) == (tmp_path / "sounds/tap.wav", 10, "en-gb", True)
    assert read.turns == (
        Turn(at_ms=1500, say="start lunch break", line=5),
        Turn(after="Paused", wav=tmp_path / "yes.wav", means="continue", line=6),
        Turn(after_ms=2000, say="no", line=7),
        Turn(every="say ready", say="ready", line=8),
    )


def test_only_the_turns_are_needed(tmp_path: Path) -> None:
    read = script.load(write(tmp_path, "turns: [{at_s: 1, say: stop}]"))
    assert (read.room, read.noise, read.voice, read.new) == (RoomSpec(), None, None, False)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("turns:\n  - {at_s: 1}\n", 2, "exactly one of say and wav"),
        ("turns:\n  - {at_s: 1, say: a, wav: b}\n", 2, "exactly one of say and wav"),
        ("turns:\n  - {say: stop}\n", 2, "exactly one of at_s, after, after_s and every"),
        ("turns:\n  - {at_s: 1, say: a}\n  - {at_s: 1, every: x, say: a}\n", 3, "exactly one of at_s"),
        ("turns:\n  - {at_s: soon, say: a}\n", 2, "'soon' is not of type 'number'"),
        ("turns:\n  - {at_s: 1, say: a}\nroom: {rt60_s: 9}\n", 3, "9 is greater than the maximum of 2"),
        ("turns:\n  - {at_s: 1, say: a}\nroom: {walls: 4}\n", 3, "'walls' was unexpected"),
        ("turns:\n  - {at_s: 1, say: a}\nnoise: {wav: x.wav}\n", 3, "'snr_db' is a required property"),
        ("turns: []\n", 1, "turns"),
        ("room: {}\n", 1, "'turns' is a required property"),
        ("turns: [\n", 2, "not valid YAML"),
        ("- a\n- b\n", 1, "is not of type 'object'"),
        ("", 1, "empty"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SimulationError) as refused:
        script.load(path)
    assert f"{path}:{line}:" in str(refused.value)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match=r"nowhere\.yaml:1: .*No such file"):
        script.load(tmp_path / "nowhere.yaml")


def test_a_recording_for_a_script_is_no_script(tmp_path: Path) -> None:
    path = tmp_path / "sound.yaml"
    path.write_bytes(b"RIFF\xff\xfe\x00\x01")
    with pytest.raises(SimulationError, match="not UTF-8"):
        script.load(path)
