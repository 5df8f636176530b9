"""How a room changes a sound: impulse responses, streaming convolution, and what "level" means here.

The impulse responses come from the image method (Allen and Berkley, "Image method for efficiently simulating
small-room acoustics", J. Acoust. Soc. Am. 65, 1979): each wall mirrors the source, and a mirror image is heard
later and weaker. It is forty lines of numpy, so no acoustics package has to be installed for a demo.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Point = tuple[float, float, float]

SOUND_M_S = 343.0
_FINE = 4  # images are placed on a grid this many times finer than the samples
_LOW_CUT_HZ = 60.0  # the image method piles up energy near 0 Hz, which no loudspeaker sends
_FRAME_S = 0.02
_ACTIVE_DB = 25.0  # frames this far below the loudest one are pauses, not speech


def impulse_response(room: Point, source: Point, microphone: Point, rt60_s: float, rate: int) -> Floats:
    """The response of a box-shaped room (metres) between two points, from its first arrival on.

    `rt60_s` is the time in which the echo falls by 60 dB; 0 gives the direct sound alone. The way to the
    microphone keeps its delay: sample 0 is the moment the sound leaves the source. The strongest sample of the
    direct sound at one metre would be about 1. Returns float32[n].
    """
    direct_m = math.dist(source, microphone)
    reach_m = max(rt60_s * SOUND_M_S, direct_m) + 0.5
    fine = np.zeros(int(reach_m / SOUND_M_S * rate + 2) * _FINE)
    reflection = _reflection(room, rt60_s)
    far = [_images(room[i], source[i], microphone[i], reach_m) for i in range(3)]
    (xs, x_bounces), ys, zs = far[0], far[1], far[2]
    plane_m2 = ys[0][:, None] ** 2 + zs[0][None, :] ** 2
    plane_bounces = ys[1][:, None] + zs[1][None, :]
    for x, bounces in zip(xs, x_bounces, strict=True):  # a slice at a time: the whole lattice would take 100 MB
        away = np.sqrt(plane_m2 + x * x)
        near = away < reach_m
        at = (away[near] / SOUND_M_S * rate * _FINE).astype(np.int64)
        gain = reflection ** (plane_bounces[near] + bounces) / away[near]
        fine += np.bincount(at, gain, minlength=fine.size)[: fine.size]
    return _settle(_coarse(fine, rate), rt60_s, rate)


def decay_s(response: Floats, rate: int) -> float:
    """The RT60 of a response, from its fall between -5 and -25 dB (ISO 3382 calls it T20)."""
    left = np.cumsum(np.square(response[::-1], dtype=np.float64))[::-1]
    db = 10 * np.log10(left / left[0] + 1e-12)
    return float((np.argmax(db < -25) - np.argmax(db < -5)) / rate * 3)


def _settle(response: Floats, rt60_s: float, rate: int) -> Floats:
    """Make the decay the one asked for: Eyring's formula errs by a fifth in a box with bare corners."""
    if rt60_s <= 0:
        return response
    for _ in range(2):  # the fit moves a little as the curve bends
        excess = 1 / rt60_s - 1 / decay_s(response, rate)
        decay = 10 ** (-3 * excess * np.arange(response.size) / rate)
        response = (response * decay).astype(np.float32)
    return response


def _reflection(room: Point, rt60_s: float) -> float:
    """The share of pressure a wall sends back, from Eyring's formula for the wanted `rt60_s`."""
    if rt60_s <= 0:
        return 0.0
    x, y, z = room
    surface = 2 * (x * y + y * z + z * x)
    absorbed = 1 - math.exp(-24 * math.log(10) / SOUND_M_S * x * y * z / (surface * rt60_s))
    return math.sqrt(1 - absorbed)


def _images(
    length: float, source: float, microphone: float, reach_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Along one axis: the distances of all mirror images within reach, and how many walls each has met."""
    periods = np.arange(-math.ceil(reach_m / (2 * length)) - 1, math.ceil(reach_m / (2 * length)) + 2)
    away = np.concatenate([2 * periods * length + source - microphone, 2 * periods * length - source - microphone])
    bounces = np.concatenate([np.abs(2 * periods), np.abs(2 * periods - 1)])
    near = np.abs(away) < reach_m
    return away[near], bounces[near]


def _coarse(fine: NDArray[np.float64], rate: int) -> Floats:
    """From the fine grid to samples, band-limited, without the pile-up at 0 Hz."""
    spectrum = np.fft.rfft(fine)[: fine.size // _FINE // 2 + 1]
    hertz = np.arange(spectrum.size) * rate / (fine.size / _FINE)
    spectrum *= (hertz / _LOW_CUT_HZ) ** 2 / (1 + (hertz / _LOW_CUT_HZ) ** 2)
    return np.fft.irfft(spectrum, fine.size // _FINE).astype(np.float32)


def active_rms(samples: Floats, rate: int) -> float:
    """The level of speech: root mean square over the 20 ms frames that hold speech; 0.0 for silence."""
    size = int(rate * _FRAME_S)
    frames = samples[: samples.size // size * size].reshape(-1, size)
    if not frames.size:
        return 0.0
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    active = power[power >= power.max() * 10 ** (-_ACTIVE_DB / 10)]
    return float(np.sqrt(active.mean()))


def gain(db: float) -> float:
    """The factor for a level in dB."""
    return float(10 ** (db / 20))


def scaled(samples: Floats, factor: float) -> Floats:
    """The same sound, louder or softer."""
    return (samples * factor).astype(np.float32)


class Convolver:
    """Convolves a stream with an impulse response, a part of `part` samples at a time, with no delay of its own.

    Uniformly partitioned overlap-save: the response is cut into parts, each kept as a spectrum, and the spectra
    of the input wait in a ring. Once the whole memory is silent a part costs next to nothing.
    """

    def __init__(self, response: Floats, part: int) -> None:
        count = max(1, -(-response.size // part))
        padded = np.zeros(count * part, np.float32)
        padded[: response.size] = response
        blocks = np.concatenate([padded.reshape(count, part), np.zeros((count, part), np.float32)], axis=1)
        self._response = np.fft.rfft(blocks, axis=1).astype(np.complex64)
        self._spectra = np.zeros_like(self._response)  # a ring: row _newest is the input's latest spectrum
        self._newest = 0
        self._before = np.zeros(part, np.float32)
        self._silent = count + 1  # parts of silence since the last sound

    def process(self, part: Floats) -> Floats:
        """The next `part` samples of the convolved stream, float32."""
        self._silent = 0 if part.any() else self._silent + 1
        if self._silent > len(self._spectra) + 1:
            return np.zeros_like(part)
        self._newest = (self._newest - 1) % len(self._spectra)
        self._spectra[self._newest] = np.fft.rfft(np.concatenate([self._before, part]))
        self._before = part
        head = len(self._spectra) - self._newest
        heard = np.einsum("ij,ij->j", self._spectra[self._newest :], self._response[:head])
        heard += np.einsum("ij,ij->j", self._spectra[: self._newest], self._response[head:])
        return np.fft.irfft(heard)[part.size :].astype(np.float32)


def convolve(samples: Floats, response: Floats) -> Floats:
    """The whole of `samples` as heard through `response`: float32[samples + response - 1]."""
    length = samples.size + response.size - 1
    size = 1 << (length - 1).bit_length()
    product = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.fft.irfft(product, size)[:length].astype(np.float32)
