"""`coach new`: a file that works as it is, and that takes the place of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli import main
from assistant.resources import resource


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "file", "title"),
    [
        ("tea break", "tea_break", "Tea Break"),
        ("tea_break", "tea_break", "Tea Break"),
        ("  Grandma's  Morning Routine ", "grandmas_morning", "Grandma's Morning"),
    ],
)
def test_it_works_as_it_is(here: Path, capsys: pytest.CaptureFixture[str], name: str, file: str, title: str) -> None:
    assert main(["new", name]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Wrote {file}.yaml.")
    text = (here / f"{file}.yaml").read_text(encoding="utf-8")
    assert f"\ntitle: {title}  #" in text
    assert text.startswith(
        f"# yaml-language-server: $schema={(resource('routines') / 'routine.schema.json').as_uri()}\n"
    )
    commands = [line.split("   ")[0].split() for line in out.splitlines() if line.startswith("  coach ")]
    assert [command[1] for command in commands] == ["check", "rehearse", "add"]
    for command in commands:
        assert main(command[1:]) == 0
    assert main(["rehearse", title.lower()]) == 0


def test_the_block_in_its_comment_works_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "tea break"]) == 0
    file = here / "tea_break.yaml"
    head, example = file.read_text(encoding="utf-8").split("# A block that repeats its moves, at another place:\n#\n")
    block = "".join(line.removeprefix("#") for line in example.splitlines(keepends=True))
    file.write_text(head.replace("need: [chair]", "need: [chair, wall]") + block, encoding="utf-8")
    assert main(["check", str(file)]) == 1
    faults = capsys.readouterr().out.splitlines()[4:]
    assert len(faults) == 3
    assert all("minutes are promised" in fault for fault in faults[:2])


def test_it_overwrites_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "tea_break.yaml").write_text("mine")
    assert main(["new", "tea break"]) == 1
    assert "tea_break.yaml is there already, and stays as it is" in capsys.readouterr().err
    assert (here / "tea_break.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("neck", "There is a routine Neck in"),
        ("Mid Back", "There is a routine Mid Back in"),
        ("stop", "'stop' is a command"),
        ("part 2", "'part 2' is no name to say"),
        ("../evil", "is no name to say"),
        ("", "is no name to say"),
        ("a", "is no name to say"),
        ("süden", "is no name to say"),
        ("zqxv", "The speech model cannot hear zqxv"),
        ("one two three four five six seven", "7 words: at most 6 here"),
        ("very " * 9, "is no name to say"),
        ("wind down", "'Wind' is read in two ways"),
    ],
)
def test_a_name_that_will_not_do(here: Path, capsys: pytest.CaptureFixture[str], name: str, sentence: str) -> None:
    assert main(["new", name]) == 1
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert list(here.iterdir()) == []


def test_a_routine_that_was_added_is_not_begun_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "tea break"]) == 0
    assert main(["add", "tea_break.yaml"]) == 0
    (here / "tea_break.yaml").unlink()
    assert main(["new", "tea break"]) == 1
    assert "There is a routine Tea Break in" in capsys.readouterr().err


def test_into_another_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine").mkdir()
    assert main(["new", "tea break", "--into", "mine"]) == 0
    assert (here / "mine" / "tea_break.yaml").is_file()
    with pytest.raises(SystemExit) as left:
        main(["new", "tea break", "--into", "nowhere"])
    assert left.value.code == 2
    assert "there is no folder nowhere" in capsys.readouterr().err
