"""From evidence to a hearing, without a recogniser."""

from __future__ import annotations

import pytest

from assistant.listening.hearing import Kind
from assistant.listening.judge import Judge
from assistant.listening.phrases import PhraseTable
from assistant.listening.probe import Evidence, Heard, Utterance
from assistant.listening.verify import fitted

from .conftest import silence

UTTERANCE = Utterance(0, 6400, 22_400, 26_000, silence(1.0))


def certain(text: str, free: str) -> Evidence:
    """The recognisers heard just `text`, that of free speech `free`."""
    heard = [Heard(text, 100.0, 6400, 22_400, 100.0)]
    return Evidence(UTTERANCE, heard, [Heard(free, 98.0, 6400, 22_400)], heard)


@pytest.mark.parametrize("phase", ["positioning", "working", "idle"])
def test_a_phrase_that_is_longer_when_idle_is_no_other_command_elsewhere(table: PhraseTable, phase: str) -> None:
    hearing = Judge(table, fitted(), "normal").hearing(
        certain("speak louder please", "speak louder peas"), phase, 26_000
    )
    assert (hearing.kind, hearing.command) == (Kind.ACCEPTED, "louder")


def test_a_command_of_another_phase_is_not_now(table: PhraseTable) -> None:
    hearing = Judge(table, fitted(), "normal").hearing(certain("how many more", "how many more"), "paused", 26_000)
    assert (hearing.kind, hearing.command) == (Kind.ELSEWHERE, "count")
