"""Waiting for a routine: before a session, and after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.catalog.model import Routine
from assistant.catalog.shorten import only
from assistant.catalog.spoken import listing
from assistant.dialogue import evening, flow, offers
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Finished, Quit, Rank
from assistant.dialogue.events import Heard, Recalled
from assistant.dialogue.instructions import full_stop
from assistant.dialogue.person import marked
from assistant.dialogue.phases import Table, answers, calibrating, kit
from assistant.dialogue.state import BeginRoutine, Confirming, Done, Idle, WhichRoutine
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import counted, fill

AT_A_TIME = 3
IT = "it"  # the topic of "tell me about it"
LONGEST_MIN = 60  # who has more than this is told what the longest is


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
    if turn.state.context.memory.left_out:
        turn.say("files_left_out", Rank.SAFETY, files=counted(turn.state.context.memory.left_out, "file"))


# -- beginning -----------------------------------------------------------------------------------------------


def start(turn: Turn, event: Heard) -> None:
    """The routine of that name or part; of two with one name, which one?"""
    found = _meant(turn, event)
    if not found:
        turn.answer("unknown_routine")
        list_(turn, event)
        return
    if len(found) > 1:
        _do_without(turn, event)
        which(turn, found[0], found[1])
        return
    turn.remember()
    _do_without(turn, event)
    turn.to(Idle(named=found[0].id))
    flow.begin(turn, found[0])


def just_one(turn: Turn, event: Heard) -> None:
    """A single move: of the routine that is on offer, else of the one for a short break."""
    phase = turn.state.phase
    if isinstance(phase, Confirming) and isinstance(phase.question, BeginRoutine):
        routine = turn.catalog.routines[phase.question.routine]
    else:
        able = offers.least_lately(turn.state)
        if not able:
            turn.answer("no_routines")
            return
        routine = min(able, key=lambda r: (r.moment != "lunch", offers.length(turn.state, r)))
    turn.remember()
    turn.to(Idle())
    flow.begin(turn, routine, only(offers.plan_today(turn.state, routine), turn.catalog).profile.cut)


def which(turn: Turn, first: Routine, second: Routine) -> None:
    """Ask which of the two is meant."""
    turn.to(Confirming(WhichRoutine((first.id, second.id))))
    names = [_with_minutes(turn, routine) for routine in (first, second)]
    turn.answer("which_routine", first=names[0], second=names[1])


# -- choosing ------------------------------------------------------------------------------------------------


def choose(turn: Turn, event: Heard) -> None:
    """What fits, with a question; what they are without is known from now on."""
    _do_without(turn, event)
    slots = event.slots
    minutes, region, moment = slots.get("minutes"), slots.get("region"), slots.get("moment")
    if slots.get("want") == "next_part":
        question = offers.next_part(turn.state)
    elif minutes is region is moment is None:
        question = offers.today(turn.state)
    else:
        question = offers.wished(
            turn.state,
            offers.Wish(
                minutes if isinstance(minutes, int) else None,
                str(region) if region else None,
                str(moment) if moment else None,
            ),
        )
    if question is None:
        if turn.catalog.routines:
            turn.answer("nothing_like_it")
        list_(turn, event)
        return
    ask_to_begin(turn, question, _manner(turn, question, minutes))


def _manner(turn: Turn, question: BeginRoutine, minutes: str | int | None) -> str:
    """The key of the words for an offer: minutes that nothing fits are answered with what there is."""
    if not isinstance(minutes, int):
        return "offer_because"
    if offers.length(turn.state, turn.catalog.routines[question.routine]) > minutes:
        return "offer_shortest"
    return "offer_longest" if minutes > LONGEST_MIN else "offer"


def ask_to_begin(turn: Turn, question: BeginRoutine, key: str) -> None:
    """Make the offer in the words `key`, and wait for the answer."""
    routine = turn.catalog.routines[question.routine]
    minutes = counted(offers.length(turn.state, routine), "minute")
    turn.answer(key, routine=routine.title, minutes=minutes, because=question.because)
    turn.to(Confirming(question))


# -- telling -------------------------------------------------------------------------------------------------


def list_(turn: Turn, event: Heard) -> None:
    """Three names; three more the next time."""
    routines = answers.ranked(turn.state.context)
    phase = turn.state.phase
    begun = phase.listed if isinstance(phase, Idle) else 0
    begun = begun if begun < len(routines) else 0
    told = routines[begun : begun + AT_A_TIME]
    if not told:
        turn.answer("no_routines")
        return
    turn.answer("routines", names=listing([routine.title for routine in told]))
    if begun + AT_A_TIME < len(routines):
        turn.answer("more_routines")
    turn.to(Idle(begun + AT_A_TIME, told[-1].id))


def ask(turn: Turn, event: Heard) -> None:
    """Why it is worth it, or what it is; an open question is asked again."""
    phase = turn.state.phase
    found = _about(turn, event)
    if found is None:
        turn.answer("unknown_topic")
    else:
        by_name = "routine" in event.slots or event.slots.get("topic") == IT
        about = found.why if found.why and not by_name else (found.summary, *found.why[:1])
        tell(turn, about)
    if isinstance(phase, Confirming):
        turn.answer("begin_asked")
        turn.to(Confirming(phase.question))
    elif found is not None:
        turn.to(Idle(phase.listed if isinstance(phase, Idle) else 0, found.id))


def _about(turn: Turn, event: Heard) -> Routine | None:
    """The routine that is asked about: by name, by topic, or the one that was named last."""
    topic = event.slots.get("topic")
    if topic == IT:
        return _named(turn)
    if topic is None:
        return next(iter(_meant(turn, event)), None)
    routines = [routine for routine in turn.catalog.routines.values() if topic in (routine.id, *routine.regions)]
    return min(routines, key=lambda r: (r.id != topic, r.regions[0] != topic, -r.minutes_first), default=None)


def _named(turn: Turn) -> Routine | None:
    """ "It": the one on offer, else the one named last, else the one in the greeting."""
    phase = turn.state.phase
    if isinstance(phase, Confirming) and isinstance(phase.question, BeginRoutine):
        return turn.catalog.routines[phase.question.routine]
    if isinstance(phase, Idle) and phase.named is not None:
        return turn.catalog.routines[phase.named]
    return next(iter(answers.ranked(turn.state.context)), None)


def _meant(turn: Turn, event: Heard) -> list[Routine]:
    """The routines that a name (its ids, spaces between) or a part number can mean."""
    part = event.slots.get("series_part")
    if isinstance(part, int):
        routine = offers.of_part(turn.state, part)
        return [routine] if routine else []
    ids = str(event.slots.get("routine", "")).split()
    return [turn.catalog.routines[name] for name in ids if name in turn.catalog.routines]


def _do_without(turn: Turn, event: Heard) -> None:
    """What is missing today is known from now on."""
    thing = event.slots.get("without")
    if thing is not None:
        person = turn.state.person
        turn.know(replace(person, missing=marked(person.missing, (str(thing),), lasts=0)))


def _with_minutes(turn: Turn, routine: Routine) -> str:
    return f"{routine.title}, {counted(offers.length(turn.state, routine), 'minute')}"


def tell(turn: Turn, sentences: Iterable[str]) -> None:
    """Answer with sentences of a routine's file."""
    turn.lines((full_stop(fill(sentence)) for sentence in sentences), Rank.ANSWER)


# -- the end -------------------------------------------------------------------------------------------------


def end(turn: Turn, event: Heard) -> None:
    turn.answer("good_bye")
    turn.to(Done(bye=True))


def quiet(turn: Turn, phase: Done) -> None:
    """The last words are spoken: the outside may close, or `recall`."""
    if not phase.told:
        turn.to(replace(phase, told=True))
        turn.effects.append(Quit() if phase.bye else Finished())


def recall(turn: Turn, event: Recalled) -> None:
    """Wait for the next session, with what is remembered now; in the middle of one, nothing changes."""
    phase = turn.state.phase
    if not isinstance(phase, Idle) and phase != Done(told=True):
        return
    turn.set(context=replace(turn.state.context, memory=event.memory), person=event.memory.person)
    if isinstance(phase, Done):
        turn.to(Idle())
    evening.adjust(turn)


TABLE: Table = {
    **kit.TABLE,
    Command.START: start,
    Command.JUST_ONE: just_one,
    Command.CHOOSE: choose,
    Command.LIST: list_,
    Command.ASK: ask,
    Command.CALIBRATE: calibrating.start,
    Command.END: end,
}
