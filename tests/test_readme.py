"""The README says what is true: its phrases are understood, its commands run, its files are there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from assistant.catalog.load import load
from assistant.cli import COMMANDS
from assistant.dialogue.commands import PhaseName as P
from assistant.listening import phrases
from assistant.listening.phrases import PhraseTable
from assistant.resources import resource

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

WHEN = {
    "always": set(P),
    "session": set(P) - {P.IDLE},
    "idle": {P.IDLE, P.DONE},
    "choosing": {P.IDLE, P.CONFIRMING, P.DONE},
    "answering": {P.CONFIRMING},
    "asked": {P.CHECKING, P.CONFIRMING},
    "getting ready": {P.POSITIONING},
    "moving": {P.WORKING},
    "paused": {P.PAUSED},
    "hurt": {P.HURT},
    "asked before": {P.CHECKING},
    "afterwards": {P.REVIEWING},
}
"""The words of the table's second column, as phases of the dialogue."""


def rows() -> list[tuple[str, str]]:
    """Each phrase of the table with its "when"."""
    section = README.split("## What you can say", 1)[1].split("\n## ", 1)[0]
    lines = [line.split("|")[1:4] for line in section.splitlines() if line.startswith("| `")]
    return [(phrase, when.strip()) for say, when, _ in lines for phrase in re.findall(r"`([^`]+)`", say)]


@pytest.fixture(scope="module")
def table() -> PhraseTable:
    return phrases.load(lists=phrases.lists_of(load(resource("routines"))))


@pytest.mark.parametrize(("phrase", "when"), rows())
def test_each_phrase_of_the_table_is_understood_when_it_says(table: PhraseTable, phrase: str, when: str) -> None:
    promised = set().union(*(WHEN[word] for word in when.split(", ")))
    assert {phase for phase in P if table.parse(phrase, phase.value)} == promised


def test_the_table_names_every_command_that_a_session_can_come_to(table: PhraseTable) -> None:
    reached = {phase.value for phase in P}
    expected = {
        command
        for command, wordings in table.phrases().items()
        if any(parsed.command == command for w in wordings for p in reached if (parsed := table.parse(w, p)))
    }
    named = {parsed.command for phrase, _ in rows() if (parsed := table.parse(phrase))}
    assert named == expected


def commands() -> list[str]:
    """Every `coach` command in the README's blocks, as it is written there."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines() if line.startswith("coach ")]


ELSEWHERE = {
    "coach start mid_back_full": "tests/cli/test_live.py",
    "coach calibrate": "tests/cli/test_live_calibration.py",
    "coach doctor": "tests/cli/test_doctor.py",
}
"""These need sound devices, or tell that there are none."""


def test_each_command_runs_one_after_the_other(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "recording.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(32_000))
    for command in (command for command in commands() if command not in ELSEWHERE):
        result = subprocess.run(
            [sys.executable, "-m", "assistant", *shlex.split(command)[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{command}: {result.stderr}"
        assert result.stdout, command
        assert "Traceback" not in result.stderr, command


@pytest.mark.parametrize(("command", "where"), ELSEWHERE.items())
def test_the_other_commands_run_elsewhere(command: str, where: str) -> None:
    assert command in commands()
    words = ", ".join(f'"{word}"' for word in command.split()[1:])
    assert words in (ROOT / where).read_text(encoding="utf-8")


def test_every_command_is_in_it() -> None:
    assert {command.split()[1] for command in commands()} == set(COMMANDS)


def test_the_files_it_points_to_are_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"`((?:docs|script)/[\w.]+)`", README)
    assert len(targets) > 3
    missing = [target for target in targets if "://" not in target and not (ROOT / target).exists()]
    assert missing == []
