"""From evidence to a Hearing: find the candidate command, verify it, and keep the rules of the dialogue."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.listening.hearing import Hearing, Kind
from assistant.listening.masks import Masks
from assistant.listening.model import RATE
from assistant.listening.phrases import Parsed, PhraseTable
from assistant.listening.probe import Evidence, Heard
from assistant.listening.sounds import readings, syllables
from assistant.listening.verify import EAGER, Features, Verifier, features

IDLE_SYLLABLES = 4
_IDLE = "idle"
_MOVING = ("positioning", "working", "paused")  # phases in which the coach has asked nothing
_ALWAYS = "stop"  # is obeyed although the coach says something like it; not while it says just that


@dataclass(frozen=True)
class Candidate:
    """A reading of the utterance as a command: by the recogniser, with figures, or as it was written down."""

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
        candidate, elsewhere = self._found(evidence, phase)
        if candidate is None:
            return Hearing(Kind.IGNORED, "", evidence.text, "no command", utterance.began, utterance.ended, decided)
        hearing = self._verified(candidate, evidence, phase, decided, elsewhere=elsewhere)
        if hearing.kind is not Kind.IGNORED and (reason := self._forbidden(hearing, phase)):
            return replace(hearing, kind=Kind.IGNORED, why=reason)
        if elsewhere and hearing.kind is Kind.ACCEPTED:
            return replace(hearing, kind=Kind.ELSEWHERE, why="a command, but not now")
        return replace(hearing, kind=Kind.IGNORED) if elsewhere else hearing

    def in_doubt(self, evidence: Evidence, phase: str | None) -> bool:
        """Whether there is about as much evidence for a command as is asked for.

        While the voice may go on, less than that is no doubt, as its end will tell; nor is there one about stop and
        pause, nor, unless others talk, about two syllables and more: what is left of them in noise is seldom heard
        twice.
        """
        candidate, _ = self._found(evidence, phase)
        if candidate is None or candidate.figures is None:
            return False
        if self._length(candidate) > 1 and not evidence.utterance.in_talk:
            return False
        over = self._evidence(candidate) - self._needed(candidate, evidence)
        if evidence.utterance.early:
            return 0.0 <= over <= _DOUBT and candidate.parsed.command not in EAGER
        return abs(over) <= _DOUBT

    def words(self, evidence: Evidence, phase: str | None, decided: int) -> Hearing:
        """While the person dictates: a command of `phase` if it is one, else what was said."""
        hearing = self.hearing(evidence, phase, decided)
        if hearing.kind is Kind.ACCEPTED or not evidence.text:
            return hearing
        return replace(hearing, kind=Kind.SAID, command="", text=evidence.text, why="the person's own words", slots={})

    def candidate(self, evidence: Evidence, phase: str | None) -> Candidate | None:
        """The reading as a command of `phase` for which there is most evidence, or else as it was written down.

        While the voice may go on, there is none behind the beginning of another phrase, nor where much more was
        written down; where others talk, none with words of habit in it.
        """
        utterance, found = evidence.utterance, list[Candidate]()
        for heard in evidence.commands:
            parsed = self._table.parse(heard.text, phase)
            if utterance.early and not found:
                if heard.text and parsed is None and self._table.parse(heard.text) is None:
                    return None
                if parsed and len(evidence.text.split()) >= len(heard.text.split()) + _MUCH_MORE:
                    return None
            if parsed and not (parsed.habits and utterance.in_talk):
                found.append(Candidate(parsed, heard, features(heard, self._second(parsed, evidence), evidence)))
        if found:
            return max(found, key=self._evidence)
        parsed = self._written(evidence, phase)
        return Candidate(parsed, _whole(evidence), None) if parsed else None

    def _found(self, evidence: Evidence, phase: str | None) -> tuple[Candidate | None, bool]:
        """The best reading as a command of `phase`, else (unless idle) of any; and whether it is one of another."""
        candidate = self.candidate(evidence, phase)
        if candidate or phase in (None, _IDLE):
            return candidate, False
        other = self.candidate(evidence, None)
        if other is None or self._table.parse(other.heard.text, phase):  # one of this phase: its end is awaited
            return None, False
        return (None, False) if self._is_answer(other) else (other, True)

    def _is_answer(self, candidate: Candidate) -> bool:
        """Whether it is a short answer to some question ("yes", "four"): people say those to each other."""
        text = candidate.heard.text
        return self._length(candidate) == 1 and not any(self._table.parse(text, phase) for phase in _MOVING)

    def _written(self, evidence: Evidence, phase: str | None) -> Parsed | None:
        """The command of several words that was certainly written down: of one word it is recognised as well."""
        transcript = evidence.transcript
        if transcript is None or transcript.score < _CERTAIN or " " not in transcript.text:
            return None
        return self._table.parse(transcript.text, phase)

    def _second(self, parsed: Parsed, evidence: Evidence) -> Heard | None:
        """The best hypothesis of the grammar that means something else."""
        for heard in evidence.commands:
            other = self._table.parse(heard.text)
            if other is None or not other.means(parsed):
                return heard
        return None

    def _evidence(self, candidate: Candidate) -> float:
        """The log-odds of a candidate with figures."""
        assert candidate.figures is not None
        return self._verifier.odds(candidate.figures)

    def _needed(self, candidate: Candidate, evidence: Evidence) -> float:
        """The log-odds that are asked for of a candidate.

        Where the recogniser rather heard nothing at all, they are some more, however long the phrase.
        """
        nothing = not evidence.commands[0].text
        length = 1 if nothing else self._length(candidate)
        command, utterance = candidate.parsed.command, evidence.utterance
        plain = not candidate.parsed.habits
        needed = self._verifier.needed(command, utterance, self.strictness, length=length, plain=plain)
        return needed + (_NOTHING if nothing else 0.0)

    def _length(self, candidate: Candidate) -> int:
        return syllables(self._table.without_habits(candidate.heard.text))

    def _odds(self, figures: Features, parsed: Parsed, again: Evidence | None, phase: str | None) -> float:
        """The log-odds; if it was heard again, the mean of both."""
        odds = self._verifier.odds(figures)
        if again is None:
            return odds
        other = self.candidate(again, phase)
        if other is None:
            return (odds + _NOT_AGAIN) / 2
        if other.figures is None:
            return odds
        found = self._verifier.odds(other.figures)
        return (odds + (found if other.parsed.means(parsed) else min(found, 0.0) + _NOT_AGAIN)) / 2

    def _verified(
        self, candidate: Candidate, evidence: Evidence, phase: str | None, decided: int, *, elsewhere: bool
    ) -> Hearing:
        """What became of `candidate`, which is a command of `phase` or, `elsewhere`, of another one."""
        utterance, heard, command = evidence.utterance, candidate.heard, candidate.parsed.command
        if candidate.figures is None or self._habitual(candidate, evidence):
            heard, odds = _whole(evidence), 0.0
            text, kind = heard.text, Kind.IGNORED if utterance.in_talk else Kind.ACCEPTED
            why = "in the middle of other speech" if utterance.in_talk else "written down just so"
        else:
            text = heard.text
            odds = self._odds(candidate.figures, candidate.parsed, evidence.again, None if elsewhere else phase)
            needed = self._needed(candidate, evidence) + (_ELSEWHERE if elsewhere else 0.0)
            kind = self._verifier.kind(odds, needed, utterance)
            why = _WHY[kind]
            phones = [len(reading) for reading in readings(text)]
            if utterance.ended - utterance.began < _PHONE * min(phones):
                kind, why = Kind.IGNORED, "too little voice for it"
            elif heard.ended - heard.began > _DRAWL + _DRAWLED_PHONE * max(phones):
                kind, why = Kind.IGNORED, "too long for it"
        began = max(utterance.began, utterance.start + heard.began)
        slots = candidate.parsed.slots
        return Hearing(kind, command, text, why, began, utterance.ended, decided, slots, odds)

    def _habitual(self, candidate: Candidate, evidence: Evidence) -> bool:
        """Whether this command was written down with words of habit around it."""
        parsed = self._written(evidence, None)
        return parsed is not None and parsed.habits and parsed.means(candidate.parsed)

    def _forbidden(self, hearing: Hearing, phase: str | None) -> str:
        """Why a rule of the dialogue forbids it, or nothing."""
        text = self._table.without_habits(hearing.text)
        own = self.masks.covers(text, hearing.began)
        if own or (hearing.command != _ALWAYS and self.masks.echoes(text, hearing.began, hearing.ended)):
            return "the coach's own words"
        if phase == _IDLE and syllables(text) < IDLE_SYLLABLES:
            return "too short when idle"
        return ""


def _whole(evidence: Evidence) -> Heard:
    """What was written down, as a hypothesis about the whole utterance."""
    utterance = evidence.utterance
    return Heard(evidence.text, 0.0, utterance.began - utterance.start, utterance.ended - utterance.start)


_PHONE = RATE * 30 // 1000  # of voice for each phone, at the least: half of what the quickest speaker needs
_DRAWL, _DRAWLED_PHONE = RATE * 400 // 1000, RATE * 180 // 1000  # at the most: what is slower is put together of noise
_DOUBT = 2.0  # log-odds above or below what is asked for
_NOT_AGAIN = -3.0  # log-odds where it is not heard again
_ELSEWHERE = 0.5  # log-odds more for what makes no sense now
_NOTHING = 0.5  # log-odds more where it rather heard silence
_MUCH_MORE = 4  # words
_CERTAIN = -3.0  # log-likelihood of what was written down
_WHY = {
    Kind.ACCEPTED: "sounds like it and like nothing else",
    Kind.NEAR: "other words fit about as well",
    Kind.IGNORED: "other words fit better",
}
