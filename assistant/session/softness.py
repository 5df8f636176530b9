"""Notices a voice that arrives too softly for minutes: the gain is too low, or the microphone too far away."""

from __future__ import annotations

from collections import deque

from assistant.listening.hearing import Level

SOFT_DBFS = -58  # the ears hear half of what is said at that level
VOICES = 8
OVER_MS = 120_000
ADVICE = "Your voice arrives very softly: bring the microphone nearer, or turn it up in the settings of this computer."


class Softness:
    """Judges the loudest of the last few voices: others may talk in the next room, but the person is loudest."""

    def __init__(self) -> None:
        self._heard: deque[tuple[int, int]] = deque(maxlen=VOICES)
        self._told = False

    def heard(self, at: int, level: Level) -> bool:
        """Take in a voice (`at` in ms); whether it is time to tell, once."""
        self._heard.append((at, level.voice_db))
        long = len(self._heard) == VOICES and at - self._heard[0][0] >= OVER_MS
        soft = all(db < SOFT_DBFS for _, db in self._heard)
        if self._told or not (long and soft):
            return False
        self._told = True
        return True
