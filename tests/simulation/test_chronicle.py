"""The transcript: who said what when, as it could be heard."""

from __future__ import annotations

from pathlib import Path

from assistant.dialogue.events import Outcome
from assistant.listening.hearing import Hearing, Kind
from assistant.simulation.chronicle import Chronicle
from assistant.simulation.scoring import Accepted, Said

RATE = 16_000
DELAY = 1600  # 0.1 s


def hearing(kind: Kind, text: str, command: str, decided: int) -> Hearing:
    return Hearing(kind, command, text, "it was noise", decided - 8000, decided - 4000, decided)


def written(chronicle: Chronicle, folder: Path) -> list[str]:
    chronicle.write_transcript(folder / "t.txt")
    return (folder / "t.txt").read_text(encoding="utf-8").splitlines()


def test_lines_come_in_the_order_of_their_times(tmp_path: Path) -> None:
    chronicle = Chronicle(RATE, DELAY)
    chronicle.hears(hearing(Kind.ACCEPTED, "pause please", "pause", 3 * RATE))
    chronicle.hears(hearing(Kind.IGNORED, "hello", "", 61 * 60 * RATE))
    chronicle.hears(hearing(Kind.IGNORED, "", "", 4 * RATE))  # a cough: nothing to print
    chronicle.person_says(Said(2 * RATE, 2 * RATE + 9000, "pause please", "pause"))
    chronicle.coach_begins(1, "Lie down.", RATE, RATE)
    chronicle.coach_ends(1, Outcome.FINISHED, 2 * RATE)
    assert written(chronicle, tmp_path) == [
        "00:01.100 COACH Lie down.",
        "00:02.000 PERSON pause please",
        "00:03.000 HEARD pause please [pause]",
        "61:00.000 IGNORED hello (it was noise)",
    ]


def test_of_a_sentence_that_was_cut_the_transcript_shows_what_was_heard(tmp_path: Path) -> None:
    chronicle = Chronicle(RATE, 0)
    chronicle.coach_begins(1, "Walk your feet, then your shoulders, to the left.", 0, 4 * RATE)
    line = chronicle.coach_ends(1, Outcome.CUT, RATE + RATE // 4)
    assert line is not None
    assert line.share == 0.3125
    assert written(chronicle, tmp_path) == ["00:00.000 COACH Walk your feet —"]


def test_what_never_sounded_is_not_in_the_transcript(tmp_path: Path) -> None:
    chronicle = Chronicle(RATE, 0)
    chronicle.coach_begins(1, "Two.", 5 * RATE, RATE)  # scheduled, then hushed
    assert chronicle.coach_ends(1, Outcome.CUT, 4 * RATE) is None
    chronicle.coach_begins(2, "Silence for want of an engine.", 6 * RATE, RATE)
    assert chronicle.coach_ends(2, Outcome.FAILED, 7 * RATE) is None
    assert chronicle.coach_ends(3, Outcome.CUT, 0) is None  # never placed at all
    assert written(chronicle, tmp_path) == []


def test_a_command_of_another_phase_was_understood_all_the_same() -> None:
    chronicle = Chronicle(RATE, 0)
    chronicle.hears(hearing(Kind.ELSEWHERE, "next", "next", RATE))
    chronicle.hears(hearing(Kind.NEAR, "next", "next", 2 * RATE))
    assert chronicle.accepted == [Accepted(RATE - 8000, RATE - 4000, RATE, "next")]
