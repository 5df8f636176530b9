"""Reading whatever is called .wav, and writing it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from assistant.audio import wav
from assistant.audio.resample import LISTENING_RATE
from assistant.errors import AudioError


def sine(rate: int, seconds: float = 1.0, hz: float = 440.0) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def level_at(samples: NDArray[np.int16], hz: float) -> float:
    """The amplitude of one frequency in 16 kHz samples, relative to full scale."""
    t = np.arange(samples.size) / LISTENING_RATE
    return float(2 * abs(np.mean(samples / 32768 * np.exp(-2j * np.pi * hz * t))))


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "ULAW"])
def test_any_rate_and_sample_format(tmp_path: Path, rate: int, subtype: str) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, sine(rate), rate, subtype=subtype)
    samples = wav.read(path).for_listening()
    assert samples.dtype == np.int16
    assert abs(samples.size - LISTENING_RATE) <= 1
    assert level_at(samples, 440.0) == pytest.approx(0.5, abs=0.02)


def test_channels_are_mixed(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    both = np.stack([sine(16_000), np.zeros(16_000, np.float32)], axis=1)
    wav.write(path, both, 16_000)
    sound = wav.read(path)
    assert sound.samples.shape == (16_000, 2)
    assert level_at(sound.for_listening(), 440.0) == pytest.approx(0.25, abs=0.01)


def test_a_clipped_and_a_silent_file_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, sine(16_000) * 10, 16_000, subtype="FLOAT")
    assert np.abs(wav.read(path).samples).max() == 1.0
    wav.write(path, np.zeros(8_000, np.float32), 16_000)
    assert not wav.read(path).for_listening().any()


def test_of_a_truncated_file_what_is_there_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    wav.write(path, sine(16_000), 16_000)
    path.write_bytes(path.read_bytes()[: 44 + 16_000])
    assert wav.read(path).samples.shape == (8_000, 1)


def test_not_a_number_becomes_silence(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, np.array([0.5, np.nan, np.inf, -np.inf]), 16_000, subtype="FLOAT")
    assert np.isfinite(wav.read(path).samples).all()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_frames(path: Path) -> None:
    wav.write(path, np.zeros(0, np.float32), 16_000)


def text(path: Path) -> None:
    path.write_text("this is no sound at all, but a letter")


def half_a_header(path: Path) -> None:
    wav.write(path, sine(16_000), 16_000)
    path.write_bytes(path.read_bytes()[:30])


def flac(path: Path) -> None:
    soundfile.write(path, sine(16_000), 16_000, format="FLAC")


def folder(path: Path) -> None:
    path.mkdir()


def nothing(path: Path) -> None:
    pass


@pytest.mark.parametrize("make", [empty, no_frames, text, half_a_header, flac, folder, nothing])
def test_anything_else_is_one_sentence_that_names_the_file(tmp_path: Path, make: object) -> None:
    path = tmp_path / "speech.wav"
    assert callable(make)
    make(path)
    with pytest.raises(AudioError) as caught:
        wav.read(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_writing_block_by_block_is_writing_at_once(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.wav", tmp_path / "parts.wav"
    samples = np.stack([sine(16_000), sine(16_000, hz=880)], axis=1)
    wav.write(whole, samples, 16_000)
    with wav.Writer(parts, 16_000, 2) as file:
        for begin in range(0, 16_000, 700):
            file.write(samples[begin : begin + 700])
    assert parts.read_bytes() == whole.read_bytes()
    np.testing.assert_allclose(wav.read(whole).samples, samples, atol=1e-4)


def test_where_nothing_can_be_written_the_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="cannot be written"):
        wav.write(tmp_path / "no folder" / "x.wav", sine(16_000), 16_000)
