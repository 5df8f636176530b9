"""A table whose templates stand for hundreds of millions of sentences: five parts of an order, in any order."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.audio import wav
from assistant.cli import main
from assistant.listening import phrases
from assistant.speaking import Renderer, Voice

ORDERS = Path(__file__).parent / "tables" / "orders.yaml"
SAID: dict[str, dict[str, str | int]] = {
    "can i get large cappuccino with soy milk no sugar three": {
        "size": "large", "drink": "cappuccino", "milk": "soy", "extra": "sugar", "amount": 3,
    },
    "four of them in medium mocha with whole milk some cream": {
        "amount": 4, "size": "medium", "drink": "mocha", "milk": "whole", "extra": "cream",
    },
    "we need twelve small green tea almond milk no ice": {
        "amount": 12, "size": "small", "drink": "green tea", "milk": "almond", "extra": "ice",
    },
    "give me a green tea": {"drink": "green tea"},
}  # fmt: skip


def test_it_loads_within_a_second_and_its_grammar_is_bounded() -> None:
    began = time.process_time()
    table = phrases.load(ORDERS)
    grammar = table.grammar()
    assert time.process_time() - began < 1.0
    assert len(grammar) <= 5000
    longest = max(grammar, key=len)
    assert len(longest.split()) >= 12
    assert table.parse(longest) is not None


@pytest.mark.parametrize("words", SAID)
def test_every_order_of_the_parts_is_parsed(words: str) -> None:
    parsed = phrases.load(ORDERS).parse(words)
    assert parsed is not None
    assert parsed.slots == SAID[words]


@pytest.fixture(scope="module")
def render() -> Iterator[Callable[[str, Path], None]]:
    renderer = Renderer(Voice(id="en-us+f4", rate=155))

    def write(words: str, path: Path) -> None:
        speech = renderer.render(words)
        quiet = np.zeros(speech.rate // 2, np.float32)
        wav.write(path, np.concatenate([quiet, speech.samples * np.float32(0.5 / 32768), quiet]), speech.rate)

    yield write
    renderer.close()


def test_long_sentences_are_recognised(
    tmp_path: Path, render: Callable[[str, Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for number, words in enumerate(SAID):
        render(words, tmp_path / f"{number}.wav")
    assert main(["hear", "--json", "--phrases", str(ORDERS), str(tmp_path)]) == 0
    found = [json.loads(line)["heard"] for line in capsys.readouterr().out.splitlines()]
    assert [[each["slots"] for each in heard] for heard in found] == [[slots] for slots in SAID.values()]
