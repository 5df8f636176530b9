"""The speech model: found, checked and loaded, so that a bad one is a sentence and not a crash of the library.

Vosk aborts the process on a damaged model, downloads one when asked by name, and writes to stderr: so it is only
ever given a folder whose files were checked first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.errors import ListeningError
from assistant.listening.model_files import AGAIN, check_sizes
from assistant.listening.recogniser import Recogniser
from assistant.resources import resource

RATE = 16_000  # samples a second, of everything that is listened to


def default_folder() -> Path:
    """The folder of the English model that ships with Floorcoach."""
    return resource("voice_models") / "en-us-small"


class SpeechModel:
    """A loaded model. May be shared between threads; the recognisers it makes may not."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load the model in `folder` after a quick check. ListeningError if it is missing, damaged or foreign."""
        self.folder = folder or default_folder()
        check_sizes(self.folder)
        self._model = _loaded(self.folder)

    def knows(self, word: str) -> bool:
        """Whether the model can hear `word` (lower case, one word)."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def recogniser(self, grammar: Sequence[str] | None = None, *, alternatives: int = 0) -> Recogniser:
        """A recogniser of `grammar` (phrases, repeated ones count more), or of free speech without one.

        Unknown words would be dropped by Vosk in silence, and an empty grammar crashes it: ListeningError for both.
        """
        import vosk

        if grammar is None:
            return Recogniser(vosk.KaldiRecognizer(self._model, RATE), alternatives)
        words = {word for phrase in set(grammar) for word in phrase.split()}
        unknown = sorted(word for word in words if not self.knows(word))
        if unknown:
            raise ListeningError(f"The speech model does not know: {', '.join(unknown)}. Choose other words.")
        if not grammar:
            raise ListeningError("The phrase table holds no phrase that could be heard.")
        text = json.dumps(list(grammar), ensure_ascii=False)
        return Recogniser(vosk.KaldiRecognizer(self._model, RATE, text), alternatives)


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Any:
    """The model of vosk, which takes a third of a second and 50 MB and is never changed: once for each process."""
    try:
        import vosk
    except (ImportError, OSError) as error:
        raise ListeningError(
            f"The speech recogniser (package vosk) cannot be loaded: {error}. Install it again.", code="vosk"
        ) from error
    vosk.SetLogLevel(-2)  # not even warnings, as of a sound that cost much memory: the terminal is for the display
    try:
        return vosk.Model(model_path=str(folder))
    except Exception as error:  # vosk raises plain Exception
        raise ListeningError(f"The speech model in {folder} cannot be used. {AGAIN}") from error
