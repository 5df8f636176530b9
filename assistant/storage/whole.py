"""Files that are whole at every moment: written beside the old one, forced to the disk, then put in its place."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_PRIVATE = 0o600  # what is kept is about a person: nobody else on the machine reads it


def write(path: Path, text: str) -> None:
    """Replace the file `path` by `text`. OSError if the disk refuses, and then the old file stays as it was."""
    beside = path.with_name(path.name + ".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
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
