"""The cost of a phrase is what Vosk's own scores contain."""

from __future__ import annotations

import pytest

from assistant.listening.model import SpeechModel
from assistant.listening.weights import Weights

from .conftest import clip

SMALL = ["next", "stop"]
LARGE = ["next", "next move", "next move", "stop", "pause please", "pause", "how many more", "how long", "ready"]


@pytest.mark.parametrize(("name", "text"), [("next", "next"), ("pause", "pause"), ("how_many_more", "how many more")])
def test_without_its_cost_a_score_does_not_depend_on_the_table(model: SpeechModel, name: str, text: str) -> None:
    fits = []
    for grammar in ([text], [*SMALL, text], [*LARGE, text], [*LARGE, *LARGE, text], [text] * 5 + LARGE):
        recogniser = model.recogniser(grammar, alternatives=3)
        recogniser.feed(clip(f"rendered/{name}"))
        best = recogniser.final()[0]
        assert best.text == text
        fits.append(best.score + Weights(grammar).cost(text))
    assert max(fits) - min(fits) < 0.5
    assert len(set(fits)) > 1  # the scores themselves do differ


def test_what_the_grammar_lacks_is_impossible() -> None:
    assert Weights(SMALL).cost("go") == float("inf")


def test_words_out_of_order_cost_more() -> None:
    weights = Weights(LARGE)
    assert weights.cost("how many more") < weights.cost("more many how")


def test_nothing_at_all_has_a_cost() -> None:
    assert 0 < Weights(SMALL).cost("") < float("inf")
