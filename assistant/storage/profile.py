"""What is known of the person, kept between sessions in one JSON file: dates in the file, days in the dialogue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.dialogue.person import EASIER_DAYS, Mark, Person
from assistant.errors import StorageError
from assistant.storage import whole

SCHEMA = 1
_FORMAT = "floorcoach-profile"
_LEVELS = ("easier", "harder")


class ProfileFile:
    """The profile in the file `path`, whose folder is made when first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, today: date) -> Person:
        """The person as of `today`; somebody nobody knows, if there is no file.

        One that is damaged or of another version is set aside first; then StorageError says so and where it lies.
        """
        try:
            data = whole.read(self.path, _FORMAT, SCHEMA, "person")
            return Person() if data is None else _person(data, today)
        except OSError as error:
            raise StorageError(
                f"What I know of you in {self.path} cannot be read ({error.strerror}): I ask you anew.", code="profile"
            ) from error
        except whole.UnusableError as error:
            raise self._set_aside(str(error)) from None
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise self._set_aside("is damaged") from None

    def save(self, person: Person, today: date) -> None:
        """Keep `person`, whose days count back from `today`; StorageError if the disk refuses (the old one stays)."""
        envelope = {"format": _FORMAT, "schema": SCHEMA, "person": _data(person, today)}
        try:
            whole.write(self.path, json.dumps(envelope, indent=1))
        except OSError as error:
            raise StorageError(
                f"What I know of you cannot be kept in {self.path} ({error.strerror}): "
                "free some space or mend its rights.",
                code="profile",
            ) from error

    def _set_aside(self, what: str) -> StorageError:
        return StorageError(f"What I know of you {what}; {whole.set_aside(self.path)}. I ask you anew.", code="profile")


def aged(person: Person, since: date, today: date) -> Person:
    """A person whose days count back from `since`, as of `today`."""
    return _person(_data(person, since), today)


def _data(person: Person, today: date) -> dict[str, Any]:
    """JSON-ready; what does not count any more is left out."""
    return {
        "asked": {name: _date(days, today) for name, days in person.asked.items()},
        "dangers": list(person.dangers),
        "tags": _marks(person.tags, today),
        "missing": _marks(person.missing, today),
        "hurt": {name: _date(days, today) for name, days in person.hurt.items() if days <= EASIER_DAYS},
        "levels": dict(person.levels),
        "words": person.words,
    }


def _marks(marks: Mapping[str, Mark], today: date) -> dict[str, Any]:
    kept = {name: mark for name, mark in marks.items() if mark.counts}
    return {name: {"since": _date(mark.days, today), "lasts": mark.lasts} for name, mark in kept.items()}


def _date(days: int, today: date) -> str:
    return (today - timedelta(days=days)).isoformat()


def _person(data: Mapping[str, Any], today: date) -> Person:
    """KeyError, TypeError or ValueError where the data is not what `_data` makes."""
    return Person(
        asked={str(name): _days(since, today) for name, since in data["asked"].items()},
        dangers=tuple(str(name) for name in data["dangers"]),
        tags=_read_marks(data["tags"], today),
        missing=_read_marks(data["missing"], today),
        hurt={str(name): _days(since, today) for name, since in data["hurt"].items()},
        levels={str(name): _LEVELS[_LEVELS.index(level)] for name, level in data["levels"].items()},
        words=max(-3, min(3, int(data.get("words", 0)))),
    )


def _read_marks(data: Mapping[str, Any], today: date) -> dict[str, Mark]:
    marks = {}
    for name, mark in data.items():
        lasts = mark["lasts"]
        marks[str(name)] = Mark(_days(mark["since"], today), None if lasts is None else int(lasts))
    return marks


def _days(since: str, today: date) -> int:
    """Days since then; a clock that was set back makes it today."""
    return max(0, (today - date.fromisoformat(since)).days)
