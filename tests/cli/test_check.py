"""`coach check`: what it prints and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli import main
from assistant.resources import resource


def copy(path: Path, name: str, old: str, new: str) -> Path:
    text = (resource("routines") / name).read_text(encoding="utf-8")
    assert old in text
    target = path / Path(name).name
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    return target


def test_what_ships_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "No faults.\n"


def test_every_fault_at_once_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    routine = copy(tmp_path, "wall_circuit.yaml", "first: 11", "first: 30")
    (tmp_path / "exercises").mkdir()
    exercise = copy(
        tmp_path / "exercises", "exercises/wall_angel.yaml", "Ribs heavy on the wall", "Ribs heavy and pause"
    )
    assert main(["check", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{exercise}:24: 'pause' is a command")
    assert lines[1].startswith(f"{routine}:6: 30 minutes are promised")
    assert lines[2:] == ["2 faults found."]


def test_one_fault_is_one_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy(tmp_path, "exercises/wall_angel.yaml", "  exit: Arms down, step off\n", "")
    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().out.endswith("'exit' is missing in 'script'.\n1 fault found.\n")


def test_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check", str(tmp_path / "nowhere.yaml")])
    assert left.value.code == 2
    assert "there is no file or folder" in capsys.readouterr().err


def test_a_folder_without_routines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert "There is no routine file in" in capsys.readouterr().err
