"""What became of the commands, and when the coach reacted, read from the sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.audio import wav
from assistant.audio.tones import tone
from assistant.dialogue.effects import ToneKind
from assistant.simulation.measure import Recording
from assistant.simulation.scoring import Accepted, Said, latencies_ms, percentile, score

RATE = 16_000
S = RATE  # a second
Floats = NDArray[np.float32]


def said(at: int, command: str | None, known: bool = True) -> Said:
    return Said(at, at + S // 2, command or "hello", command, known)


def accepted(at: int, command: str) -> Accepted:
    return Accepted(at, at + S // 2, at + S, command)


def test_a_command_is_understood_once_and_anything_more_is_false() -> None:
    result = score([said(S, "next")], [accepted(S, "next"), accepted(S, "next")], RATE)
    assert result.counts == {"said": 1, "understood": 1, "missed": 0, "false": 1}


def test_the_wrong_command_is_missed_and_false() -> None:
    result = score([said(S, "next")], [accepted(S, "skip")], RATE)
    assert result.counts == {"said": 1, "understood": 0, "missed": 1, "false": 1}


def test_a_command_nobody_said_is_false_and_one_elsewhere_is_no_match() -> None:
    result = score([said(S, "next")], [accepted(9 * S, "next")], RATE)
    assert result.counts == {"said": 1, "understood": 0, "missed": 1, "false": 1}


def test_speech_that_is_no_command_must_be_ignored() -> None:
    assert score([said(S, None)], [], RATE).counts == {"said": 0, "understood": 0, "missed": 0, "false": 0}
    assert score([said(S, None)], [accepted(S, "stop")], RATE).counts["false"] == 1


def test_a_recording_that_nobody_described_is_taken_for_what_was_understood() -> None:
    assert score([said(S, None, known=False)], [accepted(S, "stop")], RATE).counts["understood"] == 1
    assert score([said(S, None, known=False)], [], RATE).counts["said"] == 0


def speech(length: int) -> Floats:
    return (np.sin(np.arange(length) * 0.2) * 0.2).astype(np.float32)


def latency(tmp_path: Path, coach: Floats, delay: int = 0) -> list[int]:
    """Of a word that ends at 2 s and was decided upon at 2.1 s."""
    wav.write(tmp_path / "s.wav", np.stack([coach, np.zeros_like(coach)], axis=1), RATE)
    pair = (Said(S, 2 * S, "next", "next"), Accepted(S, 2 * S, 2 * S + S // 10, "next"))
    with Recording(tmp_path / "s.wav") as recording:
        return latencies_ms(recording, [pair], delay)


def test_the_reaction_is_the_first_tone_after_the_decision(tmp_path: Path) -> None:
    coach, sound = np.zeros(8 * S, np.float32), tone(ToneKind.HEARD, RATE)
    for at in (S, 2 * S + 4000, 4 * S):
        coach[at : at + sound.size] = sound
    assert latency(tmp_path, coach) == [250]


def test_the_reaction_is_an_answer_where_no_tone_is(tmp_path: Path) -> None:
    coach = np.zeros(8 * S, np.float32)
    coach[3 * S : 4 * S] = speech(S)
    assert latency(tmp_path, coach) == pytest.approx([1000], abs=1)


def test_the_reaction_is_the_cut_of_what_was_being_said(tmp_path: Path) -> None:
    coach = np.zeros(8 * S, np.float32)
    coach[: 2 * S + 2000] = speech(2 * S + 2000)
    assert latency(tmp_path, coach) == pytest.approx([125], abs=2)


def test_words_that_go_on_are_no_reaction_even_when_they_are_ducked(tmp_path: Path) -> None:
    coach = speech(8 * S)
    coach[2 * S :] *= np.float32(0.08)
    assert latency(tmp_path, coach) == []


def test_a_reaction_cannot_be_heard_before_the_delay_of_the_devices(tmp_path: Path) -> None:
    coach = np.zeros(8 * S, np.float32)
    coach[2 * S + 2000 : 2 * S + 2400] = speech(400)  # chance: the decision cannot have done it yet
    coach[3 * S : 4 * S] = speech(S)
    assert latency(tmp_path, coach, delay=3200) == pytest.approx([1000], abs=1)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (1.0, 100)])
def test_percentiles_are_values_that_occurred(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected
    assert percentile([], share) is None
