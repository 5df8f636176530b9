"""A journal gives back exactly the events it was given, whatever happened to the disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.events import Event, Heard, Opened, Tick
from assistant.errors import StorageError
from assistant.storage.journal import Journal, from_json, read, to_json

st.register_type_strategy(float, st.floats(allow_nan=False))  # none is equal to itself, and no event holds one
events = st.one_of([st.from_type(kind) for kind in get_args(Event)])
HEARD = Heard(at=1200, command=Command.START, text="start mid back", phase=PhaseName.IDLE, began_at=700,
              slots={"routine": "mid_back_full"})  # fmt: skip


@given(event=events)
def test_every_event_comes_back_equal(event: Event) -> None:
    assert from_json(json.loads(json.dumps(to_json(event)))) == event


def test_a_line_says_what_it_is() -> None:
    assert to_json(HEARD) == {
        "event": "Heard", "at": 1200, "command": "start", "text": "start mid back", "phase": "idle",
        "began_at": 700, "slots": {"routine": "mid_back_full"}, "typed": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"event": "Nonsense", "at": 1}, "no such event"),
        ({"at": 1}, "no such event"),
        ({"event": "Tick"}, "missing"),
        ({"event": "Tick", "at": "soon"}, "not int"),
        ({"event": "Tick", "at": 1, "more": 2}, "more"),
        ({"event": "Recovered", "at": 1, "part": "left leg"}, "left leg"),
    ],
)
def test_what_is_no_event_is_refused(line: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        from_json(line)


def write(path: Path, *events: Event) -> list[StorageError]:
    faults: list[StorageError] = []
    with Journal(path, {"routine": "x"}, faults.append) as journal:
        for event in events:
            journal.append(event)
    return faults


def test_a_journal_reads_back_with_its_header(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.jsonl"
    strange = Heard(at=3, command=Command.NEXT, text="next\u2028\u0085line\n", phase=PhaseName.WORKING, began_at=1)
    assert write(path, Opened(0), HEARD, strange) == []
    assert read(path) == ({"journal": 1, "routine": "x"}, [Opened(0), HEARD, strange])


def test_a_last_line_cut_by_a_crash_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, Opened(0), Tick(5))
    path.write_text(path.read_text()[:-9])
    assert read(path)[1] == [Opened(0)]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, Opened(0), Tick(5))
    lines = path.read_text().split("\n")
    path.write_text("\n".join([lines[0], "{", *lines[2:]]))
    with pytest.raises(StorageError, match=r"journal\.jsonl:2: "):
        read(path)


@pytest.mark.parametrize("text", ["", "\n", "[]\n", '{"journal": 99}\n', '{"event": "Opened", "at": 0}\n'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(text)
    with pytest.raises(StorageError, match=r"other\.jsonl:1: "):
        read(path)


def test_a_missing_journal_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        read(tmp_path / "none.jsonl")


def test_a_full_disk_is_told_once_and_the_session_goes_on() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("platform: only Linux has /dev/full")
    faults = write(full, Opened(0), Tick(5), Tick(6))
    assert [fault.code for fault in faults] == ["journal"]
    assert "No space left on device" in str(faults[0])


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    faults = write(tmp_path / "file" / "journal.jsonl", Opened(0), Tick(5))
    assert [fault.code for fault in faults] == ["journal"]
