"""Reading a recording back: tones and words are found where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.audio import wav
from assistant.audio.tones import tone
from assistant.dialogue.effects import ToneKind
from assistant.errors import AudioError
from assistant.simulation.measure import (
    MICROPHONE,
    Recording,
    ToneHeard,
    onset_near,
    stretches,
    tone_onsets,
    tones,
    word_onsets,
)

RATE = 16_000
Floats = NDArray[np.float32]


def with_tones(*places: tuple[ToneKind, int], seconds: float = 70.0) -> Floats:
    samples = np.zeros(int(seconds * RATE), np.float32)
    for kind, at in places:
        sound = tone(kind, RATE)
        samples[at : at + sound.size] += sound
    return samples


def test_every_tone_of_a_session_is_found_to_the_sample(tmp_path: Path) -> None:
    places = [(ToneKind.BEGIN, 1000), (ToneKind.END, 30 * RATE - 200), (ToneKind.BEGIN, 61 * RATE)]
    coach = with_tones(*places, (ToneKind.HEARD, 40 * RATE))
    wav.write(tmp_path / "s.wav", np.stack([coach, np.zeros_like(coach)], axis=1), RATE)
    with Recording(tmp_path / "s.wav") as recording:
        assert tones(recording, (ToneKind.BEGIN, ToneKind.END)) == [ToneHeard(*place) for place in places]
        assert tones(recording, (ToneKind.BEGIN,), MICROPHONE) == []


@pytest.mark.parametrize("kind", list(ToneKind))
@pytest.mark.parametrize("volume", [0.05, 1.0])
def test_a_tone_is_told_from_all_others_at_any_volume(kind: ToneKind, volume: float) -> None:
    samples = with_tones(*((each, (i + 1) * RATE) for i, each in enumerate(ToneKind)), seconds=8.0) * np.float32(volume)
    assert tone_onsets(samples, kind, RATE) == [(list(ToneKind).index(kind) + 1) * RATE]


def test_a_tone_over_ducked_speech_is_found_and_speech_alone_is_none() -> None:
    rng = np.random.default_rng(1)
    speech = (np.convolve(rng.standard_normal(3 * RATE), np.ones(20) / 20, "same") * 0.04).astype(np.float32)
    assert tone_onsets(speech, ToneKind.HEARD, RATE) == []
    [found] = tone_onsets(speech + with_tones((ToneKind.HEARD, RATE), seconds=3.0), ToneKind.HEARD, RATE)
    assert found == pytest.approx(RATE, abs=8)


def test_words_begin_after_silence() -> None:
    samples = np.zeros(RATE, np.float32)
    samples[2000:3000] = samples[3500:4000] = 0.1  # a short gap within a word
    samples[9000:9100] = -0.1
    assert word_onsets(samples, RATE) == [2000, 9000]
    assert word_onsets(np.zeros(100, np.float32), RATE) == []


def test_what_lies_outside_a_recording_is_left_out(tmp_path: Path) -> None:
    wav.write(tmp_path / "s.wav", np.ones((100, 2), np.float32) * 0.5, RATE)
    with Recording(tmp_path / "s.wav") as recording:
        assert recording.channel(0, -10, 5).size == 5
        assert recording.channel(1, 90, 200) == pytest.approx(0.5, abs=1e-4)
        assert recording.channel(0, 200, 300).size == 0


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.wav").write_bytes(b"no sound")
    with pytest.raises(AudioError, match=r"s\.wav cannot be read"):
        Recording(tmp_path / "s.wav")


B, E, H = ToneKind.BEGIN, ToneKind.END, ToneKind.HEARD


@pytest.mark.parametrize(
    ("found", "pauses", "runs"),
    [
        ([(B, 10), (E, 20)], [], [((10, 20),)]),
        ([(H, 5), (B, 10), (H, 15), (E, 20)], [], [((10, 20),)]),  # a question stops no clock
        ([(B, 10), (H, 15), (H, 30), (B, 40), (E, 50)], [14], [((10, 15), (40, 50))]),
        ([(B, 10), (E, 20), (B, 30), (E, 60)], [], [((10, 20),), ((30, 60),)]),
        ([(B, 10), (H, 15)], [15], []),  # paused and left
    ],
)
def test_work_lies_between_the_tones_and_pauses_part_it(
    found: list[tuple[ToneKind, int]], pauses: list[int], runs: list[tuple[tuple[int, int], ...]]
) -> None:
    done = stretches([ToneHeard(*each) for each in found], pauses, slack=2)
    assert [stretch.runs for stretch in done] == runs
    assert [stretch.samples for stretch in done] == [sum(b - a for a, b in each) for each in runs]


def test_the_onset_of_a_count_is_found_beside_its_moment(tmp_path: Path) -> None:
    samples = np.zeros((3 * RATE, 2), np.float32)
    samples[RATE + 100 : RATE + 4000, 0] = 0.2
    wav.write(tmp_path / "s.wav", samples, RATE)
    with Recording(tmp_path / "s.wav") as recording:
        assert onset_near(recording, RATE, 1600) == RATE + 100
        assert onset_near(recording, RATE + 3000, 1600) is None  # it goes on there, it does not begin
        assert onset_near(recording, 2 * RATE, 1600) is None
