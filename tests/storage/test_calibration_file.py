"""What was found out about each microphone, whatever happens to the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.catalog.positions import Posture
from assistant.dialogue.calibration import Tuning
from assistant.errors import StorageError
from assistant.storage.calibration import CalibrationFile
from assistant.storage.store import CALIBRATION, Store

LOUDER = {"lying": {"gain_db": 12, "lenience": 1, "volume_db": 3}}
OURS = '{"format": "floorcoach-calibration", "schema": 1, "microphones": '
TUNED = {Posture.LYING: Tuning(12, 1, 3)}


@pytest.fixture
def file(tmp_path: Path) -> CalibrationFile:
    return CalibrationFile(tmp_path / "data" / CALIBRATION)


def test_each_microphone_has_its_own(file: CalibrationFile) -> None:
    assert file.load("Desk [ALSA]") == {}
    file.save("Desk [ALSA]", LOUDER)
    file.save("Jabra", {})
    again = CalibrationFile(file.path)
    assert again.load("Desk [ALSA]") == TUNED
    assert again.load("Jabra") == again.load("none") == {}
    assert json.loads(file.path.read_text())["schema"] == 1
    assert [path.name for path in file.path.parent.iterdir()] == [CALIBRATION]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "damaged"),
        ("[]", "damaged"),
        ('{"format": "other"}', "damaged"),
        ('{"format": "floorcoach-calibration", "schema": 2}', "another version"),
        (OURS + "[]}", "damaged"),
        (OURS + '{"Desk": {"lying": {"gain": 1}}}}', "damaged"),
        (OURS + '{"Desk": []}}', "damaged"),
    ],
)
def test_what_is_damaged_is_set_aside_and_told(file: CalibrationFile, content: str, says: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(content)
    with pytest.raises(StorageError, match=f"{says}.*set aside as .*damaged, and the defaults hold"):
        file.load("Desk")
    assert file.path.with_name(CALIBRATION + ".damaged").read_text() == content
    assert file.load("Desk") == {}


def test_saving_over_a_damaged_file_sets_it_aside(file: CalibrationFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text("{")
    file.save("Desk", LOUDER)
    assert file.load("Desk") == TUNED


def test_what_the_disk_refuses_is_one_sentence(file: CalibrationFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be read"):
        file.load("Desk")
    with pytest.raises(StorageError, match="cannot be kept"):
        file.save("Desk", LOUDER)
    assert [path.name for path in file.path.parent.iterdir()] == [CALIBRATION]


def test_the_store_never_raises(tmp_path: Path) -> None:
    faults: list[StorageError] = []
    store = Store(tmp_path, faults.append)
    store.calibrated("Desk", LOUDER)
    assert store.calibration("Desk") == TUNED
    (tmp_path / CALIBRATION).write_text("{")
    assert store.calibration("Desk") == {}
    assert len(faults) == 1
