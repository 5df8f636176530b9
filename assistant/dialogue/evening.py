"""A quiet evening: the coach speaks softer, and the last part of a routine goes by without beeps."""

from __future__ import annotations

from assistant.dialogue.effects import Volume
from assistant.dialogue.state import State
from assistant.dialogue.turn import Turn

SOFTER_DB = -6.0


def quiet(state: State) -> bool:
    """Whether to be quiet now: it is late, or the routine is one for the evening."""
    return state.context.memory.evening or (state.run is not None and state.run.plan.routine.quiet)


def volume(state: State) -> Volume:
    """How loud to be now, by what the person has set and by the hour."""
    return Volume(state.settings.sound.volume_db + (SOFTER_DB if state.soft else 0.0))


def adjust(turn: Turn) -> None:
    """Be softer from now on, or no longer, where that has changed."""
    soft = quiet(turn.state)
    if soft is not turn.state.soft:
        turn.set(soft=soft)
        turn.effects.append(volume(turn.state))


def without_beeps(state: State) -> bool:
    """Whether words take the place of the tones in the current step: it belongs to the end of a quiet session."""
    if state.run is None or not quiet(state):
        return False
    blocks = list(dict.fromkeys(step.block for step in state.run.plan.steps))
    last = state.run.plan.routine.blocks[-1].id
    return state.run.step.block in blocks[blocks.index(last) if last in blocks else -1 :]
