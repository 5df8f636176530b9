"""Files of a model, checked against the lists beside them: libraries abort the process on a damaged one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.errors import ListeningError

AGAIN = "Fetch the model again: restore voice_models/ from the repository or install Floorcoach again."


def check_sizes(folder: Path) -> None:
    """Compare each file's size with the list beside the model; ListeningError names the first that differs."""
    for line in _listing(folder, "SIZES"):
        size, name = line.split(maxsplit=1)
        path = folder / name
        if not path.is_file():
            raise ListeningError(f"The speech model in {folder} lacks the file {name}. {AGAIN}", code="model")
        if path.stat().st_size != int(size):
            raise ListeningError(
                f"The file {name} of the speech model in {folder} is damaged: "
                f"{path.stat().st_size} bytes instead of {size}. {AGAIN}",
                code="model",
            )


def verify_sums(folder: Path) -> int:
    """Compare every file with SHA256SUMS; the number of files checked. ListeningError names the damaged ones."""
    check_sizes(folder)
    lines = _listing(folder, "SHA256SUMS")
    damaged = [
        name
        for digest, name in (line.split(maxsplit=1) for line in lines)
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]
    if damaged:
        raise ListeningError(
            f"In the speech model in {folder} these files are damaged: {', '.join(damaged)}. {AGAIN}", code="model"
        )
    return len(lines)


def _listing(folder: Path, name: str) -> list[str]:
    if not folder.is_dir():
        raise ListeningError(f"There is no speech model at {folder}. {AGAIN}", code="model")
    try:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ListeningError(
            f"The folder {folder} holds no speech model of Floorcoach (its list {name} cannot be read). {AGAIN}",
            code="model",
        ) from error
    if not lines or any(len(line.split(maxsplit=1)) != 2 for line in lines):
        raise ListeningError(f"The list {name} of the speech model in {folder} is damaged. {AGAIN}", code="model")
    return lines
