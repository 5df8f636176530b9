"""Golden transcripts: what each routine that ships sounds like, word for word and to the millisecond.

After a change that is meant, look at the difference and renew them:

    python tests/simulation/test_rehearsal.py
"""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.catalog.load import load
from assistant.cli import main
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import ToneKind
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.transition import new_state
from assistant.language.wording import load_wording
from assistant.simulation.rehearsal import Entry, Turn, rehearse, spoken_share, tones

GOLDEN = Path(__file__).parent / "golden"
ROUTINES = sorted(load().routines)
CASES = [(routine, times) for routine in ROUTINES for times in (0, 6)]


def rehearsed(routine: str, times: int, turns: tuple[Turn, ...] = ()) -> list[Entry]:
    catalog = load()
    memory = Memory(sessions=times, times={routine: times}, person=screened(catalog))
    return rehearse(new_state(catalog, load_wording(), memory), routine, turns)


def until_the_close(entries: list[Entry]) -> list[Entry]:
    """The routine up to its "well done", without the questions after it."""
    return entries[: [entry.text for entry in entries].index("Well done.") + 1]


def golden(routine: str, times: int) -> Path:
    return GOLDEN / f"{routine}.{'first' if times == 0 else 'familiar'}.txt"


@pytest.mark.parametrize(("routine", "times"), CASES)
def test_a_routine_sounds_as_it_did(routine: str, times: int) -> None:
    text = "".join(f"{entry}\n" for entry in rehearsed(routine, times))
    assert text == golden(routine, times).read_text(encoding="utf-8")


@pytest.mark.parametrize(("routine", "times"), CASES)
def test_it_takes_about_as_long_as_it_promises(routine: str, times: int) -> None:
    entries = rehearsed(routine, times)
    promised = load().routines[routine].minutes_familiar if times else load().routines[routine].minutes_first
    assert until_the_close(entries)[-1].at / 60_000 == pytest.approx(promised, rel=0.1)


@pytest.mark.parametrize(("routine", "times"), CASES)
def test_nobody_is_left_to_wonder_whether_it_is_alive(routine: str, times: int) -> None:
    """No silence of more than half a minute, and never two sentences at a time."""
    entries = [entry for entry in rehearsed(routine, times) if entry.who != "PERSON"]
    for before, after in pairwise(entries):
        assert after.at - before.at <= 30_000, f"silence after {before}"
    assert not [entry for entry in entries if entry.text.endswith("—")]


@pytest.mark.parametrize("routine", ROUTINES)
def test_less_is_said_when_it_is_known(routine: str) -> None:
    first, familiar = (spoken_share(until_the_close(rehearsed(routine, times))) for times in (0, 6))
    assert familiar < first <= 0.55


def test_work_lasts_as_long_as_prescribed_with_pauses_in_it() -> None:
    """The tones of the first hold are 20 s of work apart, the pause not counted."""
    entries = rehearsed("mid_back_full", 0)
    begin, end = next(
        (b, e)
        for b, e in zip(tones(entries, ToneKind.BEGIN), tones(entries, ToneKind.END), strict=False)
        if e - b == 20_000
    )
    pause, on = begin + 7_777, begin + 12_000
    paused = rehearsed("mid_back_full", 0, (Turn(pause, Command.PAUSE), Turn(on, Command.RESUME)))
    begins = [at for at in tones(paused, ToneKind.BEGIN) if at >= begin]
    ends = [at for at in tones(paused, ToneKind.END) if at >= begin]
    assert begins[0] == begin
    assert (pause - begin) + (ends[0] - begins[1]) == end - begin


def test_the_command_prints_the_timeline_within_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    begin = time.process_time()
    assert main(["rehearse", "mid_back_full"]) == 0
    assert time.process_time() - begin <= 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "00:00.000 PERSON start mid_back_full"
    assert lines[-1].endswith("COACH  Rest well.")


def test_the_command_takes_words_at_their_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "lunch break", "--say", "60", "pause please", "--say", "64.5", "continue"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "01:00.000 PERSON pause please" in lines
    assert "01:04.500 PERSON continue" in lines


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mid_bak"], "mid_back_full"),
        (["mid_back_full", "--say", "3", "make me a sandwich"], '"make me a sandwich" is no command'),
        (["mid_back_full", "--say", "soon", "pause"], '"soon" is no number of seconds'),
    ],
)
def test_wrong_use_is_one_clear_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse", *arguments]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.splitlines()) == 1


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, done in CASES:
        text = "".join(f"{entry}\n" for entry in rehearsed(name, done))
        golden(name, done).write_text(text, encoding="utf-8")
