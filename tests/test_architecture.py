"""What docs/architecture.md says of the parts is what the imports say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
PARTS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
ROWS = re.findall(r"^\| `(\w+)/` \|.*\| ([^|]+) \|$", (ROOT / "docs/architecture.md").read_text("utf-8"), re.MULTILINE)
KNOWS = {part: PARTS if knows == "all" else re.findall(r"`(\w+)`", knows) for part, knows in ROWS}


def imports(part: str) -> Iterator[tuple[str, str]]:
    """Each module that the part imports, with the file that does."""
    for path in sorted((PACKAGE / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((alias.name, path.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from ((name, path.name) for name in (names if node.module == "assistant" else [node.module]))


def test_every_part_is_described() -> None:
    assert sorted(KNOWS) == PARTS


@pytest.mark.parametrize("part", PARTS)
def test_a_part_knows_of_no_others_than_it_says(part: str) -> None:
    others = {(name.split(".")[1], file) for name, file in imports(part) if name.startswith("assistant.")}
    unsaid = {(other, file) for other, file in others if other in PARTS and other not in [*KNOWS[part], part]}
    assert unsaid == set()


@pytest.mark.parametrize("part", ["dialogue", "catalog"])
def test_no_clock_thread_or_chance(part: str) -> None:
    impure = {"time", "datetime", "threading", "queue", "asyncio", "logging", "random", "subprocess"}
    assert {(name, file) for name, file in imports(part) if name.split(".")[0] in impure} == set()


def test_the_dialogue_touches_no_file() -> None:
    assert {
        (name, file) for name, file in imports("dialogue") if name.split(".")[0] in {"os", "io", "pathlib"}
    } == set()


def test_files_are_short() -> None:
    lines = {path: path.read_text("utf-8").count("\n") for path in PACKAGE.rglob("*.py")}
    assert {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > 450} == {}
