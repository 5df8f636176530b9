"""The dialogue as a function: state and event in, state and effects out.

Every deadline up to the event is worked off first, in order and at its own moment, so that how often we wake cannot
change history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from typing_extensions import assert_never

from assistant.catalog.model import Catalog
from assistant.dialogue import checkpoint as checkpoints
from assistant.dialogue import evening, flow, instructions, turn_taking
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Effect, Hush, Listen, Quit, Rank, ToneKind
from assistant.dialogue.events import (
    Advised,
    Event,
    Faulted,
    Heard,
    Interrupted,
    Measured,
    NearMiss,
    Opened,
    Overheard,
    Part,
    Recalled,
    Recovered,
    Said,
    SpeechEnded,
    Tick,
    Voiced,
)
from assistant.dialogue.memory import Memory
from assistant.dialogue.phases import (
    Table,
    answers,
    anywhere,
    calibrating,
    checking,
    confirming,
    dictating,
    hurt,
    idle,
    paused,
    playing,
    positioning,
    reviewing,
    working,
)
from assistant.dialogue.state import (
    Calibrating,
    Checking,
    Confirming,
    Context,
    Dictating,
    Done,
    Doubt,
    EndSession,
    Fate,
    Hurt,
    Idle,
    Paused,
    Phase,
    Positioning,
    Reviewing,
    Settings,
    State,
    Trouble,
    Why,
    Working,
)
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import Wording, fill

TWICE_MS = 6000  # two like near-misses within this time are evidence
DOUBT_EVERY_MS = 60_000
HEARD_WHEN_MUTED = frozenset({Command.STOP, Command.OPEN_MICROPHONE})
TIMELESS = frozenset({Command.READY, Command.REPEAT, Command.EXPLAIN, *answers.TABLE})
STANDSTILL = frozenset({Part.MICROPHONE, Part.SPEAKER, Part.RECOGNISER})  # without these a session cannot go on
MAY_BE_MEANT = "digital_silence"  # somebody may have muted the microphone: worth saying, not worth pausing


def new_state(
    catalog: Catalog, wording: Wording, memory: Memory | None = None, checkpoint: Mapping[str, Any] | None = None
) -> State:
    """A dialogue that has not begun; with a checkpoint it is paused at that place.

    StorageError if the checkpoint is damaged or foreign.
    """
    context = Context(catalog, wording, memory or Memory())
    sound = context.memory.sound
    if checkpoint is None:
        return State(context, Idle(), person=context.memory.person, settings=Settings(sound=sound))
    run, settings = checkpoints.restore(catalog, checkpoint)
    settings = replace(settings, sound=sound)
    phase = Paused(0, Why.RESTORED, working=run.offset > 0)
    return State(context, phase, person=context.memory.person, run=run, settings=settings)


def transition(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """What follows from `event`, after everything that was due before it; and what is due at once because of it."""
    effects: list[Effect] = []
    state = _work_off(state, event.at, effects)
    turn = Turn(state, max(event.at, state.now))
    _happen(turn, event)
    state = _work_off(_settled(turn, state, effects), event.at, effects)
    return state, tuple(effects)


def _work_off(state: State, until: int, effects: list[Effect]) -> State:
    while (due := next_deadline(state)) is not None and due <= until:
        turn = Turn(state, max(due, state.now))
        _wake(turn)
        state = _settled(turn, state, effects)
    return state


def next_deadline(state: State) -> int | None:
    """The next moment (ms) at which something happens by itself."""
    voice, phase = turn_taking.due(state.voice), _due(state, state.phase)
    if voice is None or phase is None:
        return phase if voice is None else voice
    return min(voice, phase)


def _due(state: State, phase: Phase) -> int | None:
    if isinstance(phase, Checking):
        return checking.due(state, phase)
    if isinstance(phase, Positioning):
        return positioning.due(state, phase)
    if isinstance(phase, Working):
        return working.due(state, phase)
    if isinstance(phase, Hurt):
        return hurt.due(state, phase)
    if isinstance(phase, Calibrating):
        return calibrating.due(phase)
    if isinstance(phase, Confirming):
        return confirming.due(state, phase)
    if isinstance(phase, Reviewing):
        return reviewing.due(state, phase)
    if isinstance(phase, Dictating):
        return dictating.due(state, phase)
    if isinstance(phase, (Idle, Paused, Done)):
        return None
    assert_never(phase)


def _wake(turn: Turn) -> None:
    """Whichever is due: the voice goes on by itself afterwards."""
    phase = turn.state.phase
    due = _due(turn.state, phase)
    if due is None or due > turn.at:
        return
    if isinstance(phase, Checking):
        checking.wake(turn, phase)
    elif isinstance(phase, Positioning):
        positioning.wake(turn, phase)
    elif isinstance(phase, Working):
        working.wake(turn, phase)
    elif isinstance(phase, Hurt):
        hurt.wake(turn, phase)
    elif isinstance(phase, Reviewing):
        reviewing.wake(turn, phase)
    elif isinstance(phase, Dictating):
        dictating.wake(turn, phase)
    elif isinstance(phase, Calibrating):
        calibrating.wake(turn, phase)
    else:
        assert isinstance(phase, Confirming)  # the other phases have nothing due
        confirming.wake(turn, phase)


def _settled(turn: Turn, before: State, effects: list[Effect]) -> State:
    """Let the voice go on, tell the phase when all has been said, and tell the ears when the phase has changed."""
    turn.speak()
    if turn.state.voice.quiet:
        _quiet(turn)
    if any(isinstance(effect, Hush) for effect in turn.effects):
        turn.effects.extend(playing.tones_again(turn.state, turn.at))
    if turn.state.phase is not before.phase and _listen(turn.state) != _listen(before):
        turn.effects.append(_listen(turn.state))
    effects.extend(turn.effects)
    return turn.state


def _listen(state: State) -> Listen:
    """What the ears are to listen for."""
    return Listen(state.phase_name, free=isinstance(state.phase, Dictating) and state.phase.listening)


def _quiet(turn: Turn) -> None:
    phase = turn.state.phase
    if isinstance(phase, Checking):
        checking.quiet(turn, phase)
    elif isinstance(phase, Positioning):
        positioning.quiet(turn, phase)
    elif isinstance(phase, Hurt):
        hurt.quiet(turn, phase)
    elif isinstance(phase, Calibrating):
        calibrating.quiet(turn, phase)
    elif isinstance(phase, Confirming):
        confirming.quiet(turn, phase)
    elif isinstance(phase, Reviewing):
        reviewing.quiet(turn, phase)
    elif isinstance(phase, Dictating):
        dictating.quiet(turn, phase)
    elif isinstance(phase, Done):
        idle.quiet(turn, phase)


def _happen(turn: Turn, event: Event) -> None:
    if isinstance(event, SpeechEnded):
        turn.set(voice=turn_taking.ended(turn.state.voice, turn.at, event.utterance, event.outcome))
    elif isinstance(event, Heard):
        _heard(turn, event)
    elif isinstance(event, NearMiss):
        _near_miss(turn, event)
    elif isinstance(event, Overheard):
        turn.overhear(event)
    elif isinstance(event, Said):
        _said(turn, event)
    elif isinstance(event, Voiced):
        dictating.voiced(turn, event)
    elif isinstance(event, Measured):
        calibrating.measured(turn, event)
    elif isinstance(event, Faulted):
        _faulted(turn, event)
    elif isinstance(event, Advised):
        turn.lines((fill(event.sentence),), Rank.ANSWER)
    elif isinstance(event, Recovered):
        _recovered(turn, event)
    elif isinstance(event, Recalled):
        idle.recall(turn, event)
    elif isinstance(event, Opened):
        _opened(turn)
    elif isinstance(event, Interrupted):
        _interrupted(turn)
    elif isinstance(event, Tick):
        pass
    else:
        assert_never(event)


def _opened(turn: Turn) -> None:
    turn.effects.append(Listen(turn.state.phase_name))
    evening.adjust(turn)
    if turn.state.run is None:
        idle.greet(turn)
    else:
        turn.update(began_at=turn.at)
        turn.say(
            "welcome_back",
            Rank.ANSWER,
            routine=turn.run.plan.routine.title,
            move=instructions.named(turn.run.step, turn.wording),
        )
        if turn.state.settings.muted:
            turn.answer("muted")


# -- commands ------------------------------------------------------------------------------------------------


def _heard(turn: Turn, event: Heard) -> None:
    if turn.state.settings.muted and not event.typed and event.command not in HEARD_WHEN_MUTED:
        return
    turn.set(doubt=replace(turn.state.doubt, command=None))
    if event.command in anywhere.FIRST:
        _first(turn, event)
        return
    here = _table(turn.state.phase)
    if isinstance(turn.state.phase, Dictating) and event.command not in here:
        dictating.said(turn, event)
        return
    stale = event.phase is not turn.state.phase_name and event.command not in {*anywhere.TABLE, *TIMELESS}
    if event.command in here and not stale:
        positioning.hold(turn, event)
        turn.accept(event)
        here[event.command](turn, event)
        return
    turn.refuse(event)
    if not stale:
        positioning.hold(turn, event)
        turn.answer("not_now")
        answers.options(turn, event)


def _first(turn: Turn, event: Heard) -> None:
    """Silence comes before anything else, and is the reaction; where it was silent, a tone is."""
    silent = turn.state.voice.speaking is None
    turn.hush()
    if silent:
        turn.tone(ToneKind.HEARD)
    turn.note(event, Fate.DONE)
    first = reviewing.FIRST if isinstance(turn.state.phase, (Reviewing, Dictating)) else anywhere.FIRST
    first[event.command](turn, event)


def _said(turn: Turn, event: Said) -> None:
    """Words that nobody asked for, any more, are nobody's business."""
    if isinstance(turn.state.phase, Dictating) and (event.typed or not turn.state.settings.muted):
        dictating.said(turn, event)


def _table(phase: Phase) -> Table:
    """Every command that works in `phase`."""
    if isinstance(phase, (Idle, Done)):
        return {**anywhere.TABLE, **idle.TABLE}
    if isinstance(phase, Checking):
        return {**anywhere.TABLE, **checking.TABLE}
    if isinstance(phase, Positioning):
        return {**anywhere.TABLE, **positioning.TABLE}
    if isinstance(phase, Working):
        return {**anywhere.TABLE, **working.TABLE}
    if isinstance(phase, Paused):
        return {**anywhere.TABLE, **paused.TABLE}
    if isinstance(phase, Hurt):
        table = {**anywhere.TABLE, **hurt.TABLE}
        return {**table, **hurt.IN_DANGER} if phase.trouble is Trouble.DANGER else table
    if isinstance(phase, Calibrating):
        return anywhere.TABLE
    if isinstance(phase, Confirming):
        return {**anywhere.TABLE, **confirming.table(phase)}
    if isinstance(phase, Reviewing):
        return {**anywhere.TABLE, **reviewing.TABLE}
    if isinstance(phase, Dictating):
        return {**anywhere.TABLE, **dictating.TABLE}
    assert_never(phase)


def _near_miss(turn: Turn, event: NearMiss) -> None:
    """Twice the same within six seconds is evidence; once is worth a soft tone, at most once a minute.

    Something like an answer to what was just asked is taken for it.
    """
    if turn.state.settings.muted:
        return
    doubt, phase = turn.state.doubt, turn.state.phase
    expected = isinstance(phase, Reviewing) and reviewing.expects(phase, event.command)
    twice = doubt.command is event.command and event.at - doubt.at <= TWICE_MS
    if expected or (twice and event.command not in _never_doubted(phase)):
        _heard(turn, Heard(event.at, event.command, event.text, event.phase, event.at, event.slots))
        return
    audible = doubt.tone_at is None or event.at - doubt.tone_at >= DOUBT_EVERY_MS
    if audible:
        turn.tone(ToneKind.DOUBT)
    turn.set(doubt=Doubt(event.command, event.at, event.at if audible else doubt.tone_at))
    turn.note(event, Fate.DOUBTED)


def _never_doubted(phase: Phase) -> Collection[Command]:
    """What must be heard beyond doubt: it says what is safe for the person, or ends the session for good."""
    if isinstance(phase, Checking):
        return checking.ANSWERS
    ending = isinstance(phase, Confirming) and isinstance(phase.question, EndSession)
    return {Command.YES} if ending else ()


# -- faults and the end --------------------------------------------------------------------------------------


def _faulted(turn: Turn, event: Faulted) -> None:
    """Say once what has happened; a session that cannot go on is paused, and its keys still work."""
    if event.part in turn.state.faults:
        return
    turn.set(faults=turn.state.faults | {event.part})
    stops = event.part in STANDSTILL and event.code != MAY_BE_MEANT and anywhere.moving(turn)
    if stops:
        flow.pause(turn, Why.FAULT)
    turn.lines((fill(event.sentence),), Rank.SAFETY)
    if stops:
        turn.say("paused_fault", Rank.SAFETY)


def _recovered(turn: Turn, event: Recovered) -> None:
    if event.part not in turn.state.faults:
        return
    turn.set(faults=turn.state.faults - {event.part})
    turn.answer("works_again", part=event.part.value)
    if isinstance(turn.state.phase, Paused):
        turn.lines(answers.options_now(turn.state), Rank.ANSWER)


def _interrupted(turn: Turn) -> None:
    """Keep the place, keep what was done, and end."""
    turn.hush()
    if turn.state.run is not None:
        flow.save(turn)
        flow.record(turn, completed=False)
        turn.set(run=None, undo=None)
    turn.effects.append(Quit())
    turn.to(Done(bye=True, told=True))
