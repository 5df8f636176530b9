"""A plan cut to the time that is left, without tearing it apart.

Whole moves are cut, never a side of one. A move counts for its first plane, and the moves that were done count too: no
move is kept in a plane that is already ahead of a plane that loses moves. Further rounds go first; a move on the level
where the person is comes before one that needs getting up or down, a short one before a long one. The closing check
stays if it fits and there was one in the beginning. What is kept keeps its order and its dose.

Work is bounded: each move is tried once, and trying one costs one look at each kept move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from assistant.catalog.adapt import AFTER
from assistant.catalog.model import Catalog, Place, Plan, Step
from assistant.catalog.positions import changes_level, settle_s
from assistant.catalog.replan import replan

BALANCED = frozenset({"rotation", "flexion", "extension", "lateral_tilt"})
"""The planes that must not fall behind."""

Seconds = Callable[[Step], float]
"""How long a step takes, from the end of the step before."""


@dataclass(frozen=True)
class Move:
    """A move of the plan in one round: the steps of both sides."""

    steps: tuple[Step, ...]

    @property
    def place(self) -> Place:
        return _place(self.steps[0])

    @property
    def name(self) -> str:
        """As spoken."""
        return self.steps[0].exercise.say

    @property
    def plane(self) -> str:
        """The plane that it counts for; a check is no training, and counts for none."""
        exercise = self.steps[0].exercise
        return "" if exercise.mode == "check" else exercise.planes[0]

    @cached_property
    def position(self) -> str:
        return self.steps[0].exercise.position


@dataclass(frozen=True)
class Shortened:
    """The plan cut, its moves to come (without the one under way), those that were cut, and the time it takes (s)."""

    plan: Plan
    kept: tuple[Move, ...]
    cut: tuple[Move, ...]
    seconds: float


def shorten(plan: Plan, catalog: Catalog, at: int, seconds: float, *, begun: bool, step_s: Seconds) -> Shortened:
    """From step `at` on, what of the plan can be done in `seconds`: if nothing can, its shortest move.

    `begun`: the move of step `at` is under way and stays; `seconds` are then those after step `at`.
    """
    here, rest = _here(plan, at, begun)
    if not rest:
        return Shortened(plan, (), (), 0.0 if not here else sum(step_s(step) for step in here.steps[1:]))
    choice = _Choice(plan, at, here, rest, seconds, step_s)
    while True:
        kept = choice.made()
        cut = [move for move in rest if move not in kept]
        shorter = _without(plan, catalog, cut, at)
        needed = sum(step_s(step) for step in shorter.steps[at + begun :])
        if needed <= seconds or not kept or (len(kept) == 1 and not here):
            in_order = tuple(move for move in rest if move in kept)
            return Shortened(shorter, in_order, tuple(cut), needed)
        choice.seconds = min(choice.seconds, choice.cost(kept)) - (needed - seconds)  # the estimate was too low


def only(plan: Plan, catalog: Catalog) -> Plan:
    """The plan with a single move: the first that is neither a check nor breathing, if there is one."""
    moves = _moves(plan.steps)
    wanted = next((move for move in moves if move.plane not in ("", "breathing")), moves[0])
    return _without(plan, catalog, (move for move in moves if move.place != wanted.place), 0)


def _without(plan: Plan, catalog: Catalog, cut: Iterable[Move], at: int) -> Plan:
    profile = replace(plan.profile, cut=plan.profile.cut | {move.place for move in cut})
    return replan(plan, catalog, profile, at)


def _here(plan: Plan, at: int, begun: bool) -> tuple[Move | None, list[Move]]:
    """The move under way, from step `at` on, and the moves that follow."""
    moves = _moves(plan.steps[at:])
    return (moves[0], moves[1:]) if begun else (None, moves)


def _moves(steps: Iterable[Step]) -> list[Move]:
    return [Move(tuple(group)) for _, group in groupby(steps, _place)]


def _place(step: Step) -> Place:
    return step.block, step.round, step.origin


@dataclass
class _Choice:
    """Chooses among the moves `rest`, one by one."""

    plan: Plan
    at: int
    here: Move | None
    rest: Sequence[Move]
    seconds: float
    step_s: Seconds
    _known: dict[tuple[str, int], float] = field(default_factory=dict)

    def made(self) -> list[Move]:
        """The moves to keep, in the order in which they were chosen: at least one, unless one is under way."""
        done = _moves([*self.plan.steps[: self.at], *(self.here.steps if self.here else ())])
        counts = Counter(move.plane for move in done)  # under "" the checks
        behind: set[str] = set()  # planes that lose moves
        kept = [move for move in self.rest if move.place[0] == AFTER and counts[""] and self._fits([move])]
        kept += self._told(kept, counts)
        last_round = max(move.place[1] for move in self.rest)
        left = [move for move in self.rest if move not in kept]
        while left:
            move = min(left, key=lambda move: self._rank(move, counts))
            left.remove(move)
            ahead = any(counts[move.plane] > counts[plane] for plane in behind)
            if ahead or move.place[1] > last_round or not self._fits([*kept, move]):
                behind |= {move.plane} & BALANCED
                last_round = min(last_round, move.place[1])
                continue
            kept.append(move)
            counts[move.plane] += 1
        if not kept and not self.here:
            kept = [min(self.rest, key=self._effort)]
        return kept

    def _effort(self, move: Move) -> tuple[int, bool, float]:
        """The least that can be done has the lowest."""
        return move.place[1], changes_level(self._begin, move.position), self.cost([move])

    def _told(self, kept: Sequence[Move], counts: Counter[str]) -> list[Move]:
        """The move that the person was about to do, if it fits; a check may go."""
        first = self.rest[0]
        if self.here or not first.plane or not self._fits([*kept, first]):
            return []
        counts[first.plane] += 1
        return [first]

    def _rank(self, move: Move, counts: Counter[str]) -> tuple[bool, int, int, bool, bool, float, int]:
        """What comes first: training, first rounds, the plane with the fewest moves, what lies on this level."""
        check, loose = not move.plane, move.plane not in BALANCED
        level = changes_level(self._begin, move.position)
        alone = self._after(move.position, move, entering=False)
        return check, move.place[1], counts[move.plane], loose, level, alone, self._numbers[move.place]

    def _fits(self, moves: Iterable[Move]) -> bool:
        return self.cost(moves) <= self.seconds

    def cost(self, moves: Iterable[Move]) -> float:
        """Seconds for the moves, in the order of the plan, and the rest of the one under way."""
        total = sum(self.step_s(step) for step in self.here.steps[1:]) if self.here else 0.0
        position, blocks = self._begin, set()
        for move in sorted(moves, key=lambda move: self._numbers[move.place]):
            total += self._after(position, move, entering=move.place[:2] not in blocks)
            position = move.position
            blocks.add(move.place[:2])
        return total

    def _after(self, position: str, move: Move, *, entering: bool) -> float:
        """Seconds for a move that follows one in `position`."""
        key = f"{position} {entering}", self._numbers[move.place]
        if key not in self._known:
            first = move.steps[0]
            settle = round(settle_s(position, move.position) * 1000)
            intro = self._entry[move.place[:2]] if entering else ()
            way = replace(first, settle_ms=settle, intro=intro, rest_ms=first.rest_ms if entering else 0)
            self._known[key] = self.step_s(way) + sum(self.step_s(step) for step in move.steps[1:])
        return self._known[key]

    @cached_property
    def _numbers(self) -> dict[Place, int]:
        return {move.place: number for number, move in enumerate(self.rest)}

    @cached_property
    def _entry(self) -> dict[tuple[str, int], tuple[str, ...]]:
        """What is said on the way into each round of each block, whichever move it begins with."""
        entries: dict[tuple[str, int], tuple[str, ...]] = {}
        for move in self.rest:
            entries.setdefault(move.place[:2], move.steps[0].intro)
        return entries

    @property
    def _begin(self) -> str:
        """Where the person is, or is about to be."""
        return self.plan.steps[self.at].exercise.position
