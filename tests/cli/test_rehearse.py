"""`coach rehearse`: by name and by file, printed and spoken."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from assistant.audio import wav
from assistant.audio.tones import tone
from assistant.cli import main
from assistant.dialogue.effects import ToneKind
from assistant.simulation import sounding

LINE = re.compile(r"(\d\d):(\d\d)\.(\d\d\d) (\w+) +(.*)")


def lines(text: str) -> list[tuple[int, str, str]]:
    """Each line of a timeline as ms, who, what."""
    found = [match for line in text.splitlines() if (match := LINE.fullmatch(line))]
    assert len(found) == len(text.splitlines())
    return [(int(m[1]) * 60_000 + int(m[2]) * 1000 + int(m[3]), m[4], m[5]) for m in found]


def test_a_timeline_from_start_to_close(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "desk reset"]) == 0
    told = lines(capsys.readouterr().out)
    assert [at for at, _, _ in told] == sorted(at for at, _, _ in told)
    assert (told[-1][1], told[-1][2]) == ("COACH", "Rest well.")


def test_a_file_that_is_not_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "kettle break"]) == 0
    capsys.readouterr()
    assert main(["rehearse", "kettle_break.yaml"]) == 0
    assert "COACH  Kettle Break. About three minutes." in capsys.readouterr().out
    assert main(["rehearse", "kettle_break"]) == 1
    assert "There is no routine 'kettle_break'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id: a_b\n", "a_b.yaml:1: The key 'blocks' is missing in the file."),
        ("blocks: [\n", "is not valid YAML"),
        ("say: Something\nscript: {}\n", "a_b.yaml:1:"),
    ],
)
def test_a_faulty_file_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    file = tmp_path / "a_b.yaml"
    file.write_text(text)
    assert main(["rehearse", str(file)]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_no_such_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "nowhere.yaml"]) == 1
    assert capsys.readouterr().err == "coach: There is no file nowhere.yaml.\n"


def test_spoken_each_sound_lies_at_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["rehearse", "desk_reset", "--speak"]) == 0
    told = capsys.readouterr()
    sound = wav.read(tmp_path / "desk_reset.wav")
    samples = sound.samples[:, 0]
    assert f"wrote desk_reset.wav, {sound.seconds / 60:.1f} minutes." in told.err
    entries = lines(told.out)
    wanted = tone(ToneKind.BEGIN, sounding.RATE)
    begins = [at for at, who, what in entries if (who, what) == ("TONE", "begin")]
    assert begins
    for at in begins:
        first = at * sounding.RATE // 1000
        heard = samples[first : first + wanted.size]
        assert np.corrcoef(heard, wanted)[0, 1] > 0.9
    spoken = [at for at, who, _ in entries if who == "COACH"]
    for at in spoken:  # speech begins at its first sample
        first = at * sounding.RATE // 1000
        assert np.abs(samples[first : first + sounding.RATE // 5]).max() > 0.01
    assert 0.5 < sound.seconds - spoken[-1] / 1000 < 5


def test_spoken_it_is_cut_where_the_person_cuts_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, cut = tmp_path / "whole.wav", tmp_path / "cut.wav"
    assert main(["rehearse", "desk_reset", "--speak", "--out", str(whole)]) == 0
    told = [(at, what) for at, who, what in lines(capsys.readouterr().out) if who == "COACH" and len(what) > 50]
    at, sentence = told[3]
    said = (at + 1000) / 1000
    assert main(["rehearse", "desk_reset", "--speak", "--out", str(cut), "--say", str(said), "stop"]) == 0
    assert (at, "COACH", f"{sentence} —") in lines(capsys.readouterr().out)
    one, other = (wav.read(path).samples[:, 0] for path in (whole, cut))
    here = (at + 1000) * sounding.RATE // 1000
    assert np.array_equal(one[:here], other[:here])
    faded = slice(here + sounding.RATE // 40, here + sounding.RATE // 4)
    assert np.abs(one[faded]).max() > 0.05
    assert not other[faded].any()


def test_a_place_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "desk_reset", "--speak", "--out", str(tmp_path / "no" / "where.wav")]) == 1
    assert "where.wav cannot be written: No such file or directory." in capsys.readouterr().err


def test_out_without_speak_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["rehearse", "desk_reset", "--out", "x.wav"])
    assert left.value.code == 2
    assert "--out belongs to --speak" in capsys.readouterr().err
