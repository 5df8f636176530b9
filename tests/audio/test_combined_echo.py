"""Which of the two serves when: AEC3 until the linear filter has learnt the room, and wherever it cannot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from test_linear_echo import LAST, db, speech, through_room

from assistant.audio.combined_echo import CombinedRemover
from assistant.audio.echo import aec3
from assistant.audio.linear_echo import BLOCK
from assistant.audio.resample import LISTENING_RATE, to_float, to_int16

Floats = NDArray[np.float32]
PORTION = LISTENING_RATE // 50


def run(microphone: Floats, reference: Floats) -> tuple[Floats, list[bool]]:
    """What is left, and in which portions of 20 ms the linear filter served."""
    remover, out, linear = CombinedRemover(aec3()), [], []
    near, far = to_int16(microphone), to_int16(reference)
    for begin in range(0, near.size - PORTION + 1, PORTION):
        out.append(remover.process(near[begin : begin + PORTION], far[begin : begin + PORTION]))
        linear.append(remover.linear)
    return to_float(np.concatenate(out)), linear


def test_aec3_serves_first_and_the_filter_once_it_has_learnt() -> None:
    coach = np.tile(speech(1), 2)
    echo = through_room(coach, 2)
    left, linear = run(echo, coach)
    assert not any(linear[:50])
    assert all(linear[-500:])
    assert np.count_nonzero(np.diff(linear)) == 1  # one change, no flicker
    early = slice(2 * LISTENING_RATE, 6 * LISTENING_RATE)
    assert db(left[early], echo[early]) > 10


def test_a_person_who_talks_over_it_all_the_time_does_not_take_the_filter_away() -> None:
    coach, person = np.tile(speech(1), 2), speech(5)
    echo = through_room(coach, 2)
    person *= np.float32(np.linalg.norm(echo) / np.linalg.norm(person) / np.sqrt(2))
    both = echo.copy()
    both[person.size :] += person
    left, linear = run(both, coach)
    assert all(linear[len(linear) // 2 + 100 :])
    late = np.roll(person, BLOCK)[LAST]
    assert db(left[LAST] - late, person[LAST]) > 10


def test_sound_cards_that_drift_apart_are_left_to_aec3() -> None:
    coach = np.tile(speech(1), 2)
    echo = through_room(coach, 2)
    echo = np.interp(np.arange(echo.size) * (1 + 200e-6), np.arange(echo.size), echo).astype(np.float32)
    left, linear = run(echo, coach)
    assert sum(linear) < 0.1 * len(linear)
    assert db(left[LAST], echo[LAST]) > 15


def test_a_delay_beyond_the_filter_is_left_to_aec3() -> None:
    coach = np.tile(speech(1), 2)
    echo = np.roll(through_room(coach, 2), 7_000)
    left, linear = run(echo, coach)
    assert sum(linear) < 0.1 * len(linear)
    assert db(left[LAST], echo[LAST]) > 15


def test_when_the_delay_jumps_the_echo_is_soon_gone_again() -> None:
    coach = np.tile(speech(1), 2)
    half = coach.size // 2
    echo = np.concatenate([through_room(coach, 2)[:half], through_room(coach, 2, 2_400)[half:]])
    left, linear = run(echo, coach)
    assert linear[len(linear) // 2 - 10]
    soon = slice(half + 3 * LISTENING_RATE, half + 6 * LISTENING_RATE)
    assert db(left[soon], echo[soon]) > 15


def test_what_is_far_below_the_coach_is_the_coach_even_while_the_room_sounds_on() -> None:
    """The last reverberation, which no canceller knows well, is 30 dB below the coach; a voice detector hears it."""
    coach = np.tile(speech(1), 2)
    echo = np.float32(4) * through_room(coach, 2)
    rest = np.random.default_rng(3).standard_normal(echo.size).astype(np.float32)
    level = np.sqrt(np.convolve(np.square(echo), np.exp(-np.arange(4800) / 1200), "full")[: echo.size] / 1200)
    unknown = np.float32(10 ** (-25 / 20)) * rest * level.astype(np.float32)
    left, _ = run(echo + unknown, coach)
    assert db(left[LAST], unknown[LAST]) > 10  # gone, too


def test_a_person_softer_than_the_coach_is_not_taken_for_it() -> None:
    coach, person = np.tile(speech(1), 2), speech(5)
    echo = through_room(coach, 2)
    person *= np.float32(np.linalg.norm(echo) / np.linalg.norm(person) / np.sqrt(2) * 10 ** (-6 / 20))
    both = echo.copy()
    both[person.size :] += person
    left, _ = run(both, coach)
    assert -3 < db(left[LAST], person[LAST]) < 3
