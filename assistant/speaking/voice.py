"""Which voice speaks, and how. `rate` is what a listener counts, not what the engine is told."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.dialogue.effects import Sound

WORDS_A_MINUTE, PITCH = Sound.rate, Sound.pitch
ESPEAK_VOICE = "en-us+f2"  # of 20 variants of eSpeak's English the one a recogniser understands best
ESPEAK_PER_HEARD = 0.93  # eSpeak told 138 speaks 148 words a minute of our scripts, 0.35 s between sentences
ESPEAK_ALIASES = {"en-gb": "en"}  # what its command line knows and its library does not
SLOWEST, FASTEST = 80, 300
OCTAVE = 100  # of pitch
PIPER = "piper"
PIPER_WORD_S = 0.2  # of a word of our scripts: what grows with the length it is told, measured
PIPER_PAUSE_S = 0.095  # and what does not, with the word's share of the pauses between sentences
NATURAL = "natural"  # the name of its voice, and of the extra that brings both


@dataclass(frozen=True)
class Voice:
    """Settings of the speech. None: what suits the engine.

    engine: a pyttsx3 driver (espeak, sapi5, nsss) or piper; id: a voice of that engine; rate: words a minute, sentence
    pauses included; pitch: 0 to 100.
    """

    engine: str | None = None
    id: str | None = None
    rate: int = WORDS_A_MINUTE
    pitch: int = PITCH

    def for_engine(self, engine: str) -> dict[str, str | int | float]:
        """What to set for `engine`: properties of pyttsx3, or for Piper how long its sounds are to be."""
        espeak = engine == "espeak"
        rate = min(max(self.rate, SLOWEST), FASTEST) / self.shift(engine)
        if engine == PIPER:
            return {"length": round((60.0 / rate - PIPER_PAUSE_S) / PIPER_WORD_S, 3)}
        settings: dict[str, str | int | float] = {"rate": round(rate * ESPEAK_PER_HEARD if espeak else rate)}
        voice = self.id or (ESPEAK_VOICE if espeak else None)
        if voice and espeak:
            name, plus, variant = voice.partition("+")
            voice = ESPEAK_ALIASES.get(name, name) + plus + variant
        if voice:
            settings["voice"] = voice
        if self.pitch != PITCH and espeak:
            settings["pitch"] = self.pitch
        return settings

    def shift(self, engine: str) -> float:
        """By how much its sound is to be played faster, which makes it higher: eSpeak alone has a pitch of its own.

        `for_engine` makes up for it in the rate.
        """
        return 1.0 if engine == "espeak" else 2.0 ** ((self.pitch - PITCH) / OCTAVE)

    def seconds(self, text: str) -> float:
        """How long `text` takes, estimated from its words."""
        return max(len(text.split()), 1) * 60.0 / self.rate


def of(sound: Sound) -> Voice:
    """The voice that sounds so."""
    natural = sound.voice == NATURAL
    return Voice(PIPER if natural else None, None if natural else sound.voice or None, sound.rate, sound.pitch)
