"""Keys and typed phrases: what they mean, and that the terminal is given back as it was."""

from __future__ import annotations

import io
import os
import queue
from collections.abc import Iterator
from typing import TextIO

import pytest

from assistant.dialogue.commands import Command, PhaseName
from assistant.display.keys import HELP_KEY, KEY_HELP, KEYS, TYPE_KEY, Keyboard, Phrase, Pressed, Typist

WORKING, PAUSED = PhaseName.WORKING, PhaseName.PAUSED


def press(typist: Typist, keys: str, phase: PhaseName = WORKING) -> list[Pressed | Phrase | None]:
    return [typist.press(key, phase) for key in keys]


@pytest.mark.parametrize(("key", "command"), KEYS.items())
def test_a_key_is_its_command(key: str, command: Command) -> None:
    assert press(Typist(), key) == [Pressed(command)]


def test_every_key_is_explained() -> None:
    explained = {column.split()[0] for line in KEY_HELP.splitlines() for column in (line[:31], line[31:])}
    assert explained == {*KEYS, "space", "m", TYPE_KEY, HELP_KEY}


def test_space_pauses_and_goes_on() -> None:
    assert press(Typist(), " ") == [Pressed(Command.PAUSE)]
    assert press(Typist(), " ", PAUSED) == [Pressed(Command.RESUME)]


def test_m_mutes_and_opens() -> None:
    assert Typist().press("m", WORKING, muted=False) == Pressed(Command.MUTE_MICROPHONE)
    assert Typist().press("m", WORKING, muted=True) == Pressed(Command.OPEN_MICROPHONE)


def test_other_keys_mean_nothing() -> None:
    assert press(Typist(), "Z7\x00\t") == [None] * 4


def test_after_a_slash_letters_are_a_phrase() -> None:
    typist = Typist()
    assert press(typist, "/stop now") == [None] * 9
    assert typist.line == "stop now"
    assert press(typist, "\r") == [Phrase("stop now")]
    assert typist.line is None
    assert press(typist, "n") == [Pressed(Command.NEXT)]


def test_a_phrase_can_be_mended_and_given_up() -> None:
    typist = Typist()
    assert press(typist, "/nexx\x7ft\n")[-1] == Phrase("next")
    press(typist, "/stop\x15")
    assert typist.line == ""
    assert press(typist, "\x1b") == [None]
    assert typist.line is None
    assert press(typist, "/  \n") == [None] * 4
    assert typist.line is None
    press(typist, "/\x7f\x07")
    assert typist.line == ""


def test_the_list_of_keys_comes_and_goes() -> None:
    typist = Typist()
    press(typist, "?")
    assert typist.help
    press(typist, "?")
    assert not typist.help
    press(typist, "?n")
    assert not typist.help


class Fingers:
    """A keyboard on a pseudo-terminal or a pipe: write to `write`, what is read arrives in `got`."""

    def __init__(self, read: int, write: int) -> None:
        self.read, self.write = read, write
        self.stream: TextIO = open(read, encoding="utf-8", closefd=False)  # noqa: SIM115 - closed by the fixture
        self.got: queue.Queue[tuple[str, str]] = queue.Queue()

    def keyboard(self) -> Keyboard:
        return Keyboard(
            lambda key: self.got.put(("key", key)), lambda line: self.got.put(("line", line)), stream=self.stream
        )

    def take(self, count: int) -> list[tuple[str, str]]:
        return [self.got.get(timeout=10) for _ in range(count)]


@pytest.fixture
def terminal(pseudo_terminal: tuple[int, int]) -> Iterator[Fingers]:
    outer, inner = pseudo_terminal
    hands = Fingers(read=inner, write=outer)
    yield hands
    hands.stream.close()


@pytest.fixture
def pipe() -> Iterator[Fingers]:
    read, write = os.pipe()
    hands = Fingers(read, write)
    yield hands
    hands.stream.close()
    os.close(read)
    os.close(write)


def test_a_terminal_gives_single_keys_and_is_given_back(terminal: Fingers) -> None:
    import termios

    before = termios.tcgetattr(terminal.read)
    with terminal.keyboard():
        os.write(terminal.write, b"n /")
        assert terminal.take(3) == [("key", "n"), ("key", " "), ("key", "/")]
        os.write(terminal.write, b"\x1b[A")  # an arrow
        os.write(terminal.write, b"\xc3\xa9")
        assert terminal.take(1) == [("key", "é")]
        assert termios.tcgetattr(terminal.read) != before
    assert termios.tcgetattr(terminal.read) == before


def test_the_terminal_is_given_back_after_a_failure(terminal: Fingers) -> None:
    import termios

    before = termios.tcgetattr(terminal.read)
    with pytest.raises(ZeroDivisionError), terminal.keyboard():
        raise ZeroDivisionError
    assert termios.tcgetattr(terminal.read) == before


def test_a_pipe_gives_lines(pipe: Fingers) -> None:
    with pipe.keyboard():
        os.write(pipe.write, b"start mid back\r\nne")
        os.write(pipe.write, b"xt\n")
        assert pipe.take(2) == [("line", "start mid back"), ("line", "next")]


@pytest.mark.parametrize("hands", ["terminal", "pipe"])
def test_it_ends_although_nobody_types(hands: str, request: pytest.FixtureRequest) -> None:
    fingers: Fingers = request.getfixturevalue(hands)
    with fingers.keyboard() as keyboard:
        thread = keyboard._thread
        assert thread
    assert not thread.is_alive()


def test_without_any_input_it_does_nothing() -> None:
    with Keyboard(pytest.fail, pytest.fail, stream=io.StringIO("next\n")) as keyboard:
        assert keyboard._thread is None
