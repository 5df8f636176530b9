"""From evidence to a Hearing: find the candidate command, verify it, and keep the rules of the dialogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.listening.hearing import Hearing, Kind
from assistant.listening.masks import Masks
from assistant.listening.phrases import Parsed, PhraseTable
from assistant.listening.probe import Evidence
from assistant.listening.recogniser import Hypothesis
from assistant.listening.verify import Features, decide

_IDLE_SYLLABLES = 4
_VOWELS = "aeiouy"


@dataclass(frozen=True)
class Candidate:
    """A reading of the utterance as a command."""

    parsed: Parsed
    text: str
    hypothesis: Hypothesis  # of the grammar
    by_habit: bool = False  # read from free speech, with words of habit in it


class Judge:
    """Turns evidence into hearings for one phase at a time."""

    def __init__(self, table: PhraseTable) -> None:
        self._table = table
        self.masks = Masks()

    def hearing(self, evidence: Evidence, phase: str | None, decided: int) -> Hearing:
        """What became of the utterance, without regard to earlier ones."""
        candidate = self._candidate(evidence, phase)
        utterance = evidence.utterance
        if candidate is None:
            elsewhere = self._candidate(evidence, None) if phase not in (None, "idle") else None
            if elsewhere is None:
                text = evidence.free.text
                return Hearing(Kind.IGNORED, "", text, "no command", utterance.began, utterance.ended, decided)
            candidate = elsewhere
        margin = candidate.hypothesis.score - evidence.free.score
        began = self._began(candidate, evidence)
        verdict = decide(Features(margin, self._free_agrees(candidate, evidence, phase), 1.0))
        kind, why = verdict.kind, verdict.why
        if phase is not None and self._table.parse(candidate.text, phase) is None and kind is not Kind.IGNORED:
            kind, why = (Kind.ELSEWHERE, "a command of another phase") if kind is Kind.ACCEPTED else (Kind.IGNORED, why)
        if kind is not Kind.IGNORED and (reason := self._forbidden(candidate, began, phase)):
            kind, why = Kind.IGNORED, reason
        return Hearing(
            kind,
            candidate.parsed.command,
            candidate.text,
            why,
            began,
            utterance.ended,
            decided,
            candidate.parsed.slots,
            margin,
        )

    def _candidate(self, evidence: Evidence, phase: str | None) -> Candidate | None:
        if not evidence.commands:
            return None
        for hypothesis in evidence.commands:
            parsed = self._table.parse(hypothesis.text, phase)
            if parsed and not parsed.habits:
                return Candidate(parsed, hypothesis.text, hypothesis)
        parsed = self._table.parse(evidence.free.text, phase)
        if parsed:
            return Candidate(parsed, evidence.free.text, evidence.free, by_habit=True)
        return None

    def _free_agrees(self, candidate: Candidate, evidence: Evidence, phase: str | None) -> bool:
        parsed = self._table.parse(evidence.free.text, None)
        return parsed is not None and (parsed.command, parsed.slots) == (
            candidate.parsed.command,
            candidate.parsed.slots,
        )

    def _began(self, candidate: Candidate, evidence: Evidence) -> int:
        words = candidate.hypothesis.words
        utterance = evidence.utterance
        return max(utterance.began, utterance.start + words[0].start) if words else utterance.began

    def _forbidden(self, candidate: Candidate, began: int, phase: str | None) -> str:
        """Why a rule of the dialogue forbids it, or nothing."""
        if self.masks.covers(candidate.text, began):
            return "the coach's own words"
        if phase == "idle" and syllables(candidate.text) < _IDLE_SYLLABLES:
            return "too short when idle"
        return ""


def syllables(text: str) -> int:
    """The syllables of `text`, by its letters: groups of vowels, without a silent e at the end."""
    return sum(_syllables(word) for word in text.split())


def _syllables(word: str) -> int:
    groups = list(_vowel_groups(word))
    silent = word.endswith("e") and not word.endswith("le") and len(groups) > 1 and groups[-1] == "e"
    return max(1, len(groups) - silent)


def _vowel_groups(word: str) -> Iterator[str]:
    group = ""
    for letter in f"{word} ":
        if letter in _VOWELS:
            group += letter
        elif group:
            yield group
            group = ""
