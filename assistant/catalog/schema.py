"""Checks a document against its JSON Schema and says what is wrong in plain words, with the line."""

from __future__ import annotations

import difflib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.catalog.faults import Fault
from assistant.catalog.reading import Document
from assistant.errors import ResourceError
from assistant.resources import resource

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FILES = {"routine": "routine.schema.json", "exercise": "exercises/exercise.schema.json"}
_NAMES = {
    "object": "keys and values",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
}


def check(document: Document, kind: str) -> list[Fault]:
    """Every fault of the document as a `kind` ("routine" or "exercise")."""
    faults: list[Fault] = []
    for error in _validator(kind).iter_errors(document.data):
        faults += _faults(document, error)
    return sorted(set(faults))


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator  # costs 0.1 s

    path = resource("routines") / FILES[kind]
    try:
        return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        raise ResourceError(f"The schema {path} is missing or damaged: install Floorcoach again.") from None


def _faults(document: Document, error: ValidationError) -> list[Fault]:
    place = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", ()))
        unknown = [key for key in error.instance if key not in known]
        return [document.fault(f"The key '{key}' is unknown{_nearest(key, known)}.", *place, key) for key in unknown]
    if error.validator == "oneOf" and error.context:
        return _alternatives(document, error)
    return [document.fault(_sentence(error), *place)]


def _alternatives(document: Document, error: ValidationError) -> list[Fault]:
    """Of a value that may be text or keys and values, the faults of what the author began to write."""
    wanted = "object" if isinstance(error.instance, dict) else "string"
    branches = [entry.get("type") for entry in error.validator_value]
    chosen = branches.index(wanted)
    inner = [fault for sub in error.context or () if sub.schema_path[0] == chosen for fault in _faults(document, sub)]
    return inner or [document.fault(_sentence(error), *error.absolute_path)]


def _sentence(error: ValidationError) -> str:
    where = f"'{error.absolute_path[-1]}'" if error.absolute_path else "the file"
    if isinstance(error.absolute_path[-1] if error.absolute_path else None, int):
        where = "this entry"
    wanted, value = error.validator_value, error.instance
    if error.validator == "required":
        return f"The key '{_missing(error)}' is missing in {where}."
    if error.validator == "enum":
        return f"{where} is {value!r}: take one of {', '.join(map(str, wanted))}{_nearest(str(value), list(map(str, wanted)))}."
    if error.validator == "type":
        return f"{where} is {value!r}: it must be {_NAMES.get(wanted, wanted)}."
    if error.validator == "pattern":
        return f"{where} is {value!r}: it must match {wanted} (lower case, no digits in spoken names)."
    if error.validator in ("maxItems", "minItems"):
        most = "at most" if error.validator == "maxItems" else "at least"
        return f"{where} has {len(value)} entries: {most} {wanted}."
    return f"{where}: {error.message[:160]}."


def _missing(error: ValidationError) -> str:
    """The required key that this error is about: jsonschema yields one error for each."""
    return str(error.message).split("'")[1]


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f" (did you mean '{near[0]}'?)" if near else ""
