"""The README says what is true: its phrases are understood, its commands run, its files are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.catalog.load import load
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
    "asked": {P.CHECKING, P.CONFIRMING},
    "getting ready": {P.POSITIONING},
    "moving": {P.WORKING},
    "paused": {P.PAUSED},
    "hurt": {P.HURT},
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


def test_the_table_names_every_command(table: PhraseTable) -> None:
    named = {parsed.command for phrase, _ in rows() if (parsed := table.parse(phrase))}
    assert named == set(table.commands)


def test_the_files_it_points_to_are_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"`((?:docs|script)/[\w.]+)`", README)
    assert len(targets) > 3
    missing = [target for target in targets if "://" not in target and not (ROOT / target).exists()]
    assert missing == []
