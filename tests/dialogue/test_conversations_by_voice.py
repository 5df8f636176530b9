"""The rows of the table that are marked `aloud`, through voice and room instead of keys; the mark names the voice.

The same rows, with the same expectations. What differs: the person waits for the end of a sentence and speaks for a
second, so what the clock shows may be that much less, and what is to be said soon has three seconds more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import pytest
from aloud import Aloud, Studio
from test_conversations import CONVERSATIONS, Talk, known, memory_of, table

from assistant.dialogue.view import view_of

ROWS = [row for row in CONVERSATIONS if row.values[0].get("aloud")]
Played = TypeVar("Played", bound=Talk)
SLOWER_S = 3  # engines speak slower than estimated


class TalkAloud(Talk):
    """A conversation that is typed up to its beginning, and then spoken."""

    def aloud(self, studio: Studio, voice: str) -> None:
        self.session: Any = Aloud(studio, table(self.routines), self.session, voice)

    def hear(self, texts: str | list[str], within: float = 20) -> None:
        super().hear(texts, within + SLOWER_S)

    def left_s(self, seconds: float) -> None:
        left = view_of(self.session.state, self.session.now).remaining_ms
        assert left is not None
        assert round(seconds * 1000) - self.session.late_ms - 100 <= left <= round(seconds * 1000) + 100


class Phases(Talk):
    """Typed; `answered`: the phases in which something was said."""

    def play(self, lines: list[dict[str, Any]]) -> None:
        self.answered: set[str] = set()
        for line in lines:
            if "say" in line or "voice" in line:
                self.answered.add(self.session.state.phase_name.value)
            super().play([line])


def begun(kind: type[Played], talk: dict[str, Any]) -> Played:
    conversation = kind(memory_of(talk), talk.get("routines", "small"), known(talk.get("person")))
    conversation.begin(talk["from"])
    return conversation


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    studio = Studio(tmp_path_factory.mktemp("studio"))
    yield studio
    studio.close()


@pytest.mark.parametrize(("talk", "voice"), [
    pytest.param(row.values[0], f"en-us+{row.values[0]['aloud']}", id=row.id) for row in ROWS
])  # fmt: skip
def test_conversation_by_voice(talk: dict[str, Any], voice: str, studio: Studio) -> None:
    conversation = begun(TalkAloud, talk)
    conversation.aloud(studio, voice)
    conversation.play(talk["lines"])
    conversation.session.close()


def test_forty_conversations_are_aloud_in_all_phases() -> None:
    assert len(ROWS) >= 40
    answered: set[str] = set()
    for row in ROWS:
        conversation = begun(Phases, row.values[0])
        conversation.play(row.values[0]["lines"])
        answered |= conversation.answered
    assert answered >= {"idle", "checking", "confirming", "positioning", "working", "paused", "hurt", "reviewing"}
