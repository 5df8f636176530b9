"""What became of the person's commands, and how soon the coach reacted. Times are samples of session.wav."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.effects import ToneKind
from assistant.simulation.measure import COACH, Recording, tone_onsets, word_onsets

_NEAR_S = 0.5  # the ears may place a word this far beside where it was
_PATIENCE_S = 3.0  # a reaction later than this is none
_REACTIONS = (ToneKind.HEARD, ToneKind.REFUSED, ToneKind.BEGIN, ToneKind.END)
_FADED_S = 0.06  # speech that was cut is silent after this
_LOUD = 10 ** (-60 / 20)  # also of ducked speech


@dataclass(frozen=True)
class Said:
    """Something the person said. `command` is what it means, None if nothing; `known` is False for a recording
    that nobody described. `ended` is where the last word ends."""

    began: int
    ended: int
    text: str
    command: str | None
    known: bool = True


@dataclass(frozen=True)
class Accepted:
    """A command the ears accepted, from `began` to `ended`, at `decided`."""

    began: int
    ended: int
    decided: int
    command: str


@dataclass
class Score:
    """`understood` pairs each command with the decision that took it; `false` holds decisions without one."""

    understood: list[tuple[Said, Accepted]] = field(default_factory=list)
    missed: list[Said] = field(default_factory=list)
    false: list[Accepted] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        understood, missed = len(self.understood), len(self.missed)
        return {
            "said": understood + missed,
            "understood": understood,
            "missed": missed,
            "false": len(self.false),
        }


def score(said: Sequence[Said], accepted: Iterable[Accepted], rate: int) -> Score:
    """Pair what was said with what was accepted.

    A decision belongs to the utterance it overlaps if the command is the same; each utterance is taken once. A
    recording nobody described cannot be judged: it counts as a command if one was accepted, else not at all.
    """
    result, left = Score(), list(said)
    for decision in accepted:
        near = [one for one in left if _overlap(one, decision, round(_NEAR_S * rate))]
        match = next((one for one in near if one.command == decision.command or not one.known), None)
        if match is None:
            result.false.append(decision)
        else:
            left.remove(match)
            result.understood.append((match, decision))
    result.missed = [one for one in left if one.known and one.command]
    return result


def _overlap(one: Said, decision: Accepted, slack: int) -> bool:
    return decision.began <= one.ended + slack and decision.ended >= one.began - slack


def latencies_ms(recording: Recording, pairs: Iterable[tuple[Said, Accepted]], delay: int) -> list[int]:
    """For each command understood, from the end of its last word to the reaction in the coach's channel.

    `delay` is that of the devices: what the coach does about a decision cannot be heard sooner.
    """
    found = []
    for said, decision in pairs:
        first = decision.decided + delay
        reaction = _reaction(recording, first)
        if reaction is not None:
            found.append(round((first + reaction - said.ended) * 1000 / recording.rate))
    return found


def _reaction(recording: Recording, first: int) -> int | None:
    """Samples from `first` to the first tone, cut or word of the coach; None if nothing follows.

    A tone that covers words hides their onset, and words that go on are no answer, whether ducked or not.
    """
    rate = recording.rate
    window = recording.channel(COACH, first, first + round(_PATIENCE_S * rate))
    before = recording.channel(COACH, first - round(_FADED_S * rate), first)
    found = [onset for kind in _REACTIONS for onset in tone_onsets(window, kind, rate)[:1]]
    silent = not np.any(np.abs(before) > _LOUD)
    found += word_onsets(window, rate)[: 1 if silent else 0]
    if not silent:
        found += _cut(window, rate)
    return min(found, default=None)


def _cut(window: NDArray[np.float32], rate: int) -> list[int]:
    """The sample at which speech that was sounding fell silent within the length of a fade, if it did."""
    faded = round(_FADED_S * rate)
    if np.any(np.abs(window[faded : 2 * faded]) > _LOUD):
        return []
    loud = np.flatnonzero(np.abs(window[:faded]) > _LOUD)
    return [int(loud[-1]) if loud.size else 0]


def percentile(values: Sequence[int], share: float) -> int | None:
    """The smallest value that at least `share` of `values` do not exceed; None of none."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]
