"""What is remembered of the person beyond a session: what they answered, what hurt, what is missing, what they like.

Days count back from the day of the session. storage/profile.py turns them into dates and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf

from assistant.catalog.model import Catalog, Profile, Side

OUT_DAYS = 3  # an exercise that hurt stays out on the day itself and on as many days after it
EASIER_DAYS = 14  # and is done in its easier version for as long
SORE_DAYS = 3  # a part of the body that hurt is spared for as long


@dataclass(frozen=True)
class Mark:
    """Something that was said `days` ago (0: today). It counts for `lasts` days more; None: until unsaid."""

    days: int = 0
    lasts: int | None = None

    @property
    def left(self) -> float:
        """For how many days more it counts; less than 0 if it does not."""
        return inf if self.lasts is None else self.lasts - self.days

    @property
    def counts(self) -> bool:
        return self.left >= 0


@dataclass(frozen=True)
class Person:
    """All that is remembered; a fresh one is somebody nobody knows."""

    asked: Mapping[str, int] = field(default_factory=dict)  # question set id -> days since it was answered to its end
    dangers: tuple[str, ...] = ()  # question ids whose answer forbids a session until they are asked again
    tags: Mapping[str, Mark] = field(default_factory=dict)  # osteoporosis, shoulder_pain, ...
    missing: Mapping[str, Mark] = field(default_factory=dict)  # wall, foam_roller, floor, ...
    hurt: Mapping[str, int] = field(default_factory=dict)  # exercise id -> days since it hurt
    levels: Mapping[str, str] = field(default_factory=dict)  # exercise id -> easier | harder
    words: int = 0  # fewer or more than fading would say: -3 to 3


def profile(person: Person, start_side: Side = Side.LEFT) -> Profile:
    """What a plan must know of the person today."""
    spared = {name: "easier" for name, days in person.hurt.items() if days <= EASIER_DAYS}
    return Profile(
        tags=counting(person.tags),
        missing=counting(person.missing),
        left_out=frozenset(name for name, days in person.hurt.items() if days <= OUT_DAYS),
        levels={**person.levels, **spared},
        start_side=start_side,
    )


def counting(marks: Mapping[str, Mark]) -> frozenset[str]:
    """What of `marks` counts today."""
    return frozenset(name for name, mark in marks.items() if mark.counts)


def marked(marks: Mapping[str, Mark], names: tuple[str, ...], lasts: int | None) -> Mapping[str, Mark]:
    """`marks` with `names` said today; what counts for longer already keeps doing so."""
    new = Mark(0, lasts)
    longer = {name: mark for name, mark in marks.items() if mark.left > new.left}
    return {**marks, **{name: longer.get(name, new) for name in names}}


def unmarked(marks: Mapping[str, Mark], names: tuple[str, ...]) -> Mapping[str, Mark]:
    """`marks` without `names`."""
    return {name: mark for name, mark in marks.items() if name not in names}


def with_level(person: Person, exercise: str, level: str) -> Person:
    """The person who wants `exercise` easier, harder, or normal, from now on."""
    levels = {name: value for name, value in person.levels.items() if name != exercise}
    return replace(person, levels=levels if level == "normal" else {**levels, exercise: level})


def screened(catalog: Catalog) -> Person:
    """Somebody who answered every question today and had nothing to report."""
    return Person(asked=dict.fromkeys(catalog.screenings, 0))
