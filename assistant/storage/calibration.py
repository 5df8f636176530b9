"""What calibrations found, for each microphone, in one JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.dialogue.calibration import Tunings, from_data
from assistant.errors import StorageError
from assistant.storage import whole

SCHEMA = 1
_FORMAT = "floorcoach-calibration"


class CalibrationFile:
    """Calibrations in the file `path`, by the label of the microphone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, microphone: str) -> Tunings:
        """What was found with `microphone`; nothing if it was never calibrated.

        A file that is damaged or of another version is set aside first; then StorageError says so and where it lies.
        """
        found = self._microphones().get(microphone, {})
        try:
            return from_data(found)
        except (ValueError, TypeError, AttributeError):
            raise self._set_aside("is damaged") from None

    def save(self, microphone: str, tunings: Mapping[str, Mapping[str, int]]) -> None:
        """Keep what was found with `microphone`. StorageError if the disk refuses, and then the old file stays."""
        try:
            known = self._microphones()
        except StorageError:  # set aside by now, or not to be read
            known = {}
        content = {"format": _FORMAT, "schema": SCHEMA, "microphones": {**known, microphone: tunings}}
        try:
            whole.write(self.path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        except OSError as error:
            cure = "free some space or mend its rights"
            sentence = f"The calibration cannot be kept in {self.path} ({error.strerror}): {cure}."
            raise StorageError(sentence, code="calibration") from error

    def _microphones(self) -> Mapping[str, Any]:
        try:
            return whole.read(self.path, _FORMAT, SCHEMA, "microphones") or {}
        except OSError as error:
            sentence = f"The calibration {self.path} cannot be read ({error.strerror}): the defaults hold."
            raise StorageError(sentence, code="calibration") from error
        except whole.UnusableError as error:
            raise self._set_aside(str(error)) from None

    def _set_aside(self, what: str) -> StorageError:
        """Rename the file to `*.damaged` and return the error to raise."""
        where = whole.set_aside(self.path)
        return StorageError(f"The calibration {what}; {where}, and the defaults hold.", code="calibration")
