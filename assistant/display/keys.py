"""The keyboard as an ear: single keys are commands, and what follows `/` is a phrase, as if it were said.

Where the input is no terminal (a pipe, a script), each line is a phrase. KEY_HELP is the list of keys.
"""

from __future__ import annotations

import os
import re
import select
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TextIO

from assistant.dialogue.commands import Command, PhaseName

KEYS: dict[str, Command] = {
    "n": Command.NEXT,
    "r": Command.REPEAT,
    "e": Command.EASIER,
    "h": Command.HARDER,
    "s": Command.STOP,
    "b": Command.PREVIOUS,
    "k": Command.SKIP,
    "x": Command.EXPLAIN,
    "y": Command.YES,
    "o": Command.NO,
    "g": Command.READY,
    "t": Command.TIME,
    "+": Command.LOUDER,
    "-": Command.QUIETER,
    "u": Command.UNDO,
    "q": Command.END,
}
"""Space and m depend on the moment and are not here."""

KEY_HELP = """\
space  pause, or go on         s  stop
g  ready                       n  next
r  repeat                      x  explain
k  skip this move              b  previous move
e  easier                      h  harder
t  how long                    u  undo
y  yes                         o  no
+  louder                      -  quieter
m  mute, open microphone       q  end the session
/  type a phrase, then Enter   ?  these keys
"""

_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O.)")
"""What an arrow or a function key sends: no command."""

TYPE_KEY = "/"
HELP_KEY = "?"


@dataclass(frozen=True)
class Pressed:
    """A key that is a command."""

    command: Command


@dataclass(frozen=True)
class Phrase:
    """Words typed; the phrase table decides what they mean, as for words heard."""

    text: str


class Typist:
    """Turns characters into commands and phrases. `line` is the phrase being typed, None outside; `help` is wanted."""

    def __init__(self) -> None:
        self.line: str | None = None
        self.help = False

    def press(self, key: str, phase: PhaseName, *, muted: bool = False) -> Pressed | Phrase | None:
        """One character, in the phase that is on; what it completes, if anything."""
        if self.line is not None:
            return self._typing(key)
        if key == HELP_KEY:
            self.help = not self.help
            return None
        self.help = False
        if key == TYPE_KEY:
            self.line = ""
        elif key == " ":
            return Pressed(Command.RESUME if phase is PhaseName.PAUSED else Command.PAUSE)
        elif key == "m":
            return Pressed(Command.OPEN_MICROPHONE if muted else Command.MUTE_MICROPHONE)
        elif key in KEYS:
            return Pressed(KEYS[key])
        return None

    def _typing(self, key: str) -> Phrase | None:
        line = self.line or ""
        if key in "\r\n":
            self.line = None
            return Phrase(line.strip()) if line.strip() else None
        if key == "\x1b":  # Escape
            self.line = None
        elif key in "\x7f\b":  # Backspace
            self.line = line[:-1]
        elif key == "\x15":  # Ctrl-U
            self.line = ""
        elif key.isprintable():
            self.line = line + key
        return None


class Keyboard:
    """Reads `stream` in a thread of its own, from `with` to its end: single keys of a terminal, else whole lines.

    `on_key` gets each character, `on_line` each line; both are called in that thread. The terminal's own settings
    come back in any case, and Ctrl-C stays what it is.
    """

    def __init__(self, on_key: Callable[[str], None], on_line: Callable[[str], None], stream: TextIO) -> None:
        self._on_key = on_key
        self._on_line = on_line
        self._stream = stream
        self._closing = threading.Event()
        self._restore: Callable[[], None] = lambda: None
        self._wake: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Keyboard:
        try:
            descriptor = self._stream.fileno()
            single = self._stream.isatty()
        except (OSError, ValueError):  # no input at all
            return self
        if os.name == "nt":
            read = self._windows_keys if single else self._lines
        else:
            self._wake = os.pipe()
            if single:
                self._restore = _cbreak(descriptor)
            read = lambda: self._posix(descriptor, single)  # noqa: E731 - one of three ways to read, chosen here
        self._thread = threading.Thread(target=read, name="keyboard", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._wake:
            os.write(self._wake[1], b"x")
        if self._thread and os.name != "nt":  # a Windows pipe cannot be waited for; its thread ends with the process
            self._thread.join(1)
        self._restore()
        for descriptor in self._wake or ():
            os.close(descriptor)

    def _posix(self, descriptor: int, single: bool) -> None:
        assert self._wake
        pending = b""
        while not self._closing.is_set():
            ready, _, _ = select.select([descriptor, self._wake[0]], [], [])
            if self._wake[0] in ready:
                return
            try:
                pending += (data := os.read(descriptor, 1024))
            except OSError:  # the terminal is gone
                return
            if not data:
                return
            pending = self._deliver(pending, single)

    def _deliver(self, pending: bytes, single: bool) -> bytes:
        """Hand over what is whole, and return the rest."""
        if not single:
            *lines, rest = pending.split(b"\n")
            for line in lines:
                self._on_line(line.decode("utf-8", "replace").strip())
            return rest
        try:
            text = pending.decode("utf-8")
        except UnicodeDecodeError as error:
            if len(pending) - error.start < 4:  # a character of several bytes, not yet complete
                return pending
            text = pending.decode("utf-8", "replace")
        for key in _SEQUENCE.sub("", text):
            self._on_key(key)
        return b""

    def _lines(self) -> None:
        for line in self._stream:
            if self._closing.is_set():
                return
            self._on_line(line.strip())

    def _windows_keys(self) -> None:
        if sys.platform == "win32":
            import msvcrt

            while not self._closing.wait(0.05):
                while msvcrt.kbhit():
                    key = msvcrt.getwch()
                    if key in "\x00\xe0":  # an arrow or function key: its second half says which
                        msvcrt.getwch()
                    else:
                        self._on_key(key)


def _cbreak(descriptor: int) -> Callable[[], None]:
    """Single keys without echo; returns what puts the terminal back."""
    import termios
    import tty

    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)

    def restore() -> None:
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    return restore
