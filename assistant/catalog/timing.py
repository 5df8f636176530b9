"""How long things take: work by its dose, speech by its words, a plan as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.catalog.model import Dose, Exercise, Plan, Step

WORDS_A_MINUTE = 150
COUNT_IN_S = 6.6  # "begin in three, two, one", and the breaths between sentences
OPENING_S = 10.0  # what the first and the last words take beyond the way into the first position

_TOKEN = re.compile(r"\{teach:([^}]*)\}")


def plain(sentence: str) -> str:
    """The sentence with {teach:word} as the word itself."""
    return _TOKEN.sub(r"\1", sentence)


def speech_s(*sentences: str) -> float:
    """Seconds to say the sentences at 150 words a minute."""
    words = sum(len(plain(sentence).split()) for sentence in sentences)
    return words * 60 / WORDS_A_MINUTE


def total_reps(exercise: Exercise, dose: Dose) -> int:
    """Repetitions of one bout (one set at one spot): an alternating move does `reps` on each side."""
    return (dose.reps or 0) * (2 if exercise.sides == "alternating" else 1)


def bout_s(exercise: Exercise, dose: Dose) -> float:
    """Seconds of work in one set at one spot."""
    if dose.reps is not None:
        work = total_reps(exercise, dose) * exercise.rep_s
    elif dose.breaths is not None:
        work = dose.breaths * exercise.rep_s
    else:
        work = dose.hold_s or dose.duration_s or 0.0
    return work + dose.final_hold_s


def work_s(exercise: Exercise, dose: Dose) -> float:
    """Seconds of one step, with the shifts between spots and the rests between sets."""
    one_set = dose.spots * bout_s(exercise, dose) + (dose.spots - 1) * dose.shift_s
    return dose.sets * one_set + (dose.sets - 1) * dose.rest_s


def step_s(step: Step, familiar: bool) -> float:
    """Expected seconds of a step, from the end of the step before. `familiar`: the person knows the move's text."""
    script, exercise = step.exercise.script, step.exercise
    before = step.rest_ms / 1000 + speech_s(*step.intro)
    settle = step.settle_ms / 1000
    if step.second_side:
        ready = max(settle, speech_s(script.switch))
    elif step.familiar or familiar:
        ready = max(settle, speech_s(exercise.say, *step.limits, script.short))
    else:
        ready = max(settle, speech_s(exercise.say, *step.limits, *script.setup)) + speech_s(*script.move)
    return before + ready + COUNT_IN_S + work_s(exercise, step.dose)


def plan_s(steps: Iterable[Step], familiar: bool) -> float:
    """Expected seconds of a session, from its first word to its last."""
    return OPENING_S + sum(step_s(step, familiar) for step in steps)


def minutes(plan: Plan) -> tuple[float, float]:
    """Expected minutes of the plan: with the full text, and when familiar."""
    return plan_s(plan.steps, False) / 60, plan_s(plan.steps, True) / 60
