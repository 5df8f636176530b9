"""Writes down what happens in a simulated session: the transcript, and what is needed to score it.

All times here are samples of session.wav: what the coach says is heard the devices' delay after it was rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.dialogue.events import Outcome
from assistant.listening.hearing import Hearing, Kind
from assistant.simulation.scoring import Accepted, Said

_UNDERSTOOD = (Kind.ACCEPTED, Kind.ELSEWHERE)


@dataclass
class Line:
    """An utterance of the coach: where it begins, how long it would be, and how much of it was heard."""

    text: str
    began: int
    length: int
    heard: int | None = None  # samples; None while it sounds

    @property
    def share(self) -> float:
        """How much of it was heard, 0 to 1."""
        return 1.0 if self.heard is None or not self.length else min(max(self.heard / self.length, 0.0), 1.0)

    def __str__(self) -> str:
        if self.share >= 1:
            return self.text
        spoken = self.text[: round(self.share * len(self.text))].rstrip(" ,.:;")
        return f"{spoken} —"


class Chronicle:
    """Fed by the world as things happen; asked for everything at the end."""

    def __init__(self, rate: int, delay: int) -> None:
        self._rate = rate
        self._delay = delay
        self._coach: dict[int, Line] = {}
        self._heard: list[tuple[int, str, str]] = []  # sample, HEARD or IGNORED, text
        self.said: list[Said] = []
        self.accepted: list[Accepted] = []

    def coach_begins(self, utterance: int, text: str, start: int, length: int) -> None:
        """The mixer will play `length` samples from its sample `start` on (again, if it was placed anew)."""
        self._coach[utterance] = Line(text, start + self._delay, length)

    def coach_ends(self, utterance: int, outcome: Outcome, sample: int) -> Line | None:
        """The mixer played an utterance up to `sample`; returns its line, None if not a sample of it was heard."""
        line = self._coach.get(utterance)
        if line is None:
            return None
        line.heard = line.length if outcome is Outcome.FINISHED else sample + self._delay - line.began
        if outcome is Outcome.FAILED or line.heard <= 0:
            del self._coach[utterance]
            return None
        return line

    def person_says(self, said: Said) -> None:
        """The person begins to speak."""
        self.said.append(said)

    def hears(self, hearing: Hearing) -> None:
        """The ears have examined an utterance."""
        if hearing.kind in _UNDERSTOOD:
            self.accepted.append(Accepted(hearing.began, hearing.ended, hearing.decided, hearing.command))
            self._heard.append((hearing.decided, "HEARD", f"{hearing.text} [{hearing.command}]"))
        elif hearing.kind is Kind.SAID:
            self._heard.append((hearing.decided, "HEARD", f"{hearing.text} [own words]"))
        elif hearing.text:
            self._heard.append((hearing.decided, "IGNORED", f"{hearing.text} ({hearing.why})"))

    def write_transcript(self, path: Path) -> None:
        """All lines in the order of their times."""
        lines = [(line.began, "COACH", str(line)) for line in self._coach.values()]
        lines += [(said.began, "PERSON", said.text) for said in self.said]
        lines += self._heard
        rows = [f"{self._clock(at)} {who} {text}\n" for at, who, text in sorted(lines, key=lambda line: line[0])]
        path.write_text("".join(rows), encoding="utf-8")

    def _clock(self, sample: int) -> str:
        ms = sample * 1000 // self._rate
        return f"{ms // 60_000:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
