"""Everything a session keeps, behind one door that never raises: a session must not end because a disk is full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assistant.dialogue.calibration import Tunings
from assistant.dialogue.events import Event
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import Person
from assistant.errors import StorageError
from assistant.storage.calibration import CalibrationFile
from assistant.storage.checkpoint import CheckpointFile
from assistant.storage.heard import HeardFile
from assistant.storage.history import QUIET_FROM, History, is_evening, minute_of_day
from assistant.storage.journal import Journal
from assistant.storage.profile import ProfileFile, aged

HEARD = "heard.jsonl"
CALIBRATION = "calibration.json"


class Store:
    """Checkpoint, history, profile, journal and the last things heard in `folder`.

    `on_fault` is called with what went wrong: with each file that could not be read, and once, not more, when
    something could not be written (a full disk would else be told at every line).
    """

    def __init__(
        self,
        folder: Path,
        on_fault: Callable[[StorageError], None],
        *,
        keep_heard: bool = True,
        quiet_from: int = QUIET_FROM,
    ) -> None:
        """`keep_heard`: whether `heard` keeps anything; where not, what was kept before is deleted.

        `quiet_from`: the hour at which a quiet evening begins.
        """
        self.folder = folder
        self._quiet_from = quiet_from
        self._checkpoint = CheckpointFile(folder / "checkpoint.json")
        self._history = History(folder / "history.sqlite3")
        self._profile = ProfileFile(folder / "profile.json")
        self._unsaved: Person | None = None  # what the disk did not take
        self._today = date.today()  # what is known of the person counts in days from here, also past midnight
        self._journal: Journal | None = None
        self._on_fault = on_fault
        self._told = False
        self._heard = HeardFile(folder / HEARD)
        self._calibration = CalibrationFile(folder / CALIBRATION)
        self._keep_heard = keep_heard
        if not keep_heard:
            self._write(self._heard.forget)

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
            memory = self._history.memory(now, self._quiet_from)
        except StorageError as error:
            self._on_fault(error)
            memory = Memory(minute=minute_of_day(now), evening=is_evening(now, self._quiet_from))
        return replace(memory, person=self._person(now.date()))

    def _person(self, today: date) -> Person:
        since, self._today = self._today, today
        if self._unsaved:
            self._unsaved = aged(self._unsaved, since, today)
            return self._unsaved
        try:
            return self._profile.load(today)
        except StorageError as error:
            self._on_fault(error)
            return Person()

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

    def heard(self, utterance: Mapping[str, Any]) -> None:
        """Keep something that was heard, for `coach heard`."""
        if self._keep_heard:
            self._write(lambda: self._heard.add(utterance))

    def remember(self, person: Person) -> None:
        """Keep what is known of the person."""
        saved = self._write(lambda: self._profile.save(person, self._today))
        self._unsaved = None if saved else person

    def calibration(self, microphone: str) -> Tunings:
        """What a calibration found with `microphone`; nothing where there was none, or it cannot be read."""
        try:
            return self._calibration.load(microphone)
        except StorageError as error:
            self._on_fault(error)
            return {}

    def calibrated(self, microphone: str, tunings: Mapping[str, Mapping[str, int]]) -> bool:
        """Keep what a calibration found with `microphone`; whether that could be done."""
        return self._write(lambda: self._calibration.save(microphone, tunings))

    def close(self) -> None:
        """Close the journal; everything else is closed already."""
        if self._journal:
            self._journal.close()

    def _write(self, action: Callable[[], None]) -> bool:
        try:
            action()
        except StorageError as error:
            self._cannot_write(error)
            return False
        return True

    def _cannot_write(self, error: StorageError) -> None:
        if not self._told:
            self._told = True
            self._on_fault(error)
