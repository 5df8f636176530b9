"""Checks a document against its JSON Schema and says what is wrong in plain words, with the line."""

from __future__ import annotations

import difflib
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.catalog.faults import Fault
from assistant.catalog.reading import Document
from assistant.errors import ResourceError
from assistant.resources import resource

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FILES = {
    "routine": "routine.schema.json",
    "exercise": "exercises/exercise.schema.json",
    "screening": "screening/screening.schema.json",
}
_NAMES = {
    "object": "keys and values",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


def check(document: Document, kind: str) -> list[Fault]:
    """Every fault of the document as a `kind` (a key of FILES)."""
    return faults(document, resource("routines") / FILES[kind])


def faults(document: Document, schema: Path) -> list[Fault]:
    """Every fault of the document by the schema in that file; ResourceError if there is no such schema."""
    return list(_found(document, schema))


@lru_cache(maxsize=256)
def _found(document: Document, schema: Path) -> tuple[Fault, ...]:
    errors = _validator(schema).iter_errors(document.data)
    return tuple(sorted({fault for error in errors for fault in _faults(document, error)}))


@cache
def _validator(path: Path) -> Any:
    from jsonschema import Draft202012Validator  # costs 0.1 s

    try:
        return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        raise ResourceError(f"The schema {path} is missing or damaged: install Floorcoach again.") from None


def _faults(document: Document, error: ValidationError) -> list[Fault]:
    place = tuple(error.absolute_path)
    wanted: Any = error.validator_value
    if error.validator == "additionalProperties":
        schema: Any = error.schema
        known = list(schema.get("properties", ()))
        unknown = [str(key) for key in _items(error.instance) if key not in known]
        return [document.fault(f"The key '{key}' is unknown{_hint(key, known)}.", *place, key) for key in unknown]
    if error.validator == "oneOf" and error.context:
        return _alternatives(document, error, wanted)
    return [document.fault(_sentence(error, wanted), *place)]


def _alternatives(document: Document, error: ValidationError, branches: list[Any]) -> list[Fault]:
    """Of a value that may be text or keys and values, the faults of what the author began to write."""
    begun = "object" if isinstance(error.instance, dict) else "string"
    chosen = [entry.get("type") for entry in branches].index(begun)
    inner = [sub for sub in error.context or () if sub.schema_path[0] == chosen]
    return [fault for sub in inner for fault in _faults(document, sub)]


def _sentence(error: ValidationError, wanted: Any) -> str:
    where, value = _where(error), error.instance
    if error.validator == "required":
        key = str(error.message).split("'")[1]  # jsonschema yields one error for each missing key
        return f"The key '{key}' is missing in {where}."
    if error.validator == "enum":
        choices = [str(choice) for choice in wanted]
        return f"{where} is {value!r}: take one of {', '.join(choices)}{_nearest(str(value), choices)}."
    if error.validator == "type":
        return f"{where} is {value!r}: it must be {_NAMES.get(wanted, wanted)}."
    if error.validator == "pattern":
        return f"{where} is {value!r}: it must match {wanted} (lower case, no digits in spoken names)."
    if error.validator in ("maximum", "minimum"):
        most = "at most" if error.validator == "maximum" else "at least"
        return f"{where} is {value!r}: it must be {most} {wanted}."
    if error.validator in ("maxItems", "minItems"):
        most = "at most" if error.validator == "maxItems" else "at least"
        return f"{where} has {len(_items(value))} entries: {most} {wanted}."
    return f"{where}: {error.message[:160]}."


def _where(error: ValidationError) -> str:
    if not error.absolute_path:
        return "the file"
    last = error.absolute_path[-1]
    return "this entry" if isinstance(last, int) else f"'{last}'"


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, (dict, list)) else []


def _hint(key: str, known: list[str]) -> str:
    """What was probably meant by an unknown key. Inside { } a comma ends a text that has no quotes."""
    return " (a text with a comma needs quotes)" if " " in key else _nearest(key, known)


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f" (did you mean '{near[0]}'?)" if near else ""
