"""Every routine as the real voice speaks it: not too many words, and as long as it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from assistant.catalog.load import load
from assistant.catalog.positions import changes_level
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.transition import new_state
from assistant.dialogue.wording import estimate_ms
from assistant.language.wording import load_wording
from assistant.simulation import sounding
from assistant.simulation.pacing import Pacing, pacing
from assistant.simulation.rehearsal import Rehearsal, played
from assistant.speaking import Renderer, Sentences, Voice

CATALOG = load()
ROUTINES = sorted(CATALOG.routines)
FIRST, FAMILIAR = 0.45, 0.25


@pytest.fixture(scope="module")
def lengths() -> Iterator[Callable[[str], int]]:
    """How long the built-in voice takes; each sentence is rendered once."""
    sentences = Sentences(Renderer(Voice()), sounding.RATE)
    known: dict[str, int] = {}
    measure = sounding.lengths(sentences)

    def length(text: str) -> int:
        if text not in known:
            known[text] = measure(text)
        return known[text]

    yield length
    sentences.close()


def rehearsed(routine: str, times: int, lengths: Callable[[str], int]) -> Rehearsal:
    memory = Memory(sessions=times, times={routine: times}, person=screened(CATALOG))
    return played(new_state(CATALOG, load_wording(), memory), routine, (), lengths)


def paced(routine: str, times: int, lengths: Callable[[str], int]) -> Pacing:
    return pacing(rehearsed(routine, times, lengths), lengths)


@pytest.mark.parametrize("routine", ROUTINES)
def test_speech_leaves_room_to_move(routine: str, lengths: Callable[[str], int]) -> None:
    first, later, known = (paced(routine, times, lengths).share for times in (0, 2, 5))
    assert known < later < first
    assert first <= FIRST
    assert known <= FAMILIAR


@pytest.mark.parametrize("times", [0, 2, 5])
@pytest.mark.parametrize("routine", ROUTINES)
def test_it_takes_as_long_as_it_promises(routine: str, times: int, lengths: Callable[[str], int]) -> None:
    told = CATALOG.routines[routine]
    promised = told.minutes_familiar if times else told.minutes_first
    assert paced(routine, times, lengths).whole_s / 60 == pytest.approx(promised, rel=0.1)


@pytest.mark.parametrize("routine", ROUTINES)
def test_the_level_changes_at_most_once_in_a_block(routine: str) -> None:
    for block in CATALOG.routines[routine].blocks:
        places = [CATALOG.exercises[item.use].position for item in block.items]
        assert sum(changes_level(a, b) for a, b in pairwise(places)) <= 1


def test_the_estimate_of_a_length_is_near_the_voice(lengths: Callable[[str], int]) -> None:
    """What the dialogue reckons with. One by one they differ by a fifth, all in all by nothing that counts."""
    texts = {entry.text for entry in rehearsed("mid_back_full", 0, lengths).entries if entry.who == "COACH"}
    ratios = [lengths(text) / estimate_ms(text) for text in texts]
    assert sum(lengths(text) for text in texts) == pytest.approx(sum(map(estimate_ms, texts)), rel=0.05)
    assert sum(0.8 <= ratio <= 1.2 for ratio in ratios) >= 0.9 * len(ratios)
