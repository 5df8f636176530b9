"""Answers and settings that several phases share: they neither move the place nor stop the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.catalog.model import Routine, Step
from assistant.catalog.timing import step_s
from assistant.dialogue import flow, instructions
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.instructions import detail_of
from assistant.dialogue.phases import Table
from assistant.dialogue.state import (
    BeginRoutine,
    Checking,
    Confirming,
    Context,
    Dictating,
    Fate,
    Hurt,
    Positioning,
    Reviewing,
    State,
    Trouble,
    WhichRoutine,
    Working,
)
from assistant.dialogue.timeline import Detail
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import Sentence, counted, duration, fill

TEMPO_STEP = 1.25
TEMPO = (0.8, 1.5625)
QUESTIONS: Mapping[type, str] = {BeginRoutine: "options_begin", WhichRoutine: "options_which"}
TOLD = ("heard_last", "heard_before", "heard_first")
FATES = {Fate.DONE: "heard_done", Fate.REFUSED: "heard_refused", Fate.DOUBTED: "heard_doubted"}


def options_now(state: State) -> tuple[Sentence, ...]:
    """The sentence that names the three things that fit best now."""
    key = f"options_{state.phase_name.value}"
    if isinstance(state.phase, Positioning) and not state.phase.gate:
        key = "options_settling"
    if isinstance(state.phase, Checking) and state.phase.refused:
        key = "options_refused"
    if isinstance(state.phase, Hurt) and state.phase.trouble is Trouble.DANGER:
        key = "options_danger"
    if isinstance(state.phase, Reviewing):
        key = f"options_review_{state.phase.open[0].value}"
    if isinstance(state.phase, Dictating):
        key = "options_dictating"
    if isinstance(state.phase, Confirming):
        key = QUESTIONS.get(type(state.phase.question), key)
    if state.settings.muted:
        key = "options_muted"
    return state.context.wording.sentences(key, routine=proposed(state.context))


def proposed(context: Context) -> str:
    """The routine to propose first, as it stands in "start ... routine"; "" where there is none."""
    routines = ranked(context)
    return asked_for(routines[0]) if routines else ""


def asked_for(routine: Routine) -> str:
    """Its name as it stands in "start ... routine"."""
    return routine.title.lower().removesuffix(" routine")


def ranked(context: Context) -> Sequence[Routine]:
    """All routines, the one to propose first: what was done least, then the longest."""
    times = context.memory.times
    return sorted(context.catalog.routines.values(), key=lambda r: (times.get(r.id, 0), -r.minutes_first, r.id))


def options(turn: Turn, event: Heard) -> None:
    turn.lines(options_now(turn.state), Rank.ANSWER)


def what_heard(turn: Turn, event: Heard) -> None:
    """The last things heard by voice, the newest first; not the question itself."""
    heard = turn.state.by_voice if event.typed else turn.state.by_voice[:-1]
    if not heard:
        turn.answer("heard_nothing")
    for key, each in zip(TOLD, reversed(heard), strict=False):
        fate = each.why or turn.wording.phrase(FATES[each.fate])
        turn.answer(key, text=_quoted(each.text) or turn.wording.phrase("heard_voice"), fate=fate)


def _quoted(text: str) -> str:
    """Without the braces that would make a slot of it."""
    return text.translate({ord(brace): None for brace in "{}"})


def time(turn: Turn, event: Heard) -> None:
    phase = turn.state.phase
    if isinstance(phase, Working):
        left = phase.track.anchor + phase.timeline.total - turn.at
        turn.answer("time_left", time=duration(left))
    turn.answer("time_in_all", time=counted(max(1, round(session_left_ms(turn.state, turn.at) / 60_000)), "minute"))


def session_left_ms(state: State, at: int) -> int:
    """About how long the rest of the session that was started takes."""
    assert state.run is not None
    run, seconds = state.run, step_seconds(state)
    later = sum(seconds(step) for step in run.plan.steps[run.index + 1 :])
    return round(here_left_ms(state, at) + later * 1000)


def here_left_ms(state: State, at: int) -> float:
    """About how long the rest of the present step takes."""
    assert state.run is not None
    phase, run = state.phase, state.run
    if isinstance(phase, Working):
        return max(0.0, phase.track.anchor + phase.timeline.total - at)
    return max(0.0, step_seconds(state)(run.step) * 1000 - run.offset)


def step_seconds(state: State) -> Callable[[Step], float]:
    """About how long a step takes this person, in seconds."""
    return lambda step: step_s(step, detail_of(state, step) < Detail.FULL)


def where(turn: Turn, event: Heard) -> None:
    turn.answer("where", move=instructions.named(turn.run.step, turn.wording))


def preview(turn: Turn, event: Heard) -> None:
    coming = upcoming(turn.state)
    if coming:
        turn.answer("then", move=coming)
    else:
        turn.answer("then_done")


def upcoming(state: State) -> str:
    """The next step by name, "" after the last one."""
    run = state.run
    if run is None or run.index + 1 >= len(run.plan.steps):
        return ""
    return instructions.named(run.plan.steps[run.index + 1], state.context.wording)


def count(turn: Turn, event: Heard) -> None:
    phase = turn.state.phase
    assert isinstance(phase, Working)
    offset = turn.at - phase.track.anchor
    left = phase.timeline.reps_left(offset)
    if left:
        turn.answer("more", n=left)
    else:
        turn.answer("more_time", time=duration(phase.timeline.total - offset))


def tempo(turn: Turn, event: Heard) -> None:
    """Slower and faster mean the repetitions, never the voice."""
    slower = event.command is Command.SLOWER
    now = turn.state.settings.tempo
    new = min(max(now * TEMPO_STEP if slower else now / TEMPO_STEP, TEMPO[0]), TEMPO[1])
    if new == now:
        turn.answer("slowest" if slower else "fastest")
        return
    turn.remember(place=False)
    turn.set(settings=replace(turn.state.settings, tempo=new))
    if isinstance(turn.state.phase, Working):
        flow.retime(turn)
    turn.answer("slower" if slower else "faster")


def detail(turn: Turn, event: Heard) -> None:
    """Fewer or more words from now on, or only the counts; also the next time."""
    now = detail_of(turn.state, turn.run.step)
    wanted = {Command.FEWER_WORDS: now - 1, Command.MORE_WORDS: now + 1}.get(event.command, Detail.COUNTS)
    if wanted == now or not Detail.COUNTS <= wanted <= Detail.FULL:
        turn.answer("most_words" if wanted > now else "fewest_words")
        return
    turn.remember(place=False)
    person = turn.state.person
    usual = detail_of(replace(turn.state, person=replace(person, words=0)), turn.run.step)
    turn.know(replace(person, words=wanted - usual))
    if isinstance(turn.state.phase, Working):
        flow.retime(turn)
    turn.answer("only_counts" if wanted == Detail.COUNTS else "fewer_words" if wanted < now else "more_words")


def mute(turn: Turn, event: Heard) -> None:
    turn.set(settings=replace(turn.state.settings, muted=True))
    turn.answer("muted")


def unmute(turn: Turn, event: Heard) -> None:
    turn.set(settings=replace(turn.state.settings, muted=False))
    turn.answer("listening")


def recalled(state: State) -> Detail:
    """What "repeat" says once one knows the move's text: one level more than before; after all of it the short text."""
    told = last_told(state)
    return Detail.SHORT if told is Detail.FULL else instructions.fuller(told)


def last_told(state: State) -> Detail:
    """In which detail the text of the step was, or is being, told last."""
    assert state.run is not None
    return detail_of(state, state.run.step) if state.run.told is None else state.run.told


def repeated(turn: Turn, told: Detail) -> None:
    """The text of the step, as an answer: short, or in full."""
    turn.update(told=told)
    fuller, step = told is Detail.FULL, turn.run.step
    turn.answer("name", move=instructions.named(step, turn.wording))
    texts = instructions.full_text(step) if fuller else (instructions.short_text(step),)
    limits = tuple(fill(text) for text in step.limits)
    turn.lines((*limits, *texts), Rank.ANSWER)


TABLE: Table = {
    Command.TIME: time,
    Command.WHERE: where,
    Command.PREVIEW: preview,
    Command.SLOWER: tempo,
    Command.FASTER: tempo,
    Command.FEWER_WORDS: detail,
    Command.MORE_WORDS: detail,
    Command.ONLY_COUNTS: detail,
}
"""For the phases between the first step and the last."""
