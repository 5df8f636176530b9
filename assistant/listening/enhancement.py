"""A voice without the echoes of its room, and without the noise that was there before it: a tap, a fan, much of music.

Echoes go first. What a band holds after the first 24 ms and can be foretold from what it held before is taken for them
and subtracted; the foretelling is learnt from the utterance itself, where it is loud counting less (weighted prediction
error: Nakatani et al., IEEE Transactions on Audio, Speech, and Language Processing 18, 2010).

Then the noise, by spectral subtraction with a Wiener gain (Lim and Oppenheim, Proceedings of the IEEE 67, 1979): what
is left of the power in each band after that of the noise has been taken away says how much of the band is kept. The
floor is high, since a recogniser minds holes in a spectrum more than noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.listening.recogniser import Samples

Spectra = NDArray[np.complex128]  # frames x bands
_FRAME, _HOP = 512, 128  # samples, 32 and 8 ms
_DELAY, _TAPS = 3, 10  # frames: a voice may still foretell itself over the first, and echoes are learnt over the second
_ROUNDS = 2  # of learning: the loudness of the voice alone is better known the second time
_RIDGE = 1e-3  # of the mean, against bands with nothing to learn from
_BANDS = 32  # at once: quicker than one by one, and a minute needs not much more memory than a word
_TOO_MUCH = 1.2  # the noise is taken to be louder by this: it goes up and down
_FLOOR = 0.05  # of the power in a band is always kept
_LEAST = 8  # frames of noise


def enhanced(samples: Samples, began: int) -> Samples:
    """16 kHz `samples` in which a voice begins at `began`, without its echoes and the noise before it.

    If there is too little before it to know the noise, that stays.
    """
    spectra = _without_noise(_without_echoes(_spectra(samples)), began)
    return _sound(spectra, len(samples)).clip(-32768, 32767).astype(np.int16)


def _without_echoes(spectra: Spectra) -> Spectra:
    padded = np.pad(spectra, ((_DELAY + _TAPS - 1, 0), (0, 0)))
    earlier = np.lib.stride_tricks.sliding_window_view(padded, _TAPS, axis=0)[: len(spectra)]  # frames, bands, taps
    dry = np.empty_like(spectra)
    for first in range(0, spectra.shape[1], _BANDS):
        bands = slice(first, first + _BANDS)
        dry[:, bands] = _foretold_taken_away(spectra[:, bands].T, earlier[:, bands].swapaxes(0, 1)).T
    return dry


def _foretold_taken_away(bands: Spectra, earlier: Spectra) -> Spectra:
    """What of `bands` (bands x frames) cannot be foretold from `earlier` (bands x frames x taps)."""
    earlier, heard = np.ascontiguousarray(earlier), bands[:, :, None]
    turned, dry = np.ascontiguousarray(earlier.conj().swapaxes(1, 2)), heard
    for _ in range(_ROUNDS):
        power = np.square(np.abs(dry)).swapaxes(1, 2)
        weighted = turned / np.maximum(power, _RIDGE * power.mean(axis=2, keepdims=True) + 1.0)
        alike = weighted @ earlier
        ridge = _RIDGE * np.trace(alike, axis1=1, axis2=2).real / _TAPS + 1e-9
        alike += np.eye(_TAPS) * ridge[:, None, None]
        dry = heard - earlier @ np.linalg.solve(alike, weighted @ heard)
    return np.asarray(dry[:, :, 0])


def _without_noise(spectra: Spectra, began: int) -> Spectra:
    noise = np.square(np.abs(spectra[_FRAME // _HOP : began // _HOP]))
    if len(noise) < _LEAST:
        return spectra
    power = np.square(np.abs(spectra)) + 1.0  # digital silence has none
    gains = np.sqrt(np.maximum(_FLOOR, 1 - _TOO_MUCH * noise.mean(axis=0) / power))
    gains[1:] = (gains[1:] + gains[:-1]) / 2
    return np.asarray(spectra * gains)


def _spectra(samples: Samples) -> Spectra:
    padded = np.pad(samples.astype(np.float64), (_FRAME, _FRAME + -len(samples) % _HOP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    return np.fft.rfft(frames * _WINDOW, axis=1)


def _sound(spectra: Spectra, length: int) -> NDArray[np.float64]:
    frames = np.fft.irfft(spectra, _FRAME, axis=1) * _WINDOW
    whole = np.zeros((len(frames) - 1) * _HOP + _FRAME)
    for number, frame in enumerate(frames):
        whole[number * _HOP : number * _HOP + _FRAME] += frame
    return whole[_FRAME : _FRAME + length] * 2 * _HOP / _FRAME


_WINDOW = np.sqrt(np.hanning(_FRAME + 1)[:-1])  # before and after: four of its squares, a hop apart, add up to 2
