"""A PulseAudio server of one's own with two null sinks: a real speaker and a real microphone without hardware.

What the coach plays goes to the sink `speaker`; its monitor is recorded to prove what was said. What is played into
the sink `microphone` is what the coach hears. Works as root and as anyone, several at once, and leaves nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

SPEAKER, MICROPHONE = "speaker", "microphone"
_MODULES = (
    "module-native-protocol-unix socket={socket} auth-anonymous=1",
    f"module-null-sink sink_name={SPEAKER} rate=48000",
    f"module-null-sink sink_name={MICROPHONE} rate=48000",
)


class Pulse:
    """A running server. `environment` makes this process's children, `entered` this process itself, its clients."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pulse-", ignore_cleanup_errors=True)
        self._path = Path(self._folder.name)
        self.environment = {
            "PULSE_SERVER": f"unix:{self._path}/native",
            "PULSE_RUNTIME_PATH": str(self._path),
            "PULSE_STATE_PATH": str(self._path),
            "PULSE_CONFIG_PATH": str(self._path),
        }
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the server, as after a crash of it."""
        modules = [m.format(socket=self._path / "native") for m in _MODULES]
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=stderr"]
        command += [f"--load={module}" for module in modules]
        with (self._path / "log").open("wb") as log:
            self._server = subprocess.Popen(command, env={**self._all, "HOME": str(self._path)}, stderr=log)
        self._wait_for_socket()
        self.pactl("set-default-sink", SPEAKER)
        self.pactl("set-default-source", f"{MICROPHONE}.monitor")

    def kill(self) -> None:
        """Take the server away, as pulling out the device would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None
        (self._path / "native").unlink(missing_ok=True)

    def pactl(self, *words: str) -> str:
        """Run `pactl`; what it printed."""
        done = subprocess.run(["pactl", *words], env=self._all, check=True, capture_output=True, text=True, timeout=10)
        return done.stdout

    def play(self, path: Path, sink: str = MICROPHONE) -> subprocess.Popen[bytes]:
        """Play a WAV file into `sink`; wait() for its end. With the default sink the coach hears it."""
        return subprocess.Popen(["paplay", f"--device={sink}", str(path)], env=self._all)

    @contextmanager
    def recording(self, path: Path, sink: str = SPEAKER, rate: int = 16_000) -> Iterator[None]:
        """Record what `sink` plays into `path` (raw int16 mono at `rate`, see `recorded`) while the block runs."""
        command = ["parec", f"--device={sink}.monitor", f"--rate={rate}", "--format=s16le", "--channels=1"]
        with path.open("wb") as file:
            recorder = subprocess.Popen([*command, "--latency-msec=20"], env=self._all, stdout=file)
            _until(lambda: path.stat().st_size > 0, "parec records nothing")
            try:
                yield
            finally:
                recorder.terminate()
                recorder.wait()

    @property
    def _all(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _wait_for_socket(self) -> None:
        def answers() -> bool:
            assert self._server is not None
            if self._server.poll() is not None:
                raise RuntimeError(f"pulseaudio ended: {(self._path / 'log').read_text()}")
            probe = subprocess.run(["pactl", "info"], env=self._all, capture_output=True, timeout=10, check=False)
            return probe.returncode == 0

        _until(answers, "pulseaudio does not answer")

    def __enter__(self) -> Pulse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(ProcessLookupError):
            self.kill()
        self._folder.cleanup()


def recorded(path: Path) -> NDArray[np.float32]:
    """A recording as float32[n] in [-1, 1]."""
    return np.frombuffer(path.read_bytes()[: path.stat().st_size // 2 * 2], "<i2").astype(np.float32) / 32768.0


def installed() -> bool:
    """Whether this machine has PulseAudio at all."""
    return all(shutil.which(name) for name in ("pulseaudio", "pactl", "paplay", "parec"))


def _until(ready: Callable[[], bool], otherwise: str, seconds: float = 10.0) -> None:
    """Wait for another process, the only thing here that no clock of ours can drive."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        pause.wait(0.02)
