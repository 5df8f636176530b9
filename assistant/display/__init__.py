"""What the person sees: a full screen on a terminal, plain lines everywhere else. Both show the same `Shown`."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, TextIO

from assistant.dialogue.view import View

MUTED = "MUTED - say 'open microphone' or press m"


@dataclass(frozen=True)
class Shown:
    """All there is to show at one moment.

    `level_db`: the microphone, dB below full scale, None without one. `ignored`: the last utterance and why it counted
    for nothing, where that was the last thing heard. `typed`: the phrase being typed, if any. `keys`: the list of keys
    is wanted.
    """

    view: View
    level_db: float | None = None
    ignored: tuple[str, str] | None = None
    typed: str | None = None
    keys: bool = False


def heard(shown: Shown) -> str:
    """The last thing heard and what became of it, in one line; empty at first."""
    text, outcome = shown.ignored or (shown.view.heard, shown.view.heard_outcome)
    return f"{text} ({outcome})" if text and outcome else text


class Display(Protocol):
    """Shows from `with` to its end. `show` may be called as often as one likes, from one thread."""

    def __enter__(self) -> Display: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, shown: Shown) -> None: ...


def choose(stream: TextIO, *, plain: bool) -> Display:
    """The full screen if `stream` is a terminal that can do it and `plain` is not asked for, else plain lines."""
    if not plain and stream.isatty():
        from rich.console import Console

        console = Console(file=stream)
        if not console.is_dumb_terminal:
            from assistant.display.terminal import TerminalDisplay

            return TerminalDisplay(console)
    from assistant.display.plain import PlainDisplay

    return PlainDisplay(stream)
