"""The linear filter: the echo goes, the person stays."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.audio.linear_echo import BLOCK, LinearFilter
from assistant.audio.resample import LISTENING_RATE, to_float, to_int16

Floats = NDArray[np.float32]
SECONDS = 20
LAST = slice(-5 * LISTENING_RATE, None)


def speech(seed: int) -> Floats:
    """Something like speech: coloured noise in syllables, with pauses."""
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.standard_normal(SECONDS * LISTENING_RATE), np.exp(-np.arange(40) / 6), "same")
    t = np.arange(noise.size) / LISTENING_RATE
    syllables = np.maximum(np.sin(2 * np.pi * (3 + seed / 10) * t), 0) * (np.sin(2 * np.pi * 0.3 * t + seed) > -0.5)
    return (noise / np.abs(noise).max() * syllables * 0.3).astype(np.float32)


def through_room(sound: Floats, seed: int, delay: int = 800) -> Floats:
    tail = np.random.default_rng(seed).standard_normal(4000) * np.exp(-np.arange(4000) / 900)
    path = np.concatenate([np.zeros(delay), [8.0], tail])
    return (np.convolve(sound, 0.5 * path / np.linalg.norm(path))[: sound.size]).astype(np.float32)


def removed(microphone: Floats, reference: Floats) -> Floats:
    """What is left, put back in time by the block that it comes late (the last block is missing: zeros)."""
    left = to_float(LinearFilter().process(to_int16(microphone), to_int16(reference)))
    return np.concatenate([left[BLOCK:], np.zeros(BLOCK, np.float32)])


def db(after: Floats, before: Floats) -> float:
    return float(10 * np.log10(np.mean(np.square(before)) / (np.mean(np.square(after)) + 1e-12)))


@pytest.mark.parametrize("delay", [100, 800, 3200])
def test_the_echo_goes(delay: int) -> None:
    coach = speech(1)
    echo = through_room(coach, 2, delay)
    assert db(removed(echo, coach)[LAST], echo[LAST]) > 25


@pytest.mark.parametrize("times", [0.1, 1.0, 4.0])
def test_a_soft_and_a_loud_echo_go_equally_soon(times: float) -> None:
    coach = speech(1)
    echo = np.float32(times) * through_room(coach, 2)
    second = slice(LISTENING_RATE, 2 * LISTENING_RATE)
    assert db(removed(echo, coach)[second], echo[second]) > 15


def test_the_person_stays_when_both_speak() -> None:
    coach, person = speech(1), speech(5)
    echo = through_room(coach, 2)
    person *= np.float32(np.linalg.norm(echo) / np.linalg.norm(person))  # as loud as the echo
    left = removed(echo + person, coach)
    assert db((left - person)[LAST], person[LAST]) > 10  # what remains of the echo, and what was done to the person


def test_another_path_is_learnt_anew() -> None:
    coach = speech(1)
    half = coach.size // 2
    echo = np.concatenate([through_room(coach, 2)[:half], through_room(coach, 9)[half:]])
    left = removed(echo, coach)
    soon = slice(half + 3 * LISTENING_RATE, half + 6 * LISTENING_RATE)
    assert db(left[soon], echo[soon]) > 15


def test_where_nothing_is_played_nothing_is_changed() -> None:
    person = speech(5)
    left = removed(person, np.zeros_like(person))
    assert np.abs(left - person)[:-BLOCK].max() <= 2 / 32768


def test_the_same_sound_gives_the_same_result_in_any_portions() -> None:
    coach = speech(1)[: 400 * BLOCK]
    echo = through_room(coach, 2)
    whole, portions = LinearFilter(), LinearFilter()
    near, far = to_int16(echo), to_int16(coach)
    parts = [portions.process(near[i : i + 5 * BLOCK], far[i : i + 5 * BLOCK]) for i in range(0, near.size, 5 * BLOCK)]
    np.testing.assert_array_equal(np.concatenate(parts), whole.process(near, far))
