"""What is there today and what is not: "no wall", "I have a wall"."""

from __future__ import annotations

from dataclasses import replace

from assistant.catalog import spoken
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.person import Mark, Person, counting, unmarked
from assistant.dialogue.phases import Table
from assistant.dialogue.phases.recut import recut
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import Sentence

FLOOR = "floor"  # a fact about the person, which stays; everything else is about the room, and about today


def without(turn: Turn, event: Heard) -> None:
    """It is missing: the moves that need it change, from now on."""
    thing, known = str(event.slots.get("kit")), turn.state.person
    mark = Mark(0, None if thing == FLOOR else 0)
    said = turn.wording.sentences("without", thing=spoken.missing(thing))
    _know(turn, replace(known, missing={**known.missing, thing: mark}), said)


def with_(turn: Turn, event: Heard) -> None:
    """It is there after all."""
    thing, known = str(event.slots.get("kit")), turn.state.person
    said = turn.wording.sentences("with_it", thing=spoken.missing(thing))
    _know(turn, replace(known, missing=unmarked(known.missing, (thing,))), said)


def _know(turn: Turn, known: Person, said: tuple[Sentence, ...]) -> None:
    turn.remember()
    turn.know(known)
    if turn.state.run is None:
        turn.lines(said, Rank.ANSWER)
    else:
        recut(turn, replace(turn.run.plan.profile, missing=counting(known.missing)), said)


TABLE: Table = {Command.WITHOUT: without, Command.WITH: with_}
