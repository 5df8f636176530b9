"""`coach history`: a table for people and JSON for programs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from assistant.cli import main
from assistant.storage.history import History
from assistant.storage.places import data_dir

NOON = datetime(2026, 3, 10, 12, 0).astimezone()


def keep(days_ago: int, routine: str = "neck", completed: bool = True, **said: Any) -> None:
    review = {"side": None, "feel": None, "rating": None, "words": [], **said}
    record = {
        "session": f"{days_ago}",
        "routine": routine,
        "completed": completed,
        "session_s": 600.0,
        "worked_s": 420.0,
        "review": review,
    }
    History(data_dir() / "history.sqlite3").add(record, NOON - timedelta(days=days_ago))


def test_before_the_first_session_it_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history"]) == 0
    assert capsys.readouterr().out == "No session yet. Say `start mid back routine` in `coach start`.\n"
    assert main(["history", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_line_a_session_with_the_words_and_the_trend(capsys: pytest.CaptureFixture[str]) -> None:
    keep(5, side="left", feel="same", rating=3)
    keep(3, "mid_back_full", completed=False)
    keep(1, side="none", feel="better", rating=5, words=["much lighter today"])
    assert main(["history"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "ENDED             ROUTINE            MINUTES DONE TIGHTER  FEEL    OF FIVE",
        "2026-03-05 12:00  neck                    10 yes  left     same          3",
        "2026-03-07 12:00  mid_back_full           10 part -        -             -",
        "2026-03-09 12:00  neck                    10 yes  none     better        5",
        "  “much lighter today”",
        "3 sessions, 30 minutes.",
        "neck, tighter side: left, none",
        "neck, of five: 3, 5",
    ]
    assert max(map(len, lines)) <= 80


def test_one_session_has_no_trend(capsys: pytest.CaptureFixture[str]) -> None:
    keep(1, side="left", rating=2)
    assert main(["history"]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == ["1 session, 10 minutes."]


def test_commands_that_were_taken_back_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    for days, count in ((3, 0), (2, 1), (1, 2)):
        record = {"session": f"{days}", "routine": "neck", "completed": True, "misheard": count}
        History(data_dir() / "history.sqlite3").add(record, NOON - timedelta(days=days))
    assert main(["history"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 commands taken back as misheard."
    assert main(["history", "--json"]) == 0
    assert [session["misheard"] for session in json.loads(capsys.readouterr().out)] == [0, 1, 2]


def test_json_tells_everything(capsys: pytest.CaptureFixture[str]) -> None:
    keep(1, side="right", feel="worse", rating=1, words=["too long", "and too late"])
    assert main(["history", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "ended": (NOON - timedelta(days=1)).isoformat(),
            "routine": "neck",
            "completed": True,
            "session_s": 600.0,
            "worked_s": 420.0,
            "misheard": 0,
            "side": "right",
            "feel": "worse",
            "rating": 1,
            "words": ["too long", "and too late"],
        }
    ]


def test_a_damaged_history_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    data_dir().mkdir(parents=True)
    (data_dir() / "history.sqlite3").write_bytes(b"this is no database" * 100)
    assert main(["history"]) == 1
    assert "set aside as" in capsys.readouterr().err
