"""The `coach` command itself: dispatch, exit codes, and what is printed where."""

from __future__ import annotations

import subprocess
import sys
import time
from types import ModuleType
from typing import Any

import pytest

from assistant import cli
from assistant.errors import CatalogError


@pytest.fixture
def doing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make `coach doctor` do something else: call `doing(function)`."""

    def replace(run: Any) -> None:
        module = ModuleType("assistant.cli.doctor")
        module.add_parser = lambda subparsers: subparsers.add_parser("doctor")  # type: ignore[attr-defined]
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "assistant.cli.doctor", module)

    return replace


def coach(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *args], capture_output=True, text=True, check=False, timeout=60, **options
    )


def test_the_code_of_the_command_is_the_code_of_coach(doing: Any) -> None:
    doing(lambda args: 1)
    assert cli.main(["doctor"]) == 1
    doing(lambda args: 0)
    assert cli.main(["doctor"]) == 0


def test_an_expected_failure_is_one_sentence_on_stderr(doing: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def run(args: Any) -> int:
        raise CatalogError("There is no routine 'x'; did you mean 'y'?")

    doing(run)
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr() == ("", "coach: There is no routine 'x'; did you mean 'y'?\n")


def test_ctrl_c_is_one_sentence(doing: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def run(args: Any) -> int:
        raise KeyboardInterrupt

    doing(run)
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().err == "coach: interrupted, nothing more was done.\n"


def test_a_fault_of_ours_is_not_hidden(doing: Any) -> None:
    def run(args: Any) -> int:
        raise ZeroDivisionError

    doing(run)
    with pytest.raises(ZeroDivisionError):
        cli.main(["doctor"])


@pytest.mark.parametrize("args", [[], ["dance"], ["doctor", "--colour"], ["--loud"]])
def test_wrong_use_is_code_2_with_the_usage(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(args)
    assert caught.value.code == 2
    assert "usage: coach" in capsys.readouterr().err


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_each_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([command, "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "example" in text
    assert f"coach {command}" in text.split("example", 1)[1]


def test_help_names_every_command_and_is_quick() -> None:
    began = time.process_time(), time.monotonic()
    result = coach("--help")
    took = time.monotonic() - began[1]
    assert result.returncode == 0, result.stderr
    for command in cli.COMMANDS:
        assert f"\n    {command}" in result.stdout
    assert took < 2, "measured 0.1 s on an idle machine; something heavy is imported before it is needed"


def test_help_imports_nothing_heavy() -> None:
    code = """
import sys, assistant.cli as cli
try:
    cli.main(["--help"])
except SystemExit:
    heavy = {"numpy", "vosk", "rich", "yaml", "sounddevice", "soundfile", "hassil", "jsonschema", "sqlite3"}
    print(sorted(heavy & sys.modules.keys()))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_version() -> None:
    result = coach("--version")
    assert (result.returncode, result.stdout) == (0, "floorcoach 0.1.0\n")


def test_a_reader_that_goes_away_is_no_failure() -> None:
    code = """
import sys, assistant.cli as cli, assistant.cli.routines as routines
routines.run = lambda args: [print("line") for _ in range(100_000)] and 0
sys.exit(cli.main(["routines"]))
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "line\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 0
