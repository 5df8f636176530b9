"""A look at the speaker and the microphone for `coach doctor`: do they run, and is the gain right?

From silence alone a gain that is too low cannot be told from a quiet room, so the person is asked to speak.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from assistant.audio import streams
from assistant.audio.capture import CLIPPED, CLIPPING_SHARE
from assistant.audio.devices import Kind, Sound, lasting_name
from assistant.audio.mixer import Mixer
from assistant.audio.resample import LISTENING_RATE
from assistant.audio.streams import Input, Output, output_rate
from assistant.checkup import Ask, Finding, Weight
from assistant.dialogue.calibration import QUIET_DB
from assistant.listening.levels import noise_floor, spoken

Samples = NDArray[np.int16]  # 16 kHz

_MEASURED_S = 1.0
_GAPS = 2  # more in a second are heard
_LAST_BIT_DB = -90  # noise that is no more than the last bit going on and off: no room is so quiet at a sound gain
_SPEAK_S = 6.0  # for a sentence, and for noticing that one is asked for it
_CLEAR_DB = 10  # of voice over noise: with less, one command in ten is missed close by, and more in a room
_TURN_UP = "turn it up in the system's sound settings, or bring it nearer"


def measured(sound: Sound, kind: Kind, wanted: str | None, ask: Ask | None) -> Iterator[Finding]:
    """Open the device `wanted`, let it run for a second, count the gaps, and look at the gain of a microphone.

    `ask`: asks the person to speak, if there is one. AudioError if the device cannot be opened.
    """
    recording = _Recording()
    stream: Input | Output
    if kind is Kind.SPEAKER:
        mixer = Mixer(output_rate(sound, wanted), lambda utterance, outcome, sample: None)
        stream = Output(sound, mixer, wanted, on_played=lambda block, sample, at: recording.begun.set())
    else:
        stream = Input(sound, recording.feed, wanted)
    stream.open()
    try:
        name = lasting_name(stream.device, kind) if stream.device else ""
        if not recording.begun.wait(streams.FIRST_CALLBACK_S):
            yield Finding(Weight.MISSING, kind.value, f"{name} opens, but nothing moves: choose another.")
            return
        before = stream.losses  # the start is always rough
        threading.Event().wait(_MEASURED_S)
        gaps = stream.losses - before
        says = f"{name}, {stream.rate} Hz, {stream.latency_s * 1000:.0f} ms, {gaps} gaps in {_MEASURED_S:g} s"
        lossy = "close other programs, or choose another device." if gaps > _GAPS else ""
        if isinstance(stream, Output):
            yield _finding(kind.value, says, lossy)
            return
        silence, overdriven = recording.take(), stream.meter.clipping
        if ask:
            ask(f"Please speak a sentence to {name} now, as loud as in a session.")
            recording.wait_for(_SPEAK_S)
        noise = noise_floor(silence)
        fault = lossy
        if not stream.meter.heard_anything:
            fault = "it delivers nothing at all: unmute it, or allow it."
        elif overdriven:
            fault = "it is overdriven: turn it down, or move it away."
        elif noise <= _LAST_BIT_DB and not ask:  # some shut themselves while nobody speaks, which a voice would tell
            fault = f"so little is no room, it seems to be turned down: {_TURN_UP}."
        yield _finding(kind.value, f"{says}, noise {noise} dB", fault)
        if ask and stream.meter.heard_anything:
            yield _voice_at(name, recording.take())
    finally:
        stream.close()


def _voice_at(microphone: str, samples: Samples) -> Finding:
    """How the person's voice arrives in `samples`, which begin with silence."""
    level = spoken(samples)
    too_loud = "it is cut off at the top: turn the microphone down in the system's sound settings, or move it away."
    if level is None and np.mean(np.abs(samples.astype(np.int32)) >= CLIPPED) > CLIPPING_SHARE:
        return _finding("your voice", f"distorted at {microphone}", too_loud)  # beyond being known for a voice
    if level is None:
        return _finding("your voice", f"not heard at {microphone} in {_SPEAK_S:g} s", f"if you spoke, {_TURN_UP}.")
    clear = level.voice_db - level.noise_db
    fault = ""
    if level.clipped:
        fault = too_loud
    elif level.voice_db < QUIET_DB:
        fault = f"the microphone is too soft to understand you well: {_TURN_UP}."
    elif clear < _CLEAR_DB:
        fault = "that is too little: bring the microphone nearer, or switch off what makes the noise."
    return _finding("your voice", f"{level.voice_db} dB at {microphone}, {clear} dB above the noise", fault)


def _finding(about: str, says: str, fault: str) -> Finding:
    return Finding(Weight.NOTE, about, f"{says}; {fault}") if fault else Finding(Weight.FINE, about, says)


class _Recording:
    """What the microphone delivers, from its thread to ours."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self._blocks: list[Samples] = []
        self._more = threading.Condition()

    def feed(self, samples: Samples, at: float) -> None:
        """For the stream: int16[n] at 16 kHz."""
        with self._more:
            self._blocks.append(samples)
            self._more.notify()
        self.begun.set()

    def wait_for(self, seconds: float) -> None:
        """Until so much has come since the last `take`; a microphone that stops is given up after twice that time."""
        with self._more:
            self._more.wait_for(lambda: sum(map(len, self._blocks)) >= seconds * LISTENING_RATE, 2 * seconds)

    def take(self) -> Samples:
        """All that has come since the last time."""
        with self._more:
            blocks, self._blocks = self._blocks, []
        return np.concatenate(blocks) if blocks else np.zeros(0, np.int16)
