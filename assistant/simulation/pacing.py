"""How much of a rehearsed routine is speech, and how long it takes, up to its close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.dialogue import closing
from assistant.dialogue.effects import Say
from assistant.simulation.rehearsal import Rehearsal


@dataclass(frozen=True)
class Pacing:
    """Seconds spoken, and seconds in all, from the first word to the last of the routine."""

    spoken_s: float
    whole_s: float

    @property
    def share(self) -> float:
        """The part of the time in which the coach speaks."""
        return self.spoken_s / max(self.whole_s, 0.001)


def pacing(rehearsal: Rehearsal, lengths: Callable[[str], int]) -> Pacing:
    """The pacing of a whole routine in which nothing was cut; `lengths` tells how long (ms) a sentence takes to say.

    The questions after the routine do not count: they are a talk, with somebody who no longer moves.
    """
    wording = rehearsal.state.context.wording
    asked = {sentence.text for key in closing.ASKED.values() for sentence in wording.sentences(key)}
    spoken = end = 0
    for at, effect in rehearsal.effects:
        if not isinstance(effect, Say):
            continue
        if effect.utterance.text in asked:
            break
        length = lengths(effect.utterance.text)
        spoken += length
        end = (at if effect.start_at is None else effect.start_at) + length
    return Pacing(spoken / 1000, end / 1000)
