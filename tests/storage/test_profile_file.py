"""What is known of the person survives the disk, and days go by in it."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from assistant.dialogue.person import Mark, Person, profile
from assistant.errors import StorageError
from assistant.storage.profile import ProfileFile
from assistant.storage.store import Store

TODAY, LATER = date(2026, 3, 1), date(2026, 3, 5)
KNOWN = Person(
    asked={"spine_v1": 7},
    dangers=("chest",),
    tags={"osteoporosis": Mark(7), "shoulder_pain": Mark(0, 3)},
    missing={"wall": Mark(0, 0), "floor": Mark(2)},
    hurt={"open_book": 1},
    levels={"wall_angel": "easier"},
    words=-1,
)


@pytest.fixture
def file(tmp_path: Path) -> ProfileFile:
    return ProfileFile(tmp_path / "deep" / "profile.json")


def test_what_was_saved_is_loaded(file: ProfileFile) -> None:
    file.save(KNOWN, TODAY)
    assert file.load(TODAY) == KNOWN
    assert [path.name for path in file.path.parent.iterdir()] == ["profile.json"]


def test_days_go_by(file: ProfileFile) -> None:
    file.save(KNOWN, TODAY)
    later = file.load(LATER)
    assert later.asked == {"spine_v1": 11}
    assert later.tags == {"osteoporosis": Mark(11), "shoulder_pain": Mark(4, 3)}
    assert profile(later).tags == {"osteoporosis"}
    assert profile(later).missing == {"floor"}
    assert profile(later).left_out == set()
    assert profile(later).levels == {"open_book": "easier", "wall_angel": "easier"}


def test_what_does_not_count_any_more_is_not_kept(file: ProfileFile) -> None:
    file.save(Person(tags={"shoulder_pain": Mark(4, 3)}, missing={"wall": Mark(1, 0)}, hurt={"open_book": 15}), TODAY)
    assert file.load(TODAY) == Person()


def test_a_clock_that_was_set_back_makes_it_today(file: ProfileFile) -> None:
    file.save(KNOWN, LATER)
    assert file.load(date(2026, 2, 1)).asked == {"spine_v1": 0}


def test_without_a_file_nobody_is_known(file: ProfileFile) -> None:
    assert file.load(TODAY) == Person()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_nobody_else_may_read_it(file: ProfileFile) -> None:
    file.save(KNOWN, TODAY)
    assert file.path.stat().st_mode & 0o777 == 0o600


def _envelope(**changes: object) -> str:
    person = {"asked": {}, "dangers": [], "tags": {}, "missing": {}, "hurt": {}, "levels": {}, **changes}
    return json.dumps({"format": "floorcoach-profile", "schema": 1, "person": person})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "\x00",
        '{"format": "another"}',
        '{"format": "floorcoach-profile", "schema": 1, "person": 3}',
        _envelope(asked={"spine_v1": "yesterday"}),
        _envelope(tags={"osteoporosis": {}}),
        _envelope(missing={"wall": {"since": "2026-01-01", "lasts": "long"}}),
        _envelope(hurt=[]),
        _envelope(levels={"open_book": "wild"}),
    ],
)
def test_what_is_damaged_is_set_aside_and_named(file: ProfileFile, text: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(text, encoding="utf-8")
    with pytest.raises(StorageError, match=r"is damaged; it was set aside as .* I ask you anew"):
        file.load(TODAY)
    assert file.load(TODAY) == Person(), "the next start is clean"


def test_another_version_is_set_aside(file: ProfileFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text('{"format": "floorcoach-profile", "schema": 2}', encoding="utf-8")
    with pytest.raises(StorageError, match="another version"):
        file.load(TODAY)


def test_a_folder_in_its_place_is_one_sentence(file: ProfileFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be read"):
        file.load(TODAY)
    with pytest.raises(StorageError, match=r"cannot be kept in .*profile\.json"):
        file.save(KNOWN, TODAY)
    assert [path.name for path in file.path.parent.iterdir()] == ["profile.json"]


def test_a_crash_while_saving_leaves_the_old_one(file: ProfileFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.save(KNOWN, TODAY)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        file.save(Person(), TODAY)
    assert file.load(TODAY) == KNOWN


def test_the_store_tells_the_dialogue_and_never_raises(tmp_path: Path) -> None:
    told: list[StorageError] = []
    now = datetime(2026, 3, 1, 23, 59, tzinfo=timezone.utc).astimezone()
    store = Store(tmp_path, told.append)
    assert store.memory(now).person == Person()
    store.remember(KNOWN)
    assert Store(tmp_path, told.append).memory(now).person == KNOWN
    (tmp_path / "profile.json").write_text("damaged", encoding="utf-8")
    assert Store(tmp_path, told.append).memory(now).person == Person()
    assert len(told) == 1
