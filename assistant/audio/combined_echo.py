"""Two ways to take the coach's voice out of the microphone, and the better one at any time.

The adaptive filter spares the person's voice, but needs a second or more of speech to learn the room, and cannot
follow two sound cards that drift apart by more than some 50 ppm, or a delay beyond its length. AEC3 does all that,
and takes a part of the person's voice along. So AEC3 serves until the filter has proved itself, and again if it fails.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.audio.linear_echo import BLOCK, LinearFilter

Samples = NDArray[np.int16]

MEMORY = 0.995  # from block to block of 10 ms in which the coach sounds: two seconds
AT_ONCE = 0.98  # the same at first, until the filter has proved itself: half a second
AT_FIRST = 500  # blocks in which it can do so
SOUNDING = 1e-5  # mean square of the reference: -50 dBFS
NEAR = 4.0  # AEC3 leaves at least a quarter of a person's power; what the filter leaves beyond that is echo
DOUBT = 0.003  # as if a third of a second of loud echo had been left, before anything is known
PROVED, FAILED = 0.1, 0.25  # share of the microphone's power that is such echo: better than 10 dB, worse than 6 dB
SOFT = 3e-5  # mean square of such echo at which it may begin to: -45 dBFS, softer than people are
RESIDUE = 0.04  # what is left, of what came in, below which it is echo alone: no person is heard under 14 dB of coach
STEEP = 3  # how much sooner it is that soft while AEC3 serves, of whose rests a recogniser makes words
SHUT = 0.003  # the least gain for that
MOMENT = 0.2  # the share of a block in the powers that decide it: 50 ms
TAIL = 60  # blocks after which the coach's sound has come and gone: nothing is taken off any more
LINGERS = 0.97  # of the echo, from block to block: slower than rooms, whose last sounds no filter knows well


class Remover(Protocol):
    """Takes an aligned reference out of the microphone."""

    def process(self, microphone: Samples, reference: Samples, /) -> Samples:
        """Both int16[n] at 16 kHz, n a multiple of 10 ms; the reference comes before its echo."""


class CombinedRemover:
    """Runs both; `process` gives one of the two. Both answer late, AEC3 by 8 ms and the filter by 10."""

    def __init__(self, aec3: Remover) -> None:
        self._linear = LinearFilter()
        self._aec3 = aec3
        self._heard = DOUBT  # power at the microphone while the coach sounds
        self._left = DOUBT  # of it, the echo that the filter left
        self.linear = False  # which one serves
        self._memory = AT_ONCE
        self._judged = 0  # blocks
        self._before = 0.0  # power at the microphone, a block ago: what is left comes that late
        self._echo = self._out = 0.0  # power of what is taken off and of what is left, a moment long
        self._unplayed = TAIL  # blocks since the coach sounded
        self._lingering = 0.0  # of the echo, as the room sounds on

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        """The microphone without the echo; both int16[n], n a multiple of 10 ms, the reference ahead of its echo."""
        filtered = self._linear.process(microphone, reference)
        suppressed = self._aec3.process(microphone, reference)
        out = []
        powers = zip(*map(_powers, (microphone, reference, filtered, suppressed)), strict=True)
        for number, (heard, played, after, least) in enumerate(powers):
            if played > SOUNDING:
                self._judge(heard, max(after - NEAR * least, 0.0))
            self._unplayed = 0 if played > SOUNDING else self._unplayed + 1
            block = slice(number * BLOCK, (number + 1) * BLOCK)
            out.append(self._opened(filtered[block] if self.linear else suppressed[block], heard))
        return np.concatenate(out)

    def _opened(self, left: Samples, heard: float) -> Samples:
        """What is left, made soft where it can only be the coach's: a recogniser would not mind how soft a word is."""
        out = float(_powers(left)[0])
        echo = max(self._before - out, 0.0) if self._unplayed < TAIL else 0.0
        self._before = heard
        self._out += MOMENT * (out - self._out)
        self._echo += MOMENT * (echo - self._echo)
        self._lingering = max(self._echo, LINGERS * self._lingering)
        share = self._out / (self._out + self._lingering + 1e-12)
        gain = min(share / RESIDUE, 1.0) ** (1 if self.linear else STEEP)
        return left if gain == 1 else (left * max(gain, SHUT)).astype(np.int16)

    def _judge(self, heard: float, left: float) -> None:
        self._heard = self._memory * self._heard + heard
        self._left = self._memory * self._left + left
        share = self._left / max(self._heard, 1e-12)
        soft = self._left * (1 - self._memory) < SOFT
        self.linear = share < FAILED if self.linear else share < PROVED and soft
        self._judged += 1
        if self.linear or self._judged >= AT_FIRST:
            self._memory = MEMORY


def _powers(samples: Samples) -> NDArray[np.float64]:
    """The mean square of each block of 10 ms."""
    floats = samples.astype(np.float64).reshape(-1, BLOCK)
    return np.asarray(np.einsum("ij,ij->i", floats, floats) / (BLOCK * 32768.0**2))
