"""`coach start`: what it hands over, and what it does where there is no sound."""

from __future__ import annotations

from typing import Any

import pytest

from assistant import cli
from assistant.audio.devices import Device, PortAudio
from assistant.config import Config
from assistant.errors import AudioError
from assistant.session import live
from assistant.storage import places


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What a live session was started with, instead of one."""
    calls: list[tuple[Any, ...]] = []

    def run(routine: str | None, config: Config) -> int:
        calls.append((routine, config))
        return 0

    monkeypatch.setattr(live, "run", run)
    return calls


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A machine without a microphone; what `coach demo` was asked for."""

    def refuse(routine: str | None, config: Config) -> int:
        raise AudioError("There is no microphone: plug one in and try again.")

    demos: list[Any] = []
    monkeypatch.setattr(live, "run", refuse)
    monkeypatch.setattr(PortAudio, "devices", lambda self: [Device(0, "Speaker", "ALSA", 0, 2, 48_000)])
    monkeypatch.setattr("assistant.cli.demo.run", lambda args: demos.append(args) or 0)
    return demos


def test_it_starts_a_session(started: list[tuple[Any, ...]]) -> None:
    assert cli.main(["start"]) == 0
    assert cli.main(["start", "mid_back_full"]) == 0
    assert started == [(None, Config()), ("mid_back_full", Config())]


def test_settings_and_plain_are_handed_over(started: list[tuple[Any, ...]]) -> None:
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "config.yaml").write_text("speaker: Jabra\n")
    assert cli.main(["start", "--plain"]) == 0
    assert started == [(None, Config(speaker="Jabra", plain=True))]


def test_without_a_microphone_it_is_one_sentence(silent: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["start"]) == 1
    assert capsys.readouterr().err == "coach: There is no microphone: plug one in and try again.\n"
    assert silent == []


def test_without_a_microphone_script_start_gets_the_demo(silent: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["start", "--or-demo"]) == 0
    assert cli.main(["start", "--or-demo", "lunch_break"]) == 0
    assert [args.routine for args in silent] == ["mid_back_full", "lunch_break"]
    error = capsys.readouterr().err
    assert "There is no microphone" in error
    assert "speaker" not in error
    assert "playing a session in a simulated room instead" in error


def test_it_says_all_that_is_missing(
    silent: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(PortAudio, "devices", lambda self: [])
    assert cli.main(["start", "--or-demo"]) == 0
    error = capsys.readouterr().err
    assert "There is no microphone" in error
    assert "There is no speaker" in error


def test_other_faults_are_not_covered_by_a_demo(monkeypatch: pytest.MonkeyPatch, silent: list[Any]) -> None:
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "config.yaml").write_text("sound: loud\n")
    assert cli.main(["start", "--or-demo"]) == 1
    assert silent == []
