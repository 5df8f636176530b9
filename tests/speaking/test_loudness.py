"""Loudness is that of EBU R128, also for a single word and for what is hardly a sound."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.speaking.loudness import LOUDNESS_LUFS, PEAK, Speech, loudness
from assistant.speaking.loudness import evened as evened_by


def tone(seconds: float, rate: int, level: float = 1.0, hz: float = 997.0) -> NDArray[np.float32]:
    return np.asarray(level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate), np.float32)


def at(dbfs: float, seconds: float, rate: int) -> NDArray[np.float32]:
    return tone(seconds, rate, 10.0 ** (dbfs / 20.0))


def evened(sound: NDArray[np.float32], rate: int) -> Speech:
    return evened_by(sound, rate, loudness(sound, rate))


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_the_meter_reads_what_the_standard_says(rate: int) -> None:
    """ITU-R BS.1770: a sine of 997 Hz at full scale in one channel is -3.01 LUFS."""
    assert loudness(tone(5, rate), rate) == pytest.approx(-3.01, abs=0.1)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_a_softer_sine_is_softer_by_as_much(rate: int) -> None:
    assert loudness(at(-23.0, 5, rate), rate) == pytest.approx(-23.0 - 3.01, abs=0.01)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize(("hz", "weight"), [(50, -3.93), (100, -1.13), (997, 0.69), (2000, 3.07), (6000, 4.03)])
def test_the_weighting_is_the_same_at_every_rate(rate: int, hz: float, weight: float) -> None:
    """The response of the recommendation's filters at 48 kHz, in dB."""
    assert loudness(tone(5, rate, hz=hz), rate) == pytest.approx(-3.01 - 0.69 + weight, abs=0.02)


@pytest.mark.parametrize("soft", [-36.0, -72.0, -200.0])
def test_what_is_far_softer_than_the_rest_does_not_count(soft: float) -> None:
    """After EBU Tech 3341, whose meters may err by 0.1 LU; shorter, and in one channel."""
    half, pause = at(-23.0, 20, 16_000), at(soft, 20, 16_000)
    assert loudness(np.concatenate([half, pause, half]), 16_000) == pytest.approx(-23.0 - 3.01, abs=0.1)


def test_what_is_softer_than_minus_70_does_not_count_beside_what_is_hardly_louder() -> None:
    sound = np.concatenate([at(-65.0, 20, 16_000), at(-68.5, 20, 16_000)])
    assert loudness(sound, 16_000) == pytest.approx(-65.0 - 3.01, abs=0.1)


@pytest.mark.parametrize("sound", [tone(1.0, 22_050, 1e-4), tone(1.0, 22_050, 0.0), tone(0.0, 22_050)])
def test_what_is_softer_than_minus_70_has_no_loudness(sound: NDArray[np.float32]) -> None:
    assert loudness(sound, 22_050) == -math.inf


def test_pauses_do_not_make_a_sentence_louder() -> None:
    words = tone(1.0, 22_050, 0.1)
    pause = np.zeros(22_050, np.float32)
    spoken = loudness(np.concatenate([words, words]), 22_050)
    assert loudness(np.concatenate([words, pause, words]), 22_050) == pytest.approx(spoken, abs=1.5)


def test_a_word_shorter_than_a_block_is_as_loud_as_it_is_heard() -> None:
    half_a_block = loudness(tone(0.2, 22_050, 0.1), 22_050)
    assert half_a_block == pytest.approx(loudness(tone(2.0, 22_050, 0.1), 22_050) - 3.0, abs=0.2)


@pytest.mark.parametrize("level", [1.0, 0.1, 0.001])
@pytest.mark.parametrize("seconds", [0.25, 0.4, 1.3, 6.0])
def test_whatever_came_in_comes_out_equally_loud(level: float, seconds: float) -> None:
    speech = evened(tone(seconds, 22_050, level), 22_050)
    assert loudness(np.asarray(speech.samples / 32768, np.float32), 22_050) == pytest.approx(LOUDNESS_LUFS, abs=0.3)


def test_peaks_are_not_clipped_for_loudness() -> None:
    clicks = np.zeros(22_050, np.float32)
    clicks[::2205] = 1.0
    assert np.abs(evened(clicks, 22_050).samples).max() <= PEAK * 32768


@pytest.mark.parametrize("level", [0.0, 1e-6])
def test_what_is_too_soft_to_be_measured_stays_finite(level: float) -> None:
    speech = evened(tone(1.0, 22_050, level), 22_050)
    assert np.abs(speech.samples).max(initial=0) <= PEAK * 32768
