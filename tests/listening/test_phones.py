"""The phones that sound, by the real network."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ListeningError
from assistant.listening.phones import NAMES, Phones, default_folder
from assistant.listening.sounds import readings
from assistant.listening.transcriber import Transcriber

from .conftest import clip, silence

ASKED = ["next", "skip", "pause", "how many more", "no difference"]


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber()


@pytest.fixture(scope="module")
def phones() -> Phones:
    return Phones()


@pytest.mark.parametrize("text", ["next", "skip", "how many more"])
def test_what_was_said_is_behind_by_least(transcriber: Transcriber, phones: Phones, text: str) -> None:
    behind = phones.behind(transcriber.states(clip(f"rendered/{text.replace(' ', '_')}")), ASKED)
    others = [behind[other] for other in ASKED if other != text]
    assert behind[text] > max(others) + 1.0


def test_the_likeliest_phones_are_those_that_were_said(transcriber: Transcriber, phones: Phones) -> None:
    odds = phones.odds(transcriber.states(clip("rendered/how_many_more")))
    assert odds.shape[1] == len(NAMES) + 1
    assert np.exp(odds).sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    best = odds.argmax(axis=1)
    told = [NAMES[now - 1] for before, now in pairwise([0, *best]) if now and now != before]
    assert len(set(told) & set(readings("how many more")[0])) >= 6


def test_a_text_is_never_ahead_and_is_judged_alone(transcriber: Transcriber, phones: Phones) -> None:
    states = transcriber.states(clip("rendered/pause"))
    together = phones.behind(states, ASKED)
    for text in ASKED:
        assert together[text] <= 0.1
        assert phones.behind(states, [text])[text] == pytest.approx(together[text])


def test_every_way_through_the_phones_counts_once(monkeypatch: pytest.MonkeyPatch, phones: Phones) -> None:
    """Of three moments with odds that are known, all alignments by hand."""
    monkeypatch.setattr(
        "assistant.listening.phones.readings", lambda text: (("B", "B"),) if text == "b b" else (("B",),)
    )
    share = np.full((3, len(NAMES) + 1), 1e-12, np.float32)
    share[:, 0], share[:, 1 + NAMES.index("B")] = 0.25, 0.75
    monkeypatch.setattr(phones, "odds", lambda states: np.log(share))
    silent, voiced = 0.25, 0.75
    one = voiced**3 + 2 * voiced**2 * silent + 3 * voiced * silent**2  # b in one piece
    two = voiced * silent * voiced  # the same phone twice needs a pause between
    best = 3 * np.log(voiced)
    behind = phones.behind(np.zeros((3, 288), np.float32), ["b", "b b"])
    assert behind["b"] == pytest.approx(np.log(one) - best, abs=1e-5)
    assert behind["b b"] == pytest.approx((np.log(two) - best) / 2, abs=1e-5)


def test_too_little_sound_for_a_text_is_no_error(transcriber: Transcriber, phones: Phones) -> None:
    behind = phones.behind(transcriber.states(silence(0.1)), ["start full mid back routine without a foam roller"])
    assert max(behind.values()) < -3
    assert phones.behind(transcriber.states(silence(0.1)), []) == {}


@pytest.mark.parametrize("content", [b"", b"no archive of numbers"])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    folder = shutil.copytree(default_folder(), tmp_path / "phones")
    (folder / "phones.npz").write_bytes(content)
    (folder / "SIZES").write_text(f"{len(content)} ./phones.npz\n")
    with pytest.raises(ListeningError, match="cannot be used"):
        Phones(folder)
    (folder / "phones.npz").unlink()
    with pytest.raises(ListeningError, match=r"lacks the file \./phones\.npz"):
        Phones(folder)
