"""Engines for these tests: the real one, and one that misbehaves when told to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.speaking import Renderer, Voice

FAKE = Path(__file__).with_name("fake_engine.py")


@pytest.fixture
def rendered(tmp_path: Path) -> Callable[[], list[str]]:
    """What the fake engine was asked to render so far."""
    return lambda: (tmp_path / "count").read_text().splitlines() if (tmp_path / "count").exists() else []


@pytest.fixture
def fake_engine(tmp_path: Path) -> Iterator[Callable[..., Renderer]]:
    """Makes renderers over the fake engine; ends them."""
    made = []

    def make(version: str = "1", time_limit_s: float = 5.0, voice: Voice | None = None) -> Renderer:
        command = [sys.executable, str(FAKE), str(tmp_path / "count"), version]
        made.append(Renderer(voice or Voice(), time_limit_s=time_limit_s, child=command))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


@pytest.fixture(scope="session")
def real_engine() -> Iterator[Renderer]:
    """The speech engine of this machine."""
    renderer = Renderer(Voice())
    yield renderer
    renderer.close()
