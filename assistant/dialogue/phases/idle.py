"""Waiting for a routine: before a session, and after it."""

from __future__ import annotations

from assistant.catalog.model import Routine
from assistant.catalog.spoken import listing
from assistant.dialogue import flow
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Quit, Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.instructions import FAMILIAR_TIMES
from assistant.dialogue.phases import Table, answers, calibrating
from assistant.dialogue.state import BeginRoutine, Confirming, Done, Idle
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import fill

AT_A_TIME = 3


def greet(turn: Turn) -> None:
    """The first words: how to begin, and what is new."""
    routine = answers.proposed(turn.state.context)
    if routine:
        turn.say("greeting", routine=routine)
    else:
        turn.say("no_routines")
    for added in turn.catalog.routines.values():
        if added.id in turn.state.context.memory.new_routines:
            turn.say("new_routine", title=added.title, routine=answers.asked_for(added))


def start(turn: Turn, event: Heard) -> None:
    routine = turn.catalog.routines.get(str(event.slots.get("routine")))
    if routine is None:
        turn.answer("unknown_routine")
        list_(turn, event)
        return
    turn.remember()
    flow.begin(turn, routine)


def choose(turn: Turn, event: Heard) -> None:
    """The longest routine that fits the time, or the one that comes next; then ask."""
    routines = answers.ranked(turn.state.context)
    if not routines:
        turn.answer("no_routines")
        return
    minutes = event.slots.get("minutes")
    if isinstance(minutes, int):
        fitting = [routine for routine in routines if length(turn, routine) <= minutes]
        shortest = min(routines, key=lambda routine: length(turn, routine))
        chosen = max(fitting, key=lambda routine: length(turn, routine)) if fitting else shortest
    else:
        chosen = routines[0]
    turn.answer("offer", routine=chosen.title, minutes=length(turn, chosen))
    turn.to(Confirming(BeginRoutine(chosen.id)))


def list_(turn: Turn, event: Heard) -> None:
    """Three names; three more the next time."""
    routines = answers.ranked(turn.state.context)
    phase = turn.state.phase
    begun = phase.listed if isinstance(phase, Idle) else 0
    begun = begun if begun < len(routines) else 0
    names = [routine.title for routine in routines[begun : begun + AT_A_TIME]]
    if not names:
        turn.answer("no_routines")
        return
    turn.answer("routines", names=listing(names))
    if begun + AT_A_TIME < len(routines):
        turn.answer("more_routines")
    turn.to(Idle(begun + AT_A_TIME))


def ask(turn: Turn, event: Heard) -> None:
    """Why it is worth it, or what it is."""
    topic = event.slots.get("routine") or event.slots.get("topic")
    routines = [r for r in turn.catalog.routines.values() if topic in (r.id, *r.regions)]
    if not routines:
        turn.answer("unknown_topic")
        return
    routine = next((r for r in routines if r.id == topic), routines[0])
    about = routine.why if routine.why and "routine" not in event.slots else (routine.summary,)
    turn.lines((fill(sentence) for sentence in about), Rank.ANSWER)


def end(turn: Turn, event: Heard) -> None:
    turn.answer("good_bye")
    turn.to(Done())


def length(turn: Turn, routine: Routine) -> int:
    """Its minutes for this person."""
    known = turn.state.context.memory.times.get(routine.id, 0) >= FAMILIAR_TIMES[0]
    return round(routine.minutes_familiar if known else routine.minutes_first)


def quiet(turn: Turn, phase: Done) -> None:
    """The last words are spoken: the outside may close."""
    if not phase.quit:
        turn.to(Done(quit=True))
        turn.effects.append(Quit())


TABLE: Table = {
    Command.START: start,
    Command.CHOOSE: choose,
    Command.LIST: list_,
    Command.ASK: ask,
    Command.CALIBRATE: calibrating.start,
    Command.END: end,
}
