"""What can be said when, and how a bad table is refused."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.dialogue.commands import Command
from assistant.errors import ListeningError
from assistant.listening import phrases
from assistant.listening.model import SpeechModel
from assistant.listening.phrases import PhraseTable

from .conftest import LISTS


def table_of(**sentences: list[str]) -> PhraseTable:
    return PhraseTable({"language": "en", "intents": {c: {"data": [{"sentences": s}]} for c, s in sentences.items()}})


@pytest.mark.parametrize(
    ("phase", "command", "wordings"),
    [
        ("working", "stop", "stop, stop now"),
        ("paused", "hurt", "it hurts, that hurts, this hurts, my shoulder hurts, knee hurts, painful"),
        ("checking", "dizzy", "dizzy, I feel dizzy"),
        ("working", "danger", "I need help, emergency, chest pain"),
        ("positioning", "pause", "pause, pause please, one moment"),
        ("paused", "undo", "undo, wrong command"),
        ("idle", "options", "what can I say"),
        ("working", "options", "what can I say, list commands"),
        ("working", "louder", "louder, speak louder"),
        ("working", "quieter", "quieter, speak quieter"),
        ("idle", "start", "start mid back, start mid back routine, begin lunch break routine, begin the lunch break"),
        ("idle", "choose", "what should I do today, I have twelve minutes, I have 12 minutes"),
        ("idle", "list", "what routines are there, list routines"),
        ("idle", "ask", "why is the mid back important, tell me about lunch break"),
        ("idle", "mute_microphone", "mute microphone, microphone mute"),
        ("idle", "open_microphone", "open microphone, microphone open"),
        ("checking", "yes", "yes, yes please"),
        ("confirming", "no", "no, no thanks"),
        ("checking", "unsure", "not sure, skip question"),
        ("positioning", "ready", "ready, I'm ready, in position"),
        ("positioning", "wait", "not yet, more time"),
        ("working", "repeat", "repeat, repeat please"),
        ("positioning", "explain", "explain, explain please"),
        ("working", "skip", "skip, skip move, leave it out"),
        ("working", "previous", "previous move, go back"),
        ("working", "easier", "easier, make it easier, too hard"),
        ("working", "harder", "make it harder, harder version"),
        ("working", "next", "next, next move, finished"),
        ("working", "restart", "restart move, start over"),
        ("working", "time", "how long, time check"),
        ("working", "count", "how many more, count check"),
        ("working", "where", "where am I, which side"),
        ("working", "preview", "what's next, what follows"),
        ("working", "extend", "more time, stay longer"),
        ("working", "slower", "slow down, slower please"),
        ("working", "faster", "faster, quicker"),
        ("working", "fewer_words", "fewer words, talk less"),
        ("working", "more_words", "more words, talk more"),
        ("working", "jump", "skip to the wall"),
        ("paused", "resume", "continue, resume, keep going"),
        ("paused", "next", "next move"),
        ("paused", "previous", "previous move"),
        ("paused", "end", "end session, finish for today"),
        ("hurt", "sharp", "sharp, sharp pain"),
        ("hurt", "nerve", "numbness, tingling"),
        ("hurt", "milder", "it cleared, other, just stiff"),
        ("reviewing", "left_side", "left side"),
        ("reviewing", "right_side", "right side"),
        ("reviewing", "no_difference", "no difference"),
        ("reviewing", "feel", "better, same, worse"),
        ("reviewing", "rating", "one, two, three, four, five"),
        ("reviewing", "words", "say it in my own words"),
        ("reviewing", "leave", "skip questions, finished"),
    ],
)
def test_every_wording_means_its_command(table: PhraseTable, phase: str, command: str, wordings: str) -> None:
    for wording in wordings.split(", "):
        parsed = table.parse(wording, phase)
        assert parsed is not None, wording
        assert (parsed.command, parsed.habits) == (command, False), wording


def test_every_command_of_the_dialogue_has_phrases_and_no_other(table: PhraseTable) -> None:
    assert set(table.commands) == {command.value for command in Command}
    assert set(table.phrases()) == set(table.commands)


@pytest.mark.parametrize(
    ("text", "phase", "slots"),
    [
        ("start mid back routine", "idle", {"routine": "mid_back_full"}),
        ("I have twenty-five minutes", "idle", {"minutes": 25}),
        ("my lower back hurts", "working", {"part": "lower back"}),
        ("skip to the wall", "working", {"block": "wall"}),
        ("better", "reviewing", {"feel": "better"}),
        ("four", "reviewing", {"rating": 4}),
        ("why is the mid back important", "idle", {"topic": "mid_back"}),
    ],
)
def test_slots(table: PhraseTable, text: str, phase: str, slots: dict[str, Any]) -> None:
    parsed = table.parse(text, phase)
    assert parsed is not None
    assert parsed.slots == slots
    assert [type(value) for value in parsed.slots.values()] == [type(value) for value in slots.values()]


@pytest.mark.parametrize(
    "text", ["", "  ", "stops", "nextmove", "next next", "the next", "stop the music", "please", "it"]
)
def test_anything_else_means_nothing(table: PhraseTable, text: str) -> None:
    assert table.parse(text, "working") is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("repeat that", "repeat"),
        ("okay, next", "next"),
        ("pause it please", "pause"),
        ("Coach, pause!", "pause"),
        ("can you repeat that please", "repeat"),
        ("okay skip this one", "skip"),
    ],
)
def test_words_of_habit_are_understood(table: PhraseTable, text: str, command: str) -> None:
    parsed = table.parse(text, "working")
    assert parsed is not None
    assert (parsed.command, parsed.habits) == (command, True)


def test_a_phrase_counts_in_its_phases_only(table: PhraseTable) -> None:
    assert table.parse("next", "paused") is None
    assert table.parse("stop", "idle") is None
    assert table.parse("next") is not None
    wait, extend = table.parse("more time", "positioning"), table.parse("more time", "working")
    assert wait is not None
    assert extend is not None
    assert (wait.command, extend.command) == ("wait", "extend")


def test_what_begins_a_phrase_of_another_command_is_known(table: PhraseTable) -> None:
    assert table.goes_on("skip", "skip", "working")
    assert not table.goes_on("pause", "pause", "working")  # "pause please" means the same
    assert not table.goes_on("skip", "skip", "hurt")  # nothing to skip to then


def test_one_syllable_is_too_little_but_for_six_words_and_answers(table: PhraseTable) -> None:
    from assistant.listening.sounds import syllables

    answers = {"feel", "rating", "sharp"}  # to a question that was just asked
    short = {
        phrase
        for command, wordings in table.phrases().items()
        for phrase in wordings
        if syllables(phrase) < 2 and command not in answers
    }
    assert short == {"next", "stop", "pause", "skip", "yes", "no"}


def test_no_phrase_holds_a_word_that_swallows_others(table: PhraseTable) -> None:
    wordings = {phrase for found in table.phrases().values() for phrase in found}
    assert not {phrase for phrase in wordings if {"that", "this"} & set(phrase.split())}
    assert not {"harder", "start", "left", "right", "again", "end", "numb"} & wordings


def test_the_model_knows_every_word(table: PhraseTable, model: SpeechModel) -> None:
    words = {word for found in table.phrases().values() for phrase in found for word in phrase.split()}
    assert [word for word in words if not model.knows(word)] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("stop that one", "one stop"),
        ("undo this", "this undo"),
        ("pause for me", "for me pause"),
        ("so pause please", "pause so"),
        ("i said pause", "pause i said"),
        ("can you skip that", "skip can you"),
    ],
)
def test_some_words_of_habit_are_only_said_before_a_phrase_or_behind(
    table: PhraseTable, right: str, wrong: str
) -> None:
    parsed = table.parse(right, "working")
    assert parsed is not None
    assert parsed.habits
    assert table.parse(wrong) is None


@pytest.mark.parametrize(
    ("text", "bare"),
    [("okay next please", "next"), ("can you repeat that", "repeat"), ("one moment", "one moment"), ("okay", "okay")],
)
def test_words_of_habit_are_taken_away_where_a_phrase_is_left(table: PhraseTable, text: str, bare: str) -> None:
    assert table.without_habits(text) == bare


def test_words_of_habit_stand_alone_in_the_grammar(table: PhraseTable) -> None:
    assert {"okay", "please", "that"} <= set(table.grammar())


def test_the_grammar_is_the_same_each_time_and_weighs_commands_alike(table: PhraseTable) -> None:
    grammar = table.grammar()
    assert grammar == phrases.load(lists=LISTS).grammar()
    weights = Counter()
    for command, found in table.phrases().items():
        weights[command] = sum(grammar.count(phrase) for phrase in found)
    ambiguous = weights.pop("wait") + weights.pop("extend") + weights.pop("next") + weights.pop("leave")
    ambiguous += weights.pop("repeat") + weights.pop("explain")
    assert ambiguous > 0  # "more time", "finished" and "explain" belong to two commands
    assert len(set(weights.values())) == 1


def test_every_number_and_name_is_in_the_grammar(table: PhraseTable) -> None:
    words = {word for phrase in table.grammar() for word in phrase.split()}
    assert {"one", "nineteen", "twenty", "fifty", "sixty", "lunch", "wrist", "elbow"} <= words


def test_a_table_of_millions_of_sentences_loads_within_a_second() -> None:
    started = time.perf_counter()
    table = PhraseTable(
        {
            "language": "en",
            "intents": {
                "order": {"data": [{"sentences": ["order ({size};{milk};{drink};[with {extra}];[for {name}])"]}]},
                "cancel": {"data": [{"sentences": ["cancel order"]}]},
            },
            "lists": {
                "size": {"values": ["small", "medium", "large", "extra large"]},
                "milk": {"values": [f"{kind} milk" for kind in ("oat", "soy", "whole", "skimmed", "almond")]},
                "drink": {"values": ["coffee", "tea", "latte", "espresso", "hot chocolate", "water", "juice"]},
                "extra": {"range": {"from": 1, "to": 99}},
                "name": {
                    "values": [f"{first} {last}" for first in ("john", "mary", "paul") for last in ("s", "t", "w")]
                },
            },
        }
    )
    grammar = table.grammar()
    assert 1000 < len(grammar) < 10_000
    parsed = table.parse("order oat milk latte for mary s large with twenty two")
    assert parsed is not None
    assert parsed.slots == {"size": "large", "milk": "oat milk", "drink": "latte", "extra": 22, "name": "mary s"}
    assert time.perf_counter() - started < 1.0
    firsts = Counter(phrase.split()[1] for phrase in grammar if phrase.startswith("order"))
    assert len(firsts) == 18  # any word that begins a slot may come first


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("intents: {a: {data: [{sentences: ['{nowhere} now']}]}}", "nowhere"),
        ("intents: {a: {data: [{sentences: ['<nowhere> now']}]}}", "nowhere"),
        ("intents: {a: {data: [{sentences: ['(open']}]}}", "cannot be used"),
        ("expansion_rules: {r: '<r> x'}\nintents: {a: {data: [{sentences: ['<r> now']}]}}", "calls itself"),
        ("expansion_rules: {a: '<b>', b: '<a>'}\nintents: {a: {data: [{sentences: ['<b> now']}]}}", "calls itself"),
        ("intents: {a: {data: [{}]}}", "sentences"),
        ("intents: {a: 3}", "cannot be used"),
        ("intents: {}", "no `intents`"),
        ("- a\n- b\n", "no `intents`"),
        ("a: [1\nb: 2", r"table\.yaml:2"),
        ("", "no `intents`"),
    ],
)
def test_a_bad_table_is_refused_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "table.yaml"
    path.write_text(text)
    with pytest.raises(ListeningError, match=says) as refused:
        phrases.load(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_or_binary_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListeningError, match="cannot be read"):
        phrases.load(tmp_path / "none.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ListeningError, match="cannot be read"):
        phrases.load(tmp_path / "binary.yaml")


def test_bare_words_are_a_table() -> None:
    table = table_of(right=["right"], go=["go"])
    parsed = table.parse("go", "working")
    assert parsed is not None
    assert parsed.command == "go"
    assert table.grammar().count("go") == table.grammar().count("right")


def test_names_are_taken_as_they_are_said() -> None:
    from assistant.catalog.load import load
    from assistant.resources import resource

    lists = phrases.lists_of(load(resource("routines")))
    table = phrases.load(lists=lists)
    assert table.parse("start mid back routine", "idle") == phrases.Parsed("start", {"routine": "mid_back_full"})
    assert table.parse("skip to the wall", "working") == phrases.Parsed("jump", {"block": "wall"})
