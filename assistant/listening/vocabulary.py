"""The commonest words of the speech model."""

from __future__ import annotations

from assistant.errors import ListeningError
from assistant.resources import language


def common_words() -> list[str]:
    """The 3,000 commonest words, commonest first."""
    path = language("en") / "words.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise ListeningError(f"The list of words {path} cannot be read: install Floorcoach again.") from error
