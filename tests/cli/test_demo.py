"""`coach demo` as a command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import main

SCRIPT = """\
turns:
  - {after: hello, say: start lunch break routine}
  - {after: "open, breathe out", say: stop now}
  - {after: it hurts, say: end session}
  - {after: end here, say: "yes"}
  - {after: rest well, say: thank you}
"""


def test_a_script_is_played_and_the_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "-m", "assistant", "demo", "lunch_break", "--script", "s.yaml", "--out", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "lunch_break, not done to its end" in done.stdout
    assert "Commands: 4 said, 4 understood, 0 missed, 0 false." in done.stdout
    assert "1 turn of the script was never said" in done.stdout
    assert "\x1b" not in done.stdout  # no bar, no colours on a pipe
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "journal.jsonl", "session.wav", "summary.json", "transcript.txt",
    ]  # fmt: skip
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert list(summary) == [
        "routine", "completed", "commands", "latency_ms", "worked_s", "planned_work_s", "session_s", "wall_s",
        "peak_rss_mb",
    ]  # fmt: skip
    assert list(summary["commands"]) == ["said", "understood", "missed", "false"]
    assert 0 < summary["session_s"] < 90


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no_such_routine"], "There is no routine 'no_such_routine'"),
        (["lunch_break", "--script", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_what_cannot_be_played_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo", *arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_wrong_use_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["demo", "--seed", "one"])
    assert left.value.code == 2
    assert "--seed" in capsys.readouterr().err
