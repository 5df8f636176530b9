"""Reads a recording of a session back: when tones and words really sounded. Nothing here knows what was meant to."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from assistant.audio.tones import tone
from assistant.dialogue.effects import ToneKind
from assistant.errors import AudioError

Floats = NDArray[np.float32]
COACH, MICROPHONE = 0, 1  # the channels of session.wav
LIKE = 0.8  # normalised correlation from which a sound is the tone; the tones are less than 0.7 like each other
_LOUD = 10 ** (-50 / 20)  # a word has begun
_GAP_S = 0.12  # silence that parts two words of the coach's; within a word it pauses less


@dataclass(frozen=True)
class ToneHeard:
    """A tone found in a recording, with the sample of its onset."""

    kind: ToneKind
    sample: int


class Recording:
    """A 16-bit WAV file, read window by window: a whole session would take 100 MB."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = wave.open(str(path), "rb")  # noqa: SIM115  closed by close()
        except (OSError, EOFError, wave.Error) as error:
            raise AudioError(f"The recording {path} cannot be read: {error}.", code="recording") from error
        self.rate = self._file.getframerate()
        self.samples = self._file.getnframes()
        self._channels = self._file.getnchannels()

    def channel(self, number: int, first: int = 0, last: int | None = None) -> Floats:
        """Samples `first` to `last` of a channel, float32; what lies outside the file is left out."""
        first, last = max(first, 0), min(self.samples if last is None else last, self.samples)
        if last <= first:
            return np.zeros(0, np.float32)
        self._file.setpos(first)
        frames = np.frombuffer(self._file.readframes(last - first), "<i2").reshape(-1, self._channels)
        return np.asarray(frames[:, number] / np.float32(32767), np.float32)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def tones(recording: Recording, kinds: tuple[ToneKind, ...], channel: int = COACH) -> list[ToneHeard]:
    """Every tone of `kinds` in a recording, in order."""
    found: list[ToneHeard] = []
    longest = max(tone(kind, recording.rate).size for kind in kinds)
    step = 30 * recording.rate
    for first in range(0, recording.samples, step):
        begin = max(first - longest, 0)  # a tone that began in the window before is not to be found again in its tail
        window = recording.channel(channel, begin, first + step + longest)
        for kind in kinds:
            onsets = [begin + onset for onset in tone_onsets(window, kind, recording.rate)]
            found.extend(ToneHeard(kind, onset) for onset in onsets if first <= onset < first + step)
    return sorted(found, key=lambda heard: heard.sample)


def tone_onsets(samples: Floats, kind: ToneKind, rate: int, like: float = LIKE) -> list[int]:
    """Where the tone begins in `samples`, whatever its volume: the peaks of the normalised correlation."""
    template = tone(kind, rate).astype(np.float64)
    if samples.size < template.size:
        return []
    size = 1 << (samples.size + template.size - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.conj(np.fft.rfft(template, size))
    matched = np.fft.irfft(spectrum, size)[: samples.size - template.size + 1]
    energy = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    around = np.sqrt(np.maximum(energy[template.size :] - energy[: -template.size], 1e-6))
    likeness = matched / (around * np.linalg.norm(template))
    return list(_peaks(likeness, like, template.size))


def _peaks(likeness: NDArray[np.float64], threshold: float, apart: int) -> Iterator[int]:
    above = np.flatnonzero(likeness >= threshold)
    while above.size:
        group = above[above < above[0] + apart]
        yield int(group[np.argmax(likeness[group])])
        above = above[group.size :]


def word_onsets(samples: Floats, rate: int) -> list[int]:
    """Where sound begins after a silence, in a channel without noise: the first sample of each run of words."""
    loud = np.flatnonzero(np.abs(samples) > _LOUD)
    if not loud.size:
        return []
    starts = np.flatnonzero(np.diff(loud) > _GAP_S * rate) + 1
    return [int(loud[0]), *(int(loud[i]) for i in starts)]


@dataclass(frozen=True)
class Stretch:
    """Work from a begin tone to its end tone, in runs (first sample, last sample) parted by pauses."""

    runs: tuple[tuple[int, int], ...]

    @property
    def samples(self) -> int:
        """How long was worked."""
        return sum(last - first for first, last in self.runs)


def stretches(found: Sequence[ToneHeard], pauses: Sequence[int], slack: int) -> list[Stretch]:
    """The work in a recording: `found` are its begin, end and reaction tones in order, `pauses` the samples at which
    the work was interrupted (within `slack`). Work that was never ended, but left, is not in it."""
    done: list[Stretch] = []
    runs: list[tuple[int, int]] = []
    began: int | None = None
    for each in found:
        if each.kind is ToneKind.BEGIN:
            began = each.sample
        elif began is None:
            continue
        elif each.kind is ToneKind.END:
            done.append(Stretch((*runs, (began, each.sample))))
            runs, began = [], None
        elif any(abs(each.sample - pause) <= slack for pause in pauses):
            runs.append((began, each.sample))
            began = None
    return done


def onset_near(recording: Recording, sample: int, slack: int, channel: int = COACH) -> int | None:
    """Where a word begins, the nearest to `sample`, if one does within `slack`."""
    first = sample - slack - round(_GAP_S * recording.rate)
    onsets = [first + onset for onset in word_onsets(recording.channel(channel, first, sample + slack), recording.rate)]
    near = [onset for onset in onsets if abs(onset - sample) <= slack]
    return min(near, key=lambda onset: abs(onset - sample), default=None)
