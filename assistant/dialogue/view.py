"""What a display shows of the dialogue."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.catalog.model import Side
from assistant.dialogue.commands import PhaseName
from assistant.dialogue.instructions import detail_of
from assistant.dialogue.phases.answers import options_now, session_left_ms, upcoming
from assistant.dialogue.state import Idle, Positioning, State, Working
from assistant.dialogue.timeline import compile_step
from assistant.dialogue.turn import live_run


@dataclass(frozen=True)
class View:
    """Everything a display shows. `remaining_ms`: of the work, or until it begins; None where no time runs.

    Fractions lie between 0 and 1. `options`: three things that fit best now. `heard` and `heard_outcome`: the last
    thing heard and what became of it. `speaking`: the sentence that sounds.
    """

    phase: PhaseName
    routine: str
    move: str
    side: Side | None
    remaining_ms: int | None
    move_fraction: float
    session_fraction: float
    coming_next: str
    options: tuple[str, ...]
    heard: str
    heard_outcome: str
    muted: bool
    speaking: str


def view_of(state: State, at: int) -> View:
    """The view at session time `at` (ms), not before the last event."""
    run = live_run(state, at)
    step = run.step if run else None
    speaking = state.voice.speaking
    options = options_now(state)
    return View(
        phase=state.phase_name,
        routine=run.plan.routine.title if run else "",
        move=step.exercise.say if step else "",
        side=step.side if step else None,
        remaining_ms=_remaining(state, at),
        move_fraction=_move_fraction(state, at),
        session_fraction=_session_fraction(state, at),
        coming_next=upcoming(state),
        options=tuple(word for sentence in options for word in sentence.taught),
        heard=state.heard.text if state.heard else "",
        heard_outcome=state.heard.fate.value if state.heard else "",
        muted=state.settings.muted,
        speaking=speaking.line.text if speaking is not None and speaking.since <= at else "",
    )


def _remaining(state: State, at: int) -> int | None:
    phase = state.phase
    if isinstance(phase, Working):
        return max(0, phase.track.anchor + phase.timeline.total - at)
    if isinstance(phase, Positioning) and phase.counting_in is not None:
        return max(0, phase.counting_in.anchor - at)
    if state.run is not None and state.run.offset:
        return max(0, _total(state) - state.run.offset)
    return None


def _move_fraction(state: State, at: int) -> float:
    run = live_run(state, at)
    return 0.0 if run is None or not run.offset else min(1.0, run.offset / max(1, _total(state)))


def _total(state: State) -> int:
    assert state.run is not None
    run, settings = state.run, state.settings
    detail = detail_of(state, run.step)
    return compile_step(run.step, state.context.wording, detail, settings.tempo, run.extra).total


def _session_fraction(state: State, at: int) -> float:
    if state.run is None:
        return 0.0 if isinstance(state.phase, Idle) else 1.0
    whole = state.run.plan.seconds * 1000
    return min(1.0, max(0.0, 1.0 - session_left_ms(state, at) / max(1.0, whole)))
