"""`coach config`: the file is written once, shown, found, and never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import config
from assistant.cli import main


def test_it_writes_the_file_once(capsys: pytest.CaptureFixture[str]) -> None:
    path = config.default_path()
    assert main(["config"]) == 0
    assert capsys.readouterr().out == f"Wrote {path}: every setting is explained there.\n"
    path.write_text("rate: 160\n")
    assert main(["config"]) == 0
    assert capsys.readouterr().out == f"Your settings are in {path}, and in order.\n"
    assert path.read_text() == "rate: 160\n"


def test_it_shows_the_file_and_where_it_would_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--print"]) == 0
    assert capsys.readouterr().out == config.template()
    assert main(["config", "--path"]) == 0
    assert capsys.readouterr().out == f"{config.default_path()}\n"
    assert not config.default_path().exists()


def test_a_faulty_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    config.keep(rate=170)
    config.default_path().write_text("volum: 3\n")
    assert main(["config"]) == 1
    assert "config.yaml:1: The key 'volum' is unknown (did you mean 'volume'?)" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLOORCOACH_HOME", str(tmp_path / "file"))
    assert main(["config"]) == 1
    assert "cannot be written" in capsys.readouterr().err
