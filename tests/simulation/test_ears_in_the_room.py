"""The microphone muted and opened, and what was heard, in the virtual room."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.simulation.demo import play

MUTED = """\
turns:
  - {after: hello, say: mute microphone}
  - {after: i still hear, say: what routines are there}
  - {after_s: 4, say: open microphone}
  - {after: listening, say: the weather is nice today}
  - {after_s: 3, say: what did you hear}
  - {after: before it, say: start lunch break routine}
  - {after: about, say: stop now}
  - {after: it hurts, say: end session}
  - {after: end here, say: "yes"}
"""


def test_while_muted_it_hears_only_what_opens_it_and_tells_later_what_it_heard(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(MUTED, encoding="utf-8")
    report = play("lunch_break", script=script, out=tmp_path / "out")
    rows = (report.folder / "transcript.txt").read_text(encoding="utf-8").splitlines()
    told = [row.split(" ", 1)[1] for row in rows]
    assert "IGNORED what routines are there (the microphone is muted)" in told
    assert not any(line.startswith("COACH There are:") for line in told)
    events = [json.loads(row) for row in (report.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()[1:]]
    (heard,) = [each["text"] for each in events if each["event"] == "Overheard"]
    assert {"the", "is", "nice"} <= set(heard.split()), "a word or two may get lost in the room"
    answer = told.index(f"COACH I heard, {heard}.")
    assert [line for line in told[answer:] if line.startswith("COACH")][:4] == [
        f"COACH I heard, {heard}.",
        "COACH No command.",
        "COACH Before it, open microphone.",
        "COACH Done.",
    ]
    assert report.summary["commands"] == {"said": 7, "understood": 7, "missed": 0, "false": 0}
