"""The second opinion, by the real network."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ListeningError
from assistant.listening.transcriber import Tokens, Transcriber, _runtime, default_folder

from .conftest import clip, silence

TOKENS = Tokens((default_folder() / "tokenizer.bin").read_bytes())


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber()


@pytest.mark.parametrize("text", ["next", "skip", "how many more"])
def test_it_writes_what_was_said_and_finds_it_likelier_than_anything_else(transcriber: Transcriber, text: str) -> None:
    transcript = transcriber.hear(
        clip(f"rendered/{text.replace(' ', '_')}"), ["next", "skip", "how many more", "pause"]
    )
    assert transcript.text == text
    assert max(transcript.scores, key=lambda asked: transcript.scores[asked]) == text
    assert transcript.scores[text] == pytest.approx(0.0, abs=0.5), "whatever its punctuation"


def test_equal_samples_give_equal_transcripts_whatever_else_is_asked_for(transcriber: Transcriber) -> None:
    alone = transcriber.hear(clip("rendered/pause"), ["pause"])
    transcriber.hear(clip("rendered/next"), ["next"])
    among = transcriber.hear(clip("rendered/pause"), ["go back", "pause", "start mid back routine"])
    assert (alone.text, alone.score, alone.scores["pause"]) == (among.text, among.score, among.scores["pause"])


@pytest.mark.parametrize("samples", [silence(0.0), silence(0.01), silence(2.0), np.full(16_000, 32_767, np.int16)])
def test_what_is_no_speech_does_no_harm(transcriber: Transcriber, samples: np.ndarray) -> None:
    transcript = transcriber.hear(samples, ["pause"])
    assert np.isfinite(transcript.score)
    assert transcript.scores["pause"] < -1


def test_tokens_are_read_as_they_are_written() -> None:
    for text in ("pause", "i'm ready", "start mid back routine", "calibrate the microphone"):
        assert TOKENS.text(TOKENS.of(text)) == text


def test_numbers_are_written_in_words_as_the_phrases_have_them() -> None:
    digits = [piece for text in ("25 minutes", "3") for piece in TOKENS.of(text)]
    assert TOKENS.text(digits) == "twenty five minutes three"


def test_what_it_makes_of_a_noise_is_nothing() -> None:
    assert TOKENS.text([*TOKENS.of("You"), *TOKENS.punctuation]) == ""
    assert TOKENS.text(TOKENS.of("You there")) == "you there"


def test_long_speech_is_written_down_in_parts(transcriber: Transcriber) -> None:
    long = np.concatenate([clip("rendered/next"), silence(20.0), clip("rendered/skip")])
    assert transcriber.write_down(long).split()[0] == "next"
    assert transcriber.write_down(long).split()[-1] == "skip"
    assert transcriber.write_down(silence(0.0)) == ""


def test_common_words_are_one_token_each() -> None:
    assert len(TOKENS.of("Start over")) == 2


def test_a_transcript_holds_words_only() -> None:
    marks = [TOKENS.of("Stop")[0], *TOKENS.punctuation, *TOKENS.of("Now")]
    assert TOKENS.text(marks) == "stop now"


def test_without_its_package_it_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setattr("assistant.listening.transcriber._runtime", _runtime.__wrapped__)
    with pytest.raises(ListeningError, match="The package onnxruntime cannot be loaded"):
        Transcriber()


def test_what_its_package_prints_while_it_is_imported_is_not_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "onnxruntime.py").write_text(
        "import os\nos.write(2, b'no card')\ndef disable_telemetry_events(): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "onnxruntime", raising=False)
    assert _runtime.__wrapped__().__file__ == str(tmp_path / "onnxruntime.py")
    monkeypatch.delitem(sys.modules, "onnxruntime")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_missing_or_damaged_files_are_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ListeningError, match="There is no speech model at"):
        Transcriber(tmp_path / "nothing")
    folder = shutil.copytree(default_folder(), tmp_path / "model")
    path = folder / "encoder.ort"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(ListeningError, match=r"encoder\.ort .* is damaged"):
        Transcriber(folder)
    path.write_bytes(bytes(len(content)))
    with pytest.raises(ListeningError, match="cannot be used"):
        Transcriber(folder).hear(silence(1.0))
