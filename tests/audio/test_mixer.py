"""The mixer, sample by sample."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.audio.mixer import DUCK_DB, FADE_S, Mixer
from assistant.dialogue.events import Outcome

RATE = 16_000
FADE = round(FADE_S * RATE)


@dataclass
class Heard:
    """A mixer and what came of it."""

    rate: int = RATE
    ended: list[tuple[int, Outcome, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mixer = Mixer(self.rate, lambda *end: self.ended.append(end))


def ramp(size: int, level: float = 0.5) -> NDArray[np.float32]:
    """Samples that tell their own number."""
    return (level * np.arange(1, size + 1) / size).astype(np.float32)


def test_speech_is_placed_to_the_sample_and_ends_after_its_last_one() -> None:
    heard = Heard()
    heard.mixer.speak(7, ramp(100), start=333)
    out = np.concatenate([heard.mixer.render(64) for _ in range(10)])
    assert not out[:333].any()
    np.testing.assert_array_equal(out[333:433], ramp(100))
    assert not out[433:].any()
    assert heard.ended == [(7, Outcome.FINISHED, 433)]


@pytest.mark.parametrize("start", [None, 0, 50, 99])
def test_speech_whose_start_has_passed_begins_at_once(start: int | None) -> None:
    heard = Heard()
    heard.mixer.render(100)
    heard.mixer.speak(1, ramp(10), start)
    np.testing.assert_array_equal(heard.mixer.render(20)[:10], ramp(10))
    assert heard.ended == [(1, Outcome.FINISHED, 110)]


def test_hush_is_silence_within_the_fade_and_cancels_what_is_scheduled() -> None:
    heard = Heard()
    heard.mixer.speak(1, np.full(RATE, 0.5, np.float32))
    heard.mixer.speak(2, ramp(100), start=RATE)
    heard.mixer.tone(ramp(100), start=2 * RATE)
    heard.mixer.render(1000)
    heard.mixer.hush()
    out = heard.mixer.render(3 * RATE)
    assert out[0] == pytest.approx(0.5)
    assert np.all(np.diff(out[:FADE]) < 0)
    assert not out[FADE:].any()
    assert sorted(heard.ended) == [(1, Outcome.CUT, 1000 + FADE), (2, Outcome.CUT, 1000)]


def test_a_tone_that_sounds_rings_out_after_hush() -> None:
    heard = Heard()
    heard.mixer.tone(ramp(200))
    first = heard.mixer.render(50)
    heard.mixer.hush()
    np.testing.assert_array_equal(np.concatenate([first, heard.mixer.render(150)]), ramp(200))


def test_scheduled_speech_takes_over_at_its_moment() -> None:
    heard = Heard()
    heard.mixer.speak(1, np.full(1000, 0.25, np.float32))
    heard.mixer.speak(2, np.full(100, 0.5, np.float32), start=400)
    out = heard.mixer.render(2000)
    assert out[399] == pytest.approx(0.25)
    assert out[400] == pytest.approx(0.75)  # the first one is at the begin of its fade
    assert heard.ended == [(1, Outcome.CUT, 400 + FADE), (2, Outcome.FINISHED, 500)]


def test_the_later_schedule_replaces_the_earlier_one() -> None:
    heard = Heard()
    heard.mixer.speak(1, ramp(10), start=500)
    heard.mixer.speak(2, ramp(10), start=600)
    out = heard.mixer.render(1000)
    assert not out[:600].any()
    assert heard.ended == [(1, Outcome.CUT, 0), (2, Outcome.FINISHED, 610)]


def test_empty_speech_ends_too() -> None:
    heard = Heard()
    heard.mixer.speak(1, np.zeros(0, np.float32))
    heard.mixer.speak(2, np.zeros(0, np.float32), start=32)
    heard.mixer.render(64)
    assert heard.ended == [(1, Outcome.FINISHED, 0), (2, Outcome.FINISHED, 32)]


def test_ducking_lowers_speech_by_18_db_within_50_ms_and_leaves_tones() -> None:
    spoken, sounded = Heard(), Heard()
    spoken.mixer.speak(1, np.full(RATE, 0.5, np.float32))
    sounded.mixer.tone(np.full(RATE, 0.5, np.float32))
    for heard in (spoken, sounded):
        heard.mixer.render(1000)
        heard.mixer.duck(True)
    out = spoken.mixer.render(RATE // 2)
    at_50_ms = 20 * np.log10(out[round(0.05 * RATE)] / 0.5)
    assert at_50_ms <= -18
    assert at_50_ms == pytest.approx(DUCK_DB, abs=0.1)
    assert np.abs(np.diff(out)).max() < 0.01  # no click
    np.testing.assert_array_equal(sounded.mixer.render(1000), np.full(1000, 0.5, np.float32))
    spoken.mixer.duck(False)
    assert spoken.mixer.render(RATE // 4 + 10)[-1] == pytest.approx(0.5)


def test_volume_changes_everything_and_never_exceeds_full_scale() -> None:
    heard = Heard()
    heard.mixer.volume(-6.0)
    heard.mixer.speak(1, np.full(RATE, 0.5, np.float32))
    heard.mixer.tone(np.full(RATE, 0.1, np.float32))
    assert heard.mixer.render(2000)[-1] == pytest.approx(0.6 * 10 ** (-6 / 20), rel=1e-5)
    heard.mixer.volume(60.0)
    loud = heard.mixer.render(4000)
    assert loud[-1] > 0.9
    assert np.abs(loud).max() <= 1.0
    assert np.all(np.diff(loud) >= -1e-6)  # bent, not folded


def test_what_is_played_at_the_usual_level_is_not_bent() -> None:
    heard = Heard()
    samples = np.linspace(-0.75, 0.75, 1000, dtype=np.float32)
    heard.mixer.speak(1, samples)
    np.testing.assert_array_equal(heard.mixer.render(1000), samples)


# -- whatever happens ------------------------------------------------------------------------------------------

Operation = tuple[str, int, int]  # what, its size or start, samples until the next one

operations = st.lists(
    st.tuples(
        st.sampled_from(["speak", "schedule", "hush", "tone", "chime", "duck", "unduck", "volume"]),
        st.integers(0, 3000),
        st.integers(0, 2000),
    ),
    max_size=25,
)


def play(script: list[Operation], blocks: list[int]) -> tuple[NDArray[np.float32], list[tuple[int, Outcome, int]]]:
    """Play a script; time between two operations is rendered in blocks of these sizes, in turn."""
    heard = Heard()
    out: list[NDArray[np.float32]] = []
    turn = 0
    for number, (what, size, pause) in enumerate([*script, ("end", 0, 12_000)]):
        now = heard.mixer.position
        if what == "speak":
            heard.mixer.speak(number, ramp(size))
        elif what == "schedule":
            heard.mixer.speak(number, ramp(700), start=now + size)
        elif what == "hush":
            heard.mixer.hush()
        elif what == "tone":
            heard.mixer.tone(ramp(300, 0.2), start=now + size)
        elif what == "chime":
            heard.mixer.tone(ramp(size, 0.2))
        elif what in ("duck", "unduck"):
            heard.mixer.duck(what == "duck")
        elif what == "volume":
            heard.mixer.volume(size / 100 - 20)
        while pause > 0:
            frames = min(blocks[turn % len(blocks)], pause)
            out.append(heard.mixer.render(frames))
            turn += 1
            pause -= frames
        heard.mixer.render(0)
    return np.concatenate(out), heard.ended


@settings(deadline=None)  # a busy machine is no failure
@given(operations)
def test_every_speech_ends_exactly_once(script: list[Operation]) -> None:
    _, ended = play(script, [160])
    spoken = [number for number, (what, _, _) in enumerate(script) if what in ("speak", "schedule")]
    assert sorted(utterance for utterance, _, _ in ended) == spoken


@settings(deadline=None)  # a busy machine is no failure
@given(operations, st.lists(st.integers(7, 700), min_size=1, max_size=5))
def test_the_size_of_the_blocks_changes_nothing(script: list[Operation], blocks: list[int]) -> None:
    expected, ended = play(script, [100_000])
    out, ended_too = play(script, blocks)
    np.testing.assert_array_equal(out, expected)
    assert ended_too == ended


@settings(deadline=None)  # a busy machine is no failure
@given(operations)
def test_nothing_exceeds_full_scale(script: list[Operation]) -> None:
    out, _ = play(script, [333])
    assert np.abs(out).max(initial=0.0) <= 1.0
