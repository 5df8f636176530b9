"""Noise taken out of an utterance, as far as it was there before the voice: a tap, a fan, much of music.

Spectral subtraction with a Wiener gain (Lim and Oppenheim, Proceedings of the IEEE 67, 1979): what is left of the power
in each band after that of the noise has been taken away says how much of the band is kept. The floor is high, since a
recogniser minds holes in a spectrum more than noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.listening.recogniser import Samples

_FRAME, _HOP = 512, 128  # samples, 32 and 8 ms
_TOO_MUCH = 1.2  # the noise is taken to be louder by this: it goes up and down
_FLOOR = 0.05  # of the power in a band is always kept
_LEAST = 8  # frames of noise


def denoised(samples: Samples, began: int) -> Samples:
    """16 kHz `samples` in which a voice begins at `began`, without the noise before it; unchanged if that is short."""
    spectra = _spectra(samples)
    noise = np.square(np.abs(spectra[_FRAME // _HOP : began // _HOP]))
    if len(noise) < _LEAST:
        return samples
    power = np.square(np.abs(spectra)) + 1.0  # digital silence has none
    gains = np.sqrt(np.maximum(_FLOOR, 1 - _TOO_MUCH * noise.mean(axis=0) / power))
    gains[1:] = (gains[1:] + gains[:-1]) / 2
    return _sound(spectra * gains, len(samples)).clip(-32768, 32767).astype(np.int16)


def _spectra(samples: Samples) -> NDArray[np.complex128]:
    padded = np.pad(samples.astype(np.float64), (_FRAME, _FRAME + -len(samples) % _HOP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    return np.fft.rfft(frames * _WINDOW, axis=1)


def _sound(spectra: NDArray[np.complex128], length: int) -> NDArray[np.float64]:
    frames = np.fft.irfft(spectra, _FRAME, axis=1) * _WINDOW
    whole = np.zeros((len(frames) - 1) * _HOP + _FRAME)
    for number, frame in enumerate(frames):
        whole[number * _HOP : number * _HOP + _FRAME] += frame
    return whole[_FRAME : _FRAME + length] * 2 * _HOP / _FRAME


_WINDOW = np.sqrt(np.hanning(_FRAME + 1)[:-1])  # before and after: four of its squares, a hop apart, add up to 2
