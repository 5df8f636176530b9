"""Text to samples, through a child process with a time limit."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from assistant.audio import wav
from assistant.audio.resample import resampled
from assistant.errors import AudioError, SpeakingError
from assistant.speaking.loudness import Speech, evened, loudness
from assistant.speaking.voice import PIPER, Voice

HELLO_S = 15.0  # a cold disk and a slow machine; usually 0.1 s
RENDER_S = 12.0  # eSpeak takes 20 ms a sentence, other engines up to a second
# By its path, not as a module: the child then imports nothing of ours and is ready in a tenth of a second.
_CHILD = (sys.executable, str(Path(__file__).with_name("engine_child.py")))

NO_ENGINE, ENGINE_FAILED = "no_engine", "engine_failed"
HOW_TO_GET = {
    "linux": "install it with `sudo apt install espeak-ng` (Fedora: `sudo dnf install espeak-ng`)",
    "darwin": "install it with `brew install espeak-ng`",
    "win32": "install eSpeak NG from its release page, or a voice in Settings > Time & language > Speech",
}


class Renderer:
    """Renders one text at a time with `voice`. Not for two threads at once.

    `start` returns at once, so that the engine loads while other things do; `render` starts it where needed. A child
    that died or hung is replaced and the text tried once more.
    """

    def __init__(
        self,
        voice: Voice,
        *,
        time_limit_s: float = RENDER_S,
        hello_limit_s: float = HELLO_S,
        child: Sequence[str] = _CHILD,
    ) -> None:
        self.voice = voice
        self._time_limit_s, self._hello_limit_s = time_limit_s, hello_limit_s
        self._command = child
        self._child: _Child | None = None
        self._refusal: SpeakingError | None = None  # there is no engine, or we are closed: no further tries

    def start(self) -> None:
        """Begin to load the engine, without waiting for it."""
        if self._child is None and self._refusal is None:
            self._child = _Child([*self._command, *([self.voice.engine] if self.voice.engine else [])])

    def use(self, voice: Voice) -> None:
        """Render with this voice from now on; another engine is loaded when it is first needed."""
        if voice.engine != self.voice.engine:
            self._drop()
            if self._refusal is not None and self._refusal.code == NO_ENGINE:
                self._refusal = None
        self.voice = voice

    @property
    def voices(self) -> list[tuple[str, str]]:
        """The English voices of the engine as (id, description), the one it takes by itself first.

        Waits for the engine. SpeakingError if there is none.
        """
        _, child = self._ready()
        return [(str(id_), str(about)) for id_, about in child.hello().get("voices", ())]

    @property
    def identity(self) -> str:
        """Engine and version, as "espeak 1.51, pyttsx3 2.99"; waits for the engine. SpeakingError if there is none."""
        return self._ready()[0]

    def render(self, text: str) -> Speech:
        """The speech of `text`, trimmed and evened. SpeakingError: no engine, or it failed twice."""
        try:
            return self._rendered(text)
        except _ChildFailedError:
            self._drop()
        try:
            return self._rendered(text)
        except _ChildFailedError as error:
            self._drop()
            sentence = f'The speech engine failed on "{text}" ({error}): tones and the screen carry on.'
            raise SpeakingError(sentence, code=ENGINE_FAILED) from error

    def close(self) -> None:
        """End the child, from any thread; a `render` that waits for it fails at once."""
        self._refusal = SpeakingError("The speech engine is closed.", code="closed")
        self._drop()

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def _rendered(self, text: str) -> Speech:
        engine, child = self._ready()
        path = child.folder / "speech.wav"
        request = {"text": text, "path": str(path), "settings": self.voice.for_engine(engine.split()[0])}
        answer = child.ask(request, self._time_limit_s)
        if "error" in answer:
            raise _ChildFailedError(answer["error"])
        try:
            sound = wav.read(path)
        except AudioError as error:
            raise _ChildFailedError(str(error)) from error
        finally:
            path.unlink(missing_ok=True)
        played = round(sound.rate * self.voice.shift(engine.split()[0]))  # as if it had been recorded faster: higher
        spoken = sound.mono(sound.rate)
        return evened(resampled(spoken, played, sound.rate), sound.rate, loudness(spoken, sound.rate))

    def _ready(self) -> tuple[str, _Child]:
        self.start()
        child = self._child
        if self._refusal is not None or child is None:
            raise self._refusal or _ChildFailedError("it was closed")
        hello = child.hello(self._hello_limit_s)
        if "missing" in hello:
            self._drop()
            self._refusal = SpeakingError(_how_to_get(self.voice), code=NO_ENGINE)
            raise self._refusal
        return f"{hello['engine']} {hello['version']}", child


def _how_to_get(voice: Voice) -> str:
    if voice.engine == PIPER:
        return "The natural voice is not installed: see `coach voices`, which also names the others."
    how = HOW_TO_GET.get(sys.platform, HOW_TO_GET["linux"])
    return f"There is no speech engine on this computer: {how}."


class _ChildFailedError(Exception):
    """The child died, hung or reported an error."""


class _Child:
    """One run of the engine child, and the folder it writes into."""

    def __init__(self, command: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="floorcoach-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        self._stdin = self._process.stdin
        self._hello: dict[str, Any] | None = None

    def hello(self, time_limit_s: float = HELLO_S) -> dict[str, Any]:
        """What the child says first: engine and version, or why there is none."""
        if self._hello is None:
            try:
                self._hello = self._answer(time_limit_s)
            except _ChildFailedError as error:  # it could not even load: there is no engine to be had
                self._hello = {"missing": str(error)}
        return self._hello

    def ask(self, request: dict[str, Any], time_limit_s: float) -> dict[str, Any]:
        try:
            self._stdin.write(json.dumps(request) + "\n")
            self._stdin.flush()
        except OSError as error:
            raise _ChildFailedError("it has ended") from error
        return self._answer(time_limit_s)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close_quietly(pipe)
        self._folder.cleanup()

    def _answer(self, time_limit_s: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=time_limit_s)
        except queue.Empty:
            raise _ChildFailedError(f"no answer within {time_limit_s:g} s") from None
        if not line:
            raise _ChildFailedError("it has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _read(self, stdout: IO[str]) -> None:
        for line in stdout:
            self._lines.put(line)
        self._lines.put("")


def _close_quietly(pipe: IO[str]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # unsent text to a dead child
