"""How sure one may be of what script/bench-ears counts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def figures() -> ModuleType:
    path = Path(__file__).parent.parent / "script" / "ears_figures.py"
    spec = importlib.util.spec_from_file_location("ears_figures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


def test_intervals_of_shares_are_wilsons(figures: ModuleType) -> None:
    assert figures.wilson(8, 10) == pytest.approx((49.0, 94.3), abs=0.1)
    assert figures.wilson(0, 20) == pytest.approx((0.0, 16.1), abs=0.1)
    assert figures.wilson(0, 0) == (0.0, 100.0)


@pytest.mark.parametrize(("events", "bound"), [(0, 2.996), (1, 4.744), (5, 10.513)])
def test_bounds_of_rare_events_are_poissons(figures: ModuleType, events: int, bound: float) -> None:
    assert figures.at_most(events) == pytest.approx(bound, abs=0.002)


def test_parts_of_a_row_add_up(figures: ModuleType) -> None:
    parts = [figures.Row("talk", hourly=True) for _ in range(2)]
    for part, commands in zip(parts, (["next"], []), strict=True):
        part.scene(None, 1800.0)
        part.heard("ours", commands, None)
        part.heard("plain", ["stop", "next"], None)
    (row,) = figures.merged(parts)
    told = row.figures()
    assert told["minutes"] == 60.0
    assert told["ours"]["false_an_hour"] == [1.0, 4.74]
    assert told["plain"]["false"] == 4
    assert "1.0 an hour (under 4.74) \\| 4.0 an hour" in figures.markdown([row])


def test_a_wrong_command_is_not_found(figures: ModuleType) -> None:
    row = figures.Row("words")
    row.scene("next", 3.0)
    row.heard("ours", ["stop"], "next")
    row.heard("plain", ["next", "stop"], "next")
    told = row.figures()
    assert (told["ours"]["found"][0], told["ours"]["wrong"][0]) == (0.0, 100.0)
    assert (told["plain"]["found"][0], told["plain"]["wrong"][0]) == (100.0, 100.0)
