"""How words sound."""

from __future__ import annotations

from itertools import product

import pytest

from assistant.listening.sounds import distance, near, pronunciations, readings, syllables


def test_a_word_has_its_pronunciations() -> None:
    assert pronunciations("stop") == (("S", "T", "AA", "P"),)
    assert set(pronunciations("read")) == {("R", "EH", "D"), ("R", "IY", "D")}


def test_a_word_that_is_in_no_dictionary_is_read_by_its_letters() -> None:
    assert pronunciations("zzyz") == (("Z", "Z", "IY", "Z"),)


def test_a_text_is_read_in_every_way_but_not_in_too_many() -> None:
    assert ("R", "EH", "D", "N", "EH", "K", "S", "T") in readings("read next")
    assert len(readings("read read read read read read")) <= 12


@pytest.mark.parametrize(
    ("near", "far"),
    [(("pause", "paws"), ("pause", "next")), (("next", "neck"), ("next", "stop")), (("go", "no"), ("go", "left"))],
)
def test_what_sounds_alike_is_near(near: tuple[str, str], far: tuple[str, str]) -> None:
    assert distance(*near) < distance(*far)
    assert distance(*near) == distance(*reversed(near))


@pytest.mark.parametrize("limit", [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1])
def test_near_is_what_the_distance_says(limit: float) -> None:
    texts = [
        "pause",
        "paws",
        "",
        "stop",
        "stop it",
        "read the next",
        "read the neck",
        "begin lunch break",
        "what routines",
    ]
    for one, other in product(texts, texts):
        assert near(one, other, limit) == (distance(one, other) <= limit), (one, other)


def test_distances_have_bounds() -> None:
    assert distance("pause", "pause") == 0
    assert distance("pause", "paws") == 0
    assert distance("pause", "") == 1
    assert distance("stop", "emergency number") <= 1


@pytest.mark.parametrize(
    ("text", "count"), [("stop", 1), ("what routines are there", 5), ("open microphone", 5), ("begin lunch break", 4)]
)
def test_syllables(text: str, count: int) -> None:
    assert syllables(text) == count
