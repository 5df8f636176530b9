"""The full screen: made to be read from the floor, three metres away.

`picture` is a pure function of what there is to show and the room there is for it; `TerminalDisplay` only draws it.
"""

from __future__ import annotations

from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from assistant.dialogue.commands import PhaseName
from assistant.dialogue.view import View
from assistant.display import MUTED, Shown, heard
from assistant.display.digits import big, clock
from assistant.display.keys import KEY_HELP

_QUIET_DB, _LOUD_DB = -60.0, -6.0
"""The two ends of the microphone's bar, in dB below full scale."""

_LABEL = 9
"""Columns of the words before bars and facts."""

_TITLES = {
    PhaseName.IDLE: "Listening",
    PhaseName.CHECKING: "A question first",
    PhaseName.PAUSED: "Paused",
    PhaseName.HURT: "Stopped: what kind of pain?",
    PhaseName.CONFIRMING: "Yes or no?",
    PhaseName.CALIBRATING: "Trying the microphone",
    PhaseName.REVIEWING: "How was it?",
    PhaseName.DONE: "Done. Rest well.",
}
"""What stands above where no move does, or where the phase matters more."""


class TerminalDisplay:
    """Draws on `console` from `with` to its end, on a screen of its own; what was there comes back afterwards."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._drawn: list[Text] = []

    def __enter__(self) -> TerminalDisplay:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, shown: Shown) -> None:
        """Draw `shown`, unless the screen shows just that already."""
        width, height = self._console.size
        block = "█" if self._console.encoding.startswith("utf") else "#"
        lines = picture(shown, width, height, block)
        if lines != self._drawn:
            self._drawn = lines
            self._live.update(Group(*lines), refresh=True)


def picture(shown: Shown, width: int, height: int, block: str = "█") -> list[Text]:
    """The whole screen in at most `height` lines of at most `width` characters, whatever these are."""
    if shown.keys:
        return _fitted([Text(line) for line in KEY_HELP.splitlines()], width, height)
    view = shown.view
    facts = [
        _bar("move", view.move_fraction, width, block, "green") if view.move else None,
        _bar("session", view.session_fraction, width, block, "cyan") if view.routine else None,
        _label("coach").append(view.speaking),  # always there, or the lines would jump at every sentence
        _fact("next", view.coming_next),
        _label("heard").append(heard(shown)),
        _ears(shown, width, block),
        _fact("say", " · ".join(view.options), "bold"),
    ]
    foot = Text(f"/{shown.typed}_", "bold") if shown.typed is not None else Text("? keys   / type a phrase", "dim")
    below = [*(line for line in facts if line is not None), foot]
    middle = height - 2 - len(below)  # the last line stays free, since some terminals scroll when it is written
    time = _time(view, width, max(middle - 2, 1), block)
    spare = max(middle - len(time), 0)
    above = [Text("")] * (spare // 2)
    return _fitted([_title(view, width), *above, *time, *[Text("")] * (spare - len(above)), *below], width, height)


def _title(view: View, width: int) -> Text:
    title = _TITLES.get(view.phase, "") if not view.move or view.phase in _TITLES else view.move
    if view.move and title != view.move:
        title = f"{title}  ({view.move})"
    side = f"{view.side.value.upper()} SIDE" if view.side else ""
    line = Text(title, "bold")
    if side:
        gap = max(width - line.cell_len - len(side), 2)
        line.append(" " * gap)
        line.append(side, "bold reverse")
        if line.cell_len > width:  # the side is worth more than the end of the name
            line = Text(title, "bold")
            line.truncate(max(width - len(side) - 2, 0), overflow="ellipsis")
            line.append("  ")
            line.append(side, "bold reverse")
    return line


def _time(view: View, width: int, height: int, block: str) -> list[Text]:
    if view.remaining_ms is None:
        return []
    lines = big(clock(view.remaining_ms), width, height, block)
    indent = " " * ((width - max(map(len, lines))) // 2)
    style = "bold" if view.phase is PhaseName.WORKING else "dim"
    return [Text(indent + line, style) for line in lines]


def _ears(shown: Shown, width: int, block: str) -> Text:
    if shown.view.muted:
        return _label("mic").append(f"MICROPHONE {MUTED}", "bold reverse yellow")
    if shown.level_db is None:
        return _label("mic").append("none: use the keys", "yellow")
    loudness = (shown.level_db - _QUIET_DB) / (_LOUD_DB - _QUIET_DB)
    return _bar("mic", loudness, width, block, "magenta", longest=30)


def _bar(label: str, fraction: float, width: int, block: str, style: str, longest: int = 200) -> Text:
    length = max(min(width - _LABEL - 1, longest), 4)
    full = round(min(max(fraction, 0.0), 1.0) * length)
    rest = ("░" if block == "█" else ".") * (length - full)
    return _label(label).append(block * full, style).append(rest, "dim")


def _fact(label: str, words: str, style: str = "") -> Text | None:
    return _label(label).append(words, style) if words else None


def _label(label: str) -> Text:
    return Text().append(f"{label:<{_LABEL}}", "dim")


def _fitted(lines: list[Text], width: int, height: int) -> list[Text]:
    for line in lines:
        line.truncate(max(width, 1), overflow="ellipsis")
        line.no_wrap = True
    return lines[: max(height, 1)]
