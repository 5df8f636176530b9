"""The history: one row for each finished session, in SQLite, so that the coach knows what was done and when."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from assistant.catalog.model import Side
from assistant.dialogue.state import Memory
from assistant.errors import StorageError

SCHEMA = 1

EVENING = 20
"""From this hour (local time) until MORNING the coach is quiet."""
MORNING = 5

_TABLE = """
create table if not exists sessions (
  id integer primary key,
  ended text not null,      -- ISO 8601, UTC
  routine text not null,    -- its id
  completed integer not null,
  start_side text,          -- left | right
  record text not null      -- everything the dialogue recorded, JSON
)
"""


class _ForeignError(Exception):
    """The file is of another version."""


class History:
    """The database file `path`; it and its folder are made by the first `add`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, record: Mapping[str, Any], ended: datetime) -> None:
        """Keep a session: the dialogue's `Record`, with "routine" and, where known, "completed" and "start_side".

        `ended` has a time zone. StorageError if the disk refuses.
        """
        with self._open(create=True) as db:
            db.execute(
                "insert into sessions (ended, routine, completed, start_side, record) values (?, ?, ?, ?, ?)",
                (
                    ended.astimezone(timezone.utc).isoformat(timespec="seconds"),
                    record["routine"],
                    bool(record.get("completed")),
                    record.get("start_side"),
                    json.dumps(dict(record)),
                ),
            )

    def memory(self, now: datetime) -> Memory:
        """What the past tells at the local time `now`.

        A file that is damaged or of another version is set aside; then, and if it cannot be read, StorageError.
        """
        rows: list[tuple[str, str, str | None]] = []
        if self.path.exists():
            with self._open(create=False) as db:
                rows = db.execute("select ended, routine, start_side from sessions order by ended, id").fetchall()
        times: dict[str, int] = {}
        last_side: dict[str, Side] = {}
        for _, routine, side in rows:
            times[routine] = times.get(routine, 0) + 1
            if side:
                last_side[routine] = Side(side)
        return Memory(
            sessions=len(rows),
            times=times,
            last_side=last_side,
            days_away=(now.astimezone().date() - _local_date(rows[-1][0])).days if rows else None,
            evening=is_evening(now),
        )

    @contextmanager
    def _open(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        try:
            if create:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            mode = "rwc" if create else "ro"
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode={mode}", uri=True)) as db, db:
                _check_version(db)
                if create:
                    db.execute(_TABLE)
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
        aside = self.path.with_name(self.path.name + ".damaged")
        try:
            self.path.replace(aside)
            where = f"it was set aside as {aside}"
        except OSError:
            where = f"it stays at {self.path}"
        return StorageError(f"The history {what}; {where}. What came before is not remembered.", code="history")


def _check_version(db: sqlite3.Connection) -> None:
    if db.execute("pragma user_version").fetchone()[0] not in (0, SCHEMA):
        raise _ForeignError


def is_evening(now: datetime) -> bool:
    """Whether sounds should be soft at the local time `now`."""
    return now.hour >= EVENING or now.hour < MORNING


def _local_date(iso: str) -> date:
    return datetime.fromisoformat(iso).astimezone().date()
