"""The coach's own voice taken out of the microphone by an adaptive filter that spares the person's.

WebRTC's AEC3 follows its linear filter with a suppressor that also takes the person's voice while both speak: with
the echo as loud as the person, a recogniser then finds 16 of 40 commands. This is a partitioned frequency-domain
Kalman filter (Enzner and Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free
telephones", Signal Processing 86, 2006; partitioned: Kuech et al., ICASSP 2014). It knows its own uncertainty: so it
slows down by itself while the person speaks, and what its suppressor takes off is the echo it may have left, no more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import LISTENING_RATE, to_float, to_int16

Floats = NDArray[np.float32]

BLOCK = LISTENING_RATE // 100  # 10 ms
PARTS = 50  # 500 ms: the delay of the devices and the first 300 ms of the room
KEEPS = 0.995  # of the echo path from block to block: lower follows changes sooner, higher cancels more
UNTOLD = 0.7  # of the doubt about a pitch that does not sound is kept: with 0 it is gone before the pitch is learnt
UNSURE = 0.5  # of the echo path's power in the first part, of all its power, before anything else is known
FADES = 0.05  # and how fast that falls with each further part, as rooms do
SOFTEST = 1e-3  # power of the softest echo path: what arrives, of what is played
GUESSED = 200  # blocks of the coach from which the power of the path is guessed
LOUDER = 1.5  # what arrives, of what was guessed, at which the guess is raised
CAREFUL = 2.0  # as if that much more were unsure: with 1 the filter swings, as few parts are put right each time
SMOOTH = 0.5  # of the error's spectrum
TURNS = 5  # blocks in which all parts are put right once: each time would cost twice as much and gain 1 dB
SLOWLY = 0.05  # the share of a block in what is known of the powers before and after
LINGERS = 0.7  # what may be left of the echo, from block to block: rooms go on sounding
FLOOR = 0.1  # the suppressor takes off 20 dB at most
WORSE = 1.5  # the power after, of that before, at which the filter begins anew
SILENCE = 1e-3  # of the reference's power in the filter: nothing to learn from


class LinearFilter:
    """The echo path from reference to microphone, learnt while it is used. What comes out is a block late."""

    def __init__(self) -> None:
        bins = BLOCK + 1
        self._spectra = np.zeros((PARTS, bins), np.complex64)  # of the reference, newest first
        self._path = np.zeros((PARTS, bins), np.complex64)
        self._power = SOFTEST
        self._unsure = self._power * _prior(bins)
        self._arrived = self._sent = 0.0  # energies from which the power of the path is guessed
        self._guesses = GUESSED
        self._heard = self._left = 0.0  # power before and after
        self._noise = np.zeros(bins, np.float32)  # power of what is not echo, as far as can be told
        self._before = np.zeros(BLOCK, np.float32)
        self._sounds = 0  # blocks until nothing of the reference is left in the spectra
        self._turn = 0
        self._suppressor = _Suppressor()

    def process(self, microphone: NDArray[np.int16], reference: NDArray[np.int16]) -> NDArray[np.int16]:
        """The microphone without the echo; both int16[n], n a multiple of BLOCK, the reference ahead of its echo."""
        blocks = zip(to_float(microphone).reshape(-1, BLOCK), to_float(reference).reshape(-1, BLOCK), strict=True)
        return to_int16(np.concatenate([self._clean(near, far) for near, far in blocks]))

    def _clean(self, microphone: Floats, reference: Floats) -> Floats:
        self._sounds = PARTS if reference.any() or self._before.any() else max(self._sounds - 1, 0)
        if self._sounds == 0:  # no echo, and nothing to learn from: the same as below, for a quarter of the work
            self._spectra[:] = 0
            return self._suppressor.process(microphone, np.zeros(BLOCK + 1, np.float32))
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = np.fft.rfft(np.concatenate([self._before, reference]))
        self._before = reference
        echo = np.fft.irfft(np.einsum("ij,ij->j", self._path, self._spectra))[BLOCK:]
        error = (microphone - echo).astype(np.float32)
        power = self._spectra.real**2 + self._spectra.imag**2
        doubt = 0.5 * np.einsum("ij,ij->j", self._unsure, power)  # power of the echo that may be left
        if power.sum() > SILENCE:
            self._guess(microphone, reference)
            self._watch(microphone, error)
            self._learn(error, power, doubt)
        return self._suppressor.process(error, doubt)

    def _learn(self, error: Floats, power: Floats, doubt: Floats) -> None:
        spectrum = np.fft.rfft(np.concatenate([np.zeros(BLOCK, np.float32), error])).astype(np.complex64)
        self._noise = SMOOTH * self._noise + (1 - SMOOTH) * (spectrum.real**2 + spectrum.imag**2)
        gain = self._unsure / (CAREFUL * doubt + self._noise + 1e-8)
        strength = self._path.real**2 + self._path.imag**2
        forgotten = np.maximum(strength, UNTOLD * self._unsure)
        self._unsure = KEEPS * (1 - 0.5 * gain * power) * self._unsure + (1 - KEEPS) * forgotten
        self._path += gain * self._spectra.conj() * spectrum
        some = slice(self._turn, None, TURNS)
        response = np.fft.irfft(self._path[some], axis=1)
        response[:, BLOCK:] = 0  # a part answers for its own block only
        self._path[some] = np.fft.rfft(response, axis=1)
        self._turn = (self._turn + 1) % TURNS

    def _guess(self, microphone: Floats, reference: Floats) -> None:
        """Be as unsure as the path is loud: with less it would learn slowly, with more it would begin with noise."""
        if self._guesses == 0:
            return
        self._guesses -= 1
        self._arrived += float(microphone @ microphone)
        self._sent += float(reference @ reference)
        louder = self._arrived / (self._sent + 1e-9) / self._power
        if louder > LOUDER:
            self._power *= louder
            self._unsure *= louder

    def _watch(self, microphone: Floats, error: Floats) -> None:
        """A filter that makes the sound louder describes another room, or another delay: begin anew."""
        self._heard += SLOWLY * (float(microphone @ microphone) - self._heard)
        self._left += SLOWLY * (float(error @ error) - self._left)
        if self._left > WORSE * self._heard:
            self._path[:] = 0
            self._unsure = self._power * _prior(BLOCK + 1)
            self._left = 0.0


class _Suppressor:
    """Takes off what may be left of the echo, bin by bin; overlapping windows, so a block later."""

    def __init__(self) -> None:
        self._window = np.sqrt(np.hanning(2 * BLOCK + 1)[:-1]).astype(np.float32)
        self._before = np.zeros(BLOCK, np.float32)
        self._begun: Floats = np.zeros(BLOCK, np.float32)  # of the block that comes out next
        self._power: Floats = np.zeros(BLOCK + 1, np.float32)
        self._doubt: Floats = np.zeros(BLOCK + 1, np.float32)

    def process(self, error: Floats, doubt: Floats) -> Floats:
        """The block before `error`, with what is doubtful taken off; `doubt`: power per bin of the echo left."""
        spectrum = np.fft.rfft(np.concatenate([self._before, error]) * self._window).astype(np.complex64)
        self._before = error
        self._power = SMOOTH * self._power + (1 - SMOOTH) * (spectrum.real**2 + spectrum.imag**2)
        self._doubt = np.maximum(doubt, LINGERS * self._doubt)
        spectrum *= np.maximum(1 - self._doubt / (self._power + 1e-9), FLOOR)
        shaped = np.fft.irfft(spectrum).astype(np.float32) * self._window
        ready = self._begun + shaped[:BLOCK]
        self._begun = shaped[BLOCK:]
        return ready


def _prior(bins: int) -> Floats:
    """How unsure each part and bin of a path of power 1 is before anything else is known, float32[PARTS, bins]."""
    fading = UNSURE * np.exp(-FADES * np.arange(PARTS, dtype=np.float32))
    return np.repeat(fading[:, None], bins, axis=1)
