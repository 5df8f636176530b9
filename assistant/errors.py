"""What can go wrong, one leaf per stage.

Each error carries a sentence for the person (the thing, the place, the way out) and a short, stable `code`
for logs and tests. Commands print the sentence and exit with 1; nobody sees a traceback for these.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every expected failure. `str(error)` is the one clear sentence."""

    code = "assistant"

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code


class ResourceError(AssistantError):
    """A file that ships with Floorcoach (routines, model, language) is missing or damaged."""

    code = "resource"


class CatalogError(AssistantError):
    """A routine or an exercise cannot be used, or is not there."""

    code = "catalog"


class ListeningError(AssistantError):
    """The recogniser, its model or a phrase table cannot be used."""

    code = "listening"


class SpeakingError(AssistantError):
    """The speech engine is missing or failed."""

    code = "speaking"


class AudioError(AssistantError):
    """A microphone, a speaker or an audio file cannot be used."""

    code = "audio"


class StorageError(AssistantError):
    """Something could not be kept or read back (disk full, read-only home, damaged file)."""

    code = "storage"


class SimulationError(AssistantError):
    """The script of a simulated session cannot be used."""

    code = "simulation"
