"""The ears of a live session, through PulseAudio: the microphone muted and opened by voice, and what was heard."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from test_live import PATIENCE_S, Reader, coach

from assistant.audio import wav
from assistant.cli import main
from assistant.speaking import Renderer, Voice
from assistant.storage.store import HEARD
from pulse import Pulse

Say = Callable[[str], None]


@pytest.fixture(scope="module")
def pulse() -> Iterator[Pulse]:
    with Pulse() as server:
        yield server


@pytest.fixture
def say(pulse: Pulse, tmp_path: Path) -> Iterator[Say]:
    """Says words into the microphone, with a voice that is not the coach's, and waits until they are said."""
    renderer = Renderer(Voice(id="en-us+f4", rate=155))

    def speak(words: str) -> None:
        speech = renderer.render(words)
        path = tmp_path / f"{words.replace(' ', '_')}.wav"
        wav.write(path, speech.samples * np.float32(0.3 / 32768), speech.rate)
        pulse.play(path).wait(PATIENCE_S)

    yield speak
    renderer.close()


def said(say: Say, words: str, lines: Reader, answer: str) -> None:
    """Say words until they are answered: while the coach speaks, and on a machine with other work, once may not do."""
    for _ in range(3):
        say(words)
        with suppress(AssertionError):
            lines.wait_for(answer, 6)
            return
    lines.wait_for(answer)


def test_a_muted_microphone_hears_only_what_opens_it(
    pulse: Pulse, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    with coach(pulse, "start", "--plain", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        assert session.stdout
        lines = Reader(session.stdout.fileno())
        lines.wait_for("coach: Hello.")
        lines.wait_for("microphone: open")
        said(say, "mute microphone", lines, "microphone: MUTED - say 'open microphone' or press m")
        say("what routines are there")
        said(say, "open microphone", lines, "microphone: open")
        said(say, "what did you hear", lines, "open microphone.")
        session.terminate()
        assert session.wait(PATIENCE_S) == 0
        lines.finish()
    assert main(["heard", "--json"]) == 0
    heard = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    done = [line["command"] for line in heard if line["decision"] == "done"]
    assert list(dict.fromkeys(done)) == ["mute_microphone", "open_microphone", "what_heard"]
    assert "routines" not in str(heard)


def test_calibrate_begins_at_once_and_ctrl_c_leaves_nothing_behind(pulse: Pulse, say: Say) -> None:
    with coach(pulse, "calibrate", "--plain", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        assert session.stdout
        lines = Reader(session.stdout.fileno())
        lines.wait_for("phase: calibrating")
        lines.wait_for("coach: Once there, say how many more.")
        said(say, "how many more", lines, "coach: Say make it easier.")
        session.send_signal(signal.SIGINT)
        assert session.wait(PATIENCE_S) == 1
        lines.wait_for("Nothing was kept.")
        lines.finish()
    data = Path(os.environ["FLOORCOACH_HOME"]) / "data"
    assert {path.name for path in data.glob("*")} <= {HEARD}


def test_a_microphone_that_is_turned_up_too_far_is_told_aloud(pulse: Pulse, tmp_path: Path) -> None:
    t = np.arange(16_000 * 12) / 16_000
    wav.write(tmp_path / "loud.wav", np.clip(3 * np.sin(2 * np.pi * 200 * t), -1, 1).astype(np.float32), 16_000)
    with coach(pulse, "start", "--plain", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        assert session.stdout
        lines = Reader(session.stdout.fileno())
        lines.wait_for("coach: Hello.")
        pulse.play(tmp_path / "loud.wav").wait(PATIENCE_S)
        lines.wait_for("coach: The microphone default [ALSA] is turned up too far: turn it down")
        session.terminate()
        assert session.wait(PATIENCE_S) == 0
        lines.finish()
