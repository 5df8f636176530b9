"""Plays a track: hands words and tones over just before their moments."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.effects import Rank, Tone
from assistant.dialogue.state import Positioning, State, Working
from assistant.dialogue.timeline import SILENCE_MS, Track
from assistant.dialogue.turn import Turn
from assistant.dialogue.turn_taking import PLACEABLE_MS
from assistant.dialogue.wording import Sentence


def due(track: Track, end: int) -> int:
    """The next mark of the track, or its end if that comes first."""
    mark = track.due
    return end if mark is None else min(mark, end)


def play(turn: Turn, track: Track) -> Track:
    """Hand over the next mark. A cue only into silence; a word only if its moment can still be met."""
    mark = track.marks[track.next]
    moment = track.anchor + mark.at
    if mark.tone is not None:
        turn.effects.append(Tone(mark.tone, moment))
    elif not mark.cue:
        turn.line(Sentence(mark.text), Rank.COUNT, start_at=moment, latest=moment - PLACEABLE_MS)
    elif turn.state.voice.quiet and turn.at >= turn.state.voice.ended_at + SILENCE_MS:
        turn.line(Sentence(mark.text), Rank.COACH, latest=turn.at)
    return replace(track, next=track.next + 1)


def tones_again(state: State, at: int) -> tuple[Tone, ...]:
    """The tones handed over for a moment still to come: a cut has silenced them too."""
    phase = state.phase
    track = phase.track if isinstance(phase, Working) else None
    if isinstance(phase, Positioning):
        track = phase.counting_in
    if track is None:
        return ()
    marks = track.marks[: track.next]
    return tuple(Tone(mark.tone, track.anchor + mark.at) for mark in marks if mark.tone and track.anchor + mark.at > at)
