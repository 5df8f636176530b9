"""The sentences with which a plan explains what it changed. English; the only words here that no YAML file holds."""

from __future__ import annotations

from collections.abc import Sequence

KIT = {
    "mat": "a mat",
    "foam_roller": "a foam roller",
    "rolled_towel": "a rolled towel",
    "chair": "a sturdy chair",
    "table": "a fixed table edge",
    "cushion": "a cushion",
    "pillow": "a pillow",
    "strap": "a strap",
}
FIXED = frozenset({"wall", "table"})  # not to be laid within reach
MISSING = {
    "floor": "the floor",
    "wall": "a wall",
    "foam_roller": "a roller",
    "rolled_towel": "a towel",
    "table": "a table edge",
}

UP = ("Roll to your side, push up to sitting, take one slow breath.", "Then kneel, hold something sturdy, and stand.")
DOWN = ("Come down to the floor in your own time.",)


def kit(thing: str) -> str:
    """A thing to lay within reach, as spoken."""
    return KIT.get(thing, "a " + thing.replace("_", " "))


def clear(things: Sequence[str]) -> str:
    """What lies in the way now."""
    names = [kit(thing).split(" ", 1)[1] for thing in things]
    return f"Set the {listing(names)} aside."


def swapped(said: str, instead: str) -> str:
    """One move takes the place of another."""
    return f"{said} takes the place of {instead}."


def left_out(names: Sequence[str]) -> str:
    """Moves that are not done today."""
    return f"Today we leave out {listing(names)}."


def resting(names: Sequence[str]) -> str:
    """Moves that hurt a few days ago."""
    return f"{listing(names)} {'stays' if len(names) == 1 else 'stay'} out today."


def ask_first(names: Sequence[str]) -> str:
    """Moves that need a clinician's word."""
    return f"We leave out {listing(names)} until a clinician has agreed."


def missing(thing: str) -> str:
    """A thing that is not there, as spoken."""
    return MISSING.get(thing, kit(thing))


def without(thing: str) -> str:
    """Something is missing, and moves changed for it."""
    return f"Without {missing(thing)}, some moves change."


def listing(names: Sequence[str]) -> str:
    """ "one, two and three"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
