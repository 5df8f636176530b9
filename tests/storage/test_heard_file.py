"""The last things heard: few, and whatever happens to the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import StorageError
from assistant.storage.heard import KEPT, HeardFile
from assistant.storage.store import HEARD, Store


def test_no_more_than_fifty_are_kept_over_all_sessions(tmp_path: Path) -> None:
    path = tmp_path / "data" / HEARD
    for session in range(2):
        file = HeardFile(path)
        for n in range(40):
            file.add({"text": f"{session} {n}"})
    kept = [line["text"] for line in HeardFile(path).read()]
    assert kept == [*(f"0 {n}" for n in range(30, 40)), *(f"1 {n}" for n in range(40))]
    assert len(kept) == KEPT
    assert [found.name for found in path.parent.iterdir()] == [HEARD]


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / HEARD
    path.write_bytes(b'{"text": "next"}\n[1]\n{"text": "sto\n\xff\n{"text": "stop"}\n')
    assert [line["text"] for line in HeardFile(path).read()] == ["next", "stop"]


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert HeardFile(tmp_path / HEARD).read() == []


def test_what_the_disk_refuses_is_one_sentence_each(tmp_path: Path) -> None:
    (tmp_path / HEARD).mkdir()
    file = HeardFile(tmp_path / HEARD)
    for action in (file.read, file.forget):
        with pytest.raises(StorageError, match=HEARD):
            action()
    (tmp_path / "ears.jsonl.new").mkdir()
    with pytest.raises(StorageError, match="cannot be kept"):
        HeardFile(tmp_path / "ears.jsonl").add({})


def test_where_nothing_is_to_be_kept_the_old_goes_too(tmp_path: Path) -> None:
    faults: list[StorageError] = []
    Store(tmp_path, faults.append).heard({"text": "next"})
    assert (tmp_path / HEARD).exists()
    store = Store(tmp_path, faults.append, keep_heard=False)
    store.heard({"text": "stop"})
    assert not (tmp_path / HEARD).exists()
    assert faults == []
