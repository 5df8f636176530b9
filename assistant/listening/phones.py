"""Which phones sound from moment to moment: a small network on what the transcriber's encoder hears.

The transcriber's own decoder completes what it expects to be said; this looks at 0.2 s of sound at a time and expects
nothing. Learnt by script/fit-phones from synthetic voices alone, with the loss of Connectionist Temporal Classification
(Graves et al., Proceedings of the 23rd International Conference on Machine Learning, 2006).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ListeningError
from assistant.listening.model_files import AGAIN, check_sizes
from assistant.listening.sounds import readings
from assistant.resources import resource

Floats = NDArray[np.float32]
NAMES = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K",
    "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
NUMBERS = {name: number for number, name in enumerate(NAMES, 1)}  # 0 is none of them
_NEVER = -1e9  # a log-likelihood


class Phones:
    """The network. It keeps nothing from one utterance to the next."""

    def __init__(self, folder: Path | None = None) -> None:
        """ListeningError if the files in `folder` are missing or damaged."""
        folder = folder or default_folder()
        check_sizes(folder)
        self._weights = _loaded(folder / "phones.npz")

    def behind(self, states: Floats, texts: Sequence[str]) -> Mapping[str, float]:
        """For each text how much less likely its phones are than the likeliest ones, in nats for each phone: 0 or less.

        `states`: what the transcriber's encoder makes of an utterance, moments (24 ms) x 288.
        """
        if not texts:
            return {}
        odds = self.odds(states)
        best = float(odds.max(axis=1).sum())
        ways = [(text, [NUMBERS[phone] for phone in way]) for text in texts for way in readings(text)]
        likely = _likelihoods(odds, [way for _, way in ways])
        behind: dict[str, float] = {}
        for (text, way), each in zip(ways, likely, strict=True):
            behind[text] = max(behind.get(text, _NEVER), (float(each) - best) / max(1, len(way)))
        return behind

    def odds(self, states: Floats) -> Floats:
        """The log-probability of no phone and of each of NAMES, moments x 40."""
        weights = self._weights
        centred = states - states.mean(axis=1, keepdims=True)
        inputs = centred / np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + 1e-5)
        inputs = inputs * weights["n.weight"] + weights["n.bias"]
        for layer in ("a", "b"):
            inputs = np.maximum(_convolved(inputs, weights[f"{layer}.weight"]) + weights[f"{layer}.bias"], 0)
        outputs = _convolved(inputs, weights["c.weight"]) + weights["c.bias"]
        return log_softmax(outputs)


def default_folder() -> Path:
    """The folder of the network that ships with Floorcoach."""
    return resource("voice_models") / "en-phones"


def log_softmax(odds: Floats) -> Floats:
    """Log-probabilities along the last axis."""
    lowered = odds - odds.max(axis=-1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True)), np.float32)


def _convolved(inputs: Floats, weights: Floats) -> Floats:
    """`inputs` (moments x numbers) convolved with `weights` (outputs x numbers x moments); as many moments come out."""
    size = weights.shape[2]
    padded = np.pad(inputs, ((size // 2, size // 2), (0, 0)))
    sums = (padded[at : at + len(inputs)] @ weights[:, :, at].T for at in range(size))
    return np.asarray(sum(sums), np.float32)


def _likelihoods(odds: Floats, ways: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """The log-likelihood of each way to pronounce something, over all its alignments with the sound.

    A state is a phone or the pause before or after one; side by side for all ways, which saves most of the time.
    """
    longest = 2 * max(map(len, ways), default=0) + 1
    states = np.zeros((len(ways), longest), np.intp)
    for row, way in enumerate(ways):
        states[row, 1 : 2 * len(way) : 2] = way
    leaps = np.zeros(states.shape, bool)  # over the pause between two phones, unless they are the same
    leaps[:, 2:] = (states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2])
    reached = np.full(states.shape, _NEVER)
    reached[:, 0] = 0.0  # before the first moment
    for moment in odds:
        stepped = reached.copy()
        stepped[:, 1:] = np.logaddexp(stepped[:, 1:], reached[:, :-1])
        stepped[:, 2:] = np.logaddexp(stepped[:, 2:], np.where(leaps[:, 2:], reached[:, :-2], _NEVER))
        reached = stepped + moment[states]
    last = np.array([2 * len(way) for way in ways], np.intp)
    rows = np.arange(len(ways))
    return np.asarray(np.logaddexp(reached[rows, last], np.where(last > 0, reached[rows, last - 1], _NEVER)))


@lru_cache(maxsize=1)
def _loaded(path: Path) -> dict[str, Floats]:
    """The weights, which are never changed: once for each process."""
    try:
        with np.load(path) as content:
            return {name: np.asarray(content[name], np.float32) for name in content.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise ListeningError(f"The speech model in {path.parent} cannot be used. {AGAIN}", code="model") from error
