"""One YAML file -> plain data, with the line of every value.

Files come from strangers too (packs), so the reader is stricter than YAML: at most 1 MB, nesting to a depth of 20,
no aliases (a few lines of them expand to gigabytes), no key twice, no tags, and only `true` and `false` are truth
values (`no` stays the word "no"). It reads the parser's events itself: PyYAML's own composer crashes on deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.catalog.faults import Fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
TOO_DEEP = f"The values are nested more than {MAX_DEPTH} deep."
NOT_UTF8 = "The file is not UTF-8 text: save it with the encoding UTF-8."

Place = tuple[str | int, ...]  # the way to a value: ("script", "setup", 0)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times faster
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]*")


@dataclass(frozen=True, eq=False)
class Document:
    """A file that was read: its data, which nobody changes, and the line of each place in it."""

    path: Path
    data: Any
    lines: Mapping[Place, int] = field(default_factory=dict)

    def line(self, *place: str | int) -> int:
        """The line of `place`, or of the nearest thing around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, message: str, *place: str | int) -> Fault:
        """A fault at `place` of this file."""
        return Fault(self.path, self.line(*place), message)


class _RefusedError(Exception):
    """The file cannot be taken: line and reason."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read(path: Path) -> tuple[Document | None, list[Fault]]:
    """The document at `path`; None, with faults, if it is unreadable. A doubled key is a fault, too."""
    try:
        document, faults = _parsed(path, _text(path))
    except _RefusedError as refused:
        return None, [Fault(path, refused.line, str(refused))]
    return document, list(faults)


@lru_cache(maxsize=256)
def _parsed(path: Path, text: str) -> tuple[Document, tuple[Fault, ...]]:
    """Kept by the text itself: `coach add` and `coach check` read what ships several times."""
    builder = _Builder(_events(text))
    document = Document(path, builder.build(), builder.lines)
    return document, tuple(Fault(path, line, message) for line, message in builder.doubled)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _RefusedError(1, "The file is larger than 1 MB: split it into one file for each routine or exercise.")
        content = path.read_bytes()
        if b"\0" in content[:4]:  # UTF-16 or UTF-32, which YAML files of some editors are
            raise _RefusedError(1, NOT_UTF8)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _RefusedError(1, NOT_UTF8) from None
    except OSError as error:
        raise _RefusedError(1, f"The file cannot be read: {error.strerror or error}.") from None


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unknown mistake"
        line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1
        if "nesting depth" in problem:  # PyYAML from 6.0.4 on looks ahead, and refuses it before we see it
            raise _RefusedError(line, TOO_DEEP) from None
        raise _RefusedError(line, f"This is not valid YAML ({problem}): check indents, colons and quotes.") from None


class _Builder:
    """Turns parser events into data, keeping lines."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self.lines: dict[Place, int] = {}
        self.doubled: list[tuple[int, str]] = []

    def build(self) -> Any:
        documents: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if documents:
                    raise _RefusedError(_line(event), "One file holds one document: remove the line '---'.")
                documents.append(self._value(next(self._events), ()))
        if not documents:
            raise _RefusedError(1, "The file is empty.")
        return documents[0]

    def _value(self, event: Any, place: Place) -> Any:
        line = _line(event)
        self.lines.setdefault(place, line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError(line, "Anchors and aliases (& and *) are not taken: write the value out.")
        if getattr(event, "tag", None) not in (None, "!"):
            raise _RefusedError(line, f"The tag {event.tag} is not taken: write a plain value.")
        if len(place) > MAX_DEPTH:
            raise _RefusedError(line, TOO_DEEP)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return self._mapping(place)

    def _sequence(self, place: Place) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, (*place, len(items))))
        return items

    def _mapping(self, place: Place) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _RefusedError(line, "A key is a single word.")
            key = event.value
            if key in items:
                self.doubled.append((line, f"The key '{key}' is there twice: keep one of them."))
            self.lines.setdefault((*place, key), line)
            items[key] = self._value(next(self._events), (*place, key))
        return items


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:  # quoted
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
