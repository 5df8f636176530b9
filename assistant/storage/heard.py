"""The last things heard, of this session and those before it, for `coach heard`.

They may be other people's talk, so few are kept, on this machine only, and none where the settings say so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.errors import StorageError
from assistant.storage import whole

KEPT = 50


class HeardFile:
    """A JSON line for each utterance in the file `path`, the newest last, never more than `KEPT`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: list[str] | None = None

    def add(self, utterance: Mapping[str, Any]) -> None:
        """Keep one more (JSON-ready). StorageError if the disk refuses."""
        if self._lines is None:
            self._lines = [json.dumps(line, ensure_ascii=False) for line in self.read()]
        self._lines = [*self._lines, json.dumps(dict(utterance), ensure_ascii=False)][-KEPT:]
        try:
            whole.write(self.path, "\n".join(self._lines) + "\n", durable=False)
        except OSError as error:
            raise StorageError(
                f"What was heard cannot be kept in {self.path} ({error.strerror}): free some space or mend its rights.",
                code="heard",
            ) from error

    def read(self) -> Sequence[Mapping[str, Any]]:
        """All that is kept, the oldest first; a line that is damaged is left out."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        except OSError as error:
            sentence = f"What was heard cannot be read from {self.path} ({error.strerror}): mend its rights."
            raise StorageError(sentence, code="heard") from error
        found = []
        for line in text.splitlines():
            with suppress(ValueError):
                found.append(json.loads(line))
        return [utterance for utterance in found if isinstance(utterance, dict)]

    def forget(self) -> None:
        """Keep nothing any more. StorageError if the file cannot be removed."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            sentence = f"{self.path} cannot be removed ({error.strerror}): delete it yourself."
            raise StorageError(sentence, code="heard") from error
