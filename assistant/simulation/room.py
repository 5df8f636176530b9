"""The virtual room: speaker -> echo path -> microphone, a person at a distance, and noise, on one sample clock.

Levels are those at the microphone, and all hang on the person's: their speech arrives at `PERSON_DBFS`. `echo_db`
is the coach's speech at default volume above (or below) it; `snr_db` is the person's speech above the noise. A
level is the RMS of active speech (acoustics.active_rms) or, for noise, plain RMS.

All delay of the devices lies in the way out: what the mixer renders at sample k leaves the loudspeaker at
k + delay, and the microphone hears without delay. So `Sound.coach` and `Sound.microphone` are what an ear and a
microphone in the room would get at the same moment.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.simulation.acoustics import (
    Convolver,
    Floats,
    Point,
    active_rms,
    convolve,
    gain,
    impulse_response,
    scaled,
)

RATE = 16_000
PERSON_DBFS = -34.0  # a voice across a room at a microphone of usual gain
HISS_DBFS = -78.0  # the microphone's own noise: no real one sends digital silence
COACH_DBFS = -20.0  # nominal level of the coach's speech, where no sample of it is given
_PART = 320  # samples convolved at once; the device delay hides that the echo comes in such parts
_MICROPHONE: Point = (1.3, 1.1, 0.8)
_SPEAKER: Point = (1.6, 1.4, 0.8)


@dataclass(frozen=True)
class RoomSpec:
    """What a room is like: RT60 (s), the person's distance from the microphone (m), the echo's level above the
    person's voice (dB), and the delay of the devices from mixer to microphone (ms, 40 to 200 in real ones)."""

    rt60_s: float = 0.4
    distance_m: float = 2.5
    echo_db: float = 0.0
    delay_ms: int = 60


@dataclass(frozen=True)
class Sound:
    """What went through the room in one step, all of one length: what left the loudspeaker (float32), and what
    the microphone picked up (int16)."""

    coach: Floats
    microphone: NDArray[np.int16]


class Room:
    """`speak` puts the person's words into the air; `step` lets time pass.

    `noise` (float32, 16 kHz) is repeated for ever at `snr_db`. `coach_sample` is a typical line of the coach as
    the mixer renders it, by which the echo is set. The same `seed` gives the same hiss.
    """

    def __init__(
        self,
        spec: RoomSpec,
        *,
        noise: Floats | None = None,
        snr_db: float = 0.0,
        coach_sample: Floats | None = None,
        seed: int = 0,
    ) -> None:
        self.delay = max(spec.delay_ms * RATE // 1000, _PART)
        self.position = 0  # samples that have passed
        size, mouth = _plan(spec.distance_m)
        self._voice_path = impulse_response(size, mouth, _MICROPHONE, spec.rt60_s, RATE)
        self._echo = Convolver(_echo_path(size, spec, coach_sample), _PART)
        self._rendered = np.zeros(0, np.float32)  # by the mixer, not yet convolved
        self._leaving = np.zeros(self.delay, np.float32)  # rendered, has not left the loudspeaker yet
        self._arriving = np.zeros(self.delay, np.float32)  # echo on its way to the microphone
        self._air: deque[tuple[int, Floats]] = deque()  # the person's speech at the microphone: (from, samples)
        self._noise = _level(noise, gain(PERSON_DBFS - snr_db)) if noise is not None else None
        self._hiss = np.random.default_rng(seed)

    def speak(self, samples: Floats, at: int, db: float = 0.0) -> None:
        """The person says `samples` (16 kHz); their mouth opens at sample `at`, not before now.

        `db`: louder than usual.
        """
        heard = convolve(samples, self._voice_path)
        level = active_rms(heard, RATE)
        if level:
            self._air.append((max(at, self.position), scaled(heard, gain(PERSON_DBFS + db) / level)))

    def step(self, rendered: Floats) -> Sound:
        """Let as much time pass as `rendered` (float32[n], from the mixer) lasts."""
        count = rendered.size
        self._push(rendered)
        coach, self._leaving = self._leaving[:count], self._leaving[count:]
        microphone, self._arriving = self._arriving[:count], self._arriving[count:]
        microphone = microphone + self._hiss.standard_normal(count, np.float32) * gain(HISS_DBFS)
        if self._noise is not None:
            microphone += np.take(self._noise, range(self.position, self.position + count), mode="wrap")
        self._hear_person(microphone)
        self.position += count
        return Sound(coach, (np.clip(microphone, -1, 1) * 32767).astype(np.int16))

    def _push(self, rendered: Floats) -> None:
        self._leaving = np.concatenate([self._leaving, rendered])
        waiting = np.concatenate([self._rendered, rendered])
        whole = waiting.size // _PART * _PART
        echoes = [self._echo.process(waiting[i : i + _PART]) for i in range(0, whole, _PART)]
        self._rendered = waiting[whole:]
        self._arriving = np.concatenate([self._arriving, *echoes])

    def _hear_person(self, microphone: Floats) -> None:
        now, until = self.position, self.position + microphone.size
        for began, samples in self._air:
            first, last = max(began, now), min(began + samples.size, until)
            if first < last:
                microphone[first - now : last - now] += samples[first - began : last - began]
        while self._air and self._air[0][0] + self._air[0][1].size <= until:
            self._air.popleft()


def _plan(distance_m: float) -> tuple[Point, Point]:
    """The size of the room and where the mouth is: low, as of someone on the floor, `distance_m` away."""
    x, y, z = _MICROPHONE
    down = min(0.4, distance_m / 2)
    along = float(np.sqrt(distance_m**2 - down**2))
    mouth = (x + along * 0.8, y + along * 0.6, z - down)
    return (max(5.2, mouth[0] + 1.0), max(4.1, mouth[1] + 0.7), 2.5), mouth


def _echo_path(size: Point, spec: RoomSpec, coach_sample: Floats | None) -> Floats:
    path = impulse_response(size, _SPEAKER, _MICROPHONE, spec.rt60_s, RATE)
    wanted = gain(PERSON_DBFS + spec.echo_db)
    if coach_sample is None:
        level = gain(COACH_DBFS) * float(np.sqrt(np.sum(np.square(path, dtype=np.float64))))
    else:
        level = active_rms(convolve(coach_sample, path), RATE)
    return scaled(path, wanted / level)


def _level(noise: Floats, rms: float) -> Floats:
    own = float(np.sqrt(np.mean(np.square(noise, dtype=np.float64))))
    return scaled(noise, rms / own) if own else noise
