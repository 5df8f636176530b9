"""Everything that is wrong with routines, exercises and packs, for `coach check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.authoring import extras
from assistant.catalog import packs
from assistant.catalog.faults import Fault
from assistant.catalog.lint import lint
from assistant.catalog.load import load_all
from assistant.dialogue.commands import PhaseName
from assistant.listening import phrases
from assistant.listening.model import SpeechModel

_SPEAKING = (PhaseName.POSITIONING, PhaseName.WORKING, PhaseName.PAUSED)  # phases in which scripts are read aloud


def review(paths: Sequence[Path] = ()) -> list[Fault]:
    """The faults of the files and folders `paths`, or of what ships and what was added; by file and line.

    CatalogError if a folder holds nothing to check.
    """
    places = [place for path in paths for place in _places(path)] if paths else packs.all_folders()
    commands = command_words()
    faults = lint(places, commands, packs.content_folders()) if places else []
    folders = _with_extras(paths)
    if folders:
        catalog, _ = load_all([*packs.all_folders(), *places])
        knows = SpeechModel().knows
        faults += [fault for folder in folders for fault in extras.check(folder, commands, catalog, knows)]
    return sorted(set(faults))


def command_words() -> frozenset[str]:
    """The wordings that are obeyed while scripts are read aloud; they have no place in a script."""
    table = phrases.load()
    return frozenset(
        phrase
        for wordings in table.phrases().values()
        for phrase in wordings
        if any(table.parse(phrase, phase.value) for phase in _SPEAKING)
    )


def _places(path: Path) -> list[Path]:
    """Where the routines and exercises of a path are; nowhere, for phrases and wording alone."""
    if path.is_file():
        return [] if path.name in packs.EXTRAS else [path]
    inside = [folder for folder in (path, path / "routines") if packs.content_files(folder)]
    return inside or ([] if _with_extras([path]) else [path])


def _with_extras(paths: Sequence[Path]) -> list[Path]:
    """The folders with phrases or wording among `paths`, or among the person's packs."""
    if not paths:
        return sorted({path.parent for name in packs.EXTRAS for path in packs.extras(name)})
    folders = [path.parent if path.name in packs.EXTRAS else path for path in paths]
    return [folder for folder in folders if any((folder / name).is_file() for name in packs.EXTRAS)]
