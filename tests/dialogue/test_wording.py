"""The words: complete, without forgotten ones, and free of command words that are not marked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_routine import wording

from assistant.dialogue.wording import Wording, capital, counted, duration, estimate_ms, fill, in_words
from assistant.errors import ResourceError
from assistant.language.wording import load_wording

SOURCES = [path.read_text(encoding="utf-8") for path in Path("assistant/dialogue").rglob("*.py")]


def used_keys() -> set[str]:
    """Every text key that the dialogue's code names, in a call or in a table."""
    quoted = {key for source in SOURCES for key in re.findall(r'"([a-z]+(?:_[a-z]+)*)"', source)}
    return quoted & set(wording().texts)


def test_no_text_is_forgotten() -> None:
    prefixes = ("options_", "means_", "breath_", "side_", "place_", "because_", "region_")
    left = {key for key in wording().texts if not key.startswith(prefixes)} - used_keys()
    assert left == set()


@pytest.mark.parametrize("key", sorted(wording().texts))
def test_command_words_are_said_only_where_they_are_taught(key: str) -> None:
    """Words which the ears obey at work, outside of {teach:}: they would be masked or, worse, obeyed."""
    commands = {"stop", "pause", "ready", "skip", "next", "continue", "repeat", "explain", "undo", "dizzy", "finished"}
    for text in wording().texts[key]:
        plain = re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)?\}", " ", text).lower()
        assert commands.isdisjoint(re.findall(r"[a-z']+", plain))


@pytest.mark.parametrize("key", sorted(wording().texts))
def test_sentences_are_short_enough_to_follow(key: str) -> None:
    for text in wording().texts[key]:
        assert len(text.split()) <= 20


def test_filling_slots_numbers_and_taught_words() -> None:
    sentence = fill("say {teach:start {routine} routine} in {n} minutes", routine="mid back", n=25)
    assert sentence.text == "Say start mid back routine in twenty-five minutes"
    assert sentence.taught == ("start mid back routine",)


def test_a_missing_text_is_named() -> None:
    with pytest.raises(ResourceError, match="greeting is missing from nowhere"):
        Wording({}, "nowhere").sentences("greeting")


def test_a_phrase_is_part_of_a_sentence() -> None:
    texts = Wording({"more": ("{n} more.",), "part": ("Left",)})
    assert texts.phrase("more", n=2) == "two more"
    assert texts.phrase("part") == "Left"


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (900, "one second"),
        (12_400, "twelve seconds"),
        (89_000, "eighty-nine seconds"),
        (95_000, "two minutes"),
        (0, "one second"),
    ],
)
def test_durations_as_one_says_them(ms: int, text: str) -> None:
    assert duration(ms) == text


def test_small_words() -> None:
    assert in_words(101) == "one hundred one"
    assert counted(1, "minute") == "one minute"
    assert capital("") == ""
    assert estimate_ms("") == 0
    assert 350 <= estimate_ms("Move slowly now please") / 4 <= 450


@pytest.mark.parametrize("content", ["a: [1]", "a: []", "[]", "a: {b: c}", "a: 'b", "\xff"])
def test_bad_wording_files_are_refused_with_their_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "wording.yaml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ResourceError, match=r"wording\.yaml"):
        load_wording(path)


def test_a_wording_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="cannot be read"):
        load_wording(tmp_path / "none.yaml")
