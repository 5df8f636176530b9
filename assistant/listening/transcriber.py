"""A second opinion: a network that writes down an utterance, and says how likely it finds a given text.

It learnt sound and text as a whole (Moonshine tiny, an encoder and a decoder), the recogniser phones along a grammar:
they make different mistakes. By itself it is the worse one for single words in a room; together they beat each alone.
What its encoder hears also serves a third one, that of phones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.wording import capital, in_words
from assistant.errors import ListeningError
from assistant.listening.model import RATE
from assistant.listening.model_files import AGAIN, check_sizes
from assistant.listening.phones import Floats, Phones, log_softmax
from assistant.listening.recogniser import Samples
from assistant.resources import resource

_START, _END = 1, 2  # tokens
_PUNCTUATION = (".", ",", "!", "?", "...")  # with which a text may end
_TOKENS_A_SECOND = 8  # more than anybody says
_SHORTEST = RATE // 2  # samples: what is shorter gets silence after it
_LONGEST = 20 * RATE  # samples: it learnt from up to 30 seconds
_CACHE = (8, 36)  # heads, and numbers in each


@dataclass(frozen=True)
class Transcript:
    """What was written down (lower case, without punctuation), and the log-likelihood of that.

    `scores`: the log-likelihood of each text that was asked for, with any punctuation at its end.
    `behind`: by how much its phones are behind those that sound, as in Phones.behind.
    """

    text: str
    score: float = 0.0
    scores: Mapping[str, float] = field(default_factory=dict)
    behind: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What was written down of an utterance and how likely it is, with what the encoder made of it."""

    text: str
    score: float
    states: Floats  # moments (24 ms) x 288
    heard: NDArray[np.int64]  # 1 for each sample that it looked at


class Transcriber:
    """The network. It keeps nothing from one utterance to the next: equal samples give equal transcripts."""

    def __init__(self, folder: Path | None = None) -> None:
        """ListeningError if the files in `folder` are missing or damaged, or there is nothing that could run them."""
        self._folder = folder or default_folder()
        check_sizes(self._folder)
        self._phones = Phones()
        _runtime()

    def write_down(self, samples: Samples) -> str:
        """What is said in 16 kHz mono int16 `samples` of any length."""
        parts = range(0, max(1, len(samples)), _LONGEST)
        return " ".join(filter(None, (self.hear(samples[at : at + _LONGEST]).text for at in parts)))

    def hear(self, samples: Samples, texts: Sequence[str] = ()) -> Transcript:
        """Write down `samples` of an utterance, and say how likely each of `texts` is."""
        return self.compare(self.written(samples), texts)

    def written(self, samples: Samples) -> Written:
        """Write down `samples` of an utterance."""
        states = self.states(samples)
        heard = np.ones((1, max(_SHORTEST, len(samples))), np.int64)
        text, score = self._written(states[None], heard)
        return Written(text, score, states, heard)

    def compare(self, written: Written, texts: Sequence[str]) -> Transcript:
        """Say how likely each of `texts` is beside what was written down."""
        scores = {each: self._likely(written.states[None], written.heard, each) for each in texts}
        return Transcript(written.text, written.score, scores, self._phones.behind(written.states, texts))

    def states(self, samples: Samples) -> Floats:
        """What the encoder makes of `samples`: moments (24 ms) x 288."""
        sound = np.pad(samples.astype(np.float32) / 32768, (0, max(0, _SHORTEST - len(samples))))[None]
        (states,) = self._encoder.run(None, {"input_values": sound, "attention_mask": np.ones(sound.shape, np.int64)})
        return cast(Floats, states[0])

    def _written(self, states: Floats, heard: NDArray[np.int64]) -> tuple[str, float]:
        """The likeliest text, token by token."""
        kept, token, score, written = self._nothing(), _START, 0.0, []
        for number in range(4 + heard.size * _TOKENS_A_SECOND // RATE):
            odds, *fresh = self._decoded(states, heard, [token], kept, begun=number > 0)
            for name, value in zip(kept, fresh, strict=True):
                if number == 0 or ".decoder." in name:
                    kept[name] = value
            likely = log_softmax(odds[0, -1])
            token = int(likely.argmax())
            score += float(likely[token])
            if token == _END:
                break
            written.append(token)
        return self._tokens.text(written), score

    def _likely(self, states: Floats, heard: NDArray[np.int64], text: str) -> float:
        """The log-likelihood of `text`. One at a time: the network rounds by the largest number of all it is given."""
        tokens = self._tokens.of(capital(text))
        odds, *_ = self._decoded(states, heard, [_START, *tokens], self._nothing(), begun=False)
        likely = log_softmax(odds[0])
        ending = np.logaddexp.reduce(likely[-1, [_END, *self._tokens.punctuation]])
        return float(likely[range(len(tokens)), tokens].sum() + ending)

    def _decoded(
        self, states: Floats, heard: NDArray[np.int64], tokens: list[int], kept: Mapping[str, Floats], *, begun: bool
    ) -> list[Floats]:
        """The odds of what follows each of `tokens`, and what is to be kept for the next."""
        given = {"input_ids": np.array([tokens]), "encoder_hidden_states": states, "encoder_attention_mask": heard}
        return list(self._decoder.run(None, {**given, **kept, "use_cache_branch": np.array([begun])}))

    def _nothing(self) -> dict[str, Floats]:
        """What the decoder keeps from one token to the next, at the first."""
        heads, size = _CACHE
        return {
            given.name: np.zeros((1, heads, 1, size), np.float32)
            for given in self._decoder.get_inputs()
            if given.name.startswith("past_key_values")
        }

    @property
    def _encoder(self) -> Any:
        return _loaded(self._folder / "encoder.ort")

    @property
    def _decoder(self) -> Any:
        return _loaded(self._folder / "decoder.ort")

    @property
    def _tokens(self) -> Tokens:
        return _tokens(self._folder / "tokenizer.bin")


class Tokens:
    """Pieces of words, as the network reads and writes them: byte-pair encoding, the lower of two ids joined first."""

    def __init__(self, content: bytes) -> None:
        """`content`: for each token the number of its bytes (one byte; from 128 on two, 7 bits each), and the bytes."""
        self._pieces: list[bytes] = []
        at = 0
        while at < len(content):
            length, at = content[at], at + 1
            if length >= 128:
                length, at = length - 128 + 128 * content[at], at + 1
            self._pieces.append(content[at : at + length])
            at += length
        # the first tokens are single bytes for what cannot be written otherwise; a letter's own token comes later
        self._ids = {piece: number for number, piece in enumerate(self._pieces)}
        self.punctuation = [self._ids[mark.encode()] for mark in _PUNCTUATION]

    def of(self, text: str) -> list[int]:
        """The tokens of `text`, which holds letters, spaces and apostrophes."""
        parts = [letter.encode() for letter in f" {text}".replace(" ", _SPACE)]
        while True:
            pairs = [self._ids.get(a + b, len(self._ids)) for a, b in pairwise(parts)]
            if not pairs or min(pairs) == len(self._ids):
                return [self._ids[part] for part in parts]
            at = pairs.index(min(pairs))
            parts[at : at + 2] = [parts[at] + parts[at + 1]]

    def text(self, tokens: Sequence[int]) -> str:
        """What `tokens` say: lower case, words only, numbers too; nothing if that stands for a noise."""
        written = b"".join(self._pieces[token] for token in tokens).decode(errors="ignore")
        spelled = re.sub(r"\d{1,4}", lambda digits: f" {in_words(int(digits[0]))} ", written.replace(_SPACE, " "))
        text = " ".join(re.sub(r"[^a-z']+", " ", spelled.lower()).split())
        return "" if text in _OF_NOISE else text


_OF_NOISE = ("you", "so")  # what it makes of music, a tap or a chair that is moved
_SPACE = "▁"  # what stands for it in a token


def default_folder() -> Path:
    """The folder of the English model that ships with Floorcoach."""
    return resource("voice_models") / "en-moonshine-tiny"


@cache
def _runtime() -> Any:
    """ONNX Runtime, which is imported when it is needed: not every command listens."""
    try:
        with _no_stderr():
            import onnxruntime
    except (ImportError, OSError) as error:
        raise ListeningError(
            f"The package onnxruntime cannot be loaded: {error}. Install it again.", code="onnxruntime"
        ) from error
    onnxruntime.disable_telemetry_events()  # some builds would write them to the system's log
    return onnxruntime


@contextmanager
def _no_stderr() -> Iterator[None]:
    """While it is imported, some versions complain of a graphics card that is missing, and cannot be asked not to."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@lru_cache(maxsize=2)
def _loaded(path: Path) -> Any:
    """A network of ONNX Runtime, which takes 50 MB and is never changed: once for each process."""
    onnxruntime = _runtime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the recognisers need the other cores
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # with the next line 25 MB less, for a tenth more time
    options.add_session_config_entry("session.disable_prepacking", "1")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # errors of many kinds, none of them documented
        raise ListeningError(f"The speech model in {path.parent} cannot be used. {AGAIN}", code="model") from error


@lru_cache(maxsize=1)
def _tokens(path: Path) -> Tokens:
    return Tokens(path.read_bytes())
