"""Was it a command at all? One small decision on seven figures about one utterance, stricter where others talk.

A logistic regression, fitted by script/fit-verifier, which writes the weights with their date and figures to
verifier.json. Nothing in it knows words or tables, so that new phrases need no new fit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import ListeningError
from assistant.listening.hearing import Kind
from assistant.listening.probe import Evidence, Heard, Utterance
from assistant.listening.sounds import distance

FILE = Path(__file__).parent / "verifier.json"
STRICTNESS = ("relaxed", "normal", "strict")
EAGER = ("stop", "pause")  # are obeyed sooner, and with less evidence, than others
_LIKE = 0.3  # in sound
_NONE = 8.0  # the lead over a hypothesis that was not among the alternatives
_MOST_AHEAD = 12.0
_LONG = 8000  # samples: half a second


@dataclass(frozen=True)
class Features:
    """Figures about a candidate, each of about the size of one; those marked * for each half second, if it is longer.

    over_common*: how much better the sound fits it than common words that are all equally likely
    over_second: the same against the best hypothesis of the grammar that means something else
    other_common*: how far common words that sound different are ahead of those that sound like it
    over_transcript*: how much likelier the transcriber finds it than what it writes itself
    transcript_distance: how far in sound that is from it
    behind_phones: by how much its phones are behind those that sound, for each of them
    outside: seconds of voice before and after its words: a command is an utterance of its own
    """

    over_common: float
    over_second: float
    other_common: float
    over_transcript: float
    transcript_distance: float
    behind_phones: float
    outside: float


def features(candidate: Heard, second: Heard | None, evidence: Evidence) -> Features:
    """The figures of `candidate`; `second` is the best hypothesis that means something else."""
    common, written = evidence.common, evidence.transcript
    assert written is not None, "a candidate is a phrase, and then there is a transcript"
    length = max(1.0, (candidate.ended - candidate.began) / _LONG)
    return Features(
        over_common=_within(candidate.fit - common[0].fit if common else 0.0, -40, 30) / 10 / length,
        over_second=_within(candidate.fit - second.fit if second else _NONE, -10, 15) / 10,
        other_common=_within(_ahead(candidate, common), -_NONE, _MOST_AHEAD) / _NONE / length,
        over_transcript=_within(written.scores[candidate.text] - written.score, -25, 2) / 4 / length,
        transcript_distance=distance(candidate.text, written.text) if written.text else 1.0,
        behind_phones=_within(written.behind[candidate.text], -3, 0),
        outside=min(1.0, evidence.utterance.voice_outside(candidate.began, candidate.ended)),
    )


def _ahead(candidate: Heard, common: Sequence[Heard]) -> float:
    """By how much the best fit of what sounds different from the candidate is above the best of what sounds like it."""
    like: list[float] = []
    other: list[float] = []
    for heard in common:
        if heard.text:
            alike = distance(candidate.text, heard.text) <= _LIKE
            (like if alike else other).append(heard.fit - candidate.fit)
    return max(other, default=-_NONE) - max(like, default=-_NONE)


def _within(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


@dataclass(frozen=True)
class Verifier:
    """Weights of the features, and the log-odds that are asked for at each strictness."""

    weights: tuple[float, ...]
    bias: float
    thresholds: dict[str, float]
    near: float  # this much below the threshold it is a near miss
    early: float  # this much above the threshold it is sure enough while the voice may yet go on
    eager: float  # this much below the threshold is enough for stop and pause
    busy: float  # this much above the threshold is asked for where others talked just before
    long: float  # this much less for the second and the third syllable, unless others talk: not met by chance
    plain: float  # this much less again for two syllables and more, if they are all a phrase, without words of habit
    clear: float  # and this much less where there is little noise, of which phrases could be made

    def odds(self, figures: Features) -> float:
        """The log-odds that the candidate was really said."""
        weighted: list[float] = [w * f for w, f in zip(self.weights, astuple(figures), strict=True)]
        return self.bias + sum(weighted)

    def needed(
        self, command: str, utterance: Utterance, strictness: str = "normal", *, length: int = 1, plain: bool = False
    ) -> float:
        """The log-odds that are asked for of a candidate for `command` of `length` syllables.

        `plain`: it holds no words of habit.
        """
        talk = min(1.0, utterance.talk_before)
        needed = self.thresholds[strictness] + self.busy * talk
        less = self.long * (min(length, _LONG_ENOUGH) - _SHORTEST)
        if plain and length > _SHORTEST:
            less += self.plain + (self.clear if utterance.clear else 0.0)
        needed -= max((1.0 - talk) * less, self.eager if command in EAGER else 0.0)
        return needed + (self.early if utterance.early else 0.0)

    def kind(self, odds: float, needed: float, utterance: Utterance) -> Kind:
        """What to do with a candidate of which `needed` is asked."""
        if odds >= needed:
            return Kind.ACCEPTED
        in_doubt = odds >= needed - self.near and not utterance.early and not utterance.in_talk
        return Kind.NEAR if in_doubt else Kind.IGNORED


_SHORTEST, _LONG_ENOUGH = 1, 3  # syllables


@cache
def fitted(path: Path = FILE) -> Verifier:
    """The verifier whose weights are in `path`; ListeningError if they do not belong to these features."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        names = [field.name for field in fields(Features)]
        return Verifier(
            tuple(float(content["weights"][name]) for name in names),
            float(content["bias"]),
            {name: float(content["thresholds"][name]) for name in STRICTNESS},
            *(float(content[name]) for name in ("near", "early", "eager", "busy", "long", "plain", "clear")),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ListeningError(f"The verifier's weights in {path} cannot be used: install Floorcoach again.") from error
