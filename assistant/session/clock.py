"""Session time (ms) and sample counts, converted here and nowhere else.

Two clocks, never mixed: session time paces the dialogue, sample counts time audio. A live session takes its time
from the monotonic clock and maps it to the sound card's samples; a simulated one counts samples and nothing else.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Protocol


class Clock(Protocol):
    """What the session needs to know of time. All times are whole ms since the session began."""

    def now(self) -> int:
        """The session time."""

    def output_sample(self, ms: int) -> int:
        """The mixer sample that is handed to the speaker at `ms`."""

    def output_ms(self, sample: int) -> int:
        """When the mixer sample is (or was) handed to the speaker."""

    def input_sample(self, ms: int) -> int:
        """The listening sample (16 kHz) that arrives from the microphone at `ms`."""

    def input_ms(self, sample: int) -> int:
        """When the listening sample (16 kHz) arrived."""


STALL_MS = 250
"""A stream that stands still this long (an idle PulseAudio device does, for two seconds, after a first block or two)
goes on that much later for good; one that was only late catches up at once."""


class SampleClock:
    """Time is the number of samples simulated so far: one clock for speaker, microphone and dialogue.

    `began`: the session time (ms) at sample 0, if the session was under way by then.
    """

    def __init__(self, rate: int, began: int = 0) -> None:
        self._rate = rate
        self._began = began
        self.position = 0  # samples simulated so far; the world counts it up

    def now(self) -> int:
        return self._began + self.position * 1000 // self._rate

    def output_sample(self, ms: int) -> int:
        return (ms - self._began) * self._rate // 1000

    def output_ms(self, sample: int) -> int:
        return self._began - (-sample * 1000 // self._rate)  # up: an end is reported once its last sample has gone

    input_sample = output_sample
    input_ms = output_ms


class Track:
    """Maps one stream's sample count to session time from the times its callbacks came.

    A callback can come late, never early, so the earliest arrival in the last `window` callbacks, seen as
    "time of sample 0", is the steady truth; a window that moves on follows the drift of the sound card.
    """

    def __init__(self, rate: int, window: int = 200) -> None:
        self._rate = rate
        self._zero: deque[float] = deque(maxlen=window)
        self._lock = threading.Lock()

    def seen(self, sample: int, ms: float) -> None:
        """The stream stood at `sample` at session time `ms` (called from its callback: brief)."""
        zero = ms - sample * 1000 / self._rate
        with self._lock:
            if self._zero and zero - self._zero[-1] > STALL_MS:
                self._zero.clear()
            self._zero.append(zero)

    def restart(self, rate: int) -> None:
        """The stream was opened anew, perhaps on another device."""
        with self._lock:
            self._rate = rate
            self._zero.clear()

    def to_sample(self, ms: float) -> int:
        return round((ms - self._origin()) * self._rate / 1000)

    def to_ms(self, sample: int) -> int:
        return round(sample * 1000 / self._rate + self._origin())

    def _origin(self) -> float:
        with self._lock:
            return min(self._zero, default=0.0)


class LiveClock:
    """The monotonic clock, and the two tracks that the streams report to."""

    def __init__(self, output_rate: int, input_rate: int = 16_000) -> None:
        self._began = time.monotonic()
        self.output = Track(output_rate)
        self.input = Track(input_rate)

    def now(self) -> int:
        return int(self.exact(time.monotonic()))

    def exact(self, monotonic: float) -> float:
        """A moment of the monotonic clock (s) in session time (ms, not rounded)."""
        return (monotonic - self._began) * 1000

    def output_sample(self, ms: int) -> int:
        return self.output.to_sample(ms)

    def output_ms(self, sample: int) -> int:
        return self.output.to_ms(sample)

    def input_sample(self, ms: int) -> int:
        return self.input.to_sample(ms)

    def input_ms(self, sample: int) -> int:
        return self.input.to_ms(sample)
