"""The shipped catalog, and a small faultless pack that tests spoil in one way at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from assistant.catalog.load import load
from assistant.catalog.model import Catalog

settings.register_profile("busy machine", deadline=None)  # a plan takes a millisecond, but not while others work
settings.load_profile("busy machine")

EXERCISE = """\
id: side_swing
say: Side Swing
region: [mid_back]
planes: [lateral_tilt]
position: side_lying
kit: {need: [mat]}
sides: each
side_means: lying_on
switch_s: 8
mode: reps
dose: {reps: 5}
rep:
  - {name: lift, s: 3, breath: in}
  - {name: lower, s: 3, breath: out}
script:
  setup:
    - Lie on your {side} with your head on your arm.
  move:
    - Lift your {other} arm to the ceiling.
    - Lower it again.
  short: On your {side}, lift and lower your {other} arm.
  exit: Arm down, head down
  switch: Turn over, {side} arm below now
  why: Lifting an arm may help the ribs open.
cues:
  - Heavy hip
errors: [Chest stays still]
easier: {say: half as high, dose: {reps: 3}}
harder: {say: with a cup of water, dose: {reps: 7}}
swaps:
  - {when: no_floor, use: seated_side_bend}
cautions:
  - {tag: shoulder_pain, do: limit, say: Lift it halfway.}
"""

ROUTINE = """\
id: little
title: Little Swing
summary: A swing on the floor, then one at the wall
names: [swing time]
minutes: {first: 3.5, familiar: 3.3}
difficulty: gentle
type: mobility
regions: [mid_back]
kit: {need: [mat, wall]}
why:
  - Ribs like to be moved.
  - A little every day may help.
blocks:
  - id: floor
    say: Floor
    enter:
      gate: ready
      say: [Come down to the floor.]
    items: [side_swing]
  - id: wall
    say: Wall
    kind: circuit
    rounds: 2
    round_rest_s: 10
    round_say: [The same once more.]
    enter:
      gate: ready
      say: ["Stand up slowly."]
    items: [{use: wall_angel, dose: {reps: 3}}]
"""

Pack = Callable[..., Path]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Writes the pack into a folder, with replacements `spoil(file, old, new)` made, and returns the folder."""

    def write(file: str = "", old: str = "", new: str = "") -> Path:
        (tmp_path / "exercises").mkdir(exist_ok=True)
        for name, text in (("exercises/side_swing.yaml", EXERCISE), ("little.yaml", ROUTINE)):
            spoiled = name.endswith(file) if file else False
            assert not spoiled or old in text, f"{old!r} is not in {name}"
            (tmp_path / name).write_text(text.replace(old, new, 1) if spoiled else text, encoding="utf-8")
        return tmp_path

    return write
