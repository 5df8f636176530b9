"""Where the person's own routines and packs are, beside what ships.

    DATA/routines/            routines, and exercises/: the same layout as the shipped folder
    DATA/packs/NAME/          a pack, in the same layout (or with it in routines/), perhaps with
        phrases.yaml          more ways to say commands that exist
        wording.yaml          other words for what the coach says

What is faulty there is left out and named; it never keeps a session from starting.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from assistant.catalog.faults import Fault
from assistant.catalog.model import Catalog
from assistant.resources import resource
from assistant.storage.places import config_dir, data_dir

PHRASES, WORDING = "phrases.yaml", "wording.yaml"
EXTRAS = frozenset({PHRASES, WORDING})  # of a pack: neither routines nor exercises


def routines_folder() -> Path:
    """The folder of single routines and exercises; it need not exist."""
    return data_dir() / "routines"


def packs_folder() -> Path:
    """The folder of packs; it need not exist."""
    return data_dir() / "packs"


def content_folders() -> list[Path]:
    """The folders of the person's own content, as far as they hold any; later ones give way to earlier ones."""
    candidates = [routines_folder(), *(place for pack in _packs() for place in (pack, pack / "routines"))]
    return [folder for folder in candidates if any(content_files(folder))]


def all_folders() -> list[Path]:
    """What ships, then the person's own."""
    return [resource("routines"), *content_folders()]


def content_files(folder: Path) -> list[Path]:
    """The routines of a folder, then its exercises and its question sets, by name."""
    found = [path for part in ("", "exercises/", "screening/") for path in sorted(folder.glob(f"{part}*.y*ml"))]
    return [path for path in found if path.name not in EXTRAS and not path.name.startswith(".")]


def extras(name: str) -> list[Path]:
    """The files `name` (PHRASES or WORDING) of the packs that have one."""
    return [pack / name for pack in _packs() if (pack / name).is_file()]


def own_phrases() -> Path:
    """The person's own phrases; the file need not exist."""
    return config_dir() / PHRASES


def leave_out(fault: Fault) -> None:
    """Tell that something of the person's own is not taken."""
    print(f"coach: left out: {fault}", file=sys.stderr)


def told_of(faults: Iterable[Fault]) -> int:
    """Tell on the screen which files of the person's own are left out, one line each; how many they are."""
    first = {fault.file: fault for fault in reversed(list(faults))}
    for fault in sorted(first.values()):
        leave_out(fault)
    return len(first)


def unmentioned(catalog: Catalog) -> tuple[str, ...]:
    """The ids of the person's own routines that the coach has not mentioned yet."""
    try:
        known = set(_mentioned().read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError):
        known = set()
    own = (routine for routine in catalog.routines.values() if Path(routine.source).is_relative_to(data_dir()))
    return tuple(routine.id for routine in own if routine.id not in known)


def mention(routines: Iterable[str]) -> None:
    """Remember that these were mentioned. Where that cannot be written they are mentioned again: no harm."""
    with suppress(OSError), _mentioned().open("a", encoding="utf-8") as file:
        file.writelines(f"{routine}\n" for routine in routines)


def _mentioned() -> Path:
    return data_dir() / "mentioned.txt"


def _packs() -> list[Path]:
    """A folder that begins with a dot is a pack that was not taken to its end."""
    return sorted(path for path in packs_folder().glob("*") if path.is_dir() and not path.name.startswith("."))
