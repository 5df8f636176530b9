"""What is said before a step: sentences in order, for the detail that fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.catalog.model import Plan, Step
from assistant.catalog.spoken import listing
from assistant.catalog.timing import minutes
from assistant.dialogue.state import State
from assistant.dialogue.timeline import COUNT_IN_MS, Detail, sides
from assistant.dialogue.turn_taking import GAP_MS
from assistant.dialogue.wording import Sentence, Wording, duration, estimate_ms, fill

LONG_AWAY_DAYS = 14
TITLE_GAP_MS = 900  # before the name of a move, and before the words about the movement
ON_THE_WAY = 0.4  # of the time to get up or down pass in silence before the next move is explained
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
    return f"{name}, {wording.phrase(key, **sides(step))}"


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


@dataclass(frozen=True)
class Words:
    """A sentence of an instruction and its timing: see `turn_taking.Line`."""

    sentence: Sentence
    gap: int = GAP_MS
    not_before: int = 0
    keep: bool = False


def introduction(state: State, detail: Detail, at: int, settled_at: int) -> Iterator[Words]:
    """Everything said before the current step from `at` on, from the bridge to the last sentence of the move.

    The person is in position at `settled_at`. The words about the move wait until then where that costs no time:
    first one gets there, then one hears what to do.
    """
    assert state.run is not None
    step, wording = state.run.step, state.context.wording
    bridge = [fill(text, **sides(step)) for text in step.intro]
    if step.rest_ms:
        bridge += wording.sentences("round_rest", time=duration(step.rest_ms))
    for sentence in bridge:
        yield Words(sentence, keep=True)
    if step.second_side:
        yield Words(switch_call(step, wording), keep=True)
        return
    body = [title(step, wording)]
    limits = [fill(text, **sides(step)) for text in step.limits]
    setup = [fill(text, **sides(step)) for text in step.exercise.script.setup]
    body += limits + (setup if detail is Detail.FULL else [short_text(step)])
    on_the_way = (settled_at - at) * ON_THE_WAY if step.gate and bridge else 0
    begin = max(at + step.rest_ms - length_ms(body), at + length_ms(bridge) + round(on_the_way))
    for sentence in body:
        yield Words(sentence, TITLE_GAP_MS if sentence is body[0] else GAP_MS, begin, sentence in limits)
    if detail is Detail.FULL:
        move = [fill(text, **sides(step)) for text in step.exercise.script.move]
        for sentence in move:
            yield Words(
                sentence, TITLE_GAP_MS if sentence is move[0] else GAP_MS, settled_at - COUNT_IN_MS - length_ms(move)
            )


def opening(state: State, plan: Plan) -> Iterator[Words]:
    """The first words of a session: what it is, the safety line, what to lay within reach, what was changed."""
    wording, memory = state.context.wording, state.context.memory
    familiar = memory.times.get(plan.routine.id, 0) >= FAMILIAR_TIMES[0]
    yield from kept(wording.sentences("begun", routine=plan.routine.title, minutes=whole_minutes(plan, familiar)))
    yield from kept(wording.sentences("safety" if memory.sessions else "safety_first"))
    if plan.props:
        yield from kept(wording.sentences("props", props=listing(plan.props)))
    yield from kept(fill(note) for note in plan.notes)
    tighter = plan.profile.more_side
    if tighter is not None and any(step.less for step in plan.steps):
        yield from kept(wording.sentences("side_first", side=tighter.value))


def kept(sentences: Iterable[Sentence]) -> Iterator[Words]:
    """Sentences that are said although the person is ready."""
    return (Words(sentence, keep=True) for sentence in sentences)


def whole_minutes(plan: Plan, familiar: bool) -> int:
    return max(1, round(minutes(plan)[familiar]))


def length_ms(sentences: Iterable[Sentence]) -> int:
    """About how long the sentences take, one after the other."""
    return sum(estimate_ms(sentence.text) + GAP_MS for sentence in sentences)


def _full_stop(sentence: Sentence) -> Sentence:
    if sentence.text.endswith((".", "!", "?")):
        return sentence
    return Sentence(f"{sentence.text}.", sentence.taught)
