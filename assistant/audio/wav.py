"""Reading any WAV file, and writing ours. Every failure is one AudioError that names the file."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import LISTENING_RATE, resampled, to_int16, to_mono
from assistant.errors import AudioError

READABLE = ("WAV", "WAVEX", "RF64", "W64", "AIFF")  # AIFF is what the speech engine of macOS writes


@dataclass(frozen=True)
class Sound:
    """`samples`: float32[n, channels] in [-1, 1] at `rate` Hz; n > 0."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def mono(self, rate: int) -> NDArray[np.float32]:
        """float32[n] at another rate."""
        return resampled(to_mono(self.samples), self.rate, rate)

    def for_listening(self) -> NDArray[np.int16]:
        """16 kHz mono int16[n]."""
        return to_int16(self.mono(LISTENING_RATE))


def read(path: Path) -> Sound:
    """The whole file, any rate, channel count and sample format; of a truncated one what is there."""
    import soundfile  # late: it loads a shared library, and most sessions read no file

    _refuse_unreadable(path)
    try:
        with soundfile.SoundFile(path) as file:
            kind, rate = str(file.format), int(file.samplerate)
            if kind not in READABLE:
                raise AudioError(f"{path} is {kind}, not WAV: convert it to WAV first.", code="not_wav")
            samples = file.read(dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as error:
        sentence = f"{path} is not a WAV file, or a damaged one: record or convert it again."
        raise AudioError(sentence, code="not_wav") from error
    except OSError as error:
        raise AudioError(f"{path} cannot be read: {error.strerror or error}.", code="unreadable") from error
    if samples.shape[0] == 0 or rate <= 0:
        raise AudioError(f"{path} holds no sound: record it again.", code="empty")
    return Sound(np.nan_to_num(np.clip(samples, -1.0, 1.0)), rate)


def _refuse_unreadable(path: Path) -> None:
    """The plain reasons first: soundfile says "System error" for all of them."""
    try:
        if path.is_dir():
            raise AudioError(f"{path} is a folder: name a WAV file.", code="unreadable")
        with path.open("rb") as file:
            if not file.read(1):
                raise AudioError(f"{path} is empty: record it again.", code="empty")
    except FileNotFoundError as error:
        raise AudioError(f"There is no file {path}.", code="unreadable") from error
    except OSError as error:
        raise AudioError(f"{path} cannot be read: {error.strerror or error}.", code="unreadable") from error


def write(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    """Write float32[n] or float32[n, channels] as a 16-bit WAV file."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with Writer(path, rate, channels) as file:
        file.write(samples)


class Writer:
    """A 16-bit WAV file written block by block; complete when closed."""

    def __init__(self, path: Path, rate: int, channels: int = 1) -> None:
        self._path = path
        try:
            self._bytes = path.open("wb")
        except OSError as error:
            raise self._refused(error) from error
        self._file = wave.open(self._bytes, "wb")  # noqa: SIM115  closed by close()
        self._file.setnchannels(channels)
        self._file.setsampwidth(2)
        self._file.setframerate(rate)

    def write(self, block: NDArray[np.float32]) -> None:
        """Append float32[n] or float32[n, channels]."""
        try:
            self._file.writeframesraw(to_int16(block).astype("<i2").tobytes())
        except OSError as error:
            raise self._refused(error) from error

    def close(self) -> None:
        try:
            self._file.close()
            self._bytes.close()
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> AudioError:
        return AudioError(f"{self._path} cannot be written: {error.strerror or error}.", code="unwritable")

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
