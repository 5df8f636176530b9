"""Somebody who is quiet when lying, calibrated by voice, in the virtual room."""

from __future__ import annotations

import json

import pytest

from assistant.simulation.demo import Report, play

SOFT = -23  # dB: at the edge of what is heard at all
ASKED = ("how many more", "make it easier", "leave it out")
CALIBRATE = "".join(f"  - {{after: {phrase}, say: {phrase}, db: {db}}}\n" for db in (SOFT, 0, 0) for phrase in ASKED)
LYING = "".join(f"  - {{after_s: 8, say: {words}, db: {SOFT}}}\n" for words in ("next move", "previous move") * 3)
END = """\
  - {after_s: 8, say: stop now}
  - {after: it hurts, say: end session}
  - {after: end here, say: "yes"}
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The same session lying down, with and without calibration before it."""
    found = {}
    for name, before in (("with", "  - {after: hello, say: calibrate microphone}\n" + CALIBRATE), ("without", "")):
        folder = tmp_path_factory.mktemp(name)
        begin = "kept for" if before else "hello"
        start = f"  - {{after: {begin}, say: start low back routine}}\n"
        script = f"turns:\n{before}{start}  - {{after: when you are there, say: pause please}}\n{LYING}{END}"
        (folder / "script.yaml").write_text(script, encoding="utf-8")
        found[name] = play("low_back", script=folder / "script.yaml", out=folder / "out")
    return found


def test_what_was_found_is_told_in_plain_words(reports: dict[str, Report]) -> None:
    transcript = (reports["with"].folder / "transcript.txt").read_text(encoding="utf-8")
    for sentence in (
        "You are quiet lying down: I will listen harder there.",
        "I hear you well kneeling.",
        "I hear you well standing.",
        "Kept for this microphone.",
    ):
        assert f"COACH {sentence}" in transcript


def test_it_takes_about_a_minute(reports: dict[str, Report]) -> None:
    events = [json.loads(row) for row in (reports["with"].folder / "journal.jsonl").read_text().splitlines()[1:]]
    measured = [event for event in events if event["event"] == "Measured"]
    assert len(measured) == 9
    assert measured[-1]["at"] < 70_000
    assert [event["voice_db"] for event in measured] == pytest.approx([-57] * 3 + [-34] * 6, abs=2)


def test_lying_down_more_is_heard_than_without(reports: dict[str, Report]) -> None:
    def heard(name: str) -> int:
        rows = (reports[name].folder / "transcript.txt").read_text(encoding="utf-8").splitlines()
        return sum(" HEARD " in row and row.endswith(("[next]", "[previous]")) for row in rows)

    assert heard("with") > heard("without")
    assert heard("with") >= 3
