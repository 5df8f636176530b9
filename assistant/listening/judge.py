"""From evidence to a Hearing: find the candidate command, verify it, and keep the rules of the dialogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.listening.hearing import Hearing, Kind
from assistant.listening.masks import Masks
from assistant.listening.model import RATE
from assistant.listening.phrases import Parsed, PhraseTable
from assistant.listening.probe import Evidence, Heard, Utterance
from assistant.listening.sounds import readings, syllables
from assistant.listening.verify import Features, Verifier, features

_IDLE_SYLLABLES = 4
_IDLE = "idle"
_ALWAYS = "stop"  # is obeyed although the coach says something like it; not while it says just that


@dataclass(frozen=True)
class Candidate:
    """A reading of the utterance as a command. Without figures it was read from free speech, word for word."""

    parsed: Parsed
    heard: Heard
    figures: Features | None


class Judge:
    """Turns evidence into hearings."""

    def __init__(self, table: PhraseTable, verifier: Verifier, strictness: str) -> None:
        self._table, self._verifier, self.strictness = table, verifier, strictness
        self.masks = Masks()

    def hearing(self, evidence: Evidence, phase: str | None, decided: int) -> Hearing:
        """What became of the utterance in `phase`, without regard to what was heard before."""
        utterance = evidence.utterance
        candidate = self.candidate(evidence, phase)
        elsewhere = candidate is None and phase not in (None, _IDLE)
        if elsewhere:
            candidate = self.candidate(evidence, None)
        if candidate is None:
            text = evidence.free[0].text if evidence.free else ""
            return Hearing(Kind.IGNORED, "", text, "no command", utterance.began, utterance.ended, decided)
        hearing = self._verified(candidate, evidence, None if elsewhere else phase, decided)
        if hearing.kind is not Kind.IGNORED and (reason := self._forbidden(hearing, phase)):
            return replace(hearing, kind=Kind.IGNORED, why=reason)
        if elsewhere and hearing.kind is Kind.ACCEPTED:
            return replace(hearing, kind=Kind.ELSEWHERE, why="a command, but not now")
        return replace(hearing, kind=Kind.IGNORED) if elsewhere else hearing

    def in_doubt(self, evidence: Evidence, phase: str | None) -> bool:
        """Whether there is about as much evidence for a command as is asked for."""
        candidate = self.candidate(evidence, phase)
        if candidate is None or candidate.figures is None:
            return False
        needed = self._needed(candidate, evidence.utterance)
        return abs(self._verifier.odds(candidate.figures) - needed) <= _DOUBT

    def words(self, evidence: Evidence, phase: str | None, decided: int) -> Hearing:
        """While the person dictates: a command of `phase` if it is one, else what was said."""
        hearing = self.hearing(evidence, phase, decided)
        text = evidence.free[0].text if evidence.free else ""
        if hearing.kind is Kind.ACCEPTED or text in _NOISE:
            return hearing
        return replace(hearing, kind=Kind.SAID, command="", text=text, why="the person's own words", slots={})

    def candidate(self, evidence: Evidence, phase: str | None) -> Candidate | None:
        """The best reading as a command of `phase`: exactly a phrase, or free speech with words of habit in it.

        While the voice may go on, there is none behind the beginning of another phrase, nor in what is no speech.
        """
        if evidence.utterance.early and evidence.free and not evidence.free[0].text:
            return None
        for heard in evidence.commands:
            parsed = self._table.parse(heard.text, phase)
            if evidence.utterance.early and heard.text and parsed is None and self._table.parse(heard.text) is None:
                return None
            if parsed and (not parsed.habits or self._is_phrase(heard.text, parsed)):
                return Candidate(parsed, heard, features(heard, self._second(parsed, evidence), evidence))
        for heard in evidence.free[:1]:
            parsed = self._table.parse(heard.text, phase)
            if parsed:
                return Candidate(parsed, heard, None)
        return None

    def _is_phrase(self, text: str, parsed: Parsed) -> bool:
        """Whether `text`, which here means `parsed` with words of habit, is exactly a phrase for it in some phase."""
        exact = self._table.parse(text)
        return exact is not None and not exact.habits and exact.means(parsed)

    def _second(self, parsed: Parsed, evidence: Evidence) -> Heard | None:
        """The best hypothesis of the grammar that means something else."""
        for heard in evidence.commands:
            other = self._table.parse(heard.text)
            if other is None or not other.means(parsed):
                return heard
        return None

    def _needed(self, candidate: Candidate, utterance: Utterance) -> float:
        length = syllables(candidate.heard.text)
        return self._verifier.needed(candidate.parsed.command, utterance, self.strictness, length=length)

    def _odds(self, figures: Features, parsed: Parsed, again: Sequence[Evidence], phase: str | None) -> float:
        """The log-odds, the mean over all speeds at which it was heard."""
        odds = [self._verifier.odds(figures)]
        for evidence in again:
            other = self.candidate(evidence, phase)
            if other is None:
                odds.append(_NOT_AGAIN)
            elif other.figures is not None:
                found = self._verifier.odds(other.figures)
                odds.append(found if other.parsed.means(parsed) else min(found, 0.0) + _NOT_AGAIN)
        return sum(odds) / len(odds)

    def _verified(self, candidate: Candidate, evidence: Evidence, phase: str | None, decided: int) -> Hearing:
        utterance, heard, command = evidence.utterance, candidate.heard, candidate.parsed.command
        text = heard.text
        if candidate.figures is None or self._habitual(candidate, evidence):
            own = utterance.on_its_own(evidence.free[0].began, evidence.free[0].ended)
            odds, kind = 0.0, Kind.ACCEPTED if own else Kind.IGNORED
            why = "free speech says it, with words of habit" if own else "in the middle of other speech"
            text = evidence.free[0].text
        else:
            odds = self._odds(candidate.figures, candidate.parsed, evidence.again, phase)
            kind = self._verifier.kind(odds, self._needed(candidate, utterance), utterance)
            why = _WHY[kind]
            if utterance.ended - utterance.began < _PHONE * min(map(len, readings(text))):
                kind, why = Kind.IGNORED, "too little voice for it"
        began = max(utterance.began, utterance.start + heard.began)
        slots = candidate.parsed.slots
        return Hearing(kind, command, text, why, began, utterance.ended, decided, slots, odds)

    def _habitual(self, candidate: Candidate, evidence: Evidence) -> bool:
        """Whether free speech is this command with words of habit around it."""
        parsed = self._table.parse(evidence.free[0].text) if evidence.free else None
        return parsed is not None and parsed.habits and parsed.means(candidate.parsed)

    def _forbidden(self, hearing: Hearing, phase: str | None) -> str:
        """Why a rule of the dialogue forbids it, or nothing."""
        own = self.masks.covers(hearing.text, hearing.began)
        if own or (hearing.command != _ALWAYS and self.masks.echoes(hearing.text, hearing.began, hearing.ended)):
            return "the coach's own words"
        if phase == _IDLE and syllables(hearing.text) < _IDLE_SYLLABLES:
            return "too short when idle"
        return ""


_PHONE = RATE * 30 // 1000  # of voice for each phone, at the least: half of what the quickest speaker needs
_DOUBT = 2.0  # log-odds above or below what is asked for
_NOT_AGAIN = -3.0  # log-odds where it is not heard at another speed
_NOISE = ("", "the", "huh")
"""What free speech makes of a chair that is moved."""
_WHY = {
    Kind.ACCEPTED: "sounds like it and like nothing else",
    Kind.NEAR: "other words fit about as well",
    Kind.IGNORED: "other words fit better",
}
