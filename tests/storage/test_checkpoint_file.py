"""A checkpoint survives what the disk does to it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assistant.errors import StorageError
from assistant.storage.checkpoint import CheckpointFile


@pytest.fixture
def file(tmp_path: Path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "deep" / "checkpoint.json")


def test_what_was_saved_is_loaded(file: CheckpointFile) -> None:
    file.save({"routine": "mid_back_full", "step": 3, "worked_ms": [0, 1500]})
    assert file.load() == {"routine": "mid_back_full", "step": 3, "worked_ms": [0, 1500]}
    assert [path.name for path in file.path.parent.iterdir()] == ["checkpoint.json"]


def test_without_a_file_there_is_none(file: CheckpointFile) -> None:
    assert file.load() is None


def test_forget_removes_it_and_may_be_repeated(file: CheckpointFile) -> None:
    file.save({})
    file.forget()
    file.forget()
    assert file.load() is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is damaged"),
        ('{"format": "floorcoach-checkpoint", "schema": 1, "check', "is damaged"),
        ("[]", "is damaged"),
        ("\x00\x00\x00", "is damaged"),
        ('{"format": "floorcoach-checkpoint", "schema": 1, "checkpoint": 7}', "is damaged"),
        ('{"format": "floorcoach-checkpoint", "schema": 99, "checkpoint": {}}', "another version"),
    ],
)
def test_what_cannot_be_used_is_set_aside_and_named(file: CheckpointFile, text: str, why: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(text, encoding="utf-8")
    with pytest.raises(StorageError, match=why) as caught:
        file.load()
    aside = file.path.with_name("checkpoint.json.damaged")
    assert str(aside) in str(caught.value)
    assert aside.read_text(encoding="utf-8") == text
    assert file.load() is None, "the next start is clean"


def test_bytes_that_are_no_text_are_damage_too(file: CheckpointFile) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(StorageError, match="is damaged"):
        file.load()


def test_a_crash_while_saving_leaves_the_old_one(file: CheckpointFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.save({"step": 1})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        file.save({"step": 2})
    assert file.load() == {"step": 1}
    assert [path.name for path in file.path.parent.iterdir()] == ["checkpoint.json"]


def test_a_file_where_the_folder_should_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("in the way")
    with pytest.raises(StorageError, match=r"cannot be kept in .*checkpoint\.json"):
        CheckpointFile(tmp_path / "deep" / "checkpoint.json").save({})


def test_it_is_written_as_plain_json(file: CheckpointFile) -> None:
    file.save({"side": "left"})
    assert json.loads(file.path.read_text(encoding="utf-8"))["checkpoint"] == {"side": "left"}
