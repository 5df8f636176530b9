"""Sentences kept in memory and on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.speaking import Disk, Renderer, Sentences, Voice
from assistant.speaking.loudness import Speech

Engine = Callable[..., Renderer]
TEXT = "Lift your left arm."


def stored(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.speech"))


def test_a_sentence_is_rendered_once_and_is_there_in_the_next_session_without_the_engine(
    tmp_path: Path, fake_engine: Engine, rendered: Callable[[], list[str]]
) -> None:
    first = Sentences(fake_engine(), 16_000, Disk(tmp_path / "speech"))
    assert first.cached(TEXT) is None
    samples = first.get(TEXT)
    np.testing.assert_array_equal(first.cached(TEXT), samples)
    second = Sentences(fake_engine("missing"), 16_000, Disk(tmp_path / "speech"))
    np.testing.assert_array_equal(second.cached(TEXT), samples)
    np.testing.assert_array_equal(second.get(TEXT), samples)
    assert rendered() == [TEXT]


def test_samples_come_at_the_mixers_rate(tmp_path: Path, fake_engine: Engine) -> None:
    seconds = {
        rate: Sentences(fake_engine(), rate, Disk(tmp_path / "speech")).get(TEXT).size / rate
        for rate in (16_000, 44_100, 48_000)
    }
    assert max(seconds.values()) - min(seconds.values()) < 0.001


def test_another_voice_rate_or_version_is_another_sentence(
    tmp_path: Path, fake_engine: Engine, rendered: Callable[[], list[str]]
) -> None:
    disk = Disk(tmp_path / "speech")
    voices = [Voice(), Voice(id="x"), Voice(rate=120)]
    for voice in voices:
        Sentences(fake_engine(voice=voice), 16_000, disk).get(TEXT)
    assert len(stored(tmp_path)) == len(rendered()) == 3
    newer = Sentences(fake_engine("2"), 16_000, disk)
    newer.get("another")  # from now on it knows the engine's version
    assert newer.cached(TEXT) is None


def damaged(content: bytes, position: int, value: int) -> bytes:
    place = position % len(content)
    return content[:place] + bytes([content[place] ^ value]) + content[place + 1 :]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0), value=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_entry_is_never_played(tmp_path: Path, position: int, value: int, cut: bool) -> None:
    disk = Disk(tmp_path / "speech")
    speech = Speech((1000 * np.sin(np.arange(500))).astype(np.int16), 22_050)
    disk.write("abcdef", speech)
    (path,) = stored(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: position % len(content)] if cut else damaged(content, position, value))
    read = disk.read("abcdef")
    assert read is None or (read.rate != 22_050 and not cut) or path.read_bytes() == content


def test_a_damaged_entry_is_rendered_anew(
    tmp_path: Path, fake_engine: Engine, rendered: Callable[[], list[str]]
) -> None:
    Sentences(fake_engine(), 16_000, Disk(tmp_path / "speech")).get(TEXT)
    (path,) = stored(tmp_path)
    path.write_bytes(path.read_bytes()[:-10])
    again = Sentences(fake_engine(), 16_000, Disk(tmp_path / "speech"))
    assert again.cached(TEXT) is None
    assert again.get(TEXT).size > 15_000
    assert rendered() == [TEXT, TEXT]
    assert Sentences(fake_engine(), 16_000, Disk(tmp_path / "speech")).cached(TEXT) is not None


def test_the_folder_stays_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    folder = tmp_path / "speech"
    speech = Speech(np.ones(5000, np.int16), 22_050)
    disk = Disk(folder, limit=200_000)
    keys = [f"{n:02}{n:08}" for n in range(64)]
    for age, key in enumerate(keys):
        disk.write(key, speech)
        os.utime(folder / key[:2] / f"{key[2:]}.speech", (age, age))
    disk.write("zz", speech)
    assert sum(path.stat().st_size for path in stored(folder)) <= 200_000
    assert disk.read("zz") is not None
    assert disk.read(keys[-1]) is not None
    assert disk.read(keys[0]) is None


@pytest.mark.parametrize("obstacle", ["a file where the folder should be", "a folder where the entry should be"])
def test_where_the_disk_refuses_the_memory_serves(
    tmp_path: Path, fake_engine: Engine, rendered: Callable[[], list[str]], obstacle: str
) -> None:
    folder = tmp_path / "speech"
    if obstacle.startswith("a file"):
        folder.write_text("in the way")
    else:
        Sentences(fake_engine(), 16_000, Disk(folder)).get(TEXT)
        (path,) = stored(tmp_path)
        path.unlink()
        path.mkdir()
        (path / "in the way").touch()
    sentences = Sentences(fake_engine(), 16_000, Disk(folder))
    before = len(rendered())
    samples = sentences.get(TEXT)
    np.testing.assert_array_equal(sentences.cached(TEXT), samples)
    assert len(rendered()) == before + 1
    assert not list(tmp_path.rglob("*.part"))


def test_the_memory_stays_bounded(fake_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.speaking.cache.MEMORY_LIMIT", 50_000)
    sentences = Sentences(fake_engine(), 16_000)
    for number in range(6):
        sentences.get(f"Number {number}.")
    assert sentences.cached("Number 5.") is not None
    assert sentences.cached("Number 0.") is None
