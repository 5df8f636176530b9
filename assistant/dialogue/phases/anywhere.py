"""What works in every phase: stop, pain, danger, pause, undo, help, loudness, the microphone."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import flow, questions
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Forget, Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.person import counting
from assistant.dialogue.phases import Table, answers, calibrating, checking, sound
from assistant.dialogue.phases.recut import recut
from assistant.dialogue.state import (
    Checking,
    Confirming,
    EndSession,
    Hurt,
    Idle,
    Paused,
    Positioning,
    Trouble,
    Why,
    Working,
)
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import estimate_ms

STOPPED_MS = 1000  # of silence before words


def moving(turn: Turn) -> bool:
    """In work or on the way to it: the clock has to be frozen, and the body has to get out of the position."""
    return isinstance(turn.state.phase, (Positioning, Working))


def stop(turn: Turn, event: Heard) -> None:
    """Silence; then the way out of the position; after a second of rest, what can be said."""
    if moving(turn):
        turn.remember()
        flow.pause(turn, Why.STOP)
    else:
        turn.hush()
        back_to_pause(turn)
    if isinstance(turn.state.phase, Paused):
        after_exit = sum(estimate_ms(line.text) for line in turn.state.voice.queue)
        turn.lines(turn.wording.sentences("stopped"), Rank.ANSWER, not_before=turn.at + after_exit + STOPPED_MS)


def pause(turn: Turn, event: Heard) -> None:
    if moving(turn):
        turn.remember()
        flow.pause(turn, Why.PAUSE)
        turn.say("paused", Rank.ANSWER)
    elif isinstance(turn.state.phase, Checking):
        checking.hold(turn)
    elif turn.state.run is None:
        turn.answer("not_now")
        answers.options(turn, event)
    else:
        turn.hush()
        back_to_pause(turn)
        turn.say("still_paused", Rank.ANSWER)


def back_to_pause(turn: Turn) -> None:
    """An open question is withdrawn."""
    phase = turn.state.phase
    calibrating.leave(turn)
    if isinstance(phase, Confirming):
        turn.to(phase.question.paused if isinstance(phase.question, EndSession) else Idle())
    elif isinstance(phase, Checking):
        turn.to(Idle())


def hurt(turn: Turn, event: Heard) -> None:
    """What kind of pain? Nothing goes on until that is answered. A part of the body that was named is spared."""
    part = str(event.slots.get("part", ""))
    if isinstance(turn.state.phase, Checking):
        checking.hurts(turn, part)
        return
    _stand_still(turn, Trouble.ASKED)
    if (question := questions.about_part(turn.catalog, part)) is not None:
        turn.know(questions.sore(turn.state.person, question))
        if turn.state.run is not None:
            tags = turn.run.plan.profile.tags | counting(turn.state.person.tags)
            recut(turn, replace(turn.run.plan.profile, tags=tags))
        turn.say("spared", Rank.SAFETY, part=part)
    if turn.state.run is not None:
        turn.say("hurt_asked", Rank.SAFETY)


def dizzy(turn: Turn, event: Heard) -> None:
    _stand_still(turn, Trouble.RESTING)
    turn.say("dizzy", Rank.SAFETY)


def danger(turn: Turn, event: Heard) -> None:
    """The emergency text comes before anything else, and before the next session all questions."""
    _stand_still(turn, Trouble.DANGER)
    if turn.state.run is not None:
        turn.update(danger=True)
    turn.know(replace(turn.state.person, asked={}))
    turn.say("danger", Rank.SAFETY)


def _stand_still(turn: Turn, trouble: Trouble) -> None:
    """Nothing goes on by itself from here, nor does anything begin."""
    phase = turn.state.phase
    if isinstance(phase, Checking):
        checking.refuse(turn)
    calibrating.leave(turn)
    if turn.state.run is None:
        return
    if moving(turn):
        turn.remember()
        flow.freeze(turn)
    else:
        turn.hush()
    exercise = phase.exercise if isinstance(phase, Hurt) else turn.run.step.exercise.id
    turn.update(hurt=tuple(dict.fromkeys((*turn.run.hurt, exercise))))
    turn.to(Hurt(trouble, exercise))
    flow.save(turn)


def undo(turn: Turn, event: Heard) -> None:
    """Back to where the last command was heard; a changed place is never taken for the body's place."""
    snapshot = turn.state.undo
    if snapshot is None:
        turn.answer("nothing_to_undo")
        return
    settings = replace(snapshot.settings, muted=turn.state.settings.muted)  # only its own words open the microphone
    before = turn.state.settings.sound
    if not snapshot.place:
        turn.set(undo=None, settings=settings)
        turn.know(replace(turn.state.person, words=snapshot.person.words))
        sound.changed_from(turn, before)
        if turn.state.run is not None:
            turn.update(misheard=turn.run.misheard + 1)
        if isinstance(turn.state.phase, Working):
            flow.retime(turn)
        turn.answer("undone")
        return
    if moving(turn):
        flow.freeze(turn)
    else:
        turn.hush()
    turn.set(undo=None, settings=settings, run=snapshot.run)
    turn.know(snapshot.person)
    turn.answer("undone")
    if snapshot.run is None:
        turn.effects.append(Forget())
        turn.to(Idle())
        if snapshot.checking is not None:
            checking.back_to(turn, snapshot.checking)
    else:
        turn.update(misheard=turn.run.misheard + 1)
        flow.come_back(turn)
        flow.save(turn)


def end(turn: Turn, event: Heard) -> None:
    """Ask before ending; the clock stands still meanwhile."""
    if moving(turn):
        turn.remember()
        flow.pause(turn, Why.PAUSE)
    phase = turn.state.phase
    paused = phase if isinstance(phase, Paused) else Paused(turn.at, Why.HURT, working=True)
    turn.to(Confirming(EndSession(paused)))
    turn.say("end_asked", Rank.ANSWER)


FIRST: Table = {
    Command.STOP: stop,
    Command.PAUSE: pause,
    Command.HURT: hurt,
    Command.DIZZY: dizzy,
    Command.DANGER: danger,
}
"""Obeyed in any phase, whatever phase they were heard in; the cut is the first reaction."""

TABLE: Table = {
    **FIRST,
    Command.UNDO: undo,
    Command.OPTIONS: answers.options,
    Command.WHAT_HEARD: answers.what_heard,
    **sound.TABLE,
    Command.MUTE_MICROPHONE: answers.mute,
    Command.OPEN_MICROPHONE: answers.unmute,
}
