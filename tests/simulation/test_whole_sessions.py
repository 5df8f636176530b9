"""Whole sessions in the virtual room, with the real recogniser and the real speech engine."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.catalog.load import load
from assistant.dialogue.effects import ToneKind
from assistant.errors import AssistantError, CatalogError, SimulationError, StorageError
from assistant.simulation.demo import Report, play
from assistant.simulation.measure import Recording, tones

LUNCH = """\
turns:
  - {every: when you are there, say: ready}
  - {after: hello, say: start lunch break routine}
  - {after: chair turn, say: fine weather today}
  - {after: last one, say: pause please}
  - {after: paused, say: continue}
  - {after: back to the middle, say: how long}
"""
SHORT = """\
turns:
  - {after: hello, say: start lunch break routine}
  - {after: "open, breathe out", say: stop now}
  - {after: it hurts, say: end session}
  - {after: end here, say: "yes"}
"""
LINE = re.compile(r"\d\d:\d\d\.\d{3} (COACH|PERSON|HEARD|IGNORED) \S.*")


def script(folder: Path, text: str) -> Path:
    path = folder / "script.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def lunch(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("lunch")
    return play("lunch_break", script=script(folder, LUNCH), out=folder / "out")


def lines(report: Report, who: str) -> list[str]:
    rows = (report.folder / "transcript.txt").read_text(encoding="utf-8").splitlines()
    return [row.split(" ", 2)[2] for row in rows if row.split(" ", 2)[1] == who]


def test_the_routine_is_done_to_its_end_and_every_command_understood(lunch: Report) -> None:
    assert lunch.summary["routine"] == "lunch_break"
    assert lunch.summary["completed"] is True
    counts = lunch.summary["commands"]
    assert counts == {"said": 4, "understood": 4, "missed": 0, "false": 0}
    assert lunch.unsaid == 0
    assert not lunch.interrupted


def test_the_transcript_tells_who_said_what(lunch: Report) -> None:
    rows = (lunch.folder / "transcript.txt").read_text(encoding="utf-8").splitlines()
    assert all(LINE.fullmatch(row) for row in rows)
    assert [row[:9] for row in rows] == sorted(row[:9] for row in rows)
    assert lines(lunch, "PERSON") == [
        "start lunch break routine", "fine weather today", "pause please", "continue", "how long",
    ]  # fmt: skip
    assert [heard.split("[")[1] for heard in lines(lunch, "HEARD")] == ["start]", "pause]", "resume]", "time]"]
    assert "Paused." in lines(lunch, "COACH")
    assert lines(lunch, "COACH")[-1] == "Rest well."


def test_the_work_is_the_prescribed_one_whatever_pauses_happened(lunch: Report) -> None:
    assert lunch.summary["worked_s"] == lunch.summary["planned_work_s"]
    with Recording(lunch.folder / "session.wav") as recording:
        heard = tones(recording, (ToneKind.BEGIN, ToneKind.END, ToneKind.HEARD))
        rate = recording.rate
    begins = [i for i, each in enumerate(heard) if each.kind is ToneKind.BEGIN]
    worked = [(heard[i + 1].sample - heard[i].sample) / rate for i in begins]  # till the end, or the pause
    exercises = load().exercises
    turn = exercises["chair_turn"]
    assert turn.dose.reps
    assert sum(worked) == pytest.approx(lunch.summary["planned_work_s"], abs=0.05)
    assert worked[-1] == pytest.approx(turn.dose.reps * turn.rep_s, abs=0.05)
    assert worked[-3] + worked[-2] == pytest.approx(worked[-1], abs=0.05)  # the left side, in two stretches


def test_the_reaction_comes_soon(lunch: Report) -> None:
    latency = lunch.summary["latency_ms"]
    assert 60 < latency["p50"] <= 350
    assert latency["p95"] <= 900


def test_the_journal_tells_the_same_story(lunch: Report) -> None:
    events = [json.loads(row) for row in (lunch.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["command"] for event in events if event.get("event") == "Heard"] == [
        "start", "pause", "resume", "time",
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_session_and_another_one_another(tmp_path: Path) -> None:
    short = script(tmp_path, SHORT)
    reports = [play("lunch_break", script=short, out=tmp_path / f"{i}", seed=i // 2) for i in range(3)]
    for name in ("session.wav", "transcript.txt", "journal.jsonl"):
        same, again, other = ((report.folder / name).read_bytes() for report in reports)
        assert same == again
        assert same != other
    assert reports[0].summary["completed"] is False
    assert lines(reports[0], "HEARD")[-1] == "yes [yes]"


def test_ctrl_c_leaves_whole_files(tmp_path: Path) -> None:
    def interrupt(ms: int, state: object) -> None:
        if ms >= 3000:
            raise KeyboardInterrupt

    report = play("lunch_break", script=script(tmp_path, SHORT), out=tmp_path / "out", on_progress=interrupt)
    assert report.interrupted
    with Recording(tmp_path / "out" / "session.wav") as recording:
        assert recording.samples == pytest.approx(3 * recording.rate, abs=0.1 * recording.rate)
    assert lines(report, "COACH")
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["completed"] is False


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("turns: [{at_s: 1, wav: nowhere.wav}]", SimulationError, r"script\.yaml:1: There is no file .*nowhere\.wav"),
        ("turns: [{at_s: 1, say: stop}]\nnoise: {wav: no.wav, snr_db: 3}", SimulationError, r"no\.wav"),
        ("turns: [{at_s: 1, say: stop}]\nperson: {voice: no such voice}", SimulationError, "no such voice"),
        ("turns: [{at_s: 1, say: '?!'}]", SimulationError, "makes no sound"),
    ],
)
def test_what_a_script_names_must_be_there(tmp_path: Path, text: str, kind: type[AssistantError], words: str) -> None:
    with pytest.raises(kind, match=words):
        play("lunch_break", script=script(tmp_path, text), out=tmp_path / "out")


def test_an_unknown_routine_offers_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="lunch_break"):
        play("lunch_brake", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        play("lunch_break", out=tmp_path / "file" / "out")
