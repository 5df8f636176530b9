""" "Five minutes left": the rest of the session is cut to the time there is."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from assistant.catalog.shorten import Move, Shortened, shorten
from assistant.catalog.spoken import listing
from assistant.dialogue import instructions
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import answers
from assistant.dialogue.phases.recut import recut
from assistant.dialogue.state import Run, Working
from assistant.dialogue.turn import Turn, live_run
from assistant.dialogue.wording import Sentence, counted

NAMED = 4  # more moves than these are counted, not named


def time_left(turn: Turn, event: Heard) -> None:
    """The rest in so many minutes: whole moves go, and it is said which. A move under way is done to its end."""
    minutes = event.slots.get("minutes")
    run = live_run(turn.state, turn.at)
    assert run is not None
    begun = isinstance(turn.state.phase, Working) or run.step.second_side or run.offset > 0
    here_s = answers.here_left_ms(turn.state, turn.at) / 1000 if begun else 0.0
    close_s = instructions.length_ms(turn.wording.sentences("close")) / 1000
    given_s = 60.0 * minutes if isinstance(minutes, int) else 0.0
    step_s = answers.step_seconds(turn.state)
    result = shorten(run.plan, turn.catalog, run.index, given_s - close_s - here_s, begun=begun, step_s=step_s)
    needed_s = result.seconds + here_s + close_s
    if not result.cut:
        key = "time_enough" if needed_s <= given_s else "time_least"
        turn.answer(key, time=_minutes(needed_s))
        return
    key = "time_given" if needed_s <= given_s else "time_least"
    said = (
        *turn.wording.sentences(key, time=_minutes(given_s if key == "time_given" else needed_s)),
        *_told(turn, run, result),
    )
    turn.remember()
    recut(turn, result.plan.profile, said)


def _told(turn: Turn, run: Run, result: Shortened) -> tuple[Sentence, ...]:
    """What becomes of the rest, in one sentence."""
    kept, out = _names(result.kept), _names(result.cut)
    if not kept or kept == [run.step.exercise.say]:
        return turn.wording.sentences("shortened_last")
    stays = {step.exercise.say for step in run.plan.steps[: run.index + 1]}.union(kept)
    if stays.issuperset(out):
        partly = {move.place[:2] for move in result.cut} & {move.place[:2] for move in result.kept}
        return turn.wording.sentences("shortened_part" if partly else "shortened_round", names=listing(out))
    if len(out) < NAMED and stays.isdisjoint(out):
        return turn.wording.sentences("shortened_out", names=listing(out))
    if len(kept) <= NAMED:
        return turn.wording.sentences("shortened_to", names=listing(kept))
    return turn.wording.sentences("shortened_by", n=len(result.kept), out=len(result.cut))


def _names(moves: Iterable[Move]) -> list[str]:
    return list(dict.fromkeys(move.name for move in moves))


def _minutes(seconds: float) -> str:
    return counted(max(0, ceil(seconds / 60)), "minute")
