"""The person's own phrases: phrases.yaml in the configuration folder."""

from __future__ import annotations

import pytest

from assistant.cli import main
from assistant.listening import phrases
from assistant.listening.phrases import Parsed
from assistant.storage.places import config_dir


def own(text: str) -> None:
    config_dir().mkdir(parents=True, exist_ok=True)
    (config_dir() / "phrases.yaml").write_text(text, encoding="utf-8")


def test_a_phrase_is_added_without_any_code() -> None:
    own("intents: {repeat: {data: [{sentences: [come again please, 'once more [for me]']}]}}\n")
    table = phrases.load()
    assert table.parse("once more for me", "working") == Parsed("repeat")
    assert table.parse("repeat please", "working") == Parsed("repeat")
    assert table.parse("once more", "paused") is None
    assert "come again please" in table.grammar()


def test_a_phrase_is_changed_without_any_code() -> None:
    block = "{sentences: [forward march], requires_context: {phase: [working]}}"
    own(f"intents: {{next: {{instead: true, data: [{block}]}}}}\n")
    table = phrases.load()
    assert table.parse("forward march", "working") == Parsed("next")
    assert table.parse("next move", "paused") is None


def test_lists_rules_and_words_of_habit_of_ones_own() -> None:
    own(
        "intents: {hurt: {data: [{sentences: ['<my> {part} is sore']}]}}\n"
        "lists: {part: {values: [{in: calf, out: leg}]}}\n"
        "expansion_rules: {my: '(my|the)'}\n"
        "skip_words: [sweetie, kindly, right away]\n"
        "lead_words: [kindly]\n"
        "follow_words: [right away]\n"
    )
    table = phrases.load()
    assert table.parse("the calf is sore", "working") == Parsed("hurt", {"part": "leg"})
    assert table.parse("stop now sweetie", "working") == Parsed("stop", habits=True)
    assert table.parse("kindly stop now", "working") == Parsed("stop", habits=True)
    assert table.parse("stop now kindly", "working") is None
    assert table.parse("stop right away", "working") == Parsed("stop", habits=True)
    assert table.parse("right away stop", "working") is None
    assert table.parse("this stop", "working") is None
    assert table.parse("my knee hurts", "working") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("intents: {repeat: {data: [{sentences: [", "This is not valid YAML"),
        ("- 1\n", ":1: There are no 'intents'"),
        ("intents:\n  fly: {data: []}\n", ":2: There is no command 'fly': phrases add none. What it says for 'fly'"),
        ("intents:\n  stop:\n    data:\n      - sentences: ['(']\n", "is no template"),
        ("intents:\n  stop:\n    data:\n      - sentences:\n          - halt\n          - 7\n", ":6: 7 is no text"),
        ("intents: {}\nrules: {}\n", ":2: There is no key 'rules'"),
        ("intents: {}\nlists: {part: 7}\n", ":2: These lists cannot be used and are left out"),
        ("intents: {}\nskip_words: 7\n", ":2: These skip_words cannot be used"),
        ("intents:\n  next: {data: [{sentences: [go], requires_context: {phase: [idle]}}]}\n", "cannot be said in"),
    ],
)
def test_what_is_faulty_is_named_with_its_line_and_the_rest_counts(
    text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own(text + "  repeat: {data: [{sentences: [come again please]}]}\n" if text.startswith("intents:\n") else text)
    table = phrases.load()
    told = capsys.readouterr().err
    assert told.startswith(f"coach: left out: {config_dir() / 'phrases.yaml'}:")
    assert says in told
    assert table.parse("stop now", "working") == Parsed("stop")
    if text.startswith("intents:\n"):
        assert table.parse("come again please", "working") == Parsed("repeat")


def test_the_check_counts_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    own("intents:\n  fly: {data: []}\n")
    assert main(["phrases", "check"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert "There is no command 'fly'" in out[0]
    assert out[-1] == "1 thing to change."
