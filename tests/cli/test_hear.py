"""`coach hear` on files as they come."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant.cli import main

CLIPS = Path(__file__).parent.parent / "audio-clips"
WORDS = "language: en\nintents:\n" + "".join(
    f"  {word}: {{data: [{{sentences: [{word}]}}]}}\n" for word in ("right", "one", "go", "zero")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One phrase in the forms in which recordings come."""
    samples, rate = soundfile.read(CLIPS / "rendered" / "how_many_more.wav", dtype="float32")
    assert rate == 16_000
    stereo = np.stack([samples, samples * 0.5], axis=1)
    soundfile.write(tmp_path / "8k.wav", samples[::2], 8000)
    soundfile.write(tmp_path / "stereo 24 bit.WAV", stereo, 16_000, subtype="PCM_24")
    soundfile.write(tmp_path / "float48.wav", np.repeat(samples, 3), 48_000, subtype="FLOAT")
    (tmp_path / "inner").mkdir()
    soundfile.write(tmp_path / "inner" / "plain.wav", samples, 16_000)
    (tmp_path / "notes.txt").write_text("not a recording")
    return tmp_path


def heard(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_folder_of_any_format_gives_one_line_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--json", "--phase", "working", str(folder)]) == 0
    lines = heard(capsys.readouterr().out)
    assert [Path(line["file"]).name for line in lines] == ["8k.wav", "float48.wav", "plain.wav", "stereo 24 bit.WAV"]
    for line in lines:
        assert set(line) == {"file", "seconds", "heard", "ignored"}
        (found,) = line["heard"]
        assert found["command"] == "count"
        assert (found["text"], found["slots"]) == ("how many more", {})
        assert 900 < found["at_ms"] < 2500
        assert line["seconds"] == pytest.approx(1.21, abs=0.02)


def test_a_table_of_bare_words_replaces_the_built_in_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "words.yaml"
    table.write_text(WORDS)
    assert main(["hear", "--json", "--phrases", str(table), str(CLIPS / "people")]) == 0
    found = {
        Path(line["file"]).stem: [each["command"] for each in line["heard"]] for line in heard(capsys.readouterr().out)
    }
    assert found == {"right": ["right"], "zero": ["zero"], "computer": [], "five": []}


def test_other_speech_is_told_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--json", str(CLIPS / "rendered" / "the_weather_is_nice_today.wav")]) == 0
    (line,) = heard(capsys.readouterr().out)
    assert line["heard"] == []
    (ignored,) = line["ignored"]
    assert ignored["text"] == "the weather is nice today"
    assert ignored["why"]
    assert ignored["at_ms"] > 1500


def test_slots_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--json", str(CLIPS / "rendered" / "start_mid_back_routine.wav")]) == 0
    (line,) = heard(capsys.readouterr().out)
    assert [(each["command"], each["slots"]) for each in line["heard"]] == [("start", {"routine": "mid_back_full"})]


def test_a_phase_leaves_out_the_commands_of_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--json", "--phase", "paused", str(CLIPS / "rendered" / "how_many_more.wav")]) == 0
    (line,) = heard(capsys.readouterr().out)
    assert line["heard"] == []
    assert line["ignored"][0]["text"] == "how many more"


def test_faulty_files_are_named_and_the_others_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = (CLIPS / "rendered" / "pause.wav").read_bytes()
    (tmp_path / "a_empty.wav").write_bytes(b"")
    (tmp_path / "b_text.wav").write_text("hello")
    (tmp_path / "c_truncated.wav").write_bytes(good[: len(good) - 4000])
    (tmp_path / "d_header.wav").write_bytes(good[:44])
    soundfile.write(tmp_path / "e_silent.wav", np.zeros(16_000), 16_000)
    (tmp_path / "f_good.wav").write_bytes(good)
    assert main(["hear", "--json", str(tmp_path), str(tmp_path / "missing.wav")]) == 1
    captured = capsys.readouterr()
    found = {Path(line["file"]).name: [h["command"] for h in line["heard"]] for line in heard(captured.out)}
    assert found == {"c_truncated.wav": ["pause"], "e_silent.wav": [], "f_good.wav": ["pause"]}
    sentences = captured.err.splitlines()
    assert len(sentences) == 4
    for name, sentence in zip(("a_empty", "b_text", "d_header", "missing"), sentences, strict=True):
        assert sentence.startswith("coach: ")
        assert name in sentence


def test_for_people_it_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", str(CLIPS / "rendered" / "my_knee_hurts.wav")]) == 0
    out = capsys.readouterr().out
    assert "my_knee_hurts.wav" in out
    assert "hurt " in out
    assert "part knee" in out


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"a: [1", "not valid YAML"), (b"intents: {}", "intents"), (struct.pack("<I", 0xFFFE), "")],
)
def test_a_bad_table_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    table = tmp_path / "table.yaml"
    table.write_bytes(content)
    assert main(["hear", "--phrases", str(table), str(CLIPS)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert says in captured.err


def test_an_unknown_phase_is_wrong_use() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["hear", "--phase", "sleeping", str(CLIPS)])


def test_words_the_model_lacks_are_named_and_the_rest_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.yaml"
    table.write_text(WORDS + "  odd: {data: [{sentences: [xyzzyq]}]}\n")
    assert main(["hear", "--json", "--phrases", str(table), str(CLIPS / "people" / "zero.wav")]) == 0
    captured = capsys.readouterr()
    assert "xyzzyq" in captured.err
    assert heard(captured.out)[0]["heard"][0]["command"] == "zero"
