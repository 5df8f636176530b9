"""The room: levels and delays are those that were asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.simulation.acoustics import active_rms
from assistant.simulation.room import HISS_DBFS, RATE, Room, RoomSpec

Floats = NDArray[np.float32]


def voice(seconds: float = 2.0, seed: int = 3) -> Floats:
    """Something like speech: noise in syllables, stronger at low frequencies."""
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.standard_normal(int(seconds * RATE)), np.exp(-np.arange(40) / 6), "same")
    syllables = np.maximum(np.sin(np.arange(noise.size) * 2 * np.pi * 3 / RATE), 0)
    return (noise / np.abs(noise).max() * syllables * 0.3).astype(np.float32)


def microphone(room: Room, rendered: Floats, block: int = 320) -> Floats:
    steps = [room.step(rendered[i : i + block]).microphone for i in range(0, rendered.size, block)]
    return (np.concatenate(steps) / 32767).astype(np.float32)


def db(level: float) -> float:
    return 20 * math.log10(level)


@pytest.mark.parametrize("echo_db", [-12.0, 0.0, 15.0])
@pytest.mark.parametrize("rt60_s", [0.0, 0.5])
def test_the_echo_lies_echo_db_above_the_person(echo_db: float, rt60_s: float) -> None:
    spec, silence = RoomSpec(rt60_s=rt60_s, distance_m=2.0, echo_db=echo_db), np.zeros(4 * RATE, np.float32)
    person = Room(spec)
    person.speak(voice(seed=4), 0)
    coach = np.concatenate([voice(), silence[: 2 * RATE]])
    of_person = active_rms(microphone(person, silence), RATE)
    of_echo = active_rms(microphone(Room(spec, coach_sample=voice()), coach), RATE)
    assert db(of_echo) - db(of_person) == pytest.approx(echo_db, abs=0.5)


@pytest.mark.parametrize("snr_db", [0.0, 5.0, 20.0])
def test_the_noise_lies_snr_db_below_the_person(snr_db: float) -> None:
    noise = np.random.default_rng(5).standard_normal(RATE).astype(np.float32)
    silence = np.zeros(3 * RATE, np.float32)
    quiet, noisy = Room(RoomSpec()), Room(RoomSpec(), noise=noise, snr_db=snr_db)
    quiet.speak(voice(), 0)
    level = active_rms(microphone(quiet, silence), RATE)
    background = float(np.sqrt(np.mean(np.square(microphone(noisy, silence)))))
    assert db(level) - db(background) == pytest.approx(snr_db, abs=0.5)


@pytest.mark.parametrize("delay_ms", [40, 60, 200])
def test_the_coach_leaves_the_speaker_and_comes_back_after_the_delay(delay_ms: int) -> None:
    room = Room(RoomSpec(rt60_s=0.0, echo_db=30.0, delay_ms=delay_ms))
    click = np.zeros(RATE, np.float32)
    click[1000] = 0.9
    steps = [room.step(click[i : i + 160]) for i in range(0, click.size, 160)]
    coach, heard = (np.concatenate([getattr(step, name) for step in steps]) for name in ("coach", "microphone"))
    assert np.argmax(coach) == 1000 + delay_ms * 16
    assert np.argmax(np.abs(heard)) - np.argmax(coach) == pytest.approx(0.42 / 343 * RATE, abs=3)


@pytest.mark.parametrize("block", [1, 37, 160, 1000])
def test_the_length_of_the_steps_changes_nothing(block: int) -> None:
    rendered = voice(0.5)
    sounds = []
    for size in (320, block):
        room = Room(RoomSpec(), noise=voice(0.3, seed=9), snr_db=10.0, seed=7)
        room.speak(voice(0.4, seed=8), 100)
        sounds.append(microphone(room, rendered, size))
    assert np.abs(sounds[0] - sounds[1]).max() <= 1.5 / 32767


def test_a_silent_room_still_hisses() -> None:
    heard = microphone(Room(RoomSpec()), np.zeros(RATE, np.float32))
    assert db(float(np.sqrt(np.mean(np.square(heard))))) == pytest.approx(HISS_DBFS, abs=1.0)


def test_speech_begins_when_it_is_said_to() -> None:
    room = Room(RoomSpec(rt60_s=0.0, distance_m=3.43))
    room.speak(np.array([1.0] + [0.0] * 4000, np.float32), 4000)
    heard = microphone(room, np.zeros(RATE, np.float32))
    assert np.argmax(np.abs(heard)) == pytest.approx(4000 + 160, abs=1)
