"""Which exercise is really done: cautions, missing kit, swaps and levels for one item of a routine.

Order: block (and ask) > swap > limit > easier. A swap is checked once more for the same person and room, and chains
at most twice; what still does not fit is left out, aloud.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from assistant.catalog.model import Caution, Change, Dose, Exercise, Item, Profile
from assistant.catalog.positions import FLOOR, WALL

MAX_CHAIN = 2
NORMAL = "normal"
# looked at in this order: who cannot use the floor needs no advice about a roller
_KIT_ORDER = ("floor", "wall", "foam_roller", "chair", "table", "rolled_towel", "mat")
_INSTEAD = {"mat": ("no_mat", "no_floor"), "foam_roller": ("no_roller",)}


@dataclass(frozen=True)
class Choice:
    """What one item of a routine comes to. `cause`: the missing thing that changed it, if any."""

    item: Item
    origin: str
    exercise: Exercise
    dose: Dose
    level: str = NORMAL
    limits: tuple[str, ...] = ()
    cause: str = ""

    @property
    def swapped(self) -> bool:
        return self.exercise.id != self.origin


@dataclass(frozen=True)
class Dropped:
    """An item that is left out. `ask`: only until a clinician agrees. `resting`: it, or what stands in, hurt lately."""

    origin: str
    say: str
    ask: bool = False
    resting: bool = False


def choose(item: Item, exercises: Mapping[str, Exercise], profile: Profile) -> Choice | Dropped:
    """The exercise, dose and level to do for `item`, or that it is left out."""
    first = exercises[item.use]
    current, cause, ask = first, "", False
    for _ in range(MAX_CHAIN + 1):
        hindrance = _hindrance(current, profile)
        if hindrance is None:
            return _fitted(item, current, exercises, profile, cause)
        use, missing, ask = hindrance
        cause = cause or missing
        if use is None or use not in exercises:
            break
        current = exercises[use]
    return Dropped(first.id, first.say, ask, current.id in profile.left_out)


def changed(dose: Dose, changes: Mapping[str, float]) -> Dose:
    """The dose with some of its figures changed."""
    return replace(dose, **{name: cast(Any, value) for name, value in changes.items()})


def _hindrance(exercise: Exercise, profile: Profile) -> tuple[str | None, str, bool] | None:
    """Why it cannot be done: (what to do instead, the missing thing, whether to ask a clinician); None if it can."""
    if exercise.id in profile.left_out:
        return None, "", False
    cautions = _cautions(exercise, profile)
    for do in ("block", "ask"):
        if do in cautions:
            return None, "", do == "ask"
    if "swap" in cautions:
        return cautions["swap"].use, "", False
    for thing in needs(exercise):
        if thing in profile.missing:
            keys = _INSTEAD.get(thing, (f"no_{thing}",))
            uses = [swap.use for key in keys for swap in exercise.swaps if swap.when == key]
            return (uses[0] if uses else None), thing, False
    return None


def needs(exercise: Exercise) -> list[str]:
    """Everything that must be there for it, the most decisive first: floor, wall, then kit."""
    things = set(exercise.kit_need)
    if exercise.position in FLOOR:
        things.add("floor")
    if exercise.position in WALL:
        things.add("wall")
    if exercise.position == "chair":
        things.add("chair")
    return sorted(things, key=lambda thing: _KIT_ORDER.index(thing) if thing in _KIT_ORDER else len(_KIT_ORDER))


def _cautions(exercise: Exercise, profile: Profile) -> dict[str, Caution]:
    return {caution.do: caution for caution in exercise.cautions if caution.tag in profile.tags}


def _fitted(item: Item, exercise: Exercise, exercises: Mapping[str, Exercise], profile: Profile, cause: str) -> Choice:
    dose = changed(exercise.dose, item.dose) if exercise.id == item.use else exercise.dose
    limits = tuple(
        caution.say for caution in exercise.cautions if caution.tag in profile.tags and caution.do == "limit"
    )
    choice = Choice(item, item.use, exercise, dose, limits=tuple(dict.fromkeys(limits)), cause=cause)
    wanted = profile.levels.get(exercise.id) or profile.levels.get(item.use)
    return at_level(choice, wanted or NORMAL, exercises, profile)


def at_level(choice: Choice, level: str, exercises: Mapping[str, Exercise], profile: Profile) -> Choice:
    """The same choice made easier or harder, if the exercise knows how and nothing speaks against it."""
    change: Change | None = {"easier": choice.exercise.easier, "harder": choice.exercise.harder}.get(level)
    if change is None:
        return choice
    if change.use is not None:
        other = exercises.get(change.use)
        if other is None or _hindrance(other, profile) is not None:
            return choice
        return replace(choice, exercise=other, dose=other.dose, level=level)
    return replace(choice, dose=changed(choice.dose, change.dose), level=level)
