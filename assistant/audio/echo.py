"""The coach's own voice taken out of the microphone, so that a person can talk over it.

WebRTC's AEC3 finds the delay of the echo by itself if the reference comes 5 to 500 ms before its echo (measured;
at 600 ms it does nothing). The output callback hands over what it plays before it sounds, so the delay of the
devices is that lead; only the queue between the two threads must neither run dry nor grow. What removes the echo
once both are aligned is a `Remover`: AEC3, a linear filter, or both (see combined_echo.py).
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.audio.combined_echo import CombinedRemover, Remover
from assistant.audio.resample import LISTENING_RATE, Resampler, to_int16

FRAME = LISTENING_RATE // 100  # the canceller works on 10 ms
MS = LISTENING_RATE // 1000
WINDOW = 2000 * MS  # over which the queue's emptiest moment is looked for
ENOUGH = 4 * MS  # it should not hold more than that at its emptiest
STEP = 1 * MS  # what is taken off at a time, so that drift is followed gently: up to 500 ppm
SURPLUS = 20 * MS  # more than that is no drift: all of it goes at once
SPARE = 2 * MS  # what is put into a queue that ran dry, beyond what was missing


class Canceller(Protocol):
    """Takes what is played and what the microphone hears; gives what the person said."""

    half_duplex: bool  # True: the echo stays in, so nothing but stop is to be obeyed while the coach speaks

    def played(self, block: NDArray[np.float32]) -> None:
        """What goes to the speaker, float32[n] at the mixer's rate. Called in the output callback: only queues."""

    def clean(self, microphone: NDArray[np.int16]) -> NDArray[np.int16]:
        """16 kHz int16[n] from the microphone; the same without the echo, in whole frames of 10 ms."""


class EchoCanceller:
    """AEC3 without its noise suppression and gain control (both cost recognition), or another `remover`.

    `played` and `clean` may be called by one thread each. Blocks may have any length; what does not fill a frame
    waits for the next call.
    """

    half_duplex = False

    def __init__(self, rate: int = LISTENING_RATE, remover: Remover | None = None) -> None:
        self._remover = remover or aec3()
        self._resampler = Resampler(rate)
        self._played: deque[NDArray[np.float32]] = deque()
        self._microphone = np.zeros(0, np.int16)  # less than a frame
        self._reference = np.zeros(0, np.int16)
        self._lowest: int | None = None  # of the queue, since the window began
        self._window = 0
        self._begun = False

    def played(self, block: NDArray[np.float32]) -> None:
        self._played.append(block)

    def clean(self, microphone: NDArray[np.int16]) -> NDArray[np.int16]:
        self._collect()
        near = np.concatenate([self._microphone, microphone])
        whole = near.size // FRAME * FRAME
        near, self._microphone = near[:whole], near[whole:]
        if whole == 0:
            return near
        return self._remover.process(near, self._aligned(whole))

    @property
    def waiting(self) -> int:
        """Reference samples (16 kHz) that were played and not yet used."""
        return self._reference.size

    def _collect(self) -> None:
        blocks = []
        while self._played:
            blocks.append(self._resampler.feed(self._played.popleft()))
        if blocks:
            self._reference = np.concatenate([self._reference, *map(to_int16, blocks)])

    def _aligned(self, count: int) -> NDArray[np.int16]:
        """The next `count` reference samples; the queue is put right where it ran dry or has grown."""
        if not self._begun:  # what was played before the microphone opened is of no use
            self._reference = self._reference[-count:]
            self._begun = self._reference.size > 0
        missing = count - self._reference.size
        if missing > 0:
            spare = SPARE if self._begun else 0
            self._reference = np.concatenate([np.zeros(missing + spare, np.int16), self._reference])
            self._lowest, self._window = None, 0
        taken, self._reference = self._reference[:count], self._reference[count:]
        self._watch(count)
        return taken

    def _watch(self, count: int) -> None:
        """Two sound cards drift apart; follow them, by as little as possible at a time."""
        depth = self._reference.size
        self._lowest = depth if self._lowest is None else min(self._lowest, depth)
        self._window += count
        if self._window >= WINDOW:
            excess = self._lowest - ENOUGH
            if excess > 0:
                self._reference = self._reference[excess if excess > SURPLUS else min(excess, STEP) :]
            self._lowest, self._window = None, 0


def aec3() -> Remover:
    """WebRTC's AEC3. ImportError or OSError where its package cannot be loaded."""
    from pywebrtc_audio import EchoCanceller as Aec3

    remover: Remover = Aec3(sample_rate=LISTENING_RATE, num_channels=1)
    return remover


class NoCanceller:
    """Half duplex, where no canceller can be had: the microphone as it is."""

    half_duplex = True

    def played(self, block: NDArray[np.float32]) -> None:
        """Nothing to do: without a canceller nobody needs it."""

    def clean(self, microphone: NDArray[np.int16]) -> NDArray[np.int16]:
        return microphone


def available() -> bool:
    """Whether the canceller's package can be loaded here."""
    try:
        import pywebrtc_audio  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def open_canceller(rate: int) -> Canceller:
    """The canceller for a mixer at `rate`, or half duplex."""
    return EchoCanceller(rate, CombinedRemover(aec3())) if available() else NoCanceller()
