"""What is said before a step: sentences in order, for the detail that fits."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.catalog.model import Plan, Step
from assistant.catalog.spoken import listing
from assistant.catalog.timing import minutes
from assistant.dialogue.state import State
from assistant.dialogue.timeline import COUNT_IN_MS, Detail, sides
from assistant.dialogue.turn_taking import GAP_MS
from assistant.dialogue.wording import Sentence, Wording, estimate_ms, fill

LONG_AWAY_DAYS = 14
FAMILIAR_TIMES = (2, 5)  # from the third session on the short text, from the sixth one cue


def detail_of(state: State, step: Step) -> Detail:
    """How much to say: less with every session, one step more after two weeks away, and what the person asked for."""
    memory = state.context.memory
    times = memory.times.get(state.run.plan.routine.id, 0) if state.run else 0
    level = Detail.FULL - sum(times >= known for known in FAMILIAR_TIMES)
    if memory.days_away is not None and memory.days_away >= LONG_AWAY_DAYS:
        level += 1
    level = min(level, Detail.FULL)
    if step.familiar:
        level = min(level, Detail.KNOWN)
    return Detail(max(Detail.COUNTS, min(Detail.FULL, level + state.settings.words)))


def title(step: Step, wording: Wording) -> Sentence:
    """The move and its side, side words early: "Open Book, left arm"."""
    return fill(f"{named(step, wording)}.")


def named(step: Step, wording: Wording) -> str:
    """ "Open Book, left arm", without a full stop."""
    name = step.exercise.say
    if step.side is None:
        return name
    key = f"means_{step.exercise.side_means}"
    key = key if key in wording.texts else "means_side"
    return f"{name}, {wording.text(key, **sides(step))}"


def exit_line(step: Step) -> Sentence:
    return _full_stop(fill(step.exercise.script.exit, **sides(step)))


def short_text(step: Step) -> Sentence:
    return _full_stop(fill(step.exercise.script.short, **sides(step)))


def full_text(step: Step) -> tuple[Sentence, ...]:
    """The set-up and the move."""
    script = step.exercise.script
    return tuple(fill(text, **sides(step)) for text in (*script.setup, *script.move))


def switch_call(step: Step, wording: Wording) -> Sentence:
    """The call to change sides, naming the body part."""
    call = step.exercise.script.switch
    return _full_stop(fill(call, **sides(step))) if call else wording.sentences("switch", **sides(step))[0]


Timed = tuple[Sentence, int, bool]  # sentence, not before, kept although the person is ready


def introduction(state: State, detail: Detail, at: int, settled_at: int) -> Iterator[Timed]:
    """Everything said before the current step, from the bridge to the last sentence of the move.

    The person is in position at `settled_at`. The words about the move wait until then where that costs no time:
    first one gets there, then one hears what to do.
    """
    assert state.run is not None
    step, wording = state.run.step, state.context.wording
    script = step.exercise.script
    for text in step.intro:
        yield fill(text, **sides(step)), at, True
    if step.second_side and step.rest_ms == 0:
        yield switch_call(step, wording), at, True
        return
    about = [fill(text, **sides(step)) for text in step.limits]
    short = [short_text(step)]
    setup = [fill(text, **sides(step)) for text in script.setup]
    body = [title(step, wording), *about, *(setup if detail is Detail.FULL else short)]
    rest_ends = at + step.rest_ms - length_ms(body)
    for sentence in body:
        yield sentence, rest_ends, sentence in about
    if detail is Detail.FULL:
        move = [fill(text, **sides(step)) for text in script.move]
        for sentence in move:
            yield sentence, settled_at - COUNT_IN_MS - length_ms(move), False


def opening(state: State, plan: Plan) -> Iterator[Timed]:
    """The first words of a session: what it is, the safety line, what to lay within reach, what was changed."""
    wording, memory = state.context.wording, state.context.memory
    familiar = memory.times.get(plan.routine.id, 0) >= FAMILIAR_TIMES[0]
    yield from _kept(wording.sentences("begun", routine=plan.routine.title, minutes=whole_minutes(plan, familiar)))
    yield from _kept(wording.sentences("safety" if memory.sessions else "safety_first"))
    if plan.props:
        yield from _kept(wording.sentences("props", props=listing(plan.props)))
    yield from _kept(tuple(fill(note) for note in plan.notes))


def whole_minutes(plan: Plan, familiar: bool) -> int:
    return max(1, round(minutes(plan)[familiar]))


def length_ms(sentences: list[Sentence]) -> int:
    """About how long the sentences take, one after the other."""
    return sum(estimate_ms(sentence.text) + GAP_MS for sentence in sentences)


def _kept(sentences: tuple[Sentence, ...]) -> Iterator[Timed]:
    return ((sentence, 0, True) for sentence in sentences)


def _full_stop(sentence: Sentence) -> Sentence:
    if sentence.text.endswith((".", "!", "?")):
        return sentence
    return Sentence(f"{sentence.text}.", sentence.taught)
