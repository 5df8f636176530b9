"""How the coach sounds: louder and quieter, another voice, how fast and how high it talks.

That is kept for the next time. The pace of the repetitions is another thing (`answers.tempo`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.dialogue import evening, flow
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import SetVoice, Sound
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import Table
from assistant.dialogue.turn import Turn

STEPS: dict[Command, tuple[str, float]] = {
    Command.LOUDER: ("volume_db", 6.0),
    Command.QUIETER: ("volume_db", -6.0),
    Command.TALK_FASTER: ("rate", 20),
    Command.TALK_SLOWER: ("rate", -20),
    Command.HIGHER_VOICE: ("pitch", 10),
    Command.DEEPER_VOICE: ("pitch", -10),
}
LIMITS = {"volume_db": (-18.0, 6.0), "rate": (90, 230), "pitch": (10, 90)}


def step(turn: Turn, event: Heard) -> None:
    """A little more or less of something, within limits; what the settings file says beyond them stays as it is."""
    name, change = STEPS[event.command]
    lowest, highest = LIMITS[name]
    now = getattr(turn.state.settings.sound, name)
    new = min(now + change, max(now, highest)) if change > 0 else max(now + change, min(now, lowest))
    if new == now:
        turn.answer("no_further")
        return
    _choose(turn, **{name: new})
    turn.answer("like_this")


def another_voice(turn: Turn, event: Heard) -> None:
    """The next of the voices at hand."""
    voices = turn.state.context.memory.voices
    if len(voices) < 2:
        turn.answer("only_voice")
        return
    now = turn.state.settings.sound.voice
    after = voices.index(now) + 1 if now in voices else 1  # the first one is what suits, and speaks where none is named
    _choose(turn, voice=voices[after % len(voices)])
    turn.answer("voice_changed" if turn.state.run is None else "voice_changed_undo")


def _choose(turn: Turn, **changes: Any) -> None:
    turn.remember(place=False)
    settings = turn.state.settings
    turn.set(settings=replace(settings, sound=replace(settings.sound, **changes)))
    changed_from(turn, settings.sound)


def changed_from(turn: Turn, before: Sound) -> None:
    """Tell the outside how the coach sounds now, if that is another way; what comes next is prepared in it."""
    sound = turn.state.settings.sound
    if sound == before:
        return
    turn.effects += [evening.volume(turn.state), SetVoice(sound)]
    if turn.state.run is not None and replace(sound, volume_db=before.volume_db) != before:
        flow.prepare(turn)


TABLE: Table = {**dict.fromkeys(STEPS, step), Command.CHANGE_VOICE: another_voice}
