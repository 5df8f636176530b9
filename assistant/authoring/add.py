"""Adding a routine, an exercise or a pack to the person's own: checked first, all of it or nothing."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.authoring import extras, incoming
from assistant.authoring.extras import Knows
from assistant.catalog import packs, reading
from assistant.catalog.faults import Fault
from assistant.catalog.lint import lint
from assistant.catalog.load import Library, assemble, kind_of, read_all
from assistant.catalog.model import Catalog, Exercise, Routine
from assistant.errors import CatalogError, StorageError


@dataclass(frozen=True)
class Added:
    """What was taken, and where it is now."""

    place: Path
    routines: tuple[Routine, ...]
    exercises: tuple[Exercise, ...]
    extras: tuple[str, ...]  # phrases.yaml, wording.yaml
    catalog: Catalog  # everything the coach has now


Result = tuple[Added | None, list[Fault]]


def add(source: Path, commands: Collection[str], knows: Knows, *, overwrite: bool = False) -> Result:
    """Takes the file, folder or ZIP `source`; with faults, None and the faults, and nothing has changed.

    `commands`: wordings that scripts must not hold; `knows`: whether the speech model has a word; `overwrite`: take
    the place of what was added under the same name. CatalogError says why a source is refused as a whole,
    StorageError what could not be written.
    """
    members = incoming.gather(source)
    try:
        if source.suffix.lower() in (".yaml", ".yml") and not source.is_dir():
            return _add_file(source, members, commands, knows, overwrite)
        return _add_pack(source, members, commands, knows, overwrite)
    except OSError as error:
        place = packs.routines_folder().parent
        raise StorageError(
            f"{source} is not added: {place} cannot be written ({error.strerror or error}).", code="add"
        ) from error


def _add_file(
    source: Path, members: incoming.Members, commands: Collection[str], knows: Knows, overwrite: bool
) -> Result:
    folder = packs.routines_folder()
    with _stage(folder) as stage:
        _write(stage, members)
        document, faults = reading.read(stage / source.name)
        if document is None:
            return None, _moved(faults, stage, source.parent)
        exercise = kind_of(document) == "exercise"
        name = Path("exercises" if exercise else ".", source.stem + ".yaml")
        (stage / "exercises").mkdir()
        (stage / source.name).rename(stage / name)
        target = folder / name
        _refuse_taken(target, overwrite)
        added, faults = _checked(stage, target, commands, knows)
        if faults:
            return None, _moved(faults, stage / name.parent, source.parent)
        target.parent.mkdir(exist_ok=True)
        (stage / name).replace(target)
    return replace(added, place=target), []


def _add_pack(
    source: Path, members: incoming.Members, commands: Collection[str], knows: Knows, overwrite: bool
) -> Result:
    target = packs.packs_folder() / _pack_name(source)
    _refuse_taken(target, overwrite)
    with _stage(target.parent) as stage:
        _write(stage, members)
        added, faults = _checked(stage, target, commands, knows)
        if faults:
            return None, _moved(faults, stage, source)
        _put(stage, target)
    return replace(added, place=target), []


def _pack_name(source: Path) -> str:
    resolved = source.resolve()
    name = re.sub(r"[^a-z0-9]+", "_", (resolved.name if source.is_dir() else resolved.stem).lower()).strip("_")
    if not name:
        raise CatalogError(f"{source} is not added: give it a name of letters.", code="refused")
    return name


def _refuse_taken(target: Path, overwrite: bool) -> None:
    if target.exists() and not overwrite:
        raise CatalogError(f"{target} is there already: give --replace to put the new one in its place.", code="taken")


@contextmanager
def _stage(parent: Path) -> Iterator[Path]:
    """A folder beside the target, so that taking over is one renaming; gone afterwards, whatever happens."""
    parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".adding-", dir=parent))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _write(stage: Path, members: incoming.Members) -> None:
    for name, content in members.items():
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _put(stage: Path, target: Path) -> None:
    """`stage` becomes `target`; what was there goes only once the new one is in place."""
    old = stage.with_name(stage.name + "-old")
    if target.exists():
        target.rename(old)
    try:
        stage.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _checked(stage: Path, target: Path, commands: Collection[str], knows: Knows) -> tuple[Added, list[Fault]]:
    """What is in the stage, held against everything that is there but `target`, whose place it takes."""
    own = [place for place in (stage, stage / "routines") if packs.content_files(place)]
    others = [folder for folder in packs.content_folders() if not folder.is_relative_to(target)]
    mine, theirs = read_all(own), read_all(packs.all_folders()[:1] + others)
    faults = lint(own, commands, others) if own else []
    faults += _clashes(mine, theirs, target)
    catalog = assemble(
        Library(
            {**theirs.routines, **mine.routines},
            {**theirs.exercises, **mine.exercises},
            {**theirs.screenings, **mine.screenings},
            broken=theirs.broken,
        )
    )
    faults += extras.check(stage, commands, catalog, knows)
    routines = tuple(catalog.routines[name] for name in mine.routines if name in catalog.routines)
    faults += _unheard(mine, routines, knows)
    exercises = tuple(catalog.exercises[name] for name in mine.exercises)
    brought = tuple(sorted(name for name in packs.EXTRAS if (stage / name).is_file()))
    return Added(target, routines, exercises, brought, catalog), sorted(set(faults))


def _clashes(mine: Library, theirs: Library, target: Path) -> Iterator[Fault]:
    """Ids that others have."""
    for kind, own, taken in (
        ("routine", mine.routines, theirs.routines),
        ("exercise", mine.exercises, theirs.exercises),
    ):
        for name, document in own.items():
            if name in taken and taken[name].path != target:
                yield document.fault(f"The {kind} '{name}' is already in {taken[name].path}: choose another id.", "id")


def _unheard(mine: Library, routines: tuple[Routine, ...], knows: Knows) -> Iterator[Fault]:
    """Routines that cannot be asked for, since the speech model has no name of theirs."""
    for routine in routines:
        names = [name.lower().split() for name in (routine.title, *routine.names)]
        lacking = {word for name in names for word in name if not knows(word)}
        if all(lacking & set(name) for name in names):
            words = ", ".join(sorted(lacking))
            message = f"The speech model cannot hear {words}: add a name of common words under 'names'."
            yield mine.routines[routine.id].fault(message, "title")


def _moved(faults: list[Fault], stage: Path, source: Path) -> list[Fault]:
    """The faults as of the files that were handed over."""
    return [
        Fault(source / fault.file.relative_to(stage), fault.line, fault.message.replace(str(stage), str(source)))
        for fault in faults
    ]
