"""The person's own routines and packs: found beside what ships, and never in the way of a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.catalog import packs
from assistant.catalog.faults import Fault
from assistant.catalog.load import load
from assistant.cli import main
from assistant.dialogue.memory import Memory
from assistant.dialogue.transition import new_state
from assistant.errors import CatalogError
from assistant.language.wording import load_wording
from assistant.listening import phrases
from assistant.resources import resource
from assistant.simulation.rehearsal import Rehearsal
from assistant.storage.places import data_dir

Pack = Callable[..., Path]


def put(name: str, text: str | bytes) -> Path:
    """A file in the data directory."""
    path = data_dir() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def place(pack: Path, folder: str) -> Path:
    """The pack of conftest.py, put into the data directory by hand."""
    for name in ("little.yaml", "exercises/side_swing.yaml"):
        put(f"{folder}/{name}", (pack / name).read_text(encoding="utf-8"))
    return data_dir() / folder


def test_without_any_there_is_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert packs.all_folders() == [resource("routines")]
    assert load() == load(resource("routines"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("folder", ["routines", "packs/swings", "packs/swings/routines"])
def test_what_is_put_there_is_found(pack: Pack, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    place(pack(), folder)
    catalog = load()
    assert set(catalog.routines) - set(load(resource("routines")).routines) == {"little"}
    assert "side_swing" in catalog.exercises
    assert main(["routines"]) == 0
    assert "Little Swing" in capsys.readouterr().out
    assert main(["check"]) == 0
    assert main(["rehearse", "swing time"]) == 0


def test_a_pack_that_is_being_added_is_not_there_yet(pack: Pack) -> None:
    place(pack(), "packs/.adding-x")
    assert "little" not in load().routines


FAULTS: dict[str, tuple[str, str | bytes, str]] = {
    "broken": ("routines/bad.yaml", "id: ]", "This is not valid YAML"),
    "empty": ("packs/p/bad.yaml", "", "The file is empty"),
    "binary": ("packs/p/bad.yaml", bytes(range(256)), "not UTF-8"),
    "large": ("routines/exercises/bad.yaml", "# " + "x" * 1_000_000, "larger than 1 MB"),
    "foreign": ("routines/bad.yaml", "a: 1\n", "is missing"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_faulty_file_is_left_out_with_its_place(pack: Pack, capsys: pytest.CaptureFixture[str], case: str) -> None:
    name, text, sentence = FAULTS[case]
    place(pack(), "routines")
    bad = put(name, text)
    assert "little" in load().routines
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith(f"coach: left out: {bad}:1: ")
    assert sentence in first or case == "foreign"
    assert main(["check"]) == 1
    assert f"{bad}:1: " in capsys.readouterr().out
    assert main(["rehearse", "lunch_break"]) == 0
    assert main(["routines"]) == 1
    told = capsys.readouterr()
    assert "Little Swing" in told.out
    assert str(bad) in told.err


def test_a_shipped_id_stays_with_what_ships_and_both_files_are_named(pack: Pack) -> None:
    folder = pack("side_swing.yaml", "id: side_swing", "id: open_book")
    told: list[str] = []
    put("routines/exercises/open_book.yaml", (folder / "exercises" / "side_swing.yaml").read_text(encoding="utf-8"))
    catalog = load(on_fault=lambda fault: told.append(str(fault)))
    assert catalog.exercises["open_book"].say == "Open Book"
    mine, theirs = data_dir() / "routines/exercises/open_book.yaml", resource("routines") / "exercises/open_book.yaml"
    assert told == [f"{mine}:1: The exercise 'open_book' is already in {theirs}: choose another id."]


def test_two_packs_of_one_id_the_first_stays(pack: Pack) -> None:
    one, other = place(pack(), "packs/one"), place(pack(), "packs/other")
    told: list[str] = []
    catalog = load(on_fault=lambda fault: told.append(str(fault)))
    assert catalog.routines["little"].source == str(one / "little.yaml")
    assert [line.split(":")[0] for line in told] == [
        str(other / "exercises" / "side_swing.yaml"), str(other / "little.yaml")
    ]  # fmt: skip


def test_what_ships_must_be_faultless_whatever_lies_beside(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pack("side_swing.yaml", "mode: reps", "mode: repz")
    monkeypatch.setattr("assistant.catalog.load.resource", lambda name: folder)
    monkeypatch.setattr("assistant.catalog.packs.resource", lambda name: folder)
    with pytest.raises(CatalogError, match=r"side_swing\.yaml:10: 'mode' is 'repz'.*more: run coach check"):
        load()


# -- phrases and wording ----------------------------------------------------------------------------------------


def test_phrases_of_a_pack_count_where_their_command_does() -> None:
    put("packs/p/phrases.yaml", "intents: {resume: {data: [{sentences: [off we go again]}]}}\n")
    table = phrases.load()
    assert table.parse("off we go again", "paused") == phrases.Parsed("resume")
    assert table.parse("off we go again", "working") is None
    assert "off we go again" in table.grammar()
    assert table.parse("keep going", "paused") == phrases.Parsed("resume")


def test_wording_of_a_pack_takes_the_place_of_ours() -> None:
    put("packs/p/wording.yaml", "paused: [Paused., Take your time.]\n")
    assert load_wording().texts["paused"] == ("Paused.", "Take your time.")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("phrases.yaml", "intents: {fly: {data: [{sentences: [take off]}]}}\n", "There is no command 'fly'"),
        ("phrases.yaml", "intents: {stop: {data: [{sentences: ['(']}]}}\n", "is no template"),
        ("phrases.yaml", "intents: {stop: {data: {}}}\n", "Write 'data:'"),
        ("phrases.yaml", "intents: {stop: {data: [stop]}}\n", "A block holds 'sentences'"),
        ("phrases.yaml", "intents: {stop: {data: [{sentences: halt}]}}\n", "'sentences' is a list"),
        ("phrases.yaml", "intents: {stop: {data: [{sentences: [1]}]}}\n", "1 is no text"),
        ("phrases.yaml", f"intents: {{stop: {{data: [{{sentences: [{'so ' * 41}]}}]}}}}\n", "at most 120"),
        ("phrases.yaml", f"intents: {{stop: {{data: [{{sentences: [{'halt now, ' * 201}]}}]}}}}\n", "at most 200"),
        (
            "phrases.yaml",
            "intents: {stop: {data: [{sentences: [halt it], requires_context: {phase: 5}}]}}\n",
            "'requires_context' holds 'phase'",
        ),
        ("wording.yaml", "danger_again: Never mind.\n", "is about safety"),
        ("wording.yaml", "paused: []\n", "needs a sentence"),
        ("wording.yaml", f"paused: {'long ' * 50}\n", "more than 200 letters"),
    ],
)
def test_faulty_phrases_and_wording_are_left_out(
    name: str, text: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = (phrases.load().phrases(), load_wording().texts)
    bad = put(f"packs/p/{name}", text)
    good = put("packs/q/wording.yaml", "good_bye: So long.\n")
    assert phrases.load().phrases() == plain[0]
    assert load_wording().texts == {**plain[1], "good_bye": ("So long.",)}
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert told[0].startswith(f"coach: left out: {bad}:1: ")
    assert sentence in told[0]
    assert main(["check"]) == 1
    assert str(good) not in capsys.readouterr().out


def test_every_text_about_safety_stays() -> None:
    keys = [key for key in load_wording().texts if key in {"danger", "danger_again", "safety", "safety_first", "sharp"}]
    assert len(keys) == 5
    for key in keys:
        put("packs/p/wording.yaml", f"{key}: Never mind.\n")
        assert load_wording().texts[key] != ("Never mind.",)


# -- what is new is mentioned once ------------------------------------------------------------------------------


def test_a_new_routine_is_mentioned_once(pack: Pack) -> None:
    assert packs.unmentioned(load()) == ()
    place(pack(), "routines")
    assert packs.unmentioned(load()) == ("little",)
    packs.mention(["little"])
    assert packs.unmentioned(load()) == ()


def test_the_coach_says_how_to_start_what_is_new(pack: Pack) -> None:
    place(pack(), "routines")
    catalog = load()
    rehearsal = Rehearsal(new_state(catalog, load_wording(), Memory(new_routines=packs.unmentioned(catalog))))
    rehearsal.run_until(20_000)
    said = [entry.text for entry in rehearsal.entries]
    assert said[-2:] == ["There is a new one, Little Swing.", "Say start little swing routine."]
    again = Rehearsal(new_state(catalog, load_wording(), Memory()))
    again.run_until(20_000)
    assert [entry.text for entry in again.entries] == said[:-2]


def test_where_it_cannot_be_kept_nothing_breaks(pack: Pack) -> None:
    place(pack(), "routines")
    (data_dir() / "mentioned.txt").mkdir()
    packs.mention(["little"])
    assert packs.unmentioned(load()) == ("little",)


def test_of_each_file_that_is_left_out_one_line_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = Path("one.yaml"), Path("other.yaml")
    assert packs.told_of([Fault(other, 3, "b."), Fault(one, 9, "c."), Fault(one, 9, "d.")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "coach: left out: one.yaml:9: c.",
        "coach: left out: other.yaml:3: b.",
    ]
