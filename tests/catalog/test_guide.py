"""docs/routines.md: what it shows has no faults."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.authoring.review import command_words
from assistant.catalog.lint import lint

GUIDE = Path(__file__).parents[2] / "docs" / "routines.md"


def test_the_examples_of_the_guide_pass_the_linter(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    examples = re.findall(r"```yaml\n(# yaml-language-server.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 2
    for text in examples:
        name = re.search(r"^id: (\w+)", text, re.MULTILINE)
        assert name is not None
        folder = tmp_path / "exercises" if "exercise.schema.json" in text else tmp_path
        (folder / f"{name[1]}.yaml").write_text(text, encoding="utf-8")
    assert lint([tmp_path], command_words()) == []
