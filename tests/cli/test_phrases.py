"""`coach phrases check` on tables with faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli import main


def check(tmp_path: Path, capsys: pytest.CaptureFixture[str], *intents: str) -> tuple[int, list[str]]:
    table = tmp_path / "table.yaml"
    table.write_text("language: en\nintents:\n" + "".join(f"  {intent}\n" for intent in intents))
    code = main(["phrases", "check", "--phrases", str(table)])
    return code, capsys.readouterr().out.splitlines()


def test_the_table_that_ships_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["phrases", "check"]) == 0
    assert capsys.readouterr().out == "Nothing to change.\n"


def test_words_that_cannot_be_heard_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(
        tmp_path, capsys, "a: {data: [{sentences: [xyzzyq move]}]}", "b: {data: [{sentences: [ready]}]}"
    )
    assert code == 1
    assert lines[0].startswith("a: the speech model cannot hear xyzzyq")
    assert lines[-1] == "1 thing to change."


def test_phrases_that_sound_alike_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(
        tmp_path,
        capsys,
        "a: {data: [{sentences: [pause]}]}",
        "b: {data: [{sentences: [paws]}]}",
        "c: {data: [{sentences: [completely different]}]}",
    )
    assert code == 1
    assert lines[:-1] == ["a and b: 'pause' sounds like 'paws'. Choose other words for one of them."]


def test_phrases_of_different_phases_may_sound_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = check(
        tmp_path,
        capsys,
        "a: {data: [{sentences: [pause], requires_context: {phase: [idle]}}]}",
        "b: {data: [{sentences: [paws], requires_context: {phase: [hurt]}}]}",
    )
    assert code == 0


def test_a_phrase_that_can_never_be_meant_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(
        tmp_path, capsys, "a: {data: [{sentences: [ready]}]}", "b: {data: [{sentences: [ready, finished]}]}"
    )
    assert code == 1
    assert lines[0] == "b: 'ready' already means another command. Choose other words."


def test_words_that_the_coach_says_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check(tmp_path, capsys, "a: {data: [{sentences: [stand tall]}]}")
    assert code == 1
    assert all(line.startswith("a: 'stand tall' is said by the coach in ") for line in lines[:-1])
    assert len(lines) > 1
