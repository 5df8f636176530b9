"""Plain lines for pipes, logs and screen readers: one line for each thing that changes, nothing drawn over."""

from __future__ import annotations

from types import TracebackType
from typing import TextIO

from assistant.display import MUTED, Shown, heard
from assistant.display.keys import KEY_HELP


class PlainDisplay:
    """Writes to `stream`. A reader that goes away ends the writing, not the session."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: dict[str, str] = {}
        self._gone = False

    def __enter__(self) -> PlainDisplay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, shown: Shown) -> None:
        """Write a line for whatever differs from the last call; the running time alone is no change."""
        for topic, line in _lines(shown).items():
            if line != self._last.get(topic):
                self._last[topic] = line
                if line:
                    self._write(line)

    def _write(self, line: str) -> None:
        if self._gone:
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._gone = True


def _lines(shown: Shown) -> dict[str, str]:
    view = shown.view
    lines = {
        "phase": view.phase.value,
        "move": f"{view.move}, {view.side.value} side" if view.side else view.move,
        "next": view.coming_next,
        "coach": view.speaking,
        "heard": heard(shown),
        "say": ", ".join(view.options),
        "microphone": MUTED if view.muted else "none" if shown.level_db is None else "open",
        "keys": "\n" + KEY_HELP.rstrip() if shown.keys else "",
    }
    return {topic: f"{topic}: {words}" if words else "" for topic, words in lines.items()}
