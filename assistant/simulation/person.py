"""The scripted person: hears what the coach says, and decides when to say what. Pure; all times are session ms."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass

from assistant.simulation.script import Turn

REACTION_MS = (450, 850)  # from the end of a sentence to the person's first sound, as people take


@dataclass(frozen=True)
class Due:
    """A turn that will be said at `at`."""

    at: int
    turn: Turn


class Person:
    """Works off the turns of a script.

    The turns without `every` are said once, in order. A sentence of the coach triggers at most one turn: the next
    one in order if it waits for that text, else the first `every` that does. A turn that waits for a text starts
    listening when the one before it is triggered, not when it has been said: people listen while about to speak.
    The same `seed` gives the same hesitations.
    """

    def __init__(self, turns: tuple[Turn, ...], seed: int = 0) -> None:
        self._once = deque(turn for turn in turns if turn.every is None)
        self._every = [turn for turn in turns if turn.every is not None]
        self._random = random.Random(seed)
        self._due: list[Due] = []  # triggered by the coach's words, not said yet
        self._free_at = 0  # when the person has finished speaking

    @property
    def unsaid(self) -> tuple[Turn, ...]:
        """The turns in order whose moment has not come yet."""
        return tuple(self._once)

    def due(self) -> int | None:
        """When the person speaks next, as far as is known now."""
        upcoming = self._upcoming()
        return upcoming.at if upcoming else None

    def coach_said(self, sentence: str, share: float, at: int) -> None:
        """The coach stopped saying `sentence` at `at`, of which `share` (0 to 1) was heard."""
        if self._once and _contains(sentence, self._once[0].after, share):
            self._trigger(self._once.popleft(), at)
            return
        for turn in self._every:
            if _contains(sentence, turn.every, share):
                self._trigger(turn, at)
                return

    def speak(self) -> Turn:
        """Take the turn that is due; the caller then tells how long it lasts with `spoke`."""
        upcoming = self._upcoming()
        if upcoming is None:
            raise ValueError("nothing is due")
        if upcoming in self._due:
            self._due.remove(upcoming)
        else:
            self._once.popleft()
        return upcoming.turn

    def spoke(self, until: int) -> None:
        """What was said last ends at `until`."""
        self._free_at = until
        self._due = [Due(max(due.at, until + REACTION_MS[0]), due.turn) for due in self._due]

    def _upcoming(self) -> Due | None:
        known = self._due[:1]
        head = self._once[0] if self._once else None
        if head is not None and head.at_ms is not None:
            known.append(Due(max(head.at_ms, self._free_at), head))
        elif head is not None and head.after_ms is not None and not self._due:
            known.append(Due(self._free_at + head.after_ms, head))
        return min(known, key=lambda due: due.at, default=None)

    def _trigger(self, turn: Turn, at: int) -> None:
        self._due.append(Due(max(at, self._free_at) + self._random.randint(*REACTION_MS), turn))
        self._due.sort(key=lambda due: due.at)


def _contains(sentence: str, text: str | None, share: float) -> bool:
    """Whether `text` lies in the part of `sentence` that was heard; letters stand for time, near enough."""
    if text is None:
        return False
    sentence, text = sentence.casefold(), text.casefold()
    found = sentence.find(text)
    return found >= 0 and (found + len(text) <= share * len(sentence) or share >= 1)
