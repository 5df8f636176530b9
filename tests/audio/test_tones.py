"""Tones: sharp, distinct, not too loud."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.tones import tone
from assistant.dialogue.effects import ToneKind


@pytest.mark.parametrize("kind", list(ToneKind))
@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_a_tone_begins_sharply_ends_softly_and_leaves_head_room(kind: ToneKind, rate: int) -> None:
    sound = tone(kind, rate)
    peak = np.abs(sound).max()
    assert 0.1 <= peak <= 0.4
    assert np.flatnonzero(np.abs(sound) > 0.3 * peak)[0] <= 0.002 * rate
    assert np.abs(sound[-round(0.001 * rate) :]).max() < 0.1 * peak
    assert sound.size <= 0.5 * rate


def pitch_hz(sound: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), 1 << 16))
    return float(np.argmax(spectrum) * rate / (1 << 16))


def test_begin_rises_and_end_falls() -> None:
    rate = 16_000
    for kind, rises in ((ToneKind.BEGIN, True), (ToneKind.END, False)):
        sound = tone(kind, rate)
        head, tail = sound[: rate // 10], sound[rate // 8 :]
        assert (pitch_hz(tail, rate) > 1.2 * pitch_hz(head, rate)) is rises


def test_all_tones_differ_in_pitch_or_shape() -> None:
    rate = 16_000
    shapes = {(tone(kind, rate).size, round(pitch_hz(tone(kind, rate), rate) / 50)) for kind in ToneKind}
    assert len(shapes) == len(ToneKind)
