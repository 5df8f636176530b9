"""What someone hands over to be added - a file, a folder or a ZIP - as names and bytes, and nothing that could harm.

A pack may come from a stranger. Nothing is unpacked to the disk: members are read into memory, each up to its limit,
and only those that a pack is made of. A name that leads out of the pack, or a link, refuses the whole of it.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath

from assistant.catalog.packs import EXTRAS
from assistant.catalog.reading import MAX_BYTES
from assistant.errors import CatalogError

MAX_FILES = 500
MAX_TOTAL = 20_000_000  # bytes, unpacked
MAX_ARCHIVE = 5_000_000
MAX_ENTRIES = 5_000  # of a ZIP or of one folder, other files included

Members = dict[PurePosixPath, bytes]

_FOLDERS = ("", "exercises", "screening", "routines", "routines/exercises", "routines/screening")
_KEPT = re.compile(r"(README|LICEN[CS]E|NOTICE)(\.\w+)?", re.IGNORECASE)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may claim gigabytes to unpack a few bytes
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)


def gather(source: Path) -> Members:
    """The files of a pack by their path in it; a single file by its name. CatalogError says why it is refused."""
    try:
        if source.is_dir():
            members = _Gathered(source, _walk(source)).members
        elif source.suffix.lower() == ".zip":
            members = _unzip(source)
        elif source.suffix.lower() in (".yaml", ".yml"):
            members = _Gathered(source, _single(source)).members
        else:
            raise _refused(source, "it is neither a YAML file, nor a folder, nor a ZIP")
    except OSError as error:
        raise _refused(source, f"it cannot be read ({error.strerror or error})") from error
    if not any(name.suffix in (".yaml", ".yml") for name in members):
        raise _refused(source, "it holds no routine, no exercise, no phrases.yaml and no wording.yaml")
    return members


class _Gathered:
    """Collects members up to the limits."""

    def __init__(self, source: Path, found: Iterator[tuple[PurePosixPath, bytes]]) -> None:
        self.members: Members = {}
        names: set[str] = set()
        total = 0
        for name, content in found:
            total += len(content)
            if len(content) > MAX_BYTES:
                raise _refused(source, f"{name} is larger than {MAX_BYTES // 1_000_000} MB")
            if total > MAX_TOTAL:
                raise _refused(source, f"it holds more than {MAX_TOTAL // 1_000_000} MB")
            if len(names) >= MAX_FILES:
                raise _refused(source, f"it holds more than {MAX_FILES} files")
            if str(name).lower() in names:  # some file systems take both names for one
                raise _refused(source, f"it holds {name} twice")
            names.add(str(name).lower())
            self.members[name] = content


def _single(source: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    if source.name in EXTRAS:
        raise _refused(source, f"{source.name} belongs to a pack: put it into a folder, and add the folder")
    if not source.is_file():
        raise _refused(source, "it is no plain file")
    yield PurePosixPath(source.name), _read(source)


def _walk(root: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    for part in _FOLDERS:
        folder = root / part
        if part and folder.is_symlink():
            raise _refused(root, f"{part} is a link: put the files themselves there")
        if not folder.is_dir():
            continue
        entries = list(islice(folder.iterdir(), MAX_ENTRIES + 1))
        if len(entries) > MAX_ENTRIES:
            raise _refused(root, f"it holds more than {MAX_ENTRIES} files")
        for path in sorted(entries):
            name = PurePosixPath(part, path.name)
            if not _wanted(name):
                continue
            if path.is_symlink() or not path.is_file():
                raise _refused(root, f"{name} is a link or no plain file: put the file itself there")
            yield name, _read(path)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _wanted(name: PurePosixPath) -> bool:
    """Whether a file of this name is part of a pack."""
    if name.name.startswith("."):
        return False
    folder = "" if str(name.parent) == "." else str(name.parent)
    if name.suffix in (".yaml", ".yml"):
        return folder in _FOLDERS
    return not folder and bool(_KEPT.fullmatch(name.name))


def _unzip(source: Path) -> Members:
    if source.stat().st_size > MAX_ARCHIVE:
        raise _refused(source, f"it is larger than {MAX_ARCHIVE // 1_000_000} MB")
    with _whole(source), zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _refused(source, f"it holds more than {MAX_ENTRIES} files")
        for entry in entries:
            _check(source, entry)
        return _Gathered(source, _unpacked(archive, [entry for entry in entries if not entry.is_dir()])).members


@contextmanager
def _whole(source: Path) -> Iterator[None]:
    """Everything a damaged archive may raise, as one sentence."""
    try:
        yield
    except _DAMAGED as error:
        raise _refused(source, f"the ZIP is damaged ({error or type(error).__name__})") from error


def _check(source: Path, entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/"):
        raise _refused(source, f"the name {name!r} leads out of it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(source, f"{name} is a link: put the file itself there")
    if entry.flag_bits & 1:
        raise _refused(source, f"{name} is encrypted")
    if entry.compress_type not in _METHODS:
        raise _refused(source, f"{name} is packed in an unusual way: pack it with 'deflate'")


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files of a pack; one folder around everything is taken off. The size a ZIP states is not believed."""
    entries = [entry for entry in entries if not entry.filename.startswith("__MACOSX/")]
    tops = {PurePosixPath(entry.filename).parts[0] for entry in entries if "/" in entry.filename}
    flat = any("/" not in entry.filename for entry in entries)
    around = tops.pop() if len(tops) == 1 and not flat and tops.isdisjoint(_FOLDERS) else ""
    for entry in entries:
        name = PurePosixPath(entry.filename)
        name = name.relative_to(around) if around else name
        if _wanted(name):
            with archive.open(entry) as file:
                yield name, file.read(MAX_BYTES + 1)


def _refused(source: Path, why: str) -> CatalogError:
    return CatalogError(f"{source} is not added: {why}.", code="refused")
