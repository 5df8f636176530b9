"""Reads wording.yaml: what the coach says that is not part of an exercise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from assistant.dialogue.wording import Wording
from assistant.errors import ResourceError
from assistant.language.pack_wording import with_packs
from assistant.resources import language


def load_wording(path: Path | None = None) -> Wording:
    """The texts in the file `path`, or the English ones as the person's packs change them.

    ResourceError names the file and what is wrong with it; a pack's faulty file is left out and named.
    """
    return _read(path) if path is not None else with_packs(shipped())


@cache
def shipped() -> Wording:
    """The English texts as they ship, read once."""
    return _read(language("en") / "wording.yaml")


def _read(path: Path) -> Wording:
    """A mapping of names to a sentence or a list of sentences."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(f"The wording {path} cannot be read ({error}).") from error
    except yaml.YAMLError as error:
        raise ResourceError(f"The wording {path} is not valid YAML: {str(error).splitlines()[0]}.") from error
    if not isinstance(content, dict):
        raise ResourceError(f"The wording {path} must map names to sentences.")
    return Wording({str(key): _sentences(path, str(key), value) for key, value in content.items()}, str(path))


def _sentences(path: Path, key: str, value: object) -> tuple[str, ...]:
    sentences = value if isinstance(value, list) else [value]
    if not sentences or not all(isinstance(sentence, str) for sentence in sentences):
        raise ResourceError(f"The wording {path} must hold a sentence or a list of sentences under {key}.")
    return tuple(sentences)
