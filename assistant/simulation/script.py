"""The script of a simulated session: the room, the noise, and what the person says when (docs/demo-script.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.catalog.reading import Document, read
from assistant.errors import SimulationError
from assistant.simulation.room import RoomSpec

_PEOPLE = Path(__file__).with_name("people")
_SCHEMA = Path(__file__).with_name("script.schema.json")


@dataclass(frozen=True)
class Turn:
    """One thing the person says: exactly one of the four moments, and `say` or `wav`."""

    at_ms: int | None = None  # at this session time
    after: str | None = None  # once the coach has said this
    after_ms: int | None = None  # this long after the person's last turn
    every: str | None = None  # each time the coach has said this
    say: str | None = None
    wav: Path | None = None
    means: str | None = None  # the words in the recording
    db: float = 0.0  # louder (or softer) than the room says of the person's voice
    line: int = 0  # in the script's file


@dataclass(frozen=True)
class Script:
    """A whole script. `voice` None means the built-in person's voice; somebody `new` is asked the first questions."""

    room: RoomSpec
    turns: tuple[Turn, ...]
    noise: Path | None = None
    snr_db: float = 0.0
    voice: str | None = None
    new: bool = False
    source: Path = _PEOPLE


def built_in(routine: str) -> Path:
    """The script of the built-in person who does `routine` (id)."""
    own = _PEOPLE / f"{routine}.yaml"
    return own if own.is_file() else _PEOPLE / "anyone.yaml"


def load(path: Path, words: Mapping[str, str] | None = None) -> Script:
    """The script in `path`; `{name}` in what is said is filled from `words`.

    Raises SimulationError, with file:line, for a file that is unreadable or breaks the schema.
    """
    document, faults = read(path)
    if document is None or faults:
        raise SimulationError(f"This script cannot be used: {faults[0]}", code="script")
    for error in _errors(document.data):
        raise SimulationError(f"This script cannot be used: {document.fault(_sentence(error), *error.absolute_path)}")
    return _script(document, words or {})


def _errors(data: Any) -> Iterator[Any]:
    """Breaches of the schema, the first in the file first."""
    import jsonschema  # late: a tenth of a second, of which only `coach demo` has need

    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(data)
    yield from sorted(errors, key=lambda error: [str(step).zfill(6) for step in error.absolute_path])


def _sentence(error: Any) -> str:
    described = error.schema.get("description") if error.validator == "oneOf" else None
    name = ".".join(str(step) for step in error.absolute_path) or "the file"
    return f"{name}: {described or error.message} (docs/demo-script.md shows the format)."


def _script(document: Document, words: Mapping[str, str]) -> Script:
    data, folder = document.data, document.path.parent
    noise = data.get("noise", {})
    turns = [_turn(turn, folder, words, document.line("turns", i)) for i, turn in enumerate(data["turns"])]
    return Script(
        room=RoomSpec(**data.get("room", {})),
        turns=tuple(turns),
        noise=folder / noise["wav"] if noise else None,
        snr_db=noise.get("snr_db", 0.0),
        voice=data.get("person", {}).get("voice"),
        new=data.get("person", {}).get("new", False),
        source=document.path,
    )


def _turn(data: Mapping[str, Any], folder: Path, words: Mapping[str, str], line: int) -> Turn:
    say = data.get("say")
    for name, value in words.items():
        say = say.replace(f"{{{name}}}", value) if say else say
    return Turn(
        at_ms=_ms(data.get("at_s")),
        after=data.get("after"),
        after_ms=_ms(data.get("after_s")),
        every=data.get("every"),
        say=say,
        wav=folder / data["wav"] if "wav" in data else None,
        means=data.get("means"),
        db=data.get("db", 0.0),
        line=line,
    )


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
