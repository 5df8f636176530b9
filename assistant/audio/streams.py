"""The two streams of a live session, and the watchdog that brings them back.

Output and Input run in PortAudio's callbacks, which copy samples, note the time and go on. PortAudio does not say
when a device is gone (PulseAudio moves a stream silently), so the watchdog looks at the age of the last callback.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.audio.capture import Capture, Meter
from assistant.audio.devices import Block, Device, Kind, RawStream, RefusedError, Sound, choose
from assistant.audio.mixer import Mixer
from assistant.audio.resample import LISTENING_RATE
from assistant.dialogue.events import Part
from assistant.errors import AudioError

FIRST_CALLBACK_S = 3.0  # PulseAudio asks for a few blocks at once and then takes up to 2 s to begin
CALLBACK_AGE_S = 1.0
RETRY_S = (1.0, 2.0, 4.0, 8.0, 15.0)  # between tries to open a lost device again
RESCAN_AFTER = 2  # such tries
ZEROS_S = 20.0  # of digital silence before the microphone is called dead
ZEROS_AFTER_SOUND_S = 60.0  # the same if it has worked: somebody may have muted it on purpose
WATCH_S = 0.25
BACKLOG = 500  # blocks, ten seconds: more than that is lost, and counted
_RATES = (48_000, 44_100, 32_000, 22_050, 16_000, 8_000)
_CATCH_UP_S = 5.0  # rendered at most at a time while there is no device (a laptop may have slept)

OnPlayed = Callable[[NDArray[np.float32], int, float], None]
OnAudio = Callable[[NDArray[np.int16], float], None]
OnFault = Callable[[Part, str, str], None]
OnRecovered = Callable[[Part], None]


class _Stream:
    """What Output and Input share: opening by name, watching, coming back.

    Numbers for `coach doctor`: `device`, `rate`, `channels`, `latency_s`, `callbacks`, `losses` (under- or overruns).
    """

    kind: Kind
    part: Part

    def __init__(self, sound: Sound, wanted: str | None, on_fault: OnFault, on_recovered: OnRecovered) -> None:
        self.device: Device | None = None
        self.rate = 0
        self.channels = 0
        self.latency_s = 0.0
        self.callbacks = 0
        self.losses = 0
        self.faulted = False
        self._sound = sound
        self._wanted = wanted
        self._on_fault = on_fault
        self._on_recovered = on_recovered
        self._raw: RawStream | None = None
        self._run = 0  # callbacks of an earlier opening are not listened to
        self._opened_at = self._last_callback = 0.0
        self._called = False  # since it was opened
        self._ended = False
        self.tries = 0
        self._retry_at = 0.0

    def open(self) -> None:
        """Open the device and start. AudioError: there is none, it is busy, or it takes no rate we know."""
        device = choose(self._sound, self.kind, self._wanted)
        ways = ((rate, channels) for rate in self._rates(device) for channels in self._channel_counts(device))
        if not any(self._accepted(device, rate, channels) for rate, channels in ways):
            sentence = f"The {self.kind.value} {device.label} takes no sample rate known here: choose another device."
            raise AudioError(sentence, code="odd_rate")

    def close(self) -> None:
        """Stop and give the device back."""
        self._run += 1
        raw, self._raw = self._raw, None
        if raw is not None:
            raw.close()

    def check(self, now: float) -> None:
        """The watchdog's look, at monotonic second `now`: is it alive, and if not, is it time to try again?"""
        if self._raw is None:
            if self.faulted and now >= self._retry_at:
                self.reopen(now)
            return
        age = now - (self._last_callback if self._called else self._opened_at)
        starting = now - self._opened_at <= FIRST_CALLBACK_S
        if self._ended or (age > CALLBACK_AGE_S and not starting):
            self.close()
            self._fault("lost", f"The {self._name()} has stopped: plug it in again, or choose another.", now)
        elif self.faulted and self._called:
            self.faulted = False
            self.tries = 0
            self._on_recovered(self.part)

    def reopen(self, now: float) -> None:
        """Open again after all streams had to be closed; a failure counts as a fault."""
        try:
            self.open()
        except AudioError as error:
            self._fault(error.code, str(error), now)

    def _fault(self, code: str, sentence: str, now: float) -> None:
        self._retry_at = now + RETRY_S[min(self.tries, len(RETRY_S) - 1)]
        self.tries += 1
        if not self.faulted:
            self.faulted = True
            self._on_fault(self.part, code, sentence)

    def _accepted(self, device: Device, rate: int, channels: int) -> bool:
        try:
            self._open(device, rate, channels)
        except RefusedError:
            return False
        return True

    def _open(self, device: Device, rate: int, channels: int) -> None:
        self._run += 1
        run = self._run
        self._called = self._ended = False
        self._opened_at = time.monotonic()
        self.device, self.rate, self.channels = device, rate, channels

        def on_block(block: Block, lost: bool) -> None:
            if run != self._run:
                block[:] = 0.0  # harmless for a microphone's block, silence for a speaker's
                return
            now = time.monotonic()
            self.losses += lost
            self._block(block, now)
            self.callbacks += 1
            self._last_callback = now
            self._called = True

        def on_end() -> None:
            self._ended = self._ended or run == self._run

        self._raw = self._sound.open(self.kind, device, rate, channels, on_block, on_end)
        self.latency_s = self._raw.latency

    def _name(self) -> str:
        return f"{self.kind.value} {self.device.label if self.device else ''}".strip()

    def _rates(self, device: Device) -> Sequence[int]:
        raise NotImplementedError

    def _channel_counts(self, device: Device) -> Sequence[int]:
        """One channel first; some devices insist on all they have."""
        most = device.channels(self.kind)
        return sorted({1, min(2, most), most})

    def _block(self, block: Block, now: float) -> None:
        raise NotImplementedError


class Output(_Stream):
    """Plays what the mixer renders, at the mixer's rate.

    `on_played(block, sample, at)` is called in the callback: float32[n] as it goes to the device, the number of its
    first sample, and the monotonic time (s) of the callback; it sounds about `latency_s` later. A callback comes
    late, never early: the lower envelope of `at - sample / rate` maps samples to time steadily.
    While the device is lost, the mixer is rendered into nothing at the pace of the clock, so speech still ends.
    """

    kind = Kind.SPEAKER
    part = Part.SPEAKER

    def __init__(
        self,
        sound: Sound,
        mixer: Mixer,
        wanted: str | None = None,
        *,
        on_played: OnPlayed = lambda block, sample, at: None,
        on_fault: OnFault = lambda part, code, sentence: None,
        on_recovered: OnRecovered = lambda part: None,
    ) -> None:
        super().__init__(sound, wanted, on_fault, on_recovered)
        self._mixer = mixer
        self._on_played = on_played

    def check(self, now: float) -> None:
        super().check(now)
        if self._raw is None and self.faulted:
            missed = min(now - self._last_callback, _CATCH_UP_S)
            self._mixer.render(max(int(missed * self._mixer.rate), 0))
            self._last_callback = now

    def _rates(self, device: Device) -> Sequence[int]:
        return (self._mixer.rate,)

    def _block(self, block: Block, now: float) -> None:
        sample = self._mixer.position
        mixed = self._mixer.render(len(block))
        block[:] = mixed[:, None]
        self._on_played(mixed, sample, now)


class Input(_Stream):
    """Listens: `on_audio(int16[n] at 16 kHz, at)` in a thread of its own, `at` the monotonic time (s) at which the
    newest of these samples arrived. `meter` shows level, clipping and digital silence. `on_advice` is given a sentence,
    once, when the gain turns out to be wrong.
    """

    kind = Kind.MICROPHONE
    part = Part.MICROPHONE

    def __init__(
        self,
        sound: Sound,
        on_audio: OnAudio,
        wanted: str | None = None,
        *,
        on_fault: OnFault = lambda part, code, sentence: None,
        on_recovered: OnRecovered = lambda part: None,
        on_advice: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        super().__init__(sound, wanted, on_fault, on_recovered)
        self._on_audio = on_audio
        self._on_advice = on_advice
        self._advised = False
        self._capture = Capture(LISTENING_RATE)
        self._blocks: queue.SimpleQueue[tuple[Capture, Block, float] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._dead = False  # reported as digitally silent

    @property
    def meter(self) -> Meter:
        return self._capture.meter

    def close(self) -> None:
        super().close()
        if self._thread is not None and threading.current_thread() is not self._thread:
            self._blocks.put(None)
            self._thread.join()
            self._thread = None

    def check(self, now: float) -> None:
        super().check(now)
        if self._raw is None:
            return
        meter = self.meter
        limit = ZEROS_AFTER_SOUND_S if meter.heard_anything else ZEROS_S
        if not self._dead and meter.zeros_s > limit:
            self._dead = True
            sentence = f"The {self._name()} delivers nothing at all: unmute it, or allow this program to use it."
            self._on_fault(self.part, "digital_silence", sentence)
        elif self._dead and meter.zeros_s == 0.0 and meter.heard_anything:
            self._dead = False
            self._on_recovered(self.part)
        if meter.too_high and not self._advised:
            self._advised = True
            cure = "turn it down in the settings of this computer, or move it away from what is loud"
            self._on_advice(f"The {self._name()} is turned up too far: {cure}.")

    def _rates(self, device: Device) -> Sequence[int]:
        """16 kHz first: where the system converts, it does so with less delay than a resampler of ours."""
        return tuple(dict.fromkeys((LISTENING_RATE, device.rate, *_RATES)))

    def _open(self, device: Device, rate: int, channels: int) -> None:
        self._capture = Capture(rate)
        super()._open(device, rate, channels)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="microphone", daemon=True)
            self._thread.start()

    def _block(self, block: Block, now: float) -> None:
        if self._blocks.qsize() > BACKLOG:
            self.losses += 1
            return
        self._blocks.put((self._capture, block.copy(), now))

    def _work(self) -> None:
        while (item := self._blocks.get()) is not None:
            capture, block, at = item
            samples = capture.feed(block)
            if samples.size:
                self._on_audio(samples, at)


class Watchdog:
    """Looks at the streams four times a second, in a thread of its own.

    When a lost device does not come back by its name, PortAudio must look anew, which takes all streams closed for
    a moment.
    """

    def __init__(self, sound: Sound, streams: Sequence[_Stream]) -> None:
        self._sound = sound
        self._streams = streams
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """End the thread, then close the streams."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        for stream in self._streams:
            stream.close()

    def look(self, now: float) -> None:
        """One look at monotonic second `now`."""
        for stream in self._streams:
            tries = stream.tries
            stream.check(now)
            if stream.tries > tries and stream.tries > RESCAN_AFTER:
                self._rescan(now)

    def _rescan(self, now: float) -> None:
        others = [stream for stream in self._streams if not stream.faulted]
        for stream in self._streams:
            stream.close()
        self._sound.rescan()
        for stream in others:
            stream.reopen(now)

    def _work(self) -> None:
        while not self._closing.wait(WATCH_S):
            self.look(time.monotonic())


def output_rate(sound: Sound, wanted: str | None = None) -> int:
    """The rate to mix at: the speaker's own. AudioError if there is none."""
    return choose(sound, Kind.SPEAKER, wanted).rate or _RATES[0]
