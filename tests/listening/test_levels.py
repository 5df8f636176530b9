"""How loud a voice arrived."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.listening.levels import FLOOR_DBFS, amplified, measure, noise_floor, spoken
from assistant.listening.recogniser import Samples

from .conftest import Listener, clip, hiss, silence


def tone(seconds: float, amplitude: float) -> Samples:
    t = np.arange(round(seconds * 16_000)) / 16_000
    return (amplitude * np.sin(2 * np.pi * 300 * t)).astype(np.int16)


@pytest.mark.parametrize(("amplitude", "db"), [(20_000, -7), (2000, -27), (200, -47)])
def test_a_tone_over_noise(amplitude: float, db: int) -> None:
    samples = np.concatenate([hiss(2.0, 10), tone(0.5, amplitude), hiss(1.0, 10)])
    level = measure(samples, 32_000, 40_000)
    assert level.voice_db == pytest.approx(db, abs=1)
    assert level.noise_db == pytest.approx(-70, abs=2)
    assert not level.clipped


def test_the_coach_before_it_is_no_noise() -> None:
    samples = np.concatenate([hiss(1.0, 10), tone(1.0, 8000), hiss(0.5, 10), tone(0.5, 2000), hiss(0.3, 10)])
    assert measure(samples, 40_000, 48_000).noise_db == pytest.approx(-70, abs=2)


def test_where_the_canceller_lets_nothing_through_is_no_quiet_room() -> None:
    samples = np.concatenate([silence(3.0), hiss(0.6, 100), tone(0.5, 4000), hiss(0.6, 100)])
    assert measure(samples, 57_600, 65_600).noise_db == pytest.approx(-50, abs=2)


def test_what_hits_the_ceiling_is_told() -> None:
    loud = np.clip(tone(0.5, 32_000).astype(float) * 2, -32768, 32767).astype(np.int16)
    assert measure(np.concatenate([hiss(1.0), loud]), 16_000, 24_000).clipped


@pytest.mark.parametrize("samples", [np.zeros(0, np.int16), np.zeros(100, np.int16), np.zeros(16_000, np.int16)])
def test_silence_is_the_floor(samples: Samples) -> None:
    level = measure(samples, 0, len(samples))
    assert (level.voice_db, level.noise_db, level.clipped) == (FLOOR_DBFS, FLOOR_DBFS, False)


def test_what_began_before_anything_is_remembered() -> None:
    assert measure(tone(1.0, 2000), -32_000, 16_000).voice_db == -27
    assert measure(tone(1.0, 2000), -32_000, -16_000).voice_db == FLOOR_DBFS


@pytest.mark.parametrize("db", [-20, -46, -64, -76])
def test_a_voice_is_found_however_soft_it_is(db: int) -> None:
    said = clip("rendered/how_many_more").astype(float)
    said *= 10 ** (db / 20) * 32768 / np.sqrt(np.mean(said[np.abs(said) > 300] ** 2))
    samples = np.concatenate([silence(1.5), said.astype(np.int16), silence(0.5)]) + hiss(2.0 + len(said) / 16_000, 1)
    level = spoken(samples.astype(np.int16))
    assert level is not None
    assert level.voice_db == pytest.approx(db, abs=4)
    assert level.noise_db < level.voice_db - 10


@pytest.mark.parametrize("samples", [np.zeros(0, np.int16), silence(2.0), hiss(3.0, 1), hiss(3.0, 300)])
def test_where_nobody_speaks_there_is_no_voice(samples: Samples) -> None:
    assert spoken(samples) is None


def test_the_noise_is_what_sounds_between_the_words() -> None:
    samples = np.concatenate([hiss(1.0, 10), tone(1.0, 8000), hiss(1.0, 10)])
    assert noise_floor(samples) == pytest.approx(-70, abs=2)
    assert noise_floor(np.zeros(0, np.int16)) == FLOOR_DBFS


def test_louder_samples_do_not_wrap_round() -> None:
    samples = np.array([0, 1000, -30_000, 30_000], np.int16)
    assert amplified(samples, 6.0206).tolist() == [0, 2000, -32768, 32767]
    assert amplified(samples, 0.0) is samples


def test_gain_lets_the_ears_hear_a_soft_voice_and_is_not_in_the_level(listen: Listener) -> None:
    """Words at -58 dB, which ears without gain mostly miss."""
    words = ["how_many_more", "stop", "skip_to_the_wall", "next", "pause", "okay_next"]
    found: dict[float, int] = {}
    for gain in (0.0, 18.0):
        soft = listen("working")
        soft.ears.tune(gain, "normal")
        found[gain] = 0
        for word in words:
            said = clip(f"rendered/{word}").astype(float)
            said *= 10 ** (-58 / 20) * 32768 / np.sqrt(np.mean(said[np.abs(said) > 300] ** 2))
            hearings = soft.hear(hiss(1.0, 3), (said + hiss(len(said) / 16_000, 3)).astype(np.int16), hiss(0.8, 3))
            found[gain] += sum(hearing.kind.value == "accepted" for hearing in hearings)
            levels = [hearing.level.voice_db for hearing in hearings if hearing.level and hearing.text]
            assert all(-66 < level < -50 for level in levels), levels
    assert found[18.0] > found[0.0]
    assert found[18.0] >= 5
