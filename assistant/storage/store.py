"""Everything a session keeps, behind one door that never raises: a session must not end because a disk is full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.dialogue.events import Event
from assistant.dialogue.state import Memory
from assistant.errors import StorageError
from assistant.storage.checkpoint import CheckpointFile
from assistant.storage.history import History, is_evening
from assistant.storage.journal import Journal


class Store:
    """Checkpoint, history and journal in `folder`.

    `on_fault` is called with what went wrong: with each file that could not be read, and once, not more, when
    something could not be written (a full disk would else be told at every line).
    """

    def __init__(self, folder: Path, on_fault: Callable[[StorageError], None]) -> None:
        self.folder = folder
        self._checkpoint = CheckpointFile(folder / "checkpoint.json")
        self._history = History(folder / "history.sqlite3")
        self._journal: Journal | None = None
        self._on_fault = on_fault
        self._told = False

    def checkpoint(self) -> Mapping[str, Any] | None:
        """The place where the last session was left, if it did not end in order."""
        try:
            return self._checkpoint.load()
        except StorageError as error:
            self._on_fault(error)
            return None

    def refuse_checkpoint(self, sentence: str) -> None:
        """The dialogue cannot use the checkpoint, for the reason in `sentence`: set it aside and say so."""
        self._on_fault(self._checkpoint.set_aside(sentence))

    def memory(self, now: datetime) -> Memory:
        """What the past tells at the local time `now`; nothing, where it cannot be read."""
        try:
            return self._history.memory(now)
        except StorageError as error:
            self._on_fault(error)
            return Memory(sessions=0, times={}, last_side={}, days_away=None, evening=is_evening(now))

    def open_journal(self, path: Path, header: Mapping[str, Any]) -> None:
        """Start the journal of this session; `header` is what `journal.read` gives back with the events."""
        self._journal = Journal(path, header, self._cannot_write)

    def append(self, event: Event) -> None:
        """Add an event to the journal, if one was started."""
        if self._journal:
            self._journal.append(event)

    def save(self, checkpoint: Mapping[str, Any]) -> None:
        """Keep the place, durably."""
        self._write(lambda: self._checkpoint.save(checkpoint))

    def forget(self) -> None:
        """The session ended in order: no place to go back to."""
        self._write(self._checkpoint.forget)

    def record(self, session: Mapping[str, Any], ended: datetime) -> None:
        """Add the session to the history; `ended` has a time zone."""
        self._write(lambda: self._history.add(session, ended))

    def close(self) -> None:
        """Close the journal; everything else is closed already."""
        if self._journal:
            self._journal.close()

    def _write(self, action: Callable[[], None]) -> None:
        try:
            action()
        except StorageError as error:
            self._cannot_write(error)

    def _cannot_write(self, error: StorageError) -> None:
        if not self._told:
            self._told = True
            self._on_fault(error)
