"""`coach start` as a person runs it: real streams through PulseAudio, a terminal, keys, Ctrl-C, and the place kept."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from assistant.catalog.load import load
from assistant.dialogue.person import counting, screened
from assistant.storage.profile import ProfileFile
from pulse import Pulse

PATIENCE_S = 30.0  # of a busy machine; it takes about two seconds


@pytest.fixture(scope="module")
def pulse() -> Iterator[Pulse]:
    with Pulse() as server:
        yield server


class Reader:
    """Collects what another process writes, without its colours, and waits for words in it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._text = ""
        self._more = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Read to the end, which comes when all writers have closed."""
        self._thread.join(PATIENCE_S)

    def wait_for(self, words: str, patience_s: float = PATIENCE_S) -> None:
        """Until `words` have been written since the last call."""
        with self._more:
            found = self._more.wait_for(lambda: words in self._text or self._ended, patience_s)
            assert found, f"{words!r} did not come within {patience_s:g} s; the last was:\n{self._text[-2000:]}"
            assert words in self._text, f"{words!r} never came; it was:\n{self._text[-4000:]}"
            self._text = self._text.split(words, 1)[1]

    def _read(self) -> None:
        pending = b""
        while True:
            try:
                data = os.read(self._descriptor, 65_536)
            except OSError:  # the other side of a pseudo-terminal is closed
                data = b""
            pending += data
            plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", pending.decode("utf-8", "ignore"))
            with self._more:
                self._text += plain
                self._ended = not data
                self._more.notify_all()
            pending = b""
            if not data:
                return


@pytest.fixture
def data() -> Path:
    return Path(os.environ["FLOORCOACH_HOME"]) / "data"


@pytest.fixture
def known(data: Path) -> None:
    """The person has answered the questions before a first session."""
    ProfileFile(data / "profile.json").save(screened(load()), date.today())


@contextmanager
def coach(pulse: Pulse, *args: str, **streams: int) -> Iterator[subprocess.Popen[bytes]]:
    """A running `coach`, which does not outlive the test."""
    environment = {**os.environ, **pulse.environment, "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "assistant", *args]
    with subprocess.Popen(command, env=environment, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def typed(session: subprocess.Popen[bytes], words: str) -> None:
    assert session.stdin
    session.stdin.write(words.encode() + b"\n")
    session.stdin.flush()


@pytest.mark.usefixtures("known")
def test_on_a_terminal_keys_and_typed_words_count_and_ctrl_c_keeps_the_place(
    pulse: Pulse, pseudo_terminal: tuple[int, int]
) -> None:
    outer, inner = pseudo_terminal
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(inner)
    screen = Reader(outer)
    with coach(pulse, "start", "mid_back_full", stdin=inner, stdout=inner, stderr=inner) as session:
        screen.wait_for("coach    Mid Back.")
        screen.wait_for("heard    start mid_back_full (done)")
        os.write(outer, b" ")
        screen.wait_for("Paused")
        os.write(outer, b"/next move\r")
        screen.wait_for("heard    next move (done)")
        os.write(outer, b"?")
        screen.wait_for("space  pause, or go on")
        session.send_signal(signal.SIGINT)
        assert session.wait(PATIENCE_S) == 0
    assert termios.tcgetattr(inner) == before
    checkpoint = Path(os.environ["FLOORCOACH_HOME"]) / "data" / "checkpoint.json"
    assert checkpoint.exists()

    with coach(pulse, "start", "--plain", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as again:
        assert again.stdout
        lines = Reader(again.stdout.fileno())
        lines.wait_for("phase: paused")
        typed(again, "end session")
        lines.wait_for("phase: confirming")
        typed(again, "yes")
        lines.wait_for("heard: yes (done)")
        again.send_signal(signal.SIGTERM)
        assert again.wait(PATIENCE_S) == 0
        lines.finish()
    assert not checkpoint.exists(), "it was ended, so there is no place to go back to"


def test_somebody_new_is_asked_first_and_what_they_say_is_kept(pulse: Pulse, data: Path) -> None:
    with coach(pulse, "start", "lunch_break", "--plain", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        assert session.stdout
        lines = Reader(session.stdout.fileno())
        lines.wait_for("phase: checking")
        typed(session, "my knee hurts")
        lines.wait_for("coach: Yes: easy on the knee today.")
        session.send_signal(signal.SIGTERM)
        assert session.wait(PATIENCE_S) == 0
        lines.finish()
    assert counting(ProfileFile(data / "profile.json").load(date.today()).tags) == {"knee_pain"}


@pytest.mark.usefixtures("known")
def test_another_routine_begins_at_once_whatever_was_left_unfinished(pulse: Pulse) -> None:
    for routine, first in (("wall_circuit", "move: Easy Torso Turns"), ("lunch_break", "move: Thoracic Extender")):
        with coach(pulse, "start", routine, "--plain", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
            assert session.stdout
            lines = Reader(session.stdout.fileno())
            lines.wait_for("phase: positioning")
            lines.wait_for(first)
            session.send_signal(signal.SIGTERM)
            assert session.wait(PATIENCE_S) == 0
            lines.finish()


def test_what_cannot_be_kept_is_told_without_file_names_and_in_full_at_the_end(pulse: Pulse) -> None:
    data = Path(os.environ["FLOORCOACH_HOME"]) / "data"
    data.parent.mkdir(parents=True)
    data.write_text("a file where the folder should be", encoding="utf-8")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with coach(pulse, "start", "lunch_break", "--plain", **pipes) as session:
        assert session.stdout
        assert session.stderr
        lines = Reader(session.stdout.fileno())
        lines.wait_for("coach: The disk does not take or give what I keep.")
        session.send_signal(signal.SIGTERM)
        assert session.wait(PATIENCE_S) == 0
        lines.finish()
        assert str(data) in session.stderr.read().decode()


@pytest.mark.usefixtures("known")
def test_a_faulty_file_of_the_persons_own_is_told_on_the_screen_and_aloud(pulse: Pulse, data: Path) -> None:
    (data / "routines").mkdir(parents=True, exist_ok=True)
    (data / "routines" / "tea.yaml").write_text("a: 1\n", encoding="utf-8")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with coach(pulse, "start", "--plain", **pipes) as session:
        assert session.stdout
        assert session.stderr
        lines = Reader(session.stdout.fileno())
        lines.wait_for("coach: Left out because of faults: one file of yours.")
        session.send_signal(signal.SIGTERM)
        assert session.wait(PATIENCE_S) == 0
        lines.finish()
        told = [line for line in session.stderr.read().decode().splitlines() if line.startswith("coach: left out: ")]
        assert len(told) == 1
        assert "tea.yaml:1: " in told[0]


def test_a_pipe_is_typed_words_and_its_end_is_no_end(pulse: Pulse) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with coach(pulse, "start", **pipes) as session:
        assert session.stdin
        assert session.stdout
        assert session.stderr
        lines = Reader(session.stdout.fileno())
        lines.wait_for("phase: idle")
        typed(session, "list routines")
        lines.wait_for("heard: list routines (done)")
        lines.wait_for("coach: There are")
        typed(session, "mumble")
        lines.wait_for("heard: mumble (not understood")
        session.stdin.close()
        session.send_signal(signal.SIGINT)
        assert session.wait(PATIENCE_S) == 0
        lines.finish()
        assert session.stderr.read() == b""
