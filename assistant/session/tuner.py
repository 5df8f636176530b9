"""Carries out a calibration: ears and loudness for the posture of the current step."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.catalog.positions import posture
from assistant.dialogue.calibration import Tuning, Tunings, from_data
from assistant.dialogue.state import Calibrating, State
from assistant.listening.ears import Ears
from assistant.listening.verify import STRICTNESS
from assistant.speaking.speaker import Speaker

MEASURING = Tuning(gain_db=12)  # so that a very soft voice is noticed at all; levels are taken before it


class Tuner:
    """Follows the dialogue; without a calibration it leaves everything as it is. `strictness`: the person's setting."""

    def __init__(self, ears: Ears, speaker: Speaker, strictness: str, tunings: Tunings) -> None:
        self._ears, self._speaker = ears, speaker
        self._strictness = strictness
        self._tunings = tunings
        self._now = Tuning()

    def adopt(self, tunings: Mapping[str, Mapping[str, int]]) -> None:
        """Something new was measured."""
        self._tunings = from_data(tunings)

    @property
    def gain_db(self) -> int:
        """What it sets now: whoever is soft was heard to be."""
        return self._now.gain_db

    def follow(self, state: State) -> None:
        """Set what the current step asks for; nothing while there is none."""
        wanted = self._wanted(state)
        if wanted == self._now:
            return
        self._now = wanted
        step = STRICTNESS.index(self._strictness) - wanted.lenience
        self._ears.tune(wanted.gain_db, STRICTNESS[min(max(step, 0), len(STRICTNESS) - 1)])
        self._speaker.lift(wanted.volume_db)

    def _wanted(self, state: State) -> Tuning:
        if isinstance(state.phase, Calibrating):
            return MEASURING
        if state.run is None:
            return Tuning()
        return self._tunings.get(posture(state.run.step.exercise.position), Tuning())
