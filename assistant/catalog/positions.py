"""Positions of the body: which are on the floor, and how long it takes from one to the other.

Healthy people of 50 to 90 rise from the floor in about 4 s, but dizziness, the roller and the walk to the wall
need more, so the figures are generous.
"""

from __future__ import annotations

from enum import Enum

FLOOR = frozenset({"supine", "side_lying", "prone", "quadruped", "heel_sit", "kneel", "half_kneel", "sit_floor"})
WALL = frozenset({"wall_front", "wall_side", "wall_back"})
UPRIGHT = frozenset({"standing", "chair"}) | WALL
KNEELING = frozenset({"quadruped", "heel_sit", "kneel", "half_kneel"})

SAME_S = 4.0
DOWN_S = 15.0
UP_S = 25.0  # holds one breath sitting before standing up
ON_KNEES_S = 10.0
OTHER_S = 8.0


class Posture(str, Enum):
    """Where the head is: what decides how a voice arrives at the microphone."""

    LYING = "lying"
    KNEELING = "kneeling"
    STANDING = "standing"


def posture(position: str) -> Posture:
    """The posture of a position."""
    if position in UPRIGHT:
        return Posture.STANDING
    return Posture.KNEELING if position in KNEELING or position == "sit_floor" else Posture.LYING


def changes_level(before: str, after: str) -> bool:
    """Whether the way from `before` to `after` leads from standing or sitting to the floor, or back."""
    return (before in FLOOR) != (after in FLOOR)


def settle_s(before: str, after: str) -> float:
    """Seconds to get from one position into the other."""
    if changes_level(before, after):
        return DOWN_S if after in FLOOR else UP_S
    if before == after:
        return SAME_S
    if after in KNEELING and after != "heel_sit":
        return ON_KNEES_S
    return OTHER_S
