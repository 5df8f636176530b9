"""What works in every phase: stop, pain, danger, pause, undo, help, loudness, the microphone."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import flow
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Forget, Rank, Volume
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import Table, answers, calibrating
from assistant.dialogue.state import (
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


def hurt(turn: Turn, event: Heard) -> None:
    """What kind of pain? Nothing goes on until that is answered."""
    _troubled(turn, Trouble.ASKED, "hurt_asked")


def dizzy(turn: Turn, event: Heard) -> None:
    _troubled(turn, Trouble.RESTING, "dizzy")


def danger(turn: Turn, event: Heard) -> None:
    """The emergency text comes before anything else."""
    _troubled(turn, Trouble.DANGER, "danger")
    if turn.state.run is not None:
        turn.update(danger=True)


def _troubled(turn: Turn, trouble: Trouble, key: str) -> None:
    if turn.state.run is None:
        calibrating.leave(turn)
        turn.say(key, Rank.SAFETY)
        return
    if moving(turn):
        turn.remember()
        flow.freeze(turn)
    else:
        turn.hush()
    turn.update(hurt=tuple(dict.fromkeys((*turn.run.hurt, turn.run.step.exercise.id))))
    turn.to(Hurt(trouble))
    flow.save(turn)
    turn.say(key, Rank.SAFETY)


def undo(turn: Turn, event: Heard) -> None:
    """Back to where the last command was heard; a changed place is never taken for the body's place."""
    snapshot = turn.state.undo
    if snapshot is None:
        turn.answer("nothing_to_undo")
        return
    settings = replace(snapshot.settings, muted=turn.state.settings.muted)  # only its own words open the microphone
    turn.effects.append(Volume(settings.volume_db))
    if not snapshot.place:
        turn.set(undo=None, settings=settings)
        if isinstance(turn.state.phase, Working):
            flow.retime(turn)
        turn.answer("undone")
        return
    if moving(turn):
        flow.freeze(turn)
    else:
        turn.hush()
    turn.set(undo=None, settings=settings, run=snapshot.run)
    turn.answer("undone")
    if snapshot.run is None:
        turn.effects.append(Forget())
        turn.to(Idle())
    else:
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
    Command.LOUDER: answers.volume,
    Command.QUIETER: answers.volume,
    Command.MUTE_MICROPHONE: answers.mute,
    Command.OPEN_MICROPHONE: answers.unmute,
}
