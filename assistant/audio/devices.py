"""Microphones and speakers: which there are, which one is meant, and PortAudio behind a small interface.

sounddevice is imported late: without the PortAudio library the import fails, and most commands need no sound.
"""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AudioError

Block = NDArray[np.float32]  # float32[frames, channels]
OnBlock = Callable[[Block, bool], None]  # fill it or copy it; True: samples were lost before it

# Measured over PulseAudio, loaded machine: with blocks of 20 ms and a buffer of 60 to 80 ms nothing is lost; blocks
# of 10 ms, a block size left to the system, and PULSE_LATENCY_MSEC=30 all lost sound.
BLOCK_S = 0.02
LATENCY_S = 0.06
_REFUSALS = (-9996, -9997, -9998)  # PortAudio: invalid device (older WASAPI's word for a rate), rate, channel count
_UNAVAILABLE = -9985
_SERVERS = ("default", "pulse", "pipewire")  # ALSA's names for the device that the sound server was told to use
_PATIENCE_S = 2.0  # with a sound server that does not answer
_HOW_TO_GET = "install it with `sudo apt install libportaudio2` (Fedora: `sudo dnf install portaudio`)"


class Kind(str, Enum):
    """What a device is wanted for."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"


@dataclass(frozen=True)
class Device:
    """A sound device. Remember its `label`, never its index, which changes when something is plugged in."""

    index: int
    name: str
    host: str  # ALSA, Core Audio, Windows WASAPI, ...
    inputs: int
    outputs: int
    rate: int  # its own

    @property
    def label(self) -> str:
        return f"{self.name} [{self.host}]"

    def channels(self, kind: Kind) -> int:
        return self.inputs if kind is Kind.MICROPHONE else self.outputs


class RawStream(Protocol):
    """An open stream of the backend."""

    latency: float  # s, as the backend reports it

    def close(self) -> None:
        """Stop at once and give the device back; never raises, never waits for the sound to end."""


class Sound(Protocol):
    """What Floorcoach needs of a sound library; PortAudio, or a fake in tests."""

    def devices(self) -> list[Device]:
        """All devices, as known at the last `rescan`. AudioError if the library is missing."""

    def default(self, kind: Kind) -> Device | None:
        """The system's choice."""

    def open(
        self, kind: Kind, device: Device, rate: int, channels: int, on_block: OnBlock, on_end: Callable[[], None]
    ) -> RawStream:
        """Open and start. `on_end` when the stream ends by itself. RefusedError, else AudioError."""

    def rescan(self) -> None:
        """Look for devices anew; every stream must be closed."""


class RefusedError(Exception):
    """The device does not take this rate or this number of channels; another may do."""


def choose(sound: Sound, kind: Kind, wanted: str | None) -> Device:
    """The device called `wanted` (its label, name, or a part of it, any case), or the default one."""
    fit = [d for d in sound.devices() if d.channels(kind) > 0]
    if not fit:
        sentence = f"There is no {kind.value}: plug one in and try again, or run `coach demo`, which needs none."
        raise AudioError(sentence, code=f"no_{kind.value}")
    if wanted is None:
        return sound.default(kind) or fit[0]
    sought = wanted.casefold().strip()
    for same in (
        lambda d: d.label.casefold() == sought,
        lambda d: d.name.casefold() == sought,
        lambda d: sought in d.label.casefold(),
    ):
        found = [d for d in fit if same(d)]
        if found:
            return found[0]
    names = ", ".join(d.label for d in fit)
    raise AudioError(f"There is no {kind.value} called {wanted}; there are: {names}.", code="unknown_device")


def lasting_name(device: Device, kind: Kind) -> str:
    """What to remember `device` by: its label without the number of its card, which changes when it is plugged in.

    Behind a sound server all microphones are "default [ALSA]", so what the server has chosen is added, if it tells.
    """
    label = re.sub(r" \(hw:\d+,\d+\)", "", device.label)
    if device.host != "ALSA" or device.name not in _SERVERS:
        return label
    return " ".join(filter(None, (label, _served(kind))))


def _served(kind: Kind) -> str:
    """The sound server's name of its device, such as alsa_input.usb-Jabra-00.mono; "" if there is no telling."""
    try:
        done = subprocess.run(
            ["pactl", "info"],
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            check=True,
            text=True,
            timeout=_PATIENCE_S,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    which = "Source" if kind is Kind.MICROPHONE else "Sink"
    found = re.search(rf"^Default {which}: (.+)$", done.stdout, re.MULTILINE)
    return found[1] if found else ""


class PortAudio:
    """The real thing, through sounddevice."""

    def __init__(self) -> None:
        self._library: Any = None

    def devices(self) -> list[Device]:
        sd = self._loaded()
        hosts = [host["name"] for host in sd.query_hostapis()]
        return [
            Device(
                index,
                str(entry["name"]),
                hosts[entry["hostapi"]],
                int(entry["max_input_channels"]),
                int(entry["max_output_channels"]),
                int(entry["default_samplerate"]),
            )
            for index, entry in enumerate(sd.query_devices())
        ]

    def default(self, kind: Kind) -> Device | None:
        sd = self._loaded()
        index = sd.default.device[0 if kind is Kind.MICROPHONE else 1]
        return next((d for d in self.devices() if d.index == index and d.channels(kind) > 0), None)

    def open(
        self, kind: Kind, device: Device, rate: int, channels: int, on_block: OnBlock, on_end: Callable[[], None]
    ) -> RawStream:
        sd = self._loaded()

        def callback(block: Block, frames: int, times: object, status: Any) -> None:
            on_block(block, bool(status))

        stream_type = sd.InputStream if kind is Kind.MICROPHONE else sd.OutputStream
        try:
            stream = stream_type(
                samplerate=rate,
                channels=channels,
                dtype="float32",
                device=device.index,
                blocksize=round(rate * BLOCK_S),
                latency=LATENCY_S,
                callback=callback,
                finished_callback=on_end,
                extra_settings=sd.WasapiSettings(auto_convert=True) if "WASAPI" in device.host else None,
            )
        except sd.PortAudioError as error:
            raise _explained(error, kind, device) from error
        raw = _RawStream(stream)
        try:
            stream.start()
        except sd.PortAudioError as error:
            raw.close()
            raise _explained(error, kind, device) from error
        return raw

    def rescan(self) -> None:
        # PortAudio looks once, when it starts; sounddevice has no public way to start it anew.
        sd = self._loaded()
        sd._terminate()
        sd._initialize()

    def _loaded(self) -> Any:
        if self._library is None:
            # Without it PulseAudio buffers two seconds ahead or stutters. 60 held on a machine with three times more
            # to do than it has cores; 30 underran there, and each time ALSA stood still for two seconds.
            os.environ.setdefault("PULSE_LATENCY_MSEC", "60")
            _silence_alsa()
            try:
                import sounddevice
            except OSError as error:
                sentence = f"The PortAudio library is missing: {_HOW_TO_GET}."
                raise AudioError(sentence, code="no_portaudio") from error
            self._library = sounddevice
        return self._library


class _RawStream:
    """A stream of sounddevice."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.latency = float(stream.latency)

    def close(self) -> None:
        self._stream.close(ignore_errors=True)


def _explained(error: Exception, kind: Kind, device: Device) -> Exception:
    """PortAudio's error as ours: a refusal, or one sentence for the person."""
    code = error.args[1] if len(error.args) > 1 else 0
    if code in _REFUSALS:
        return RefusedError(str(error))
    if code == _UNAVAILABLE or "busy" in str(error).casefold():
        sentence = f"The {kind.value} {device.label} is busy: close the program that uses it, or choose another."
        return AudioError(sentence, code="busy")
    reason = str(error.args[0]) if error.args else "no reason given"
    sentence = f"The {kind.value} {device.label} cannot be opened ({reason}): plug it in again, or choose another."
    return AudioError(sentence, code="cannot_open")


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """PortAudio writes to stderr from its own threads when a device goes, across the display: not while this holds.

    Python's own `sys.stderr` goes on as before.
    """
    sys.stderr.flush()
    shown, ours = os.dup(2), sys.stderr
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        with open(os.dup(shown), "w", encoding="utf-8", errors="replace", buffering=1) as sys.stderr:  # noqa: PTH123
            yield
    finally:
        sys.stderr = ours
        os.dup2(shown, 2)
        os.close(shown)


_alsa_handler: Any = None  # must outlive the library


def _silence_alsa() -> None:
    """ALSA writes its warnings to the terminal, across our display; we count under- and overruns ourselves."""
    global _alsa_handler
    if sys.platform != "linux" or _alsa_handler is not None:
        return
    kind = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
    _alsa_handler = kind(lambda file, line, function, error, text: None)
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_alsa_handler)
    except (OSError, AttributeError):
        return  # without ALSA nothing needs silencing
