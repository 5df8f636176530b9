"""Session time and samples."""

from __future__ import annotations

import pytest

from assistant.session.clock import LiveClock, SampleClock, Track


def test_a_sample_clock_counts_samples_and_nothing_else() -> None:
    clock = SampleClock(16_000)
    clock.position = 24_007
    assert clock.now() == 1500
    assert clock.output_sample(1500) == 24_000
    assert clock.output_ms(24_000) == 1500
    assert clock.output_ms(24_001) == 1501  # an end is told once its last sample has gone


def test_late_callbacks_do_not_move_the_mapping() -> None:
    track = Track(48_000)
    for block in range(100):
        late = 35.0 if block % 7 else 0.0  # most callbacks come late, none early
        track.seen(block * 960, 500.0 + block * 20 + late)
    assert track.to_ms(48_000) == 1500
    assert track.to_sample(1500) == 48_000


def test_the_mapping_follows_a_card_that_drifts() -> None:
    track = Track(48_000, window=50)
    for block in range(2000):
        track.seen(block * 960, block * 20 * 1.0003)  # 300 ppm slow
    last = 1999 * 960
    assert track.to_ms(last) == pytest.approx(1999 * 20 * 1.0003, abs=1)


@pytest.mark.parametrize("restarted", [True, False])
def test_a_stream_that_stood_still_is_mapped_anew(restarted: bool) -> None:
    track = Track(16_000)
    track.seen(0, 0.0)
    if restarted:
        track.restart(16_000)
    track.seen(320, 5020.0)
    assert track.to_ms(320) == 5020


def test_a_live_clock_moves_forward_and_keeps_its_two_tracks_apart() -> None:
    clock = LiveClock(48_000)
    clock.output.seen(0, 100.0)
    clock.input.seen(0, 300.0)
    assert clock.output_sample(1100) == 48_000
    assert clock.input_sample(1300) == 16_000
    assert clock.output_ms(48_000) == 1100
    assert clock.input_ms(16_000) == 1300
    assert 0 <= clock.now() <= clock.now()
