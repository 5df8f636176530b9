"""Praise: few, true, never the same twice, and never in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_routine import CATALOG, shipped, wording

from assistant.catalog.model import Catalog
from assistant.dialogue import praise
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank, Say
from assistant.dialogue.events import Outcome
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.state import State
from assistant.dialogue.transition import new_state
from assistant.dialogue.turn_taking import Line, Voice, due, ended, make_room, offer, speak
from assistant.simulation.rehearsal import Rehearsal, Turn, played

SHIPPED = sorted(shipped().routines)


def state(sessions: int = 0, catalog: Catalog = CATALOG, routine: str = "short", words: int = 0) -> State:
    person = replace(screened(catalog), words=words)
    return new_state(catalog, wording(), Memory(sessions=sessions, times={routine: sessions}, person=person))


def praised(session: Rehearsal) -> list[str]:
    said = [effect.utterance for _, effect in session.effects if isinstance(effect, Say)]
    return [utterance.text for utterance in said if utterance.rank is Rank.FILLER]


@pytest.mark.parametrize("routine", SHIPPED)
@pytest.mark.parametrize(("sessions", "most"), [(0, 4), (2, 2), (6, 1)])
def test_little_praise_and_never_the_same_twice(routine: str, sessions: int, most: int) -> None:
    said = praised(played(state(sessions, shipped(), routine), routine))
    assert len(said) == len(set(said)) <= most


def test_each_session_has_other_praise_and_the_same_session_the_same() -> None:
    first = [praised(played(state(sessions), "short")) for sessions in (0, 1)]
    assert first[0] == ["Good, the floor part is done.", "A whole round, nicely done."]
    assert set(first[0]).isdisjoint(first[1])
    assert praised(played(state(), "short")) == first[0]


def test_only_the_counts_are_no_praise() -> None:
    assert praised(played(state(words=-3), "short")) == []


def test_it_is_true() -> None:
    """Nothing that hurt, and no part of which something was left out, is praised."""
    at = played(state(), "short").now // 2
    hurt = played(
        state(), "short", (Turn(at, Command.HURT), Turn(at + 5000, Command.MILDER), Turn(at + 9000, Command.SKIP))
    )
    assert len(praised(hurt)) <= 1
    session = Rehearsal(state())
    session.say(Command.START, slots={"routine": "short"})
    run = session.state.run
    assert run is not None
    end_of_floor = replace(run, index=5)
    assert praise.earned(replace(session.state, run=end_of_floor))
    for spoilt in (replace(end_of_floor, hurt=("open_arms",)), replace(end_of_floor, skipped=("open_arms",))):
        assert praise.earned(replace(session.state, run=spoilt)) is None


def test_the_harder_version_is_praised_until_the_words_are_used_up() -> None:
    session = Rehearsal(state())
    session.say(Command.START, slots={"routine": "short"})
    run = session.state.run
    assert run is not None
    steps = tuple(replace(step, level="harder") for step in run.plan.steps)
    texts = wording().texts["praise_harder"]
    used: tuple[str, ...] = ()
    for text in texts:
        said = praise.earned(
            replace(session.state, run=replace(run, index=3, plan=replace(run.plan, steps=steps), praised=used))
        )
        assert said is not None
        assert said[1] == text
        used = (*used, text)
    run = replace(run, index=3, plan=replace(run.plan, steps=steps), praised=used)
    assert praise.earned(replace(session.state, run=run)) is None


# -- its turn -------------------------------------------------------------------------------------------------


def queued(*lines: Line) -> Voice:
    voice = Voice()
    for line in lines:
        voice = offer(voice, line)
    return make_room(voice, Line("Good round.", Rank.FILLER), 1000)


def test_it_is_said_before_the_instructions_that_wait() -> None:
    voice = queued(Line("Lie down.", Rank.COACH), Line("Arms long.", Rank.COACH))
    voice, effects = speak(voice, 1000)
    assert [effect.utterance.text for effect in effects if isinstance(effect, Say)] == ["Good round."]
    assert speak(voice, 1200)[1] == ()  # the instruction waits
    assert due(voice) == voice.queue[0].not_before
    voice = ended(voice, 1900, 1, Outcome.FINISHED)
    assert due(voice) == voice.queue[0].not_before


def test_an_instruction_whose_moment_has_come_cuts_it() -> None:
    voice, _ = speak(queued(Line("Lie down.", Rank.COACH)), 1000)
    voice, effects = speak(voice, voice.queue[0].not_before)
    assert len(effects) == 1  # hushed
    assert voice.speaking is None


def test_what_matters_more_cuts_it_at_once() -> None:
    voice, _ = speak(queued(Line("Lie down.", Rank.COACH)), 1000)
    voice, effects = speak(offer(voice, Line("Paused.", Rank.ANSWER)), 1100)
    assert len(effects) == 1
    assert voice.queue[0].text == "Paused."


def test_it_is_left_out_where_there_is_no_time() -> None:
    voice = replace(queued(Line("Lie down.", Rank.COACH)), free_at=3000)
    said = []
    for at in (3000, 3350, 4000):
        voice, effects = speak(voice, at)
        said += [effect.utterance.text for effect in effects if isinstance(effect, Say)]
    assert said == ["Lie down."]
    assert voice.queue == ()


def test_with_nothing_else_to_say_it_is_simply_said() -> None:
    _, effects = speak(queued(), 1000)
    assert [effect.utterance.text for effect in effects if isinstance(effect, Say)] == ["Good round."]
