"""Folders -> Catalog, with faulty files left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assistant.catalog.load import find, load, load_all
from assistant.catalog.model import Catalog
from assistant.errors import CatalogError
from assistant.resources import resource

Pack = Callable[..., Path]


@pytest.mark.parametrize("name", ["routine.schema.json", "exercises/exercise.schema.json"])
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((resource("routines") / name).read_text(encoding="utf-8")))


def test_every_shipped_file_names_its_schema() -> None:
    for path in resource("routines").rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / schema).is_file(), path


def test_a_pack_beside_what_ships(pack: Pack) -> None:
    catalog, faults = load_all([resource("routines"), pack()])
    assert faults == []
    little = catalog.routines["little"]
    assert [block.rounds for block in little.blocks] == [1, 2]
    assert little.blocks[1].items[0].dose == {"reps": 3}
    assert little.source.endswith("little.yaml")
    swing = catalog.exercises["side_swing"]
    assert (swing.switch_s, swing.rep_s, swing.count.last_call) == (8.0, 6.0, 2)


def test_a_faulty_exercise_takes_only_its_routine_along(pack: Pack) -> None:
    catalog, faults = load_all([resource("routines"), pack("side_swing.yaml", "mode: reps", "mode: repz")])
    assert "little" not in catalog.routines
    assert "mid_back_full" in catalog.routines
    assert [Path(fault.file).name for fault in faults] == ["side_swing.yaml", "little.yaml"]


def test_a_taken_id_is_a_fault_of_the_later_file(pack: Pack) -> None:
    folder = pack("side_swing.yaml", "id: side_swing", "id: open_book")
    catalog, faults = load_all([resource("routines"), folder])
    assert catalog.exercises["open_book"].say == "Open Book"
    assert any("already in" in fault.message for fault in faults)


def test_load_says_the_first_fault_with_its_place(pack: Pack) -> None:
    folder = pack("side_swing.yaml", "id: side_swing", "colour: red\nid: side_swing")
    with pytest.raises(CatalogError, match=r"side_swing\.yaml:1: The key 'colour' is unknown.*more: run coach check"):
        load(folder)


def test_the_hash_follows_every_exercise_it_can_come_to(pack: Pack) -> None:
    def digest(*spoil: str) -> str:
        return load_all([resource("routines"), pack(*spoil)])[0].routines["little"].content_hash

    before = digest()
    assert digest() == before
    assert digest("side_swing.yaml", "Heavy hip", "Heavy hips") != before
    assert digest("little.yaml", "Little Swing", "Small Swing") != before


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("mid_back_full", "mid_back_full"),
        ("Mid Back", "mid_back_full"),
        ("mid back routine", "mid_back_full"),
        ("thoracic extenders", "lunch_break"),
        ("  LUNCH   break ", "lunch_break"),
        ("nightly routine", "nightly_routine"),
        ("nightly_routine", "nightly_routine"),
    ],
)
def test_find_by_id_and_by_name(catalog: Catalog, name: str, found: str) -> None:
    assert find(catalog, name).id == found


def test_find_offers_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match="There is no routine 'mid_bak_full': try mid_back_full"):
        find(catalog, "mid_bak_full")
    with pytest.raises(CatalogError, match="try desk_reset, low_back,"):
        find(catalog, "xyzzy")
