"""What is on the screen, at any size, and what goes down a pipe."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant.catalog.model import Side
from assistant.dialogue.commands import PhaseName
from assistant.dialogue.view import View
from assistant.display import Shown, choose
from assistant.display.digits import big, clock
from assistant.display.plain import PlainDisplay
from assistant.display.terminal import TerminalDisplay, picture

VIEW = View(
    phase=PhaseName.WORKING,
    routine="Mid Back",
    move="Open Book",
    side=Side.LEFT,
    remaining_ms=34_200,
    move_fraction=0.25,
    session_fraction=0.5,
    coming_next="Low Chest Lift",
    options=("repeat", "easier", "next"),
    heard="repeat please",
    heard_outcome="done",
    muted=False,
    speaking="Knees stay stacked.",
)
SHOWN = Shown(VIEW, level_db=-33.0)
IDLE = View(PhaseName.IDLE, "", "", None, None, 0.0, 0.0, "", ("list routines",), "", "", muted=False, speaking="")


def screen(shown: Shown, width: int = 80, height: int = 24) -> list[str]:
    return [line.plain for line in picture(shown, width, height)]


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (1, "0:01"), (1000, "0:01"), (1001, "0:02"), (59_001, "1:00"), (754_000, "12:34")]
)
def test_a_started_second_counts_whole(ms: int, text: str) -> None:
    assert clock(ms) == text


def test_digits_are_drawn() -> None:
    assert big("1:5", 18, 5, "#") == [
        "  ##        ######",
        "####    ##  ##    ",
        "  ##        ######",
        "  ##    ##      ##",
        "######      ######",
    ]


def test_digits_grow_with_the_room_and_give_way_to_text() -> None:
    assert len(big("0:35", 80, 10)) == 10
    assert len(big("0:35", 80, 9)) == 5
    assert len(big("0:35", 51, 10)) == 5
    assert big("0:35", 25, 10) == ["0:35"]
    assert big("0:35", 80, 4) == ["0:35"]


def test_a_screen_of_80_by_24_shows_everything() -> None:
    lines = screen(SHOWN)
    text = "\n".join(lines)
    assert lines[0].startswith("Open Book")
    assert lines[0].endswith("LEFT SIDE")
    assert (
        sum("█" in line and "move" not in line and "session" not in line and "mic" not in line for line in lines) == 10
    )
    for words in (
        "next     Low Chest Lift",
        "heard    repeat please (done)",
        "say      repeat · easier · next",
        "? keys",
    ):
        assert words in text


def test_what_stands_below_stays_where_it_is_when_the_time_comes_and_goes() -> None:
    without = screen(replace(SHOWN, view=replace(VIEW, remaining_ms=None)))
    assert len(without) == len(screen(SHOWN)) == 23
    assert without[-8:] == screen(SHOWN)[-8:]


def test_bars_are_as_full_as_their_fraction() -> None:
    bars = {line.split()[0]: line.split()[1] for line in screen(SHOWN) if line.startswith(("move", "session", "mic"))}
    assert (bars["move"].count("█"), len(bars["move"])) == (18, 70)
    assert (bars["session"].count("█"), len(bars["session"])) == (35, 70)
    assert (bars["mic"].count("█"), len(bars["mic"])) == (15, 30)


@given(
    width=st.integers(1, 300),
    height=st.integers(1, 100),
    remaining=st.none() | st.integers(-5, 10**8),
    phase=st.sampled_from(PhaseName),
    side=st.none() | st.sampled_from(Side),
    move=st.sampled_from(["", "Open Book", "A move with a name far longer than any screen is wide " * 3, "体操"]),
    keys=st.booleans(),
)
def test_it_fits_whatever_the_size(
    width: int, height: int, remaining: int | None, phase: PhaseName, side: Side | None, move: str, keys: bool
) -> None:
    shown = replace(SHOWN, view=replace(VIEW, remaining_ms=remaining, phase=phase, side=side, move=move), keys=keys)
    lines = picture(shown, width, height)
    assert 1 <= len(lines) <= height
    assert max(line.cell_len for line in lines) <= width


def test_on_a_narrow_screen_the_side_is_worth_more_than_the_end_of_the_name() -> None:
    assert screen(SHOWN, 18, 24)[0] == "Open B…  LEFT SIDE"


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (
            replace(SHOWN, view=replace(VIEW, muted=True)),
            "mic      MICROPHONE MUTED - say 'open microphone' or press m",
        ),
        (replace(SHOWN, level_db=None), "mic      none: use the keys"),
        (replace(SHOWN, ignored=("the spoon", "no command")), "heard    the spoon (no command)"),
        (replace(SHOWN, typed="start mi"), "/start mi_"),
        (replace(SHOWN, keys=True), "g  ready                       n  next"),
        (replace(SHOWN, view=replace(VIEW, phase=PhaseName.PAUSED, side=None)), "Paused  (Open Book)"),
        (Shown(IDLE), "Listening"),
        (Shown(IDLE), "say      list routines"),
    ],
)
def test_what_else_can_be_seen(shown: Shown, line: str) -> None:
    assert line in screen(shown)


def test_idle_shows_no_bars_and_no_time() -> None:
    text = "\n".join(screen(Shown(IDLE)))
    assert "█" not in text
    assert "session" not in text


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_the_terminal_draws_changes_only_and_gives_the_screen_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    console = Console(file=stream, width=80, height=24, force_terminal=True)
    with TerminalDisplay(console) as display:
        display.show(SHOWN)
        drawn = len(stream.getvalue())
        assert "Open Book" in stream.getvalue()
        display.show(SHOWN)
        assert len(stream.getvalue()) == drawn
        display.show(replace(SHOWN, view=replace(VIEW, remaining_ms=33_000)))
        assert len(stream.getvalue()) > drawn
    assert stream.getvalue().count("\x1b[?1049h") == 1
    assert stream.getvalue().count("\x1b[?1049l") == 1


def test_a_terminal_that_is_resized_is_drawn_anew() -> None:
    stream = Terminal()
    console = Console(file=stream, width=80, height=24, force_terminal=True)
    with TerminalDisplay(console) as display:
        display.show(SHOWN)
        console.size = console.size._replace(width=30, height=8)
        before = len(stream.getvalue())
        display.show(SHOWN)
        assert len(stream.getvalue()) > before


def test_a_console_without_blocks_gets_hash_marks() -> None:
    assert "#" in picture(SHOWN, 80, 24, "#")[3].plain


@pytest.mark.parametrize(
    ("term", "plain", "kind"),
    [("xterm", False, TerminalDisplay), ("xterm", True, PlainDisplay), ("dumb", False, PlainDisplay)],
)
def test_the_display_fits_the_stream(monkeypatch: pytest.MonkeyPatch, term: str, plain: bool, kind: type) -> None:
    monkeypatch.setenv("TERM", term)
    assert type(choose(Terminal(), plain=plain)) is kind
    assert type(choose(io.StringIO(), plain=False)) is PlainDisplay


def test_plain_writes_a_line_for_each_change_and_no_more() -> None:
    stream = io.StringIO()
    with PlainDisplay(stream) as display:
        display.show(SHOWN)
        display.show(replace(SHOWN, view=replace(VIEW, remaining_ms=1, move_fraction=1.0), level_db=-3.0))
        first = stream.getvalue()
        display.show(replace(SHOWN, view=replace(VIEW, side=Side.RIGHT, speaking="")))
        display.show(SHOWN)
    assert first.splitlines() == [
        "phase: working",
        "move: Open Book, left side",
        "next: Low Chest Lift",
        "coach: Knees stay stacked.",
        "heard: repeat please (done)",
        "say: repeat, easier, next",
        "microphone: open",
    ]
    assert stream.getvalue()[len(first) :].splitlines() == [
        "move: Open Book, right side",
        "move: Open Book, left side",
        "coach: Knees stay stacked.",
    ]


def test_a_muted_microphone_is_a_line_of_its_own() -> None:
    stream = io.StringIO()
    with PlainDisplay(stream) as display:
        display.show(Shown(replace(IDLE, muted=True)))
    assert "microphone: MUTED - say 'open microphone' or press m" in stream.getvalue().splitlines()


def test_a_reader_that_goes_away_ends_the_writing_only() -> None:
    stream = io.StringIO()
    display = PlainDisplay(stream)
    stream.close()
    with display:
        display.show(SHOWN)
        display.show(Shown(IDLE))
