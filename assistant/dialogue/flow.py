"""The course of a session: from step to step, into work and out of it, into a pause and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from assistant.catalog.adapt import adapt
from assistant.catalog.model import Place, Routine, Side, Step
from assistant.catalog.positions import FLOOR, changes_level, settle_s
from assistant.catalog.spoken import DOWN, UP
from assistant.dialogue import checkpoint, closing, evening, instructions, person, praise, questions, turn_taking
from assistant.dialogue.effects import Forget, Prepare, Rank, Record, Save
from assistant.dialogue.instructions import Words, detail_of, exit_line
from assistant.dialogue.state import (
    Bout,
    Checking,
    Done,
    Idle,
    Paused,
    Positioning,
    Reviewing,
    Run,
    Settings,
    Why,
    Working,
)
from assistant.dialogue.timeline import (
    CountIn,
    Detail,
    Timeline,
    Track,
    afresh,
    compile_step,
    count_in,
    moved,
    toneless,
)
from assistant.dialogue.turn import Turn, live_run
from assistant.dialogue.turn_taking import Line
from assistant.dialogue.wording import Sentence, fill

SAVE_EVERY_MS = 8000
ANYTIME = ("say_ready", "paused", "stopped", "hurt_asked", "still_paused", "not_now", "undone", "like_this")
BREATH_MS = 900  # between the last instruction and the count-in
ARRANGE_MS = 3400  # the same where little was said: before a move that is known, and before the other side
AFTER_END_TONE_MS = 600


def begin(turn: Turn, routine: Routine, cut: frozenset[Place] = frozenset()) -> None:
    """Start a routine, without the moves `cut`: what must be asked first, else the opening words and the first step."""
    asked = turn.catalog.screenings.get(routine.screening)
    due = questions.due(turn.state.person, asked) if asked else ()
    if asked and due:
        check(turn, Checking(routine, asked.id, due[0], due[1:], cut=cut))
        return
    memory = turn.state.context.memory
    before = memory.last_side.get(routine.id)
    side = before.other if before else Side.LEFT
    if routine.start_side != "alternate":
        side = Side(routine.start_side)
    tighter = closing.tighter_side(memory, routine.id)
    profile = replace(person.profile(turn.state.person, tighter or side), cut=cut, more_side=tighter)
    plan = adapt(routine, turn.catalog, profile)
    barred = profile.tags.intersection(routine.not_for)
    checked = isinstance(turn.state.phase, Checking)
    if barred or not plan.steps:
        turn.answer("not_for_you" if barred else "nothing_left", routine=routine.title)
        if checked:
            turn.to(Idle())
        return
    if not checked:  # else the last answer is just being said back
        turn.drop(lambda line: line.rank is not Rank.SAFETY)  # what has failed is told all the same
    turn.set(run=Run(plan, id=f"{memory.key}+{turn.at}", began_at=turn.at))
    evening.adjust(turn)
    enter(turn, 0, before=None, opening=instructions.opening(turn.state, plan))


def check(turn: Turn, checking: Checking) -> None:
    """Ask what must be asked; whoever is new hears first what we are."""
    asked, due = turn.catalog.screenings[checking.questions], (checking.asking, *checking.later)
    turn.drop(lambda line: line.rank is not Rank.SAFETY)
    turn.to(checking)
    if not turn.state.context.memory.sessions:
        turn.words(instructions.kept(turn.wording.sentences("safety_first")))
    if due[0] != asked.changed.id:
        turn.words(instructions.kept(turn.wording.sentences("questions_first")))
    ask(turn)
    soon = [sentence for name in due for sentence in asked.find(name).ask]
    turn.effects.append(Prepare(tuple(fill(sentence).text for sentence in soon)))


def ask(turn: Turn) -> None:
    """The open question, from its first sentence."""
    phase = turn.state.phase
    assert isinstance(phase, Checking)
    turn.drop(lambda line: line.rank is Rank.COACH and not line.keep)
    turn.lines(fill(sentence) for sentence in turn.catalog.screenings[phase.questions].find(phase.asking).ask)


def enter(turn: Turn, index: int, *, before: Step | None, opening: Iterable[Words] = (), again: bool = False) -> None:
    """Go to step `index` from the position of the step `before`: what to do, then time to get there.

    `again`: it was explained before, the short text is enough.
    """
    turn.update(index=index, offset=0, worked=0, extra=0, told=None)
    step = turn.run.step
    settle, gate = way(step, before)
    gate = gate or (isinstance(turn.state.phase, Positioning) and turn.state.phase.gate)  # not there yet
    turn.words(opening)
    listens_at = turn.at + instructions.length_ms([Sentence(line.text) for line in turn.state.voice.queue])
    settled_at = listens_at + settle + (0 if again else step.rest_ms)
    if again:
        turn.line(instructions.short_text(step))
    else:
        if gate and before is not None and not _led(step, before):
            turn.lines(fill(text) for text in (DOWN if step.exercise.position in FLOOR else UP))
        detail = detail_of(turn.state, step)
        turn.words(instructions.introduction(turn.state, detail, listens_at, settled_at, before))
    if gate:
        turn.say("say_ready" if detail_of(turn.state, step) > Detail.KNOWN else "say_ready_known")
    turn.to(Positioning(settled_at, gate))
    save(turn)
    prepare(turn)


def way(step: Step, before: Step | None) -> tuple[int, bool]:
    """How long (ms) it takes to get from `before` into position for `step`, and whether to wait for "ready"."""
    if before is None or step.index == before.index + 1:
        return step.settle_ms, step.gate
    places = before.exercise.position, step.exercise.position
    return round(settle_s(*places) * 1000), changes_level(*places)


def _led(step: Step, before: Step) -> bool:
    """Whether the step's own words lead there: from the step before it, or where it takes the place of another."""
    return step.index == before.index + 1 or (step.index == before.index and bool(step.intro))


def advance(turn: Turn) -> None:
    """To the next step, or to the end."""
    go_to(turn, turn.run.index + 1, before=turn.run.step)


def go_to(turn: Turn, index: int, *, before: Step, opening: Iterable[Words] = ()) -> None:
    """To step `index`, or to the end if the plan has none of that number."""
    if index < len(turn.run.plan.steps):
        enter(turn, index, before=before, opening=opening)
        return
    turn.words(opening)
    finish(turn, completed=True)


def timeline(turn: Turn) -> Timeline:
    """The current step, compiled with the current settings."""
    state, run = turn.state, turn.run
    line = compile_step(run.step, turn.wording, detail_of(state, run.step), state.settings.tempo, run.extra)
    return replace(line, marks=toneless(line.marks, turn.wording)) if evening.without_beeps(state) else line


# -- into work and out of it ---------------------------------------------------------------------------------


def count_into(turn: Turn, phase: Positioning) -> None:
    """All has been said: begin when the person had time to settle, on the count.

    The other side begins on a word, and so do moves that are known.
    """
    step = turn.run.step
    how = CountIn.NUMBERS if phase.brief else CountIn.WHOLE
    if not phase.brief and (step.second_side or detail_of(turn.state, step) <= Detail.KNOWN):
        how = CountIn.WORD
    breath = ARRANGE_MS if how is CountIn.WORD and phase.settled_at else BREATH_MS
    begins = max(phase.settled_at, max(turn.at, turn.state.voice.free_at) + breath + how)
    marks = count_in(turn.wording, how)
    marks = toneless(marks, turn.wording) if evening.without_beeps(turn.state) else marks
    turn.to(replace(phase, counting_in=Track(begins, marks)))


def work(turn: Turn, offset: int, *, counted_in: bool = False) -> None:
    """The work clock runs, from `offset` on; `counted_in`: "three, two, one" came just before."""
    line = timeline(turn)
    if counted_in and offset:
        line = afresh(line, offset, turn.wording)
    track = Track(turn.at - offset, line.marks, line.following(offset))
    turn.to(Working(line, track, offset, turn.at + SAVE_EVERY_MS))


def complete(turn: Turn) -> None:
    """The end tone sounds, or a soft word in its place: out of the position, then on."""
    settle_accounts(turn)
    soft = evening.without_beeps(turn.state)
    if soft:
        turn.say("soft_end", Rank.SAFETY)
    turn.line(exit_line(turn.run.step), Rank.SAFETY, not_before=turn.at + (0 if soft else AFTER_END_TONE_MS))
    earned = praise.earned(turn.state)
    room_from = turn.at + AFTER_END_TONE_MS + turn_taking.length_ms(turn.state.voice.queue)
    advance(turn)
    if earned:
        sentence, text = earned
        turn.update(praised=(*turn.run.praised, text))
        turn.fill(sentence, room_from)


def leave(turn: Turn) -> Step:
    """Break off the current step (its exit line first) and return it."""
    step = turn.run.step
    turn.hush()
    turn.line(exit_line(step), Rank.SAFETY)
    settle_accounts(turn)
    return step


def settle_accounts(turn: Turn) -> None:
    """Book what was worked in the current step; the place in it is over."""
    run = live_run(turn.state, turn.at)
    assert run is not None
    planned = timeline(turn).planned
    bout = Bout(run.step.exercise.id, run.step.side, run.step.round, run.worked, planned)
    bouts = (*run.bouts, bout) if run.worked else run.bouts
    turn.set(run=replace(run, worked=0, offset=0, bouts=bouts))


def retime(turn: Turn, *, dose: bool = False) -> None:
    """The current step has another tempo or detail, or another `dose`, from now on; the place in it stays.

    At another tempo that is the same part of the same repetition, with another dose the same second.
    """
    phase = turn.state.phase
    assert isinstance(phase, Working)
    turn.set(run=live_run(turn.state, turn.at))
    turn.hush()
    new = timeline(turn)
    offset = min(turn.run.offset, new.total) if dose else moved(turn.run.offset, phase.timeline, new)
    turn.update(offset=offset)
    work(turn, offset)


# -- into a pause and back -----------------------------------------------------------------------------------


def freeze(turn: Turn) -> None:
    """Silence, the clock stands still, and the exit line before anything else. In work or on the way to it."""
    turn.set(run=live_run(turn.state, turn.at))
    turn.hush()
    turn.line(exit_line(turn.run.step), Rank.SAFETY)


def pause(turn: Turn, why: Why) -> None:
    """Freeze, then stand still without any deadline."""
    working = isinstance(turn.state.phase, Working)
    freeze(turn)
    turn.to(Paused(turn.at, why, working))
    save(turn)


def come_back(turn: Turn) -> None:
    """Back to the place in the step: move, side, short set-up, all the time it takes, then "ready"."""
    step = turn.run.step
    if turn.run.told is None:
        detail = max(Detail.SHORT, detail_of(turn.state, step))
        turn.words(instructions.introduction(turn.state, detail, turn.at, turn.at))
    else:
        turn.line(instructions.title(step, turn.wording))
        turn.line(instructions.short_text(step))
    turn.say("say_ready")
    turn.to(Positioning(turn.at, gate=True))


def skip_to_ready(line: Line) -> bool:
    """Which lines are dropped when the person is ready."""
    return line.rank <= Rank.COACH and not line.keep


# -- the end -------------------------------------------------------------------------------------------------


def finish(turn: Turn, completed: bool) -> None:
    """The close; the session goes into the history, and then it is asked how it was."""
    turn.say(instructions.close(turn.state, turn.run.plan) if completed else "ended")
    turn.to(Done())  # first: of a step that is still being worked, the record would count the work again
    session = record(turn, completed)
    asked = closing.questions(turn.run, completed)
    turn.effects.append(Forget())
    turn.set(run=None, undo=None, settings=replace(turn.state.settings, tempo=Settings().tempo))
    if asked:
        turn.to(Reviewing(session, asked, asked))
    elif completed:
        turn.say("rest_well")


def record(turn: Turn, completed: bool) -> Mapping[str, Any]:
    """Keep the session in the history; returns its record."""
    session = checkpoint.session_record(turn.state, turn.at, completed)
    turn.effects.append(Record(session))
    return session


def save(turn: Turn) -> None:
    turn.effects.append(Save(checkpoint.checkpoint(turn.state, turn.at)))


def prepare(turn: Turn) -> None:
    """Have everything rendered that may be needed soon: this step and its work, and the way to the next."""
    run = turn.run
    soon = [line.text for line in turn.state.voice.queue]
    soon += [mark.text for how in CountIn for mark in count_in(turn.wording, how) if mark.text]
    soon += [mark.text for mark in timeline(turn).marks if mark.text]
    if earned := praise.earned(turn.state):
        soon.append(earned[0].text)
    soon += [exit_line(run.step).text, *(sentence.text for sentence in turn.wording.sentences("soft_end"))]
    if run.index + 1 < len(run.plan.steps):
        ahead = replace(turn.state, run=replace(run, index=run.index + 1, told=None))
        detail = detail_of(ahead, run.plan.steps[run.index + 1])
        soon += [words.sentence.text for words in instructions.introduction(ahead, detail, 0, 0)]
    else:
        soon += [sentence.text for key in closing.SAID for sentence in turn.wording.sentences(key)]
    if run.index == 0:
        soon += [sentence.text for key in ANYTIME for sentence in turn.wording.sentences(key)]
    turn.effects.append(Prepare(tuple(dict.fromkeys(soon))))
