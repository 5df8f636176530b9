"""From a device's blocks to listening samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.capture import FLOOR_DBFS, Capture, Meter
from assistant.audio.resample import LISTENING_RATE, resampled


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_any_rate_and_channel_count_becomes_16_khz_mono(rate: int, channels: int) -> None:
    capture = Capture(rate)
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(2 * rate) / rate).astype(np.float32)
    block = round(rate * 0.02)
    frames = np.repeat(tone[:, None], channels, axis=1)
    out = np.concatenate([capture.feed(frames[i : i + block]) for i in range(0, len(frames), block)])
    assert out.dtype == np.int16
    assert capture.position == out.size
    assert 2 * LISTENING_RATE - 0.13 * LISTENING_RATE <= out.size <= 2 * LISTENING_RATE
    steady = out[LISTENING_RATE // 2 :] / 32768
    t = np.arange(steady.size) / LISTENING_RATE
    assert 2 * abs(np.mean(steady * np.exp(-2j * np.pi * 1000 * t))) == pytest.approx(0.5, abs=0.01)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.integers(20, 2000), min_size=1, max_size=8))
def test_the_size_of_the_blocks_changes_nothing(sizes: list[int]) -> None:
    noise = np.random.default_rng(3).uniform(-0.5, 0.5, 30_000).astype(np.float32)

    def through(blocks: list[int]) -> np.ndarray:
        capture, out, begin, turn = Capture(48_000), [], 0, 0
        while begin < noise.size:
            out.append(capture.feed(noise[begin : begin + blocks[turn % len(blocks)]]))
            begin += blocks[turn % len(blocks)]
            turn += 1
        return np.concatenate(out)

    one, other = through(sizes), through([960])
    both = min(one.size, other.size)
    assert both > 8_000
    np.testing.assert_array_equal(one[:both], other[:both])


def test_resampling_there_and_back_keeps_speech() -> None:
    t = np.arange(22_050) / 22_050
    sound = (0.3 * np.sin(2 * np.pi * 300 * t) + 0.1 * np.sin(2 * np.pi * 3000 * t)).astype(np.float32)
    back = resampled(resampled(sound, 22_050, 16_000), 16_000, 22_050)
    np.testing.assert_allclose(back[2000:20_000], sound[2000:20_000], atol=0.002)


def fed(samples: np.ndarray, seconds: float = 1.0) -> Meter:
    meter = Meter()
    for _ in range(round(seconds * 50)):
        meter.feed(np.resize(samples, 320).astype(np.int16))
    return meter


def test_digital_silence_is_told_from_a_quiet_room() -> None:
    dead, quiet = fed(np.zeros(320), 4.0), fed(np.array([0, 0, 1, 0, -1]), 4.0)
    assert dead.zeros_s == pytest.approx(4.0)
    assert not dead.heard_anything
    assert dead.level_dbfs == FLOOR_DBFS
    assert quiet.zeros_s == 0.0
    assert quiet.heard_anything


def test_level_is_that_of_the_signal() -> None:
    square = np.tile([3277, -3277], 160)  # a tenth of full scale
    assert fed(square).level_dbfs == pytest.approx(-20.0, abs=0.1)


def test_clipping_is_noticed_and_forgotten() -> None:
    loud = np.clip(60_000 * np.sin(np.arange(320) / 5), -32768, 32767)
    meter = fed(loud)
    assert meter.clipping
    for _ in range(50 * 60):
        meter.feed(np.full(320, 1000, np.int16))
    assert not meter.clipping
    assert not fed(np.clip(loud / 4, -20_000, 20_000)).clipping
