"""What calibrations found, for each microphone, in one JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.dialogue.calibration import Tunings, from_data
from assistant.errors import StorageError

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
        beside = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            cure = "free some space or mend its rights"
            sentence = f"The calibration cannot be kept in {self.path} ({error.strerror}): {cure}."
            raise StorageError(sentence, code="calibration") from error

    def _microphones(self) -> Mapping[str, Any]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            sentence = f"The calibration {self.path} cannot be read ({error.strerror}): the defaults hold."
            raise StorageError(sentence, code="calibration") from error
        except ValueError:
            raise self._set_aside("is damaged") from None
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            raise self._set_aside("is damaged")
        if content.get("schema") != SCHEMA:
            raise self._set_aside("was written by another version of Floorcoach")
        if not isinstance(content.get("microphones"), dict):
            raise self._set_aside("is damaged")
        microphones: Mapping[str, Any] = content["microphones"]
        return microphones

    def _set_aside(self, what: str) -> StorageError:
        """Rename the file to `*.damaged` and return the error to raise."""
        aside = self.path.with_name(self.path.name + ".damaged")
        try:
            self.path.replace(aside)
            where = f"it was set aside as {aside}"
        except OSError:
            where = f"it stays at {self.path}"
        return StorageError(f"The calibration {what}; {where}, and the defaults hold.", code="calibration")
