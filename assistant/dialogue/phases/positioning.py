"""Getting into position: instructions, the gate, the count-in."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import flow
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.instructions import detail_of, fuller
from assistant.dialogue.phases import Table, answers, anywhere, kit, moves, playing, shortening
from assistant.dialogue.state import Positioning, State, Why
from assistant.dialogue.turn import Turn

PROMPTS_MS = (30_000, 60_000, 180_000)  # of silence at the gate; with the last one we worry and pause


def ready(turn: Turn, event: Heard) -> None:
    """Begin at once: what is still to be said is dropped, but for what must be known, and settling is over."""
    phase = _phase(turn)
    track = phase.counting_in
    if track is not None and turn.at >= track.anchor + track.marks[0].due - flow.BREATH_MS:
        return
    turn.remember()
    turn.drop(flow.skip_to_ready)
    turn.to(Positioning(0, gate=False))


def wait(turn: Turn, event: Heard) -> None:
    """As long as it takes: from now on only "ready" begins."""
    turn.answer("take_your_time")
    phase = _phase(turn)
    if not phase.gate:
        turn.say("say_ready")
    turn.to(replace(phase, gate=True, waiting_since=None, prompts=0))


def repeat(turn: Turn, event: Heard) -> None:
    """One level fuller than what was being said, from the start."""
    turn.drop(flow.skip_to_ready)
    answers.repeated(turn, fuller(answers.last_told(turn.state)))
    if _phase(turn).gate:
        turn.say("say_ready")


def due(state: State, phase: Positioning) -> int | None:
    """The next word of the count-in, the begin of work, or the next prompt."""
    if phase.counting_in is not None:
        return playing.due(phase.counting_in, phase.counting_in.anchor)
    if phase.waiting_since is None or not state.voice.quiet:
        return None
    return phase.waiting_since + PROMPTS_MS[phase.prompts]


def wake(turn: Turn, phase: Positioning) -> None:
    track = phase.counting_in
    if track is not None:
        if track.due is not None and track.due <= turn.at:
            turn.to(replace(phase, counting_in=playing.play(turn, track)))
        else:
            flow.work(turn, turn.run.offset, counted_in=True)
    elif phase.prompts < len(PROMPTS_MS) - 1:
        turn.to(replace(phase, prompts=phase.prompts + 1))
        turn.say("ready_prompt")
    else:
        flow.pause(turn, Why.SILENCE)
        turn.say("all_right", Rank.ANSWER)


def quiet(turn: Turn, phase: Positioning) -> None:
    """Everything has been said: wait at the gate, or count in."""
    if turn.run.told is None:
        turn.update(told=detail_of(turn.state, turn.run.step))
    if not phase.gate:
        if phase.counting_in is None:
            flow.count_into(turn, phase)
    elif phase.waiting_since is None:
        turn.to(replace(phase, waiting_since=turn.at))


def hold(turn: Turn, event: Heard) -> None:
    """A command comes into the count-in: it is taken back, and begins anew after the answer."""
    phase = turn.state.phase
    if isinstance(phase, Positioning) and phase.counting_in is not None and event.command is not Command.READY:
        turn.hush()
        turn.to(replace(phase, counting_in=None))


def _phase(turn: Turn) -> Positioning:
    phase = turn.state.phase
    assert isinstance(phase, Positioning)
    return phase


TABLE: Table = {
    **kit.TABLE,
    **answers.TABLE,
    Command.READY: ready,
    Command.WAIT: wait,
    Command.EXTEND: wait,
    Command.REPEAT: repeat,
    Command.EXPLAIN: moves.explain,
    Command.SKIP: moves.skip,
    Command.PREVIOUS: moves.previous,
    Command.RESTART: moves.restart,
    Command.EASIER: moves.change_level,
    Command.HARDER: moves.change_level,
    Command.JUMP: moves.jump,
    Command.SHORTEN: shortening.time_left,
    Command.END: anywhere.end,
}
