"""Where the files that ship with Floorcoach are.

A wheel carries routines/ and voice_models/ inside the package (assistant/bundled/); an editable install and a
plain checkout have them beside it. An editable install hides the bundled copies from importlib.resources,
so both places are looked at, the bundled one first.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The folder `name` ("routines", "voice_models"); ResourceError if neither place has it."""
    for base in (_PACKAGE / "bundled", _PACKAGE.parent):
        if (base / name).is_dir():
            return base / name
    raise ResourceError(
        f"The folder {name}/ is missing from {_PACKAGE.parent}: install Floorcoach again, it is incomplete."
    )


def language(code: str = "en") -> Path:
    """The folder of a language: phrases.yaml (what it understands) and wording.yaml (what it says)."""
    folder = _PACKAGE / "language" / code
    if not folder.is_dir():
        raise ResourceError(f"The language {code} is missing at {folder}: install Floorcoach again.")
    return folder
