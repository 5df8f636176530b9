"""`coach heard`."""

from __future__ import annotations

import json

import pytest

from assistant.cli import main
from assistant.storage.heard import HeardFile
from assistant.storage.places import data_dir
from assistant.storage.store import HEARD

UTTERANCES = [
    {"time": "2030-05-01T07:30:00+02:00", "text": text, "decision": decision, "why": why}
    for text, decision, why in (
        ("next", "done", "sounds like it and like nothing else"),
        ("", "ignored", "no command"),
        ("stop", "not sure", "other words fit about as well"),
    )
]


@pytest.fixture
def _kept() -> None:
    file = HeardFile(data_dir() / HEARD)
    for utterance in UTTERANCES:
        file.add(utterance)


@pytest.mark.usefixtures("_kept")
def test_the_last_ones_are_told_with_time_decision_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["heard"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2030-05-01 07:30:00  done      next: sounds like it and like nothing else",
        "2030-05-01 07:30:00  ignored   (no words): no command",
        "2030-05-01 07:30:00  not sure  stop: other words fit about as well",
    ]


@pytest.mark.usefixtures("_kept")
def test_as_json_and_no_more_than_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["heard", "--json", "--last", "2"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == UTTERANCES[1:]


def test_nothing_heard(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["heard"]) == 0
    assert capsys.readouterr().out == "Nothing is kept of what was heard.\n"
    assert main(["heard", "--json"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("last", ["0", "-1", "many"])
def test_a_wrong_number_is_wrong_use(last: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["heard", "--last", last])
