"""What the past tells, and that a session goes on whatever the disk does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.catalog.model import Side
from assistant.dialogue.events import Opened, Tick
from assistant.dialogue.memory import Memory, Review
from assistant.errors import StorageError
from assistant.storage.history import History, is_evening
from assistant.storage.journal import read
from assistant.storage.store import Store

NOON = datetime(2026, 3, 10, 12, 0).astimezone()
NOTHING = Memory(sessions=0, times={}, last_side={}, days_away=None, minute=12 * 60, evening=False)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "deep" / "history.sqlite3")


def done(routine: str, side: str | None = None) -> dict[str, object]:
    return {"routine": routine, "completed": True, "start_side": side, "worked_s": 600.0}


def reviewed(session: str, routine: str = "neck", worked_s: float = 600.0, **said: object) -> dict[str, object]:
    review = {"side": None, "feel": None, "rating": None, "words": [], **said}
    return {**done(routine), "session": session, "session_s": 900.0, "worked_s": worked_s, "review": review}


def test_the_first_time_there_is_nothing_and_no_file_is_made(history: History) -> None:
    assert history.memory(NOON) == NOTHING
    assert not history.path.parent.exists()


def test_sessions_are_counted_by_routine_with_the_last_start_side(history: History) -> None:
    history.add(done("mid_back_full", "left"), NOON - timedelta(days=9))
    history.add(done("mid_back_full", "right"), NOON - timedelta(days=4))
    history.add(done("lunch_break"), NOON - timedelta(days=3, hours=5))
    assert history.memory(NOON) == Memory(
        sessions=3,
        times={"mid_back_full": 2, "lunch_break": 1},
        last_side={"mid_back_full": Side.RIGHT},
        days_away=3,
        days_since={"mid_back_full": 4, "lunch_break": 3},
        last_routine="lunch_break",
        minute=12 * 60,
        evening=False,
        this_week=0,
        worked_s={"mid_back_full": 600.0, "lunch_break": 600.0},
        reviews={"mid_back_full": (Review(), Review()), "lunch_break": (Review(),)},
    )


def test_a_session_that_was_broken_off_is_not_done(history: History) -> None:
    history.add(done("neck"), NOON - timedelta(days=2))
    history.add({**done("lunch_break"), "completed": False}, NOON - timedelta(days=1))
    memory = history.memory(NOON)
    assert memory.times == {"neck": 1, "lunch_break": 1}
    assert (memory.days_since, memory.last_routine, memory.days_away) == ({"neck": 2}, "neck", 1)


def test_what_was_said_of_the_last_sessions_is_remembered_without_the_words(history: History) -> None:
    for day in range(9, 0, -1):
        history.add(reviewed(f"{day}", rating=1 + day % 5, words=["private"]), NOON - timedelta(days=day))
    history.add(reviewed("now", side="left", feel="better", worked_s=630.0), NOON)
    memory = history.memory(NOON)
    assert len(memory.reviews["neck"]) == 8
    assert memory.reviews["neck"][-2:] == (Review(rating=2), Review(side="left", feel="better"))
    assert memory.worked_s == {"neck": 630.0}
    assert history.sessions()[0].review.words == ("private",)


def test_the_week_begins_on_monday(history: History) -> None:
    for days in (1, 2, 0):  # NOON is a Tuesday
        history.add(done("neck"), NOON - timedelta(days=days))
    assert history.memory(NOON).this_week == 2


def test_a_session_has_one_record_however_often_it_is_kept(history: History) -> None:
    interrupted = {**done("neck", "left"), "session": "a", "completed": False}
    history.add(interrupted, NOON - timedelta(hours=1))
    history.add({**done("neck", "left"), "session": "b"}, NOON - timedelta(minutes=30))
    history.add(reviewed("a", feel="same"), NOON)
    first, second = history.sessions()
    assert (first.completed, first.review) == (True, Review())
    assert (second.completed, second.review, second.ended) == (True, Review(feel="same"), NOON)


def test_records_without_an_id_are_all_kept(history: History) -> None:
    history.add(done("neck"), NOON)
    history.add({**done("neck"), "session": ""}, NOON)
    assert history.memory(NOON).sessions == 2


VERSION_1 = """
create table sessions (
  id integer primary key, ended text not null, routine text not null, completed integer not null, start_side text,
  record text not null
);
insert into sessions (ended, routine, completed, start_side, record)
  values ('2026-03-08T10:00:00+00:00', 'neck', 1, 'left', '{"routine": "neck", "worked_s": 500.0}');
pragma user_version = 1;
"""


def test_a_history_of_version_1_is_read_and_brought_up_to_date(history: History) -> None:
    history.path.parent.mkdir()
    with closing(sqlite3.connect(history.path)) as db:
        db.executescript(VERSION_1)
    assert history.memory(NOON).last_side == {"neck": Side.LEFT}
    for feel in ("same", "better"):
        history.add(reviewed("new", feel=feel), NOON)
    assert [session.review.feel for session in history.sessions()] == [None, "better"]
    assert history.memory(NOON).times == {"neck": 2}
    with closing(sqlite3.connect(history.path)) as db:
        assert db.execute("pragma user_version").fetchone() == (2,)


def test_days_away_are_days_of_the_calendar(history: History) -> None:
    history.add(done("neck"), datetime(2026, 3, 9, 23, 50).astimezone())
    assert history.memory(datetime(2026, 3, 10, 0, 10).astimezone()).days_away == 1


def test_sessions_added_out_of_order_are_ordered_by_time(history: History) -> None:
    history.add(done("neck", "right"), NOON - timedelta(days=1))
    history.add(done("neck", "left"), NOON - timedelta(days=8))
    assert history.memory(NOON).last_side == {"neck": Side.RIGHT}
    assert history.memory(NOON).days_away == 1


def test_time_zones_do_not_change_the_order(history: History) -> None:
    far = timezone(timedelta(hours=9))
    history.add(done("neck", "left"), datetime(2026, 3, 10, 12, 0, tzinfo=timezone.utc))
    history.add(done("neck", "right"), datetime(2026, 3, 10, 20, 0, tzinfo=far))  # an hour earlier
    assert history.memory(NOON).last_side == {"neck": Side.LEFT}


@pytest.mark.parametrize(("hour", "quiet"), [(4, True), (5, False), (12, False), (20, False), (21, True), (23, True)])
def test_evening(hour: int, quiet: bool) -> None:
    assert is_evening(NOON.replace(hour=hour)) is quiet


@pytest.mark.parametrize(
    ("hour", "quiet_from", "quiet"), [(18, 18, True), (17, 18, False), (23, 24, False), (4, 24, False)]
)
def test_the_hour_of_the_settings(hour: int, quiet_from: int, quiet: bool) -> None:
    assert is_evening(NOON.replace(hour=hour), quiet_from) is quiet


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_history_is_set_aside_and_a_new_one_begun(history: History, content: bytes) -> None:
    history.path.parent.mkdir()
    history.path.write_bytes(content)
    with pytest.raises(StorageError, match=r"set aside as .*history\.sqlite3\.damaged"):
        history.memory(NOON)
    assert history.path.with_name("history.sqlite3.damaged").read_bytes() == content
    history.add(done("neck"), NOON)
    assert history.memory(NOON).sessions == 1


def test_a_history_of_another_version_is_set_aside(history: History) -> None:
    history.add(done("neck"), NOON)
    db = sqlite3.connect(history.path)
    db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(StorageError, match="another version"):
        history.memory(NOON)


class TestStore:
    """The door that never raises."""

    @pytest.fixture
    def faults(self) -> list[StorageError]:
        return []

    @pytest.fixture
    def store(self, tmp_path: Path, faults: list[StorageError]) -> Store:
        return Store(tmp_path / "data", faults.append)

    def test_all_is_kept(self, store: Store, tmp_path: Path, faults: list[StorageError]) -> None:
        store.open_journal(tmp_path / "j.jsonl", {"routine": "neck"})
        store.append(Opened(0))
        store.save({"step": 2})
        assert store.checkpoint() == {"step": 2}
        store.record(done("neck", "left"), NOON)
        store.forget()
        store.close()
        assert store.checkpoint() is None
        assert store.memory(NOON).times == {"neck": 1}
        assert read(tmp_path / "j.jsonl")[1] == [Opened(0)]
        assert faults == []

    def test_a_home_that_cannot_be_written_is_told_once(self, tmp_path: Path, faults: list[StorageError]) -> None:
        (tmp_path / "data").write_text("a file where the folder should be")
        store = Store(tmp_path / "data", faults.append)
        store.open_journal(tmp_path / "data" / "j.jsonl", {})
        store.append(Opened(0))
        store.save({"step": 1})
        store.append(Tick(5))
        store.record(done("neck"), NOON)
        store.forget()
        store.close()
        assert len(faults) == 1
        assert store.memory(NOON) == NOTHING

    def test_each_file_that_cannot_be_read_is_told(
        self, store: Store, tmp_path: Path, faults: list[StorageError]
    ) -> None:
        store.folder.mkdir()
        (store.folder / "checkpoint.json").write_text("{")
        (store.folder / "history.sqlite3").write_text("no database, but long enough to look at " * 50)
        assert store.checkpoint() is None
        assert store.memory(NOON) == NOTHING
        assert [fault.code for fault in faults] == ["checkpoint", "history"]

    def test_a_checkpoint_the_dialogue_refuses_is_set_aside(self, store: Store, faults: list[StorageError]) -> None:
        store.save({"routine": "old"})
        store.refuse_checkpoint("Your last place was in a routine that has changed since.")
        assert store.checkpoint() is None
        assert "has changed since. It was set aside as" in str(faults[0])
