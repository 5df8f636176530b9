"""A sound library without sound: tests plug devices in and out, make them busy, and turn their blocks by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.audio.devices import Block, Device, Kind, OnBlock, RefusedError
from assistant.errors import AudioError

HEADSET = Device(0, "Headset", "ALSA", 1, 2, 48_000)
DESK_MICROPHONE = Device(1, "Desk Microphone", "ALSA", 2, 0, 44_100)
LOUDSPEAKER = Device(2, "Loudspeaker", "ALSA", 0, 2, 48_000)


@dataclass
class FakeStream:
    """An open stream; `turn` is what the callback thread of a real library does."""

    kind: Kind
    device: Device
    rate: int
    channels: int
    on_block: OnBlock
    on_end: Callable[[], None]
    latency: float = 0.05
    closed: bool = False

    def close(self) -> None:
        self.closed = True

    def turn(self, block: NDArray[np.float32] | None = None, lost: bool = False) -> Block:
        """One callback with this block of float32[n, channels], or 20 ms of zeros; the block afterwards."""
        if block is None:
            block = np.zeros((self.rate // 50, self.channels), np.float32)
        self.on_block(block, lost)
        return block


@dataclass
class FakeSound:
    """Implements `devices.Sound`. What is `plugged` counts; `known` is what the library saw at its last look."""

    plugged: list[Device] = field(default_factory=lambda: [HEADSET, DESK_MICROPHONE, LOUDSPEAKER])
    rates: Callable[[Kind, int, int], bool] = lambda kind, rate, channels: True
    busy: bool = False
    streams: list[FakeStream] = field(default_factory=list)
    rescans: int = 0

    def __post_init__(self) -> None:
        self.known = list(self.plugged)

    def devices(self) -> list[Device]:
        return list(self.known)

    def default(self, kind: Kind) -> Device | None:
        return next((device for device in self.known if device.channels(kind)), None)

    def open(
        self, kind: Kind, device: Device, rate: int, channels: int, on_block: OnBlock, on_end: Callable[[], None]
    ) -> FakeStream:
        if self.busy:
            raise AudioError(f"The {kind.value} {device.label} is busy.", code="busy")
        if device not in self.plugged:
            raise AudioError(f"The {kind.value} {device.label} is not there.", code="cannot_open")
        if not self.rates(kind, rate, channels):
            raise RefusedError(f"{rate} Hz")
        stream = FakeStream(kind, device, rate, channels, on_block, on_end)
        self.streams.append(stream)
        return stream

    def rescan(self) -> None:
        assert all(stream.closed for stream in self.streams), "PortAudio may not look anew while a stream is open"
        self.known = list(self.plugged)
        self.rescans += 1

    def open_streams(self, *kinds: Kind) -> list[FakeStream]:
        """The streams of these kinds that are open."""
        return [s for s in self.streams if s.kind in kinds and not s.closed]

    def open_stream(self, kind: Kind) -> FakeStream:
        """The one stream of this kind that is open."""
        (stream,) = self.open_streams(kind)
        return stream
