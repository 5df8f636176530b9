"""What the person sounds like: words through the speech engine, or recordings. float32[n] at 16 kHz."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from assistant.audio import wav
from assistant.errors import AssistantError, SimulationError
from assistant.listening.phrases import PhraseTable
from assistant.simulation.acoustics import Floats
from assistant.simulation.room import RATE
from assistant.simulation.script import Script, Turn

_AUDIBLE = 0.01  # of the peak: what is softer after a word is not heard as part of it
_NO_LETTERS = re.compile(r"[^a-z']+")


class Voices:
    """The sound of each turn; `render` is the speech engine with the person's voice."""

    def __init__(self, render: Callable[[str], Floats]) -> None:
        self._render = render
        self._recordings: dict[str, Floats] = {}

    def prepare(self, script: Script) -> None:
        """Have all turns at hand before the session begins; SimulationError names the turn that cannot be said."""
        for turn in script.turns:
            try:
                sound = self.sound(turn)
            except AssistantError as error:
                raise SimulationError(f"{script.source}:{turn.line}: {error}", code="turn") from error
            if not np.any(sound):
                raise SimulationError(f"{script.source}:{turn.line}: this turn makes no sound: say something else.")

    def sound(self, turn: Turn) -> Floats:
        """The sound of a turn; AudioError or SpeakingError if it cannot be had."""
        if turn.wav is None:
            return self._render(turn.say or "")
        key = str(turn.wav)
        if key not in self._recordings:
            self._recordings[key] = wav.read(turn.wav).mono(RATE)
        return self._recordings[key]


def last_sample(sound: Floats) -> int:
    """Where the last word ends."""
    return int(np.flatnonzero(np.abs(sound) > _AUDIBLE * np.abs(sound).max())[-1]) + 1


def command_of(turn: Turn, table: PhraseTable, phase: str) -> tuple[str | None, bool]:
    """The command a turn means in `phase` (or elsewhere), None for other speech; and whether that is known.

    A recording means what the script says of it, else what its file or folder is called.
    """
    named = [turn.say or turn.means or ""]
    if turn.wav is not None and turn.means is None:
        named = [_NO_LETTERS.sub(" ", name.lower()).strip() for name in (turn.wav.stem, turn.wav.parent.name)]
    for words in named:
        parsed = table.parse(words, phase) or table.parse(words)
        if parsed is not None:
            return parsed.command, True
    return None, turn.wav is None or turn.means is not None
