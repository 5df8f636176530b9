"""Files that are whole at every moment: written beside the old one, forced to the disk, then put in its place.

Most are JSON envelopes: {"format": ours, "schema": its version, and the data under a key of its own}.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_PRIVATE = 0o600  # what is kept is about a person: nobody else on the machine reads it


class UnusableError(Exception):
    """What is in a file cannot be used: "is damaged", or "was written by another version of Floorcoach"."""


def read(path: Path, form: str, schema: int, key: str) -> Mapping[str, Any] | None:
    """What the envelope `path` holds under `key`; None if there is no file. OSError, UnusableError."""
    try:
        envelope = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise UnusableError("is damaged") from None
    if not isinstance(envelope, dict) or envelope.get("format") != form:
        raise UnusableError("is damaged")
    if envelope.get("schema") != schema:
        raise UnusableError("was written by another version of Floorcoach")
    if not isinstance(envelope.get(key), dict):
        raise UnusableError("is damaged")
    data: Mapping[str, Any] = envelope[key]
    return data


def write(path: Path, text: str, *, durable: bool = True) -> None:
    """Replace the file `path` by `text`. OSError if the disk refuses, and then the old file stays as it was.

    `durable`: it is on the disk on return. Where that is not worth the wait, a power cut may take the newest away.
    """
    beside = path.with_name(path.name + ".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def set_aside(path: Path) -> str:
    """Rename a file that cannot be used to `*.damaged`, and say where it lies now: "it was set aside as ..."."""
    aside = path.with_name(path.name + ".damaged")
    try:
        path.replace(aside)
    except OSError:
        return f"it stays at {path}"
    return f"it was set aside as {aside}"
