"""docs/routines.md: what it shows has no faults, and its commands do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from assistant.authoring.review import command_words
from assistant.catalog.lint import lint
from assistant.cli import main

GUIDE = (Path(__file__).parents[2] / "docs" / "routines.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
LIVE = "coach start tea_break"  # needs a microphone; that `start` takes names is tested with the command


def files() -> dict[str, str]:
    """The whole files that the guide shows, by their path in a pack."""
    found = {}
    for text in BLOCKS:
        name = re.search(r"^id: (\w+)", text, re.MULTILINE)
        if text.startswith("# yaml-language-server"):
            assert name is not None
            found[f"{'exercises/' * ('exercise.schema.json' in text)}{name[1]}.yaml"] = text
        elif text.startswith("intents:"):
            found["phrases.yaml"] = text
        elif text.startswith("good_bye:"):
            found["wording.yaml"] = text
    assert sorted(found) == ["exercises/wall_reach.yaml", "phrases.yaml", "tea_break.yaml", "wording.yaml"]
    return found


def test_the_examples_of_the_guide_pass_the_linter(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    for name, text in files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert lint([tmp_path], command_words()) == []


def test_every_command_of_the_guide_works_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    pack = tmp_path / "kettle_pack"
    (pack / "exercises").mkdir(parents=True)
    for name, text in files().items():
        if name != "tea_break.yaml":
            (pack / name).write_text(text, encoding="utf-8")
    commands = re.findall(r"^\$ (coach .*)$", GUIDE, re.MULTILINE)
    commands += re.findall(r"`(coach \w+ [^`\n]+)`", GUIDE)
    assert len(commands) > 8
    for command in commands:
        if command != LIVE:
            assert main(shlex.split(command)[1:]) == 0, f"{command}: {capsys.readouterr().err}"
        if command.startswith("coach new"):
            (tmp_path / "tea_break.yaml").write_text(files()["tea_break.yaml"], encoding="utf-8")
    capsys.readouterr()
    assert (tmp_path / "tea_break.wav").is_file()
    assert main(["routines"]) == 0
    assert "kettle boils" in capsys.readouterr().out
