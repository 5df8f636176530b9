"""`coach routines`: a list for people and one for programs."""

from __future__ import annotations

import json

import pytest

from assistant.cli import main


def test_the_list_fits_eighty_columns_and_goes_by_series(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines[1::3]][:3] == ["neck", "mid_back_full", "low_back"]
    assert [" ".join(line.split()) for line in lines[4:7]] == [
        "mid_back_full Mid Back 25 moderate",
        "Turn, tilt, arch and round your mid back, from the floor up to the wall",
        "kit: mat, wall (foam roller, pillow, cushion)",
    ]


def test_json_tells_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "--json"]) == 0
    routines = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    entry = routines["mid_back_full"]
    assert entry["minutes"] == {"first": 25.0, "familiar": 23.0}
    assert (entry["title"], entry["difficulty"], entry["series"], entry["part"]) == ("Mid Back", "moderate", "spine", 2)
    assert entry["kit"] == {"need": ["mat", "wall"], "want": ["foam_roller", "pillow", "cushion"]}
    assert (entry["type"], entry["regions"]) == ("mobility", ["mid_back"])
    assert entry["blocks"][-1]["rounds"] == 2
    assert entry["blocks"][-1]["exercises"][-1] == "wall_angel"
    assert entry["summary"]
