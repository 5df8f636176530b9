"""The journal: every event of a session, one JSON line each, in order; replayed, it gives the same states.

The first line is the header: what the session started from (memory, checkpoint, routines' hash), as the session
wrote it. Each further line is one event of dialogue/events.py, its class name in "event".
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, TypeVar, get_args, get_origin, get_type_hints

from assistant.dialogue.events import Event
from assistant.errors import StorageError

SCHEMA = 1

_T = TypeVar("_T")

_EVENTS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def to_json(event: Event) -> dict[str, Any]:
    """`event` as a JSON-ready object."""
    return {"event": type(event).__name__, **_plain(event)}


def from_json(line: Mapping[str, Any]) -> Event:
    """The event that `to_json` wrote; ValueError if it is none."""
    values = dict(line)
    name = str(values.pop("event", ""))
    if name not in _EVENTS:
        raise ValueError(f"no such event: {name!r}")
    try:
        event: Event = _typed(_EVENTS[name], values)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{name}: wrong or missing field ({error})") from error
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _typed(hint: Any, value: Any) -> Any:
    """`value` as `_plain` left it, as the type `hint` again."""
    if get_origin(hint) is Mapping:
        return {key: _typed(get_args(hint)[1], each) for key, each in value.items()}
    if get_origin(hint) is tuple:
        return tuple(_typed(get_args(hint)[0], each) for each in value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{key: _typed(hints[key], each) for key, each in value.items()})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if value is not None and type(None) in get_args(hint):
        return _typed(get_args(hint)[0], value)
    if hint in (int, str, bool) and type(value) is not hint:
        raise TypeError(f"{value!r} is not {hint.__name__}")
    return value


class Journal:
    """A journal being written. The disk may fail at any line: then it says so once and keeps nothing more."""

    def __init__(self, path: Path, header: Mapping[str, Any], on_fault: Callable[[StorageError], None]) -> None:
        self.path = path
        self._on_fault = on_fault
        self._file: TextIO | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            self._give_up(error)
        self._write({"journal": SCHEMA} | dict(header))

    def append(self, event: Event) -> None:
        """Write `event` through to the operating system, so that a crash of ours loses nothing."""
        self._write(to_json(event))

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        file, self._file = self._file, None
        if file:
            with suppress(OSError):  # each line was flushed when it was written
                file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        if not self._file:
            return
        try:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.close()
        self._on_fault(
            StorageError(
                f"The journal {self.path} cannot be written ({error.strerror}): the session goes on without one.",
                code="journal",
            )
        )


def read(path: Path) -> tuple[Mapping[str, Any], list[Event]]:
    """Header and events of the journal at `path`. A last line cut short by a crash is left out.

    Raises StorageError with file and line for anything else that cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"The journal {path} cannot be read ({error}).", code="journal") from error
    whole = text.split("\n")[:-1]  # what follows the last line end was cut short
    header = _parsed(whole[0], f"{path}:1", dict) if whole else {}
    if header.get("journal") != SCHEMA:
        raise StorageError(f"{path}:1: this is not a journal of this version of Floorcoach.", code="journal")
    return header, [_parsed(line, f"{path}:{number}", from_json) for number, line in enumerate(whole[1:], 2)]


def _parsed(line: str, where: str, make: Callable[[Mapping[str, Any]], _T]) -> _T:
    try:
        return make(json.loads(line))
    except (ValueError, TypeError) as error:
        raise StorageError(f"{where}: this line of the journal cannot be used ({error}).", code="journal") from error
