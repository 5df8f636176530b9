"""The decision on one utterance, from its figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ListeningError
from assistant.listening.hearing import Kind
from assistant.listening.probe import Evidence, Heard, Utterance
from assistant.listening.recogniser import Samples
from assistant.listening.transcriber import Transcript
from assistant.listening.verify import FILE, STRICTNESS, Features, Verifier, features, fitted

from .conftest import hiss, silence

SAMPLES: Samples = silence(1.0)
UTTERANCE = Utterance(0, 6400, 12_800, 16_000, SAMPLES)
TALK = tuple(range(100_000, 132_000, 512))  # two seconds of voice
SURE = Features(0.0, 0.8, 0.0, 0.0, 0.0, 0.0, 0.0)


def written(text: str, **scores: float) -> Transcript:
    """The transcriber wrote `text` and finds these others as likely as that."""
    scores = scores or {text: -1.0}
    return Transcript(text, -1.0, scores, dict.fromkeys(scores, -0.5))


def heard(text: str, fit: float) -> Heard:
    return Heard(text, fit, 6400, 12_800)


def test_the_better_other_words_fit_the_less_likely_a_command_is() -> None:
    verifier = fitted()
    for worse in (
        replace(SURE, over_common=-2.0),
        replace(SURE, over_second=-0.5),
        replace(SURE, other_common=1.0),
        replace(SURE, over_transcript=-2.0),
        replace(SURE, transcript_distance=0.8),
        replace(SURE, behind_phones=-2.0),
        replace(SURE, outside=0.5),
    ):
        assert verifier.odds(worse) < verifier.odds(SURE)


def test_figures_compare_the_same_sound() -> None:
    evidence = Evidence(
        UTTERANCE,
        common=[heard("because", 98.0), heard("pause", 97.0)],
        transcript=written("paws", pause=-3.0),
    )
    figures = features(heard("pause", 100.0), heard("next", 90.0), evidence)
    assert figures.over_common == pytest.approx(0.2)
    assert figures.over_second == pytest.approx(1.0)
    assert figures.other_common == pytest.approx(1.0 / 8.0)
    assert figures.over_transcript == pytest.approx(-0.5)
    assert figures.transcript_distance == 0.0  # "paws" sounds the same
    assert figures.behind_phones == -0.5


def test_figures_of_a_longer_phrase_count_for_each_half_second() -> None:
    long = Heard("my knee hurts", 100.0, 6400, 22_400)
    transcript = written("mine hurts", **{"my knee hurts": -9.0})
    figures = features(long, None, Evidence(UTTERANCE, common=[heard("mine hurts", 110.0)], transcript=transcript))
    assert figures.over_common == pytest.approx(-0.5)
    assert figures.over_transcript == pytest.approx(-1.0)


def test_figures_stay_within_bounds_whatever_happens() -> None:
    nothing = written("", pause=-1e6)
    low = features(
        heard("pause", -1e6), heard("next", 1e6), Evidence(UTTERANCE, common=[heard("", 0.0)], transcript=nothing)
    )
    high = features(heard("pause", 1e6), None, Evidence(UTTERANCE, transcript=written("pause")))
    for figures in (low, high):
        assert all(-7 <= value <= 7 for value in vars(figures).values())


THRESHOLDS = {"relaxed": -1.0, "normal": 0.0, "strict": 1.0}
VERIFIER = Verifier((1.0,) + (0.0,) * 6, 0.0, THRESHOLDS, 1.5, 1.0, 0.5, 1.2, 0.5, 0.7, 0.4)


@pytest.mark.parametrize(
    ("odds", "command", "strictness", "early", "kind"),
    [
        (0.0, "next", "normal", False, Kind.ACCEPTED),
        (-0.1, "next", "normal", False, Kind.NEAR),
        (-1.6, "next", "normal", False, Kind.IGNORED),
        (-0.1, "next", "relaxed", False, Kind.ACCEPTED),
        (0.9, "next", "strict", False, Kind.NEAR),
        (-0.4, "stop", "normal", False, Kind.ACCEPTED),
        (-0.4, "pause", "normal", False, Kind.ACCEPTED),
        (0.9, "next", "normal", True, Kind.IGNORED),
        (1.0, "next", "normal", True, Kind.ACCEPTED),
    ],
)
def test_what_is_asked_for(odds: float, command: str, strictness: str, *, early: bool, kind: Kind) -> None:
    utterance = Utterance(0, 6400, 12_800, 16_000, SAMPLES, early)
    assert VERIFIER.kind(odds, VERIFIER.needed(command, utterance, strictness), utterance) is kind


@pytest.mark.parametrize(("odds", "kind"), [(1.1, Kind.IGNORED), (1.2, Kind.ACCEPTED)])
def test_in_the_middle_of_talk_more_is_asked_for_and_nothing_is_nearly_a_command(odds: float, kind: Kind) -> None:
    utterance = Utterance(130_000, 140_000, 150_000, 155_000, SAMPLES, talk=TALK)
    assert utterance.talk_before > 1.0
    assert VERIFIER.kind(odds, VERIFIER.needed("next", utterance), utterance) is kind


@pytest.mark.parametrize(("length", "needed"), [(1, 0.0), (2, -0.5), (3, -1.0), (6, -1.0)])
def test_a_long_phrase_is_asked_for_less(length: int, needed: float) -> None:
    utterance = Utterance(0, 6400, 12_800, 16_000, SAMPLES)
    assert VERIFIER.needed("next", utterance, length=length) == needed
    assert VERIFIER.kind(needed, needed, utterance) is Kind.ACCEPTED
    assert VERIFIER.kind(needed - 0.1, needed, utterance) is Kind.NEAR


@pytest.mark.parametrize(("length", "needed"), [(1, 0.0), (2, -1.2), (3, -1.7)])
def test_without_words_of_habit_less_is_asked_of_two_syllables_unless_others_talk(length: int, needed: float) -> None:
    utterance = Utterance(130_000, 140_000, 150_000, 155_000, SAMPLES)
    assert VERIFIER.needed("next", utterance, length=length, plain=True) == pytest.approx(needed)
    talk = replace(utterance, talk=TALK)
    assert VERIFIER.needed("next", talk, length=length, plain=True) == VERIFIER.needed("next", talk)


@pytest.mark.parametrize(
    ("noise", "voice", "clear"), [(30.0, 1000.0, True), (300.0, 1000.0, False), (0.0, 1000.0, False)]
)
def test_above_little_noise_a_voice_is_clear_and_less_is_asked(noise: float, voice: float, *, clear: bool) -> None:
    samples = np.concatenate([hiss(0.4, noise), hiss(0.4, voice), hiss(0.2, noise)])
    utterance = Utterance(0, 6400, 12_800, 16_000, samples)
    assert utterance.clear is clear
    less = VERIFIER.needed("next", replace(utterance, samples=SAMPLES), length=2, plain=True)
    assert VERIFIER.needed("next", utterance, length=2, plain=True) == pytest.approx(less - 0.4 * clear)
    assert VERIFIER.needed("next", utterance, length=2) == VERIFIER.needed("next", UTTERANCE, length=2)


def test_voice_around_the_words_is_told() -> None:
    utterance = Utterance(96_000, 100_000, 132_000, 136_000, SAMPLES, voices=TALK, talk=TALK)
    assert utterance.voice_outside(4000, 36_000) == 0.0
    assert utterance.voice_outside(4000, 20_000) == pytest.approx((132_000 - 117_600) / 16_000, abs=0.04)
    assert utterance.talk_before == 0.0


def test_silence_around_a_word_is_no_talk() -> None:
    assert not UTTERANCE.in_talk
    assert UTTERANCE.voice_outside(6400, 12_800) == 0.0


def test_the_weights_that_ship_tell_where_they_come_from() -> None:
    content = json.loads(FILE.read_text())
    assert content["by"].startswith("script/fit-verifier")
    assert content["fitted"]
    assert content["data"]
    thresholds = [content["thresholds"][name] for name in STRICTNESS]
    assert thresholds == sorted(thresholds)
    assert fitted() is fitted()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"weights": {}, "bias": 0}'])
def test_weights_that_do_not_belong_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "verifier.json"
    path.write_text(text)
    with pytest.raises(ListeningError, match="cannot be used"):
        fitted(path)


def test_a_second_of_voice_before_is_no_talk_for_somebody_may_have_tried_before() -> None:
    tried = Utterance(130_000, 140_000, 150_000, 155_000, SAMPLES, talk=TALK[:30])
    assert tried.talk_before == 0.0
    assert not tried.in_talk
    long_ago = Utterance(300_000, 310_000, 320_000, 325_000, SAMPLES, talk=TALK)
    assert long_ago.talk_before == 0.0


def test_in_talk_a_long_phrase_is_asked_for_no_less() -> None:
    utterance = Utterance(130_000, 140_000, 150_000, 155_000, SAMPLES, talk=TALK)
    assert VERIFIER.needed("next", utterance, length=6) == VERIFIER.needed("next", utterance)
