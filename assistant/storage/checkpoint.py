"""The place in a session, kept so that a crash, a dead battery or a closed lid loses none of it.

At every moment there is one whole checkpoint (storage/whole.py). What is inside belongs to the dialogue
(dialogue/checkpoint.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import StorageError
from assistant.storage import whole

SCHEMA = 1
_FORMAT = "floorcoach-checkpoint"


class CheckpointFile:
    """One checkpoint in the file `path`, whose folder is made when first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, checkpoint: Mapping[str, Any]) -> None:
        """Keep `checkpoint` (JSON-ready) durably; StorageError if the disk refuses, and then the old one stays."""
        try:
            whole.write(self.path, json.dumps({"format": _FORMAT, "schema": SCHEMA, "checkpoint": checkpoint}))
        except OSError as error:
            raise StorageError(
                f"Your place cannot be kept in {self.path} ({error.strerror}): free some space or mend its rights.",
                code="checkpoint",
            ) from error

    def load(self) -> Mapping[str, Any] | None:
        """The checkpoint, or None if there is none.

        One that is damaged or of another version is set aside first; then StorageError says so and where it lies.
        """
        try:
            return whole.read(self.path, _FORMAT, SCHEMA, "checkpoint")
        except OSError as error:
            raise StorageError(
                f"Your last place in {self.path} cannot be read ({error.strerror}): starting fresh.", code="checkpoint"
            ) from error
        except whole.UnusableError as error:
            raise self.set_aside(f"Your last place {error}.") from None

    def set_aside(self, sentence: str) -> StorageError:
        """Rename the file to `*.damaged` and return the error to raise: `sentence`, and where the file now lies.

        For the dialogue's use too: only it can tell that a checkpoint is of a routine that has changed since.
        """
        where = whole.set_aside(self.path)
        return StorageError(f"{sentence} I{where[1:]}; starting fresh.", code="checkpoint")

    def forget(self) -> None:
        """The session ended in order. StorageError if the file cannot be removed."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be removed ({error.strerror}): the next session will offer to go on from it.",
                code="checkpoint",
            ) from error
