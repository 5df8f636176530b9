"""Physics: what the impulse responses and the convolver promise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.simulation.acoustics import Convolver, active_rms, convolve, decay_s, impulse_response

SIZE, SOURCE, MICROPHONE = (5.2, 4.1, 2.5), (3.9, 2.6, 0.4), (1.3, 1.1, 0.8)
RATE = 16_000


@pytest.mark.parametrize("rt60_s", [0.2, 0.4, 0.8])
def test_the_echo_dies_away_in_the_time_asked_for(rt60_s: float) -> None:
    assert decay_s(impulse_response(SIZE, SOURCE, MICROPHONE, rt60_s, RATE), RATE) == pytest.approx(rt60_s, rel=0.05)


def test_in_the_open_air_there_is_one_arrival_after_the_way_of_the_sound() -> None:
    response = impulse_response(SIZE, SOURCE, MICROPHONE, 0.0, RATE)
    way = math.dist(SOURCE, MICROPHONE) / 343.0 * RATE
    assert np.argmax(np.abs(response)) == pytest.approx(way, abs=1)


def test_twice_as_far_is_six_decibels_less() -> None:
    levels = [np.linalg.norm(impulse_response(SIZE, (1.0 + m, 1.0, 1.0), (1.0, 1.0, 1.0), 0.0, RATE)) for m in (1, 2)]
    assert 20 * math.log10(levels[0] / levels[1]) == pytest.approx(6.0, abs=0.3)


@pytest.mark.parametrize("length", [1, 319, 320, 321, 5000])
def test_a_stream_is_convolved_as_the_whole_would_be(length: int) -> None:
    noise = np.random.default_rng(1).standard_normal(16 * 320).astype(np.float32)
    noise[5 * 320 : 9 * 320] = 0  # a silence shorter than the longest memory and longer than the shortest
    response = np.random.default_rng(2).standard_normal(length).astype(np.float32)
    convolver = Convolver(response, 320)
    stream = np.concatenate([convolver.process(noise[i : i + 320]) for i in range(0, noise.size, 320)])
    whole = convolve(noise, response)[: noise.size]
    assert np.abs(stream - whole).max() < 1e-4 * np.abs(whole).max()


def test_pauses_do_not_count_for_the_level_of_speech() -> None:
    tone = np.sin(np.arange(RATE) * 0.3).astype(np.float32)
    paused = np.concatenate([tone, np.zeros(3 * RATE, np.float32), tone])
    assert active_rms(paused, RATE) == pytest.approx(math.sqrt(0.5), rel=0.02)
    assert active_rms(np.zeros(RATE, np.float32), RATE) == 0
