"""What is said before a step: sentences in order, for the detail that fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.catalog.adapt import BEFORE_ALL
from assistant.catalog.choosing import needs
from assistant.catalog.model import Plan, Step
from assistant.catalog.positions import FLOOR, changes_level
from assistant.catalog.spoken import DOWN, UP, listing
from assistant.catalog.timing import minutes
from assistant.dialogue.memory import Memory
from assistant.dialogue.state import Checking, State
from assistant.dialogue.timeline import CountIn, Detail, sides
from assistant.dialogue.turn_taking import GAP_MS
from assistant.dialogue.wording import Sentence, Wording, duration, estimate_ms, fill

LONG_AWAY_DAYS = 14
SHORT_BREAK = 5  # minutes
TITLE_GAP_MS = 2000  # before the name of a move, and before the words about the movement
PHRASE_GAP_MS = 600  # between the sentences of a text that is told in full
BREATHER_MS = 7000  # before the name of a move that is known: nothing much follows it
TITLED_PLACES = ("lying_on", "wall_side", "knee_down")  # where the side of a move tells how one lies or stands
ON_THE_WAY = 0.4  # of the time to get up or down pass in silence before the next move is explained
OPT_OUT = (("wall", "no wall"), ("foam_roller", "no roller"))  # what may well be missing, and how to say so
FAMILIAR_TIMES = (2, 5)  # from the third session on the short text, from the sixth one cue


def detail_of(state: State, step: Step) -> Detail:
    """How much to say: less with every session, one step more after two weeks away, and what the person asked for."""
    level = faded(state.context.memory, state.run.plan.routine.id if state.run else "")
    if step.familiar:
        level = min(level, Detail.KNOWN)
    return Detail(max(Detail.COUNTS, min(Detail.FULL, level + state.person.words)))


def session_detail(state: State) -> Detail:
    """How much to say in this session, a further round of the same moves apart."""
    assert state.run is not None
    wanted = faded(state.context.memory, state.run.plan.routine.id) + state.person.words
    return Detail(max(Detail.COUNTS, min(Detail.FULL, wanted)))


def faded(memory: Memory, routine: str) -> Detail:
    """How much to say to someone who has done `routine` (id) that often, and was away that long."""
    level = Detail.FULL - sum(memory.times.get(routine, 0) >= known for known in FAMILIAR_TIMES)
    away = memory.days_away is not None and memory.days_away >= LONG_AWAY_DAYS
    return Detail(min(Detail.FULL, level + away))


def fuller(told: Detail) -> Detail:
    """What "repeat" says after `told`: one level more, at least the short text."""
    return Detail.FULL if told >= Detail.SHORT else Detail.SHORT


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
    return full_stop(fill(step.exercise.script.exit, **sides(step)))


def short_text(step: Step) -> Sentence:
    return full_stop(fill(step.exercise.script.short, **sides(step)))


def full_text(step: Step) -> tuple[Sentence, ...]:
    """The set-up and the move."""
    script = step.exercise.script
    return tuple(fill(text, **sides(step)) for text in (*script.setup, *script.move))


def place(step: Step, wording: Wording) -> str:
    """Where one is for it ("on your back"); "" where its title tells already ("lying on your left")."""
    key = f"place_{step.exercise.position}"
    if key not in wording.texts or step.exercise.side_means in TITLED_PLACES:
        return ""
    return wording.phrase(key, **sides(step))


def switch_call(step: Step, wording: Wording) -> Sentence:
    """The call to change sides, naming the body part."""
    call = step.exercise.script.switch
    return full_stop(fill(call, **sides(step))) if call else wording.sentences("switch", **sides(step))[0]


@dataclass(frozen=True)
class Words:
    """A sentence of an instruction and its timing: see `turn_taking.Line`."""

    sentence: Sentence
    gap: int = GAP_MS
    not_before: int = 0
    keep: bool = False


def introduction(state: State, detail: Detail, at: int, settled_at: int, before: Step | None = None) -> Iterator[Words]:
    """Everything said before the current step from `at` on, from the bridge to the last sentence of the move.

    The person comes from `before`, usually the step before it in the plan, and is in position at `settled_at`. The
    words about the move wait until then where that costs no time: first one gets there, then one hears what to do.
    """
    assert state.run is not None
    step, wording = state.run.step, state.context.wording
    bridge = [fill(text, **sides(step)) for text in _bridge(state, detail, before)]
    if step.rest_ms:
        bridge += wording.sentences("round_rest", time=duration(step.rest_ms))
    for sentence in bridge:
        yield Words(sentence, keep=True)
    if step.second_side:
        yield Words(switch_call(step, wording), keep=True)
        return
    limits = [fill(text, **sides(step)) for text in step.limits]
    if detail <= Detail.KNOWN:
        body = [_announced(state, step, before), *limits]
    else:
        setup = [fill(text, **sides(step)) for text in step.exercise.script.setup]
        body = [title(step, wording), *limits, *(setup if detail is Detail.FULL else [short_text(step)])]
    on_the_way = (settled_at - at) * ON_THE_WAY if step.gate and bridge else 0
    gap = TITLE_GAP_MS if detail > Detail.KNOWN else BREATHER_MS
    within = PHRASE_GAP_MS if detail is Detail.FULL else GAP_MS
    begin = max(at + step.rest_ms - length_ms(body), at + length_ms(bridge) + round(on_the_way))
    for sentence in body:
        yield Words(sentence, gap if sentence is body[0] else within, begin, sentence in limits)
    if detail is Detail.FULL:
        move = [fill(text, **sides(step)) for text in step.exercise.script.move]
        for sentence in move:
            yield Words(
                sentence, TITLE_GAP_MS if sentence is move[0] else within, settled_at - CountIn.WHOLE - length_ms(move)
            )


def _bridge(state: State, detail: Detail, before: Step | None) -> Sequence[str]:
    """What leads over to the current step; of a further round that is known only the rest is told."""
    assert state.run is not None
    step = state.run.step
    intro = step.intro
    if before is not None and not changes_level(before.exercise.position, step.exercise.position):
        intro = tuple(text for text in intro if text not in (*UP, *DOWN))  # from elsewhere, where one is there already
    if detail > Detail.KNOWN or not step.rest_ms:
        return intro
    said = next((block.round_say for block in state.run.plan.routine.blocks if block.id == step.block), ())
    return [text for text in intro if text not in said]


def _announced(state: State, step: Step, before: Step | None) -> Sentence:
    """The title of a move that is known, with where one is for it if that is new: "Bridge, on your back"."""
    assert state.run is not None
    wording, steps = state.context.wording, state.run.plan.steps
    before = before or (steps[step.index - 1] if step.index else None)
    where = place(step, wording)
    if not where or step.exercise.position == (before.exercise.position if before else BEFORE_ALL):
        return title(step, wording)
    return fill(f"{named(step, wording)}, {where}.")


def opening(state: State, plan: Plan) -> Iterator[Words]:
    """The first words of a session: what it is, the safety line, what to lay within reach, what was changed."""
    wording, memory = state.context.wording, state.context.memory
    detail = faded(memory, plan.routine.id)
    yield from kept(wording.sentences("begun", routine=plan.routine.title, minutes=whole_minutes(plan, detail)))
    safety = "safety_first" if not memory.sessions else "safety" if detail > Detail.KNOWN else "safety_known"
    if safety != "safety_first" or not isinstance(state.phase, Checking):  # it came before the questions
        yield from kept(wording.sentences(safety))
    if detail > Detail.KNOWN and any(step.exercise.position in FLOOR for step in plan.steps):
        yield from kept(wording.sentences("clear_space"))
    if plan.props:
        yield from kept(wording.sentences("props", props=listing(plan.props)))
    used = {thing for step in plan.steps for thing in needs(step.exercise)}
    if opt_out := [f"{{teach:{words}}}" for thing, words in OPT_OUT if thing in used and detail is Detail.FULL]:
        yield from map(Words, wording.sentences("opt_out", things=" or ".join(opt_out)))
    yield from kept(fill(note) for note in plan.notes)
    tighter = plan.profile.more_side
    if tighter is not None and any(step.less for step in plan.steps):
        yield from kept(wording.sentences("side_first", side=tighter.value))


def close(state: State, plan: Plan) -> str:
    """The last words about the routine: a key of the wording. After a short break nobody gets stiff."""
    known = faded(state.context.memory, plan.routine.id) <= Detail.KNOWN
    return "close_known" if known or plan.routine.minutes_first < SHORT_BREAK else "close"


def kept(sentences: Iterable[Sentence]) -> Iterator[Words]:
    """Sentences that are said although the person is ready."""
    return (Words(sentence, keep=True) for sentence in sentences)


def whole_minutes(plan: Plan, detail: Detail) -> int:
    return max(1, round(minutes(plan)[detail < Detail.FULL]))


def length_ms(sentences: Iterable[Sentence]) -> int:
    """About how long the sentences take, one after the other."""
    return sum(estimate_ms(sentence.text) + GAP_MS for sentence in sentences)


def full_stop(sentence: Sentence) -> Sentence:
    """The sentence with an end."""
    if sentence.text.endswith((".", "!", "?")):
        return sentence
    return Sentence(f"{sentence.text}.", sentence.taught)
