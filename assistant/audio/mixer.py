"""What comes out of the speaker: one speech slot, tones, ducking, volume; placed to the sample.

The mixer counts the samples it has rendered (`position`); that count is the clock of the output. Other threads only
append commands to a deque; `render`, called by the output callback or the virtual room, takes them in at the start
of its block. It never waits for anything, and the size of the blocks cannot change what comes out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.events import Outcome

Samples = NDArray[np.float32]
OnEnded = Callable[[int, Outcome, int], None]

FADE_S = 0.02  # of speech that is cut
DUCK_DB = -22.0
DUCK_S = 0.04
UNDUCK_S = 0.25  # slowly back, so that it does not pump between words
VOLUME_S = 0.05
VOLUME_RANGE_DB = (-40.0, 12.0)
LINEAR_UP_TO = 0.75  # above it the limiter bends; below it the echo canceller sees a linear path


@dataclass
class _Speech:
    """One utterance in the slot, sounding or waiting for its start."""

    utterance: int
    samples: Samples
    start: int
    outcome: Outcome  # when its last sample has been played
    cut_at: int | None = None

    @property
    def end(self) -> int:
        return self.start + self.samples.size


class _Ramp:
    """A level in dB that glides linearly; a pure function of the sample number since the last change."""

    def __init__(self, db: float) -> None:
        self._from = self._to = db
        self._start, self._length = 0, 1

    def at(self, position: int) -> float:
        share = min(max((position - self._start) / self._length, 0.0), 1.0)
        return self._from + (self._to - self._from) * share

    def glide(self, db: float, position: int, length: int) -> None:
        self._from, self._to, self._start, self._length = self.at(position), db, position, max(length, 1)

    def gain(self, begin: int, frames: int) -> NDArray[np.float64] | float:
        """The factor for each sample of a block; one number when it does not change."""
        if begin >= self._start + self._length or self._from == self._to:
            return float(10.0 ** (self._to / 20.0))
        share = np.clip((np.arange(begin, begin + frames) - self._start) / self._length, 0.0, 1.0)
        return np.asarray(10.0 ** ((self._from + (self._to - self._from) * share) / 20.0))


class Mixer:
    """Speech, tones, ducking and volume into mono float32 in [-1, 1] at `rate` Hz.

    `on_ended(utterance id, outcome, sample)` is called once for each `speak`: with the outcome given to it at the
    sample after its last one, or with CUT at the sample where its fade ends. It is called inside `render`, perhaps
    in PortAudio's thread: it must only post.
    """

    def __init__(self, rate: int, on_ended: OnEnded) -> None:
        self.rate = rate
        self.on_ended = on_ended
        self.position = 0  # samples rendered so far = number of the next sample
        self._commands: deque[Callable[[int], None]] = deque()
        self._current: _Speech | None = None
        self._waiting: _Speech | None = None  # scheduled
        self._sounding: list[_Speech] = []  # the current one and those fading out
        self._tones: list[tuple[int, Samples]] = []
        self._duck = _Ramp(0.0)
        self._volume = _Ramp(0.0)
        self._fade = max(round(FADE_S * rate), 1)

    # -- called by any thread -----------------------------------------------------------------------------

    def speak(
        self, utterance_id: int, samples: Samples, start: int | None = None, outcome: Outcome = Outcome.FINISHED
    ) -> None:
        """Play `samples` from sample `start` on; at once when it is None or past.

        Speech that starts cuts the one that sounds; speech scheduled for later replaces the one scheduled before.
        """
        speech = _Speech(utterance_id, np.asarray(samples, np.float32), -1 if start is None else start, outcome)
        self._commands.append(partial(self._take_speech, speech))

    def hush(self) -> None:
        """Cut the speech that sounds (20 ms fade) or is scheduled, and drop the tones scheduled for later."""
        self._commands.append(self._take_hush)

    def tone(self, samples: Samples, start: int | None = None) -> None:
        """Mix in a tone from sample `start` on; at once when it is None or past."""
        self._commands.append(partial(self._take_tone, np.asarray(samples, np.float32), start))

    def duck(self, on: bool) -> None:
        """Speech (not tones) down by 22 dB within 40 ms, or back up within a quarter of a second."""
        self._commands.append(partial(self._take_duck, on))

    def volume(self, db: float) -> None:
        """Loudness of everything relative to the default, -40 to +12 dB; above full scale it is softly limited."""
        self._commands.append(partial(self._take_volume, min(max(db, VOLUME_RANGE_DB[0]), VOLUME_RANGE_DB[1])))

    # -- called by the one that plays ---------------------------------------------------------------------

    def render(self, frames: int) -> Samples:
        """The next `frames` samples, float32[frames]."""
        begin, end = self.position, self.position + frames
        while self._commands:
            self._commands.popleft()(begin)
        self._start_waiting(end)
        mixed = np.zeros(frames)
        for speech in self._sounding:
            _add(mixed, begin, speech.start, self._faded(speech))
        mixed *= self._duck.gain(begin, frames)
        for start, samples in self._tones:
            _add(mixed, begin, start, samples)
        mixed *= self._volume.gain(begin, frames)
        self._drop_ended(end)
        self.position = end
        return _limited(mixed)

    def _take_speech(self, speech: _Speech, now: int) -> None:
        if speech.start > now:
            if self._waiting is not None:
                self.on_ended(self._waiting.utterance, Outcome.CUT, now)
            self._waiting = speech
            return
        speech.start = now
        self._begin(speech)

    def _take_hush(self, now: int) -> None:
        if self._current is not None:
            self._cut(self._current, now)
        if self._waiting is not None:
            self.on_ended(self._waiting.utterance, Outcome.CUT, now)
            self._waiting = None
        self._tones = [tone for tone in self._tones if tone[0] <= now]

    def _take_tone(self, samples: Samples, start: int | None, now: int) -> None:
        self._tones.append((now if start is None else max(start, now), samples))

    def _take_duck(self, on: bool, now: int) -> None:
        self._duck.glide(DUCK_DB if on else 0.0, now, round((DUCK_S if on else UNDUCK_S) * self.rate))

    def _take_volume(self, db: float, now: int) -> None:
        self._volume.glide(db, now, round(VOLUME_S * self.rate))

    def _start_waiting(self, end: int) -> None:
        if self._waiting is not None and self._waiting.start < end:
            speech, self._waiting = self._waiting, None
            self._begin(speech)

    def _begin(self, speech: _Speech) -> None:
        if self._current is not None:
            if self._current.end <= speech.start:
                self._finish(self._current)
            else:
                self._cut(self._current, speech.start)
        self._current = speech
        self._sounding.append(speech)

    def _cut(self, speech: _Speech, at: int) -> None:
        speech.cut_at = at
        self._current = None
        self.on_ended(speech.utterance, Outcome.CUT, min(at + self._fade, speech.end))

    def _finish(self, speech: _Speech) -> None:
        self._current = None
        self.on_ended(speech.utterance, speech.outcome, speech.end)

    def _faded(self, speech: _Speech) -> Samples:
        """Its samples as they are to sound: all, or down to the end of the fade if it was cut."""
        if speech.cut_at is None:
            return speech.samples
        whole = max(speech.cut_at - speech.start, 0)
        tail = speech.samples[whole : whole + self._fade]
        down = np.linspace(1.0, 0.0, self._fade, dtype=np.float32)[: tail.size]
        return np.concatenate([speech.samples[:whole], tail * down])

    def _drop_ended(self, end: int) -> None:
        if self._current is not None and self._current.end <= end:
            self._finish(self._current)
        self._sounding = [s for s in self._sounding if s.start + self._faded(s).size > end]
        self._tones = [tone for tone in self._tones if tone[0] + tone[1].size > end]


def _add(block: NDArray[np.float64], begin: int, start: int, samples: Samples) -> None:
    """Add `samples`, which begin at sample `start`, where they overlap the block that begins at `begin`."""
    first, last = max(start, begin), min(start + samples.size, begin + block.size)
    if first < last:
        block[first - begin : last - begin] += samples[first - start : last - start]


def _limited(mixed: NDArray[np.float64]) -> Samples:
    """Bend what exceeds LINEAR_UP_TO so that nothing exceeds 1."""
    over = np.abs(mixed) - LINEAR_UP_TO
    if mixed.size and over.max() > 0:
        room = 1.0 - LINEAR_UP_TO
        bent = np.sign(mixed) * (LINEAR_UP_TO + room * np.tanh(over / room))
        mixed = np.where(over > 0, bent, mixed)
    return mixed.astype(np.float32)
