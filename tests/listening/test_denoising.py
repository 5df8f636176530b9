"""Noise before a voice is taken out of it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.listening.denoising import denoised
from assistant.listening.recogniser import Samples

BEGAN = 6400
RANDOM = np.random.default_rng(1)


def tone(seconds: float = 1.0, level: float = 3000.0) -> Samples:
    """A voice of sorts from BEGAN on: harmonics of 200 Hz."""
    time = np.arange(int(seconds * 16_000) - BEGAN) / 16_000
    voice = sum(np.sin(2 * np.pi * 200 * n * time) for n in range(1, 8)) / 3
    return np.concatenate([np.zeros(BEGAN), voice * level]).astype(np.int16)


def power_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples.astype(float))) + 1e-9))


def test_a_steady_noise_gets_softer_and_the_voice_stays() -> None:
    voice = tone()
    noise = (RANDOM.standard_normal(len(voice)) * 300).astype(np.int16)
    cleaned = denoised(voice + noise, BEGAN)
    assert len(cleaned) == len(voice)
    assert power_db(cleaned[:BEGAN]) < power_db(noise[:BEGAN]) - 5
    before, after = (float(np.corrcoef(sound[BEGAN:], voice[BEGAN:])[0, 1]) for sound in (voice + noise, cleaned))
    assert after > before
    assert power_db(cleaned[BEGAN:]) == pytest.approx(power_db(voice[BEGAN:]), abs=1.0)


def test_a_quiet_room_changes_nothing_to_speak_of() -> None:
    voice = tone() + RANDOM.integers(-1, 2, 16_000).astype(np.int16)
    cleaned = denoised(voice, BEGAN)
    assert power_db(cleaned - voice) < power_db(voice) - 40


@pytest.mark.parametrize("began", [0, 500, 1200])
def test_without_enough_noise_to_learn_from_it_is_left_alone(began: int) -> None:
    voice = tone()
    assert np.array_equal(denoised(voice, began), voice)


@pytest.mark.parametrize(
    "sound", [np.zeros(16_000, np.int16), np.full(16_000, -32_768, np.int16), np.zeros(0, np.int16)]
)
def test_extremes_do_no_harm(sound: Samples) -> None:
    assert denoised(sound, BEGAN).dtype == np.int16
    assert len(denoised(sound, BEGAN)) == len(sound)
