"""Question sets: what is read, and what is refused with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.authoring.incoming import gather
from assistant.authoring.review import command_words
from assistant.catalog.lint import lint
from assistant.catalog.load import load, load_all
from assistant.catalog.model import SCREENING, Catalog
from assistant.dialogue import questions
from assistant.dialogue.person import Person
from assistant.dialogue.questions import Answer

SET = """\
id: mine
changed:
  ask: [Has anything changed?]
  yes: then again
  no: as before
questions:
  - id: knees
    ask: [Is a knee sore?]
    yes: which one
    no: fine knees
    then:
      - id: left
        ask: [Is it the one on this side?]
        yes: easy on it
        no: not that one
        tags: [knee_pain]
        days: 0
        parts: [knee]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "screening").mkdir()
    (tmp_path / "screening" / "mine.yaml").write_text(SET, encoding="utf-8")
    return tmp_path


def spoil(folder: Path, old: str, new: str) -> None:
    path = folder / "screening" / "mine.yaml"
    assert old in SET
    path.write_text(SET.replace(old, new, 1), encoding="utf-8")


def test_what_ships_has_three_groups_and_sets_every_tag_that_exercises_know(catalog: Catalog) -> None:
    shipped = catalog.screenings[SCREENING]
    assert len(shipped.questions) == 3
    assert all(routine.screening in catalog.screenings for routine in catalog.routines.values())
    known = {caution.tag for exercise in catalog.exercises.values() for caution in exercise.cautions}
    asked = {tag for question in shipped.all() for tag in question.tags}
    assert known <= asked


def test_every_question_that_forbids_says_what_to_do(catalog: Catalog) -> None:
    for question in catalog.screenings[SCREENING].all():
        assert not question.stops or question.advice, question.id


def test_each_answer_of_what_ships_can_be_taken_back(catalog: Catalog) -> None:
    """Whatever was answered: a "no" to the group leaves nothing of it, but for a day begun gently."""
    for group in catalog.screenings[SCREENING].questions:
        for question in group.all():
            for answer in Answer:
                known = questions.learned(Person(), question, answer)
                after = questions.learned(known, group, Answer.NO)
                assert set(after.tags) <= {questions.GENTLE}
                assert (after.missing, after.dangers) == ({}, ())


def test_a_set_is_read(folder: Path) -> None:
    catalog, faults = load_all([folder])
    assert faults == []
    mine = catalog.screenings["mine"]
    assert mine.every_days == 30
    assert mine.changed.danger
    assert mine.find("left").tags == ("knee_pain",)
    assert mine.find("left").days == 0
    assert [question.id for question in mine.all()] == ["changed", "knees", "left"]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("id: mine", "id: other", 1, "name both alike"),
        ("id: left", "id: knees", 12, "is there twice"),
        ("Is a knee sore?", "Is a knee sore, or do you want to stop?", 8, "'stop' is a command"),
        ("yes: easy on it", "yes: " + "on and " * 9, 14, "said back"),
        ("        days: 0", "        stops: true", 12, "write advice"),
        ("        days: 0", "        advice: [One. Two.]", 17, "Two sentences"),
        ("knee_pain", "knee_ache", 16, "take one of"),
        ("  no: as before\n", "", 2, "'no' is missing"),
        ("days: 0", "days: -1", 17, "at least 0"),
        ("id: mine", "id: mine\nquestoins: []", 2, "did you mean 'questions'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(folder: Path, old: str, new: str, line: int, what: str) -> None:
    spoil(folder, old, new)
    faults = lint([folder / "screening" / "mine.yaml"], command_words())
    assert [(fault.line, what in str(fault)) for fault in faults] == [(line, True)], faults


def test_a_routine_that_names_an_unknown_set_is_left_out(pack: Callable[..., Path]) -> None:
    path = pack("little.yaml", "type: mobility", "type: mobility\nscreening: nowhere") / "little.yaml"
    faults = lint([path], command_words())
    assert any("The question set 'nowhere' does not exist" in str(fault) for fault in faults)


def test_two_sets_of_one_id_are_a_fault(folder: Path) -> None:
    (folder / "screening" / "other.yaml").write_text(SET, encoding="utf-8")
    _, faults = load_all([folder])
    assert len(faults) == 1
    assert "The question set 'mine' is already in" in str(faults[0])


def test_a_pack_brings_its_sets(folder: Path) -> None:
    assert [str(name) for name in gather(folder)] == ["screening/mine.yaml"]


def test_one_set_ships() -> None:
    assert load().screenings.keys() == {SCREENING}
