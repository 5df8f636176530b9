"""The history: one row for each session, in SQLite, so that the coach knows what was done, when, and how it was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from assistant.catalog.model import Side
from assistant.dialogue.memory import Memory, Review
from assistant.errors import StorageError
from assistant.storage import whole

SCHEMA = 2
REVIEWS = 8  # of a routine that the coach remembers

QUIET_FROM = 21
"""From this hour (local time) until MORNING the coach is quiet, unless the settings say otherwise."""
MORNING = 5

_TABLE = """
create table if not exists sessions (
  id integer primary key,
  session text unique,      -- the dialogue's id of it; null before version 2
  ended text not null,      -- ISO 8601, UTC
  routine text not null,    -- its id
  completed integer not null,
  start_side text,          -- left | right
  record text not null      -- everything the dialogue recorded, JSON
)
"""


_FROM_1 = ("alter table sessions add column session text", "create unique index sessions_session on sessions (session)")

_KEEP = """
insert into sessions (session, ended, routine, completed, start_side, record) values (?, ?, ?, ?, ?, ?)
on conflict (session) do update set
  ended = excluded.ended, completed = excluded.completed, start_side = excluded.start_side, record = excluded.record
"""


@dataclass(frozen=True)
class Session:
    """A session as the history knows it; `ended` in local time. What an older version did not write is empty."""

    ended: datetime
    routine: str
    completed: bool
    session_s: float
    worked_s: float
    review: Review
    misheard: int = 0  # commands that the person took back


class _ForeignError(Exception):
    """The file is of another version."""


class History:
    """The database file `path`; it and its folder are made by the first `add`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, record: Mapping[str, Any], ended: datetime) -> None:
        """Keep a session: the dialogue's `Record`, with "routine" and, where known, "completed" and "start_side".

        It takes the place of an earlier record with the same "session". `ended` has a time zone. StorageError if the
        disk refuses.
        """
        with self._open(create=True) as db:
            db.execute(
                _KEEP,
                (
                    record.get("session") or None,
                    ended.astimezone(timezone.utc).isoformat(timespec="seconds"),
                    record["routine"],
                    bool(record.get("completed")),
                    record.get("start_side"),
                    json.dumps(dict(record)),
                ),
            )

    def sessions(self) -> list[Session]:
        """All of them, the oldest first. Errors as of `memory`."""
        return [session for session, _ in self._all()]

    def _all(self) -> list[tuple[Session, str | None]]:
        """All sessions, the oldest first, each with the side it began with."""
        if not self.path.exists():
            return []
        with self._open(create=False) as db:
            query = "select start_side, ended, routine, completed, record from sessions order by ended, id"
            return [(_session(*row), side) for side, *row in db.execute(query).fetchall()]

    def memory(self, now: datetime, quiet_from: int = QUIET_FROM) -> Memory:
        """What the past tells at the local time `now`; `quiet_from`: the hour at which a quiet evening begins.

        A file that is damaged or of another version is set aside; then, and if it cannot be read, StorageError.
        """
        known = self._all()
        sessions = [session for session, _ in known]
        times: dict[str, int] = {}
        last_side: dict[str, Side] = {}
        days_since: dict[str, int] = {}
        today = now.astimezone().date()
        for session, side in known:
            times[session.routine] = times.get(session.routine, 0) + 1
            if session.completed:
                days_since[session.routine] = (today - session.ended.date()).days
            if side:
                last_side[session.routine] = Side(side)
        return Memory(
            sessions=len(sessions),
            times=times,
            last_side=last_side,
            days_away=(today - sessions[-1].ended.date()).days if sessions else None,
            days_since=days_since,
            last_routine=next((session.routine for session in reversed(sessions) if session.completed), None),
            minute=minute_of_day(now),
            evening=is_evening(now, quiet_from),
            this_week=_this_week(sessions, now),
            worked_s={session.routine: session.worked_s for session in sessions if session.completed},
            reviews=_reviews(sessions),
        )

    @contextmanager
    def _open(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        try:
            if create:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            mode = "rwc" if create else "ro"
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode={mode}", uri=True)) as db, db:
                version = _version(db)
                if create and version != SCHEMA:
                    db.execute("begin immediate")
                    for statement in _FROM_1 if version == 1 else (_TABLE,):
                        db.execute(statement)
                    db.execute(f"pragma user_version = {SCHEMA}")
                yield db
        except _ForeignError:
            raise self._set_aside("was written by another version of Floorcoach") from None
        except (OSError, sqlite3.OperationalError) as error:
            raise StorageError(
                f"The history {self.path} cannot be used ({error}): this session is not remembered.", code="history"
            ) from error
        except sqlite3.DatabaseError:
            raise self._set_aside("is damaged") from None

    def _set_aside(self, what: str) -> StorageError:
        """Rename the file to `*.damaged`, so that the next `add` makes a new one, and return the error to raise."""
        where = whole.set_aside(self.path)
        return StorageError(f"The history {what}; {where}. What came before is not remembered.", code="history")


def _version(db: sqlite3.Connection) -> int:
    """0 of a new file. One of version 1 can be read as it is, and is brought up to date by the first `add`."""
    version = int(db.execute("pragma user_version").fetchone()[0])
    if version > SCHEMA:
        raise _ForeignError
    return version


def _session(ended: str, routine: str, completed: int, text: str) -> Session:
    record = json.loads(text)  # as we wrote it
    said = record.get("review", {})
    review = Review(said.get("side"), said.get("feel"), said.get("rating"), tuple(said.get("words", ())))
    seconds = record.get("session_s", 0.0), record.get("worked_s", 0.0)
    when, misheard = datetime.fromisoformat(ended).astimezone(), record.get("misheard", 0)
    return Session(when, routine, bool(completed), *seconds, review, misheard)


def _this_week(sessions: list[Session], now: datetime) -> int:
    monday = now.astimezone().date() - timedelta(days=now.astimezone().weekday())
    return sum(monday <= session.ended.date() for session in sessions)


def _reviews(sessions: list[Session]) -> dict[str, tuple[Review, ...]]:
    """Routine id -> what was said of its last sessions, the oldest first; nobody's own words."""
    reviews: dict[str, tuple[Review, ...]] = {}
    for session in sessions:
        review = replace(session.review, words=())
        reviews[session.routine] = (*reviews.get(session.routine, ()), review)[-REVIEWS:]
    return reviews


def is_evening(now: datetime, quiet_from: int = QUIET_FROM) -> bool:
    """Whether to be quiet at the local time `now`; `quiet_from`: the hour from which, 24 for never."""
    return quiet_from <= now.hour or (now.hour < MORNING and quiet_from < 24)


def minute_of_day(now: datetime) -> int:
    """Minutes past midnight, local time."""
    local = now.astimezone()
    return local.hour * 60 + local.minute
