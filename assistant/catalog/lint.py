"""Every fault of routines and exercises at once: files, schemas, ids, and what they mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.catalog.faults import Fault
from assistant.catalog.lint_exercise import check_exercise
from assistant.catalog.lint_routine import check_routine
from assistant.catalog.lint_words import Words
from assistant.catalog.load import Library, assemble, read_all
from assistant.catalog.model import Catalog
from assistant.catalog.screening import check_questions
from assistant.resources import resource


def lint(places: Sequence[Path], commands: Collection[str], others: Sequence[Path] = ()) -> list[Fault]:
    """The faults of the files and folders `places`, by file and line.

    They may use every exercise that ships, and those of the folders `others`. `commands`: the wordings that scripts
    must not hold. CatalogError if a folder holds no content.
    """
    own = read_all(places)
    found = list(own.faults)
    library = _with_others(own, [*_packs(places), resource("routines"), *others])
    catalog = assemble(library)
    files = {document.path for shelf in (own.routines, own.exercises, own.screenings) for document in shelf.values()}
    found += [fault for fault in library.faults if fault.file in files]
    words = Words(commands)
    for name, document in own.exercises.items():
        found += check_exercise(document, catalog.exercises[name], catalog.exercises, words)
    for name, document in own.routines.items():
        if name in catalog.routines:
            found += check_routine(document, catalog.routines[name], catalog, words)
    for document in own.screenings.values():
        found += check_questions(document, words)
    found += _doubled_names(own, catalog)
    return sorted(set(found))


def _with_others(own: Library, folders: Sequence[Path]) -> Library:
    """`own` and what the folders hold, the first ones first. A copy of a file stands in for it."""
    library = replace(own, faults=[])
    for folder in folders:
        others = read_all([folder])
        library.routines = {**others.routines, **library.routines}
        library.exercises = {**others.exercises, **library.exercises}
        library.screenings = {**others.screenings, **library.screenings}
        library.broken = library.broken | others.broken
    return library


def _packs(places: Sequence[Path]) -> list[Path]:
    """The folders to which single files belong, where they hold content."""
    folders = [place.resolve().parent for place in places if place.is_file()]
    packs = dict.fromkeys(folder.parent if folder.name in ("exercises", "screening") else folder for folder in folders)
    return [folder for folder in packs if any(folder.glob("*.y*ml"))]


def _doubled_names(own: Library, catalog: Catalog) -> list[Fault]:
    """Two routines that answer to one spoken name."""
    owners: dict[str, str] = {}
    for routine in catalog.routines.values():
        owners.setdefault(routine.title.lower(), routine.id)
    faults = []
    for name, document in own.routines.items():
        if name not in catalog.routines:
            continue
        routine = catalog.routines[name]
        for place, spoken in ((("title",), routine.title), *((("names", n), s) for n, s in enumerate(routine.names))):
            owner = owners.setdefault(spoken.lower(), name)
            if owner != name:
                faults.append(document.fault(f"The name '{spoken}' belongs to the routine '{owner}', too.", *place))
    return faults
