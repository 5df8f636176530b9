"""A rehearsed session as one sound: what the coach says and its tones, at their moments, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.audio import wav
from assistant.audio.mixer import Mixer
from assistant.audio.tones import tone
from assistant.dialogue.effects import Effect, Hush, Say, Tone, Volume
from assistant.dialogue.state import State
from assistant.simulation.rehearsal import Rehearsal, Turn, played
from assistant.speaking.cache import Sentences

RATE = 22_050  # Hz; that of eSpeak, so that nothing is resampled
_BLOCK = RATE  # samples written at a time
_TAIL_MS = 1000  # of silence after the last sound


def rehearsed(state: State, routine: str, sentences: Sentences, turns: Sequence[Turn] = ()) -> Rehearsal:
    """The routine rehearsed with sentences as long as this voice speaks them. SpeakingError if it cannot."""
    return played(state, routine, turns, lengths(sentences))


def lengths(sentences: Sentences) -> Callable[[str], int]:
    """How long (ms) this voice takes to say a text. SpeakingError if it cannot."""
    return lambda text: round(sentences.get(text).size * 1000 / sentences.rate)


def write(rehearsal: Rehearsal, sentences: Sentences, path: Path) -> float:
    """Write what is heard in `rehearsal` as a WAV file at `sentences.rate`, block by block; returns its seconds.

    AudioError if the file cannot be written, SpeakingError if a sentence cannot be spoken any more.
    """
    rate = sentences.rate
    mixer = Mixer(rate, lambda utterance, outcome, sample: None)
    with wav.Writer(path, rate) as file:
        last = 0
        for at, effect in rehearsal.effects:
            _render(mixer, file, _sample(at, rate))
            last = max(last, _hand_over(effect, mixer, sentences))
        _render(mixer, file, max(last, mixer.position) + _sample(_TAIL_MS, rate))
    return mixer.position / rate


def _sample(ms: int, rate: int) -> int:
    return ms * rate // 1000


def _render(mixer: Mixer, file: wav.Writer, until: int) -> None:
    while mixer.position < until:
        file.write(mixer.render(min(_BLOCK, until - mixer.position)))


def _hand_over(effect: Effect, mixer: Mixer, sentences: Sentences) -> int:
    """Give the effect to the mixer; returns the sample at which its sound ends."""
    if isinstance(effect, Hush):
        mixer.hush()
    elif isinstance(effect, Volume):
        mixer.volume(effect.db)
    elif isinstance(effect, Say | Tone):
        at = None if effect.start_at is None else _sample(effect.start_at, mixer.rate)
        if isinstance(effect, Say):
            samples = sentences.get(effect.utterance.text)
            mixer.speak(effect.utterance.id, samples, at)
        else:
            samples = tone(effect.kind, mixer.rate)
            mixer.tone(samples, at)
        return max(at or 0, mixer.position) + samples.size
    return 0
