"""Folders of YAML files -> Catalog. A file with faults is left out, and a routine that needs it; the others work.

A folder holds routines (`*.yaml`), their exercises (`exercises/*.yaml`) and question sets (`screening/*.yaml`). A file
is taken for what its keys say.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.catalog import build, packs, reading, schema
from assistant.catalog.faults import Fault
from assistant.catalog.model import SCREENING, Catalog, Exercise, Routine
from assistant.catalog.reading import Document
from assistant.catalog.screening import question_set
from assistant.errors import CatalogError
from assistant.resources import resource


@dataclass
class Library:
    """What was read: the faultless documents by id, and every fault on the way."""

    routines: dict[str, Document] = field(default_factory=dict)
    exercises: dict[str, Document] = field(default_factory=dict)
    screenings: dict[str, Document] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # ids of files with faults: not to be called unknown


def load(folder: Path | None = None, on_fault: Callable[[Fault], None] = packs.leave_out) -> Catalog:
    """What ships with Floorcoach and the person's own, or the routines of `folder` alone.

    CatalogError names the first fault of what ships, or of `folder`. Faulty files of the person's own are left out,
    and `on_fault` is told.
    """
    main = folder or resource("routines")
    catalog, faults = load_all([main] if folder else packs.all_folders())
    own = [fault for fault in faults if not fault.file.is_relative_to(main)]
    for fault in own:
        on_fault(fault)
    if len(faults) > len(own):
        first = next(fault for fault in faults if fault not in own)
        more = f" (and {len(faults) - len(own) - 1} more: run coach check)" if len(faults) - len(own) > 1 else ""
        raise CatalogError(f"{first}{more}", code="routine_fault")
    return catalog


def load_all(folders: Sequence[Path]) -> tuple[Catalog, list[Fault]]:
    """Everything faultless in the folders, and every fault. An id that is there already faults the later file."""
    library = read_all(folders)
    return assemble(library), sorted(set(library.faults))


def load_with(file: Path) -> tuple[Catalog, Routine]:
    """Everything, and the routine in `file`, which may use the exercises beside it; it stands in for its namesake.

    CatalogError names its first fault.
    """
    if not file.is_file():
        raise CatalogError(f"There is no file {file}.", code="no_files")
    own = read_all([file, *(packs.content_files(file.parent / "exercises"))])
    library = read_all(packs.all_folders())
    library.routines.update(own.routines)
    library.exercises.update(own.exercises)
    library.screenings.update(own.screenings)
    library.faults = list(own.faults)
    catalog = assemble(library)
    routine = next((routine for routine in catalog.routines.values() if routine.source == str(file)), None)
    if routine is None:
        beside = (file.parent, file.parent / "exercises")
        faults = sorted(fault for fault in library.faults if fault.file.parent in beside)
        raise CatalogError(f"{faults[0]}" if faults else f"{file} holds no routine.", code="routine_fault")
    return catalog, routine


def find(catalog: Catalog, name: str) -> Routine:
    """The routine with this id or spoken name; CatalogError offers the nearest."""
    names = {spoken: routine for routine in catalog.routines.values() for spoken in _names(routine)}
    wanted = _spoken(name)
    if wanted in names:
        return names[wanted]
    near = difflib.get_close_matches(wanted, names, 3, cutoff=0.5)
    ids = list(dict.fromkeys(names[spoken].id for spoken in near)) or sorted(catalog.routines)
    raise CatalogError(f"There is no routine {name!r}: try {', '.join(ids)}.", code="unknown_routine")


def read_all(places: Sequence[Path]) -> Library:
    """Reads and checks the files of folders (or single files), each against its schema."""
    library = Library()
    for path in (file for place in places for file in files(place)):
        document, faults = reading.read(path)
        if document is not None and not faults:
            kind = kind_of(document)
            faults = schema.check(document, kind) or _enter(library, document, kind)
        if faults:
            library.faults += faults
            library.broken.add(path.stem)
    return library


def files(place: Path) -> Iterator[Path]:
    """The content files of a folder, or the one file; CatalogError if there is none."""
    if place.is_file():
        yield place
        return
    found = packs.content_files(place)
    if not found and place.name != "exercises":
        raise CatalogError(f"There is no routine file in {place}: name a folder that holds *.yaml.", code="no_files")
    yield from found


def kind_of(document: Document) -> str:
    """ "routine", "exercise" or "screening", by the keys, else by the folder."""
    keys = document.data if isinstance(document.data, dict) else {}
    if "questions" in keys or document.path.parent.name == "screening":
        return "screening"
    if "blocks" in keys or "minutes" in keys:
        return "routine"
    if "script" in keys or "position" in keys or document.path.parent.name == "exercises":
        return "exercise"
    return "routine"


def _enter(library: Library, document: Document, kind: str) -> list[Fault]:
    shelf = {"routine": library.routines, "exercise": library.exercises, "screening": library.screenings}[kind]
    name = document.data["id"]
    if name in shelf:
        what = "question set" if kind == "screening" else kind
        return [document.fault(f"The {what} '{name}' is already in {shelf[name].path}: choose another id.", "id")]
    shelf[name] = document
    return []


def assemble(library: Library) -> Catalog:
    """The catalog of a library. Ids that do not exist become faults, and a routine that uses one is left out."""
    exercises = {name: build.exercise(document.data) for name, document in library.exercises.items()}
    for name, exercise in exercises.items():
        library.faults += [
            library.exercises[name].fault(_unknown(use, exercises), *place)
            for use, place in _references(exercise)
            if use not in exercises and use not in library.broken
        ]
    routines: dict[str, Routine] = {}
    for name, document in library.routines.items():
        faults = [
            document.fault(_unknown(use, exercises), *place) for use, place in _used(document) if use not in exercises
        ]
        if document.data.get("screening", SCREENING) not in {SCREENING, *library.screenings}:
            asked = document.data["screening"]
            faults.append(document.fault(f"The question set '{asked}' does not exist or has faults.", "screening"))
        library.faults += faults
        if not faults:
            digest = _digest(document, library, exercises)
            routines[name] = build.routine(document.data, content_hash=digest, source=str(document.path))
    screenings = {name: question_set(document.data) for name, document in library.screenings.items()}
    return Catalog(routines, exercises, screenings)


def _references(exercise: Exercise) -> Iterator[tuple[str, reading.Place]]:
    for index, swap in enumerate(exercise.swaps):
        yield swap.use, ("swaps", index, "use")
    for index, caution in enumerate(exercise.cautions):
        if caution.use:
            yield caution.use, ("cautions", index, "use")
    for key, change in (("easier", exercise.easier), ("harder", exercise.harder)):
        if change and change.use:
            yield change.use, (key, "use")


def _used(document: Document) -> Iterator[tuple[str, reading.Place]]:
    if check := document.data.get("check"):
        yield check, ("check",)
    for b, block in enumerate(document.data["blocks"]):
        for i, item in enumerate(block["items"]):
            yield (item if isinstance(item, str) else item["use"]), ("blocks", b, "items", i)


def _digest(document: Document, library: Library, exercises: dict[str, Exercise]) -> str:
    """A hash of the routine and of every exercise it can come to, swaps included."""
    reached: set[str] = set()
    waiting = [use for use, _ in _used(document)]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in exercises:
            reached.add(name)
            waiting += [use for use, _ in _references(exercises[name])]
    content = [document.data, *(library.exercises[name].data for name in sorted(reached))]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _unknown(use: str, exercises: dict[str, Exercise]) -> str:
    near = difflib.get_close_matches(use, exercises, 1)
    hint = f" (did you mean '{near[0]}'?)" if near else ""
    return f"The exercise '{use}' does not exist or has faults{hint}."


def _names(routine: Routine) -> list[str]:
    return [_spoken(name) for name in (routine.id, routine.title, *routine.names)]


def _spoken(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split()).removesuffix(" routine")
