"""Routine + what is known of the person and the room today -> Plan: the steps that will really be done.

Invariants, whatever the profile: no step that a tag blocks, none that needs missing kit, both sides of a sided move
in a row with the same dose (a little more for the tighter one), at most one change of level inside a round of a block,
a gate exactly where it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.catalog import spoken
from assistant.catalog.choosing import Choice, Dropped, choose
from assistant.catalog.model import Block, Catalog, Dose, Exercise, Item, Plan, Profile, Routine, Side, Step
from assistant.catalog.positions import FLOOR, changes_level, settle_s
from assistant.catalog.timing import plan_s

BEFORE, AFTER = "check_before", "check_after"
BEFORE_ALL = "standing"  # whoever begins a session stands
FIRST_S = 15.0  # to reach the first position, with everything laid within reach
MORE_S = 10.0
_LOOSE = ("foam_roller", "rolled_towel", "pillow", "cushion")  # kit that lies about on the floor


def adapt(routine: Routine, catalog: Catalog, profile: Profile) -> Plan:
    """The plan of `routine` for `profile`."""
    builder = _Builder(routine, profile)
    for block in _blocks(routine, catalog):
        choices = [choose(item, catalog.exercises, profile) for item in block.items]
        builder.dropped += [choice for choice in choices if isinstance(choice, Dropped)]
        builder.add(block, merge([choice for choice in choices if isinstance(choice, Choice)]), catalog.exercises)
    steps = tuple(builder.steps)
    return Plan(routine, steps, _props(steps, profile), builder.notes(), plan_s(steps, familiar=False), profile)


def _blocks(routine: Routine, catalog: Catalog) -> list[Block]:
    """The routine's blocks, between its check before and after."""
    if routine.check is None:
        return list(routine.blocks)
    say = catalog.exercises[routine.check].say
    item = (Item(routine.check),)
    return [Block(BEFORE, say, item), *routine.blocks, Block(AFTER, say, item)]


def merge(choices: Sequence[Choice]) -> list[Choice]:
    """A swap that lands where its exercise already is adds to that dose, which at most doubles."""
    merged: dict[tuple[str, int], Choice] = {}
    doubled: set[str] = set()
    for number, choice in enumerate(choices):
        name = choice.exercise.id
        twin = next(
            (key for key, other in merged.items() if key[0] == name and (other.swapped or choice.swapped)), None
        )
        if twin is None:
            merged[name, number] = choice
        elif name not in doubled:
            doubled.add(name)
            merged[twin] = replace(merged[twin], dose=_doubled(merged[twin].dose))
    return list(merged.values())


def _doubled(dose: Dose) -> Dose:
    if dose.reps is not None:
        return replace(dose, reps=dose.reps * 2)
    if dose.breaths is not None:
        return replace(dose, breaths=dose.breaths * 2)
    return replace(dose, sets=dose.sets * 2, rest_s=max(dose.rest_s, 5.0))


def a_little_more(dose: Dose) -> Dose:
    """One more repetition or breath, or up to ten seconds; never more than twice the dose."""
    if dose.reps is not None:
        return replace(dose, reps=dose.reps + 1)
    if dose.breaths is not None:
        return replace(dose, breaths=dose.breaths + 1)
    if dose.hold_s is not None:
        return replace(dose, hold_s=dose.hold_s + min(dose.hold_s, MORE_S))
    return replace(dose, duration_s=(dose.duration_s or 0.0) + min(dose.duration_s or 0.0, MORE_S))


def by_level(choices: Sequence[Choice], before: str) -> list[Choice]:
    """In the given order, but what lies on the level of `before` first: swaps never send anyone up and down twice."""
    return sorted(choices, key=lambda choice: changes_level(before, choice.exercise.position))


@dataclass
class _Builder:
    """Lays out the steps, block by block."""

    routine: Routine
    profile: Profile
    steps: list[Step] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    _swaps: list[Choice] = field(default_factory=list)
    _moves: int = 0

    def add(self, block: Block, choices: Sequence[Choice], exercises: Mapping[str, Exercise]) -> None:
        """Adds every round of a block."""
        self._swaps += [choice for choice in choices if choice.swapped]
        numbers = {c.origin: self._moves + n for n, c in enumerate(by_level(choices, self._position()))}
        self._moves += len(choices)
        for number in range(1, block.rounds + 1):
            kept = [choice for choice in choices if (block.id, number, choice.origin) not in self.profile.cut]
            for place, choice in enumerate(by_level(kept, self._position())):
                intro = self._intro(block, choice, number, place == 0, exercises)
                again = number > 1 and place == 0
                if again and len(kept) == len(choices):
                    intro += block.round_say
                rest_ms = round(block.round_rest_s * 1000) if again else 0
                self._add_sides(block, choice, numbers[choice.origin], number, intro, rest_ms)

    def _add_sides(
        self, block: Block, choice: Choice, move: int, number: int, intro: tuple[str, ...], rest_ms: int
    ) -> None:
        exercise, before = choice.exercise, self._position()
        settle = max(settle_s(before, exercise.position), 0 if self.steps else FIRST_S)
        familiar = any(step.exercise.id == exercise.id for step in self.steps)
        first = Step(
            index=len(self.steps),
            move=move,
            exercise=exercise,
            dose=choice.dose,
            level=choice.level,
            side=None,
            second_side=False,
            block=block.id,
            block_say=block.say,
            round=number,
            rounds=block.rounds,
            familiar=familiar,
            settle_ms=round(settle * 1000),
            gate=changes_level(before, exercise.position),
            intro=intro,
            rest_ms=rest_ms,
            limits=choice.limits,
            origin=choice.origin,
        )
        if exercise.sides != "each":
            self.steps.append(first)
            return
        side = self._start_side()
        switch_ms = round(exercise.switch_s * 1000)
        second = replace(
            first,
            index=first.index + 1,
            side=side.other,
            second_side=True,
            settle_ms=switch_ms,
            gate=False,
            intro=(),
            rest_ms=0,
        )
        self.steps += [self._for_its_side(step) for step in (replace(first, side=side), second)]

    def _for_its_side(self, step: Step) -> Step:
        """The tighter side gets a little more; a check is no work."""
        if step.side is not self.profile.more_side or step.exercise.mode == "check":
            return step
        return replace(step, dose=a_little_more(step.dose), less=step.dose)

    def _intro(
        self, block: Block, choice: Choice, number: int, first: bool, exercises: Mapping[str, Exercise]
    ) -> tuple[str, ...]:
        """What is said before a move: what to clear away, the way into the block, the swap."""
        exercise, before = choice.exercise, self._position()
        gate = changes_level(before, exercise.position)
        entering = first and number == 1
        meant = exercises[choice.origin].position == exercise.position  # "walk to your wall" is no way to a chair
        bridged = entering and meant and bool(block.enter.say) and (gate or block.enter.gate != "ready")
        clear = block.enter.clear if entering else ""
        lines = [clear] if clear else self._clear(exercise)
        if bridged:
            lines += block.enter.say
        elif gate:
            lines += spoken.DOWN if exercise.position in FLOOR else spoken.UP
        if choice.swapped and number == 1:
            lines.append(spoken.swapped(exercise.say, exercises[choice.origin].say))
        if entering and exercise.script.again and any(step.exercise.id == exercise.id for step in self.steps):
            lines.append(exercise.script.again)
        return tuple(lines)

    def _clear(self, exercise: Exercise) -> list[str]:
        """What the last move left lying about and this one does not use."""
        if not self.steps:
            return []
        last = self.steps[-1].exercise
        used = {*exercise.kit_need, *exercise.kit_want}
        things = [kit for kit in _LOOSE if kit in (*last.kit_need, *last.kit_want) and kit not in used]
        things = [kit for kit in things if kit not in self.profile.missing]
        return [spoken.clear(things)] if things else []

    def _position(self) -> str:
        return self.steps[-1].exercise.position if self.steps else BEFORE_ALL

    def _start_side(self) -> Side:
        fixed = self.routine.start_side
        alternates = fixed == "alternate" or self.profile.more_side is not None
        return self.profile.start_side if alternates else Side(fixed)

    def notes(self) -> tuple[str, ...]:
        """What was changed or left out, one sentence for each reason."""
        causes = dict.fromkeys(choice.cause for choice in self._swaps if choice.cause)
        notes = [spoken.without(cause) for cause in causes]
        resting = [dropped for dropped in self.dropped if dropped.resting]
        asking = [dropped for dropped in self.dropped if dropped.ask]
        others = [dropped for dropped in self.dropped if not dropped.resting and not dropped.ask]
        for group, sentence in ((others, spoken.left_out), (asking, spoken.ask_first), (resting, spoken.resting)):
            if names := list(dict.fromkeys(dropped.say for dropped in group)):
                notes.append(sentence(names))
        return tuple(notes)


def _props(steps: Sequence[Step], profile: Profile) -> tuple[str, ...]:
    """Spoken names of what to lay within reach, in the order of use."""
    used = [kit for step in steps for kit in (*step.exercise.kit_need, *step.exercise.kit_want)]
    return tuple(spoken.kit(k) for k in dict.fromkeys(used) if k not in spoken.FIXED and k not in profile.missing)
