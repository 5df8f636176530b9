"""A voice by itself: a few sentences, rendered and played."""

from __future__ import annotations

import threading

import numpy as np

from assistant.audio.devices import PortAudio, quiet_libraries
from assistant.audio.mixer import Mixer
from assistant.audio.resample import resampled, to_float
from assistant.audio.streams import Output, output_rate
from assistant.errors import AudioError, SpeakingError
from assistant.speaking.loudness import Speech
from assistant.speaking.renderer import ENGINE_FAILED, Renderer
from assistant.speaking.voice import Voice

SAMPLE = "Lie on your right side, with both knees bent. Breathe out, and open your left arm. Three, two, one."
_TAIL_S = 0.3  # of silence, so that a device with a long buffer still plays the last word
_PATIENCE_S = 5.0  # longer than the sound itself


def sample(voice: Voice) -> Speech:
    """SAMPLE by this voice. SpeakingError if there is no such voice, or no engine."""
    renderer = Renderer(voice)
    try:
        return renderer.render(SAMPLE)
    except SpeakingError as error:
        if error.code != ENGINE_FAILED:
            raise
        raise SpeakingError(f"There is no voice {voice.id!r}: `coach voices` names them.", code="no_voice") from error
    finally:
        renderer.close()


def aloud(speech: Speech, speaker: str | None) -> None:
    """Play it to its end through `speaker` (part of its name). AudioError if there is none, or it stands still."""
    ended = threading.Event()
    with quiet_libraries():
        sound = PortAudio()
        mixer = Mixer(output_rate(sound, speaker), lambda utterance, outcome, sample: ended.set())
        samples = resampled(to_float(speech.samples), speech.rate, mixer.rate)
        mixer.speak(1, np.pad(samples, (0, round(_TAIL_S * mixer.rate))))
        output = Output(sound, mixer, speaker)
        output.open()
        try:
            if not ended.wait(speech.seconds + _PATIENCE_S):
                raise AudioError("The speaker takes no sound: `coach doctor` looks at it.", code="speaker_stuck")
        finally:
            output.close()
