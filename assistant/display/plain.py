"""Plain lines for pipes, logs and screen readers: one line for each thing that changes, nothing drawn over."""

from __future__ import annotations

from types import TracebackType
from typing import TextIO

from assistant.display import Shown
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
    move = view.move or ""
    if view.side:
        move += f", {view.side.value} side"
    heard = f"heard: {view.heard}" if view.heard else ""
    if heard and view.heard_outcome:
        heard += f" ({view.heard_outcome})"
    return {
        "phase": f"phase: {view.phase.value}",
        "move": f"move: {move}" if move else "",
        "next": f"next: {view.coming_next}" if view.coming_next else "",
        "speaking": f"coach: {view.speaking}" if view.speaking else "",
        "heard": heard,
        "options": f"say: {', '.join(view.options)}" if view.options else "",
        "muted": "microphone: muted" if view.muted else "microphone: open" if shown.level_db is not None else "",
        "keys": KEY_HELP.rstrip() if shown.keys else "",
    }
