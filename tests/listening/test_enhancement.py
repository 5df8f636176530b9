"""Echoes and the noise before a voice are taken out of it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.listening.enhancement import enhanced
from assistant.listening.recogniser import Samples
from assistant.simulation.acoustics import impulse_response

from .conftest import clip, hiss, silence

BEGAN = 6400
NAMES = ("people/zero", "people/right", "rendered/pause", "rendered/start_mid_back_routine")


def voice(name: str) -> Samples:
    """The clip `name` from BEGAN on, and half a second of silence."""
    return np.concatenate([silence(BEGAN / 16_000), clip(name), silence(0.5)])


def power_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples.astype(float))) + 1e-9))


def likeness(one: Samples, other: Samples) -> float:
    return float(np.corrcoef(one[BEGAN:], other[BEGAN:])[0, 1])


def test_a_steady_noise_gets_softer_and_the_voice_stays() -> None:
    heard = voice("people/zero")
    noise = hiss(len(heard) / 16_000, 1000.0)
    cleaned = enhanced(heard + noise, BEGAN)
    assert len(cleaned) == len(heard)
    assert power_db(cleaned[:BEGAN]) < power_db(noise[:BEGAN]) - 5
    assert likeness(cleaned, heard) > likeness(heard + noise, heard)


@pytest.mark.parametrize("name", NAMES)
def test_a_voice_close_by_in_a_quiet_room_stays_as_it_was(name: str) -> None:
    heard = voice(name) + hiss(len(voice(name)) / 16_000, 1.0)
    assert likeness(enhanced(heard, BEGAN), heard) > 0.97


def test_the_echoes_of_a_room_get_softer() -> None:
    response = impulse_response((5.5, 4.0, 2.6), (3.6, 2.2, 1.5), (0.8, 2.0, 0.8), 0.7, 16_000)
    direct = int(np.argmax(np.abs(response)))
    gone = []
    for name in NAMES:
        dry = voice(name)
        ended = int(np.flatnonzero(np.abs(dry) > 300)[-1]) + direct + 800  # nothing arrives directly any more
        echoed = np.convolve(dry.astype(float), response / np.abs(response).max())[: len(dry)] / 3
        wet = echoed.astype(np.int16)
        gone.append(power_db(wet[ended:]) - power_db(enhanced(wet, 0)[ended:]))
    assert np.mean(gone) > 2.0
    assert min(gone) > 0.5


@pytest.mark.parametrize("began", [0, 500, 1200])
def test_without_enough_noise_to_learn_from_it_stays(began: int) -> None:
    noise = hiss(1.0, 1000.0)
    assert power_db(enhanced(noise, began)) == pytest.approx(power_db(noise), abs=1.0)
    assert power_db(enhanced(noise, BEGAN)) < power_db(noise) - 5


@pytest.mark.parametrize(
    "sound", [np.zeros(16_000, np.int16), np.full(16_000, -32_768, np.int16), np.zeros(0, np.int16)]
)
def test_extremes_do_no_harm(sound: Samples) -> None:
    assert enhanced(sound, BEGAN).dtype == np.int16
    assert len(enhanced(sound, BEGAN)) == len(sound)
