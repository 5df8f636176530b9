"""Guided speech: a few phrases lying, kneeling and at the wall, to learn how the person is heard there."""

from __future__ import annotations

from dataclasses import replace

from assistant.catalog.positions import Posture
from assistant.dialogue.calibration import analyse, to_data
from assistant.dialogue.effects import Calibrated, Rank
from assistant.dialogue.events import Heard, Measured
from assistant.dialogue.state import Calibrating, Idle
from assistant.dialogue.turn import Turn

POSTURES = (Posture.LYING, Posture.KNEELING, Posture.STANDING)
ASKED = {
    Posture.LYING: "calibrate_lying",
    Posture.KNEELING: "calibrate_kneeling",
    Posture.STANDING: "calibrate_standing",
}
PLACES = {
    Posture.LYING: "posture_lying",
    Posture.KNEELING: "posture_kneeling",
    Posture.STANDING: "posture_standing",
}
PHRASES = ("calibrate_first", "calibrate_second", "calibrate_third")  # asked for in each posture
MOVING_MS = 25_000  # of silence before the first phrase of a posture: one has to get there
SILENCE_MS = 9_000  # before the others, and after a phrase was asked for again
ANSWERS_MS = 500  # before the end of the prompt some begin to speak


def start(turn: Turn, event: Heard) -> None:
    """Ask for the first phrase."""
    if turn.state.settings.muted:
        turn.answer("muted")
        return
    turn.drop(lambda line: line.rank is not Rank.SAFETY)
    turn.to(Calibrating(POSTURES[0]))
    turn.answer("calibrate_begin")
    _ask(turn)


def leave(turn: Turn) -> None:
    """Whatever was measured is forgotten, and what held before still holds."""
    if isinstance(turn.state.phase, Calibrating):
        turn.to(Idle())
        turn.answer("calibrate_left")


def quiet(turn: Turn, phase: Calibrating) -> None:
    """The phrase was asked for: wait for it."""
    if phase.waiting_since is None:
        turn.to(replace(phase, waiting_since=turn.at))


def due(phase: Calibrating) -> int | None:
    if phase.waiting_since is None:
        return None
    return phase.waiting_since + (SILENCE_MS if phase.number or phase.again else MOVING_MS)


def wake(turn: Turn, phase: Calibrating) -> None:
    """Silence: ask once more, then go on without."""
    if not phase.again:
        turn.to(replace(phase, again=True, waiting_since=None))
        turn.answer("calibrate_again", phrase=_phrase(turn, phase.number))
        return
    if not phase.of(phase.posture):
        turn.answer("calibrate_kept", place=_place(turn, phase.posture))
    _next_posture(turn, phase)


def measured(turn: Turn, event: Measured) -> None:
    """Somebody spoke. What began before the prompt was over is no answer to it, but the coach itself."""
    phase = turn.state.phase
    if not isinstance(phase, Calibrating) or phase.waiting_since is None:
        return
    if event.began_at < phase.waiting_since - ANSWERS_MS:
        return
    samples = (*phase.samples, (phase.posture, event))
    phase = replace(phase, number=phase.number + 1, waiting_since=None, samples=samples)
    turn.to(phase)
    if phase.number == len(PHRASES):
        _next_posture(turn, phase)
    else:
        turn.answer("calibrate_next", phrase=_phrase(turn, phase.number))


def _next_posture(turn: Turn, phase: Calibrating) -> None:
    after = POSTURES.index(phase.posture) + 1
    if after < len(POSTURES):
        turn.to(Calibrating(POSTURES[after], samples=phase.samples))
        _ask(turn)
    else:
        _finish(turn, phase)


def _ask(turn: Turn) -> None:
    phase = turn.state.phase
    assert isinstance(phase, Calibrating)
    turn.answer(ASKED[phase.posture], phrase=_phrase(turn, 0))


def _finish(turn: Turn, phase: Calibrating) -> None:
    """Tell what was found, and have it kept."""
    tunings, findings = analyse({posture: phase.of(posture) for posture in POSTURES})
    turn.to(Idle())
    if not tunings:
        turn.answer("calibrate_nothing")
        return
    for finding in findings:
        turn.answer(finding.key, place=_place(turn, finding.posture))
    for posture in POSTURES:
        if posture not in tunings:
            turn.answer("calibrate_unheard", place=_place(turn, posture))
    turn.effects.append(Calibrated(to_data(tunings)))
    turn.answer("calibrate_done")


def _phrase(turn: Turn, number: int) -> str:
    return turn.wording.phrase(PHRASES[number])


def _place(turn: Turn, posture: Posture) -> str:
    return turn.wording.phrase(PLACES[posture])
