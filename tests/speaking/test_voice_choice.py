"""Voices of this computer, the change from one to another, and the natural one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.mixer import Mixer
from assistant.audio.resample import to_float
from assistant.dialogue.effects import Rank, Sound, Utterance
from assistant.dialogue.events import Outcome
from assistant.errors import SpeakingError
from assistant.speaking import Disk, Renderer, Sentences, Speaker, Voice, audition, choice, voice
from assistant.speaking.loudness import LOUDNESS_LUFS, loudness
from assistant.speaking.voice import ESPEAK_VOICE, NATURAL, PIPER

TEXT = "Breathe out, and open your left arm towards the floor."


@pytest.fixture(scope="module")
def natural() -> Renderer:
    """The neural voice; the tests install its extra."""
    return Renderer(Voice(PIPER))


# -- which there are -----------------------------------------------------------------------------------------------


def test_all_english_voices_and_the_natural_one_are_offered() -> None:
    offers = {offer.name: offer for offer in choice.offers()}
    assert next(iter(offers)) == ESPEAK_VOICE
    assert {"en-gb", "en-us", NATURAL} <= set(offers)
    assert "vi-vn-x-central" not in offers
    for name in ("en-gb", *choice.short_list(None)):
        assert audition.sample(voice.of(Sound(name))).seconds > 5


def test_the_short_list_begins_with_the_chosen_one() -> None:
    assert choice.short_list(None)[0] == ESPEAK_VOICE
    assert choice.short_list("en-gb-scotland")[0] == "en-gb-scotland"
    assert sorted(choice.short_list("natural")) == sorted(choice.short_list(None))


def test_without_an_engine_only_the_natural_voice_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.speaking.choice.Renderer", no_engine)
    assert [offer.name for offer in choice.offers()] == [NATURAL]
    monkeypatch.setattr("assistant.speaking.choice.find_spec", lambda name: None)
    assert choice.short_list("en-gb") == ()
    with pytest.raises(SpeakingError):
        choice.offers()


def no_engine(voice: Voice, **_: object) -> Renderer:
    raise SpeakingError("There is no speech engine on this computer.", code="no_engine")


def test_on_macos_those_that_sing_are_not_of_the_short_list(monkeypatch: pytest.MonkeyPatch) -> None:
    voices = [
        ("com.apple.voice.Bells", "Bells"),
        ("com.apple.voice.Daniel", "Daniel"),
        ("com.apple.voice.Alex", "Alex"),
    ]

    class OnMacos(Renderer):
        voices = property(lambda self: voices)
        identity = property(lambda self: "nsss 14.0")

    monkeypatch.setattr("assistant.speaking.choice.Renderer", OnMacos)
    assert choice.short_list(None) == ("com.apple.voice.Daniel", "com.apple.voice.Alex", NATURAL)
    del voices[1:]
    assert choice.short_list(None) == ("com.apple.voice.Bells", NATURAL)


def test_what_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch, fake_engine: Callable[..., Renderer]) -> None:
    with pytest.raises(SpeakingError, match="natural voice is not installed"):
        fake_engine("missing", voice=Voice(PIPER)).render(TEXT)


# -- the change ----------------------------------------------------------------------------------------------------


def test_what_was_rendered_in_one_voice_is_not_said_in_another(tmp_path: Path) -> None:
    """Also from the disk, and in the same run: every voice has its own."""
    sentences = Sentences(Renderer(Voice()), 16_000, Disk(tmp_path))
    first = sentences.get(TEXT)
    for changed in (Voice(id="en-gb"), Voice(pitch=70), Voice(rate=190)):
        sentences.use(changed)
        assert sentences.cached(TEXT) is None
        other = sentences.get(TEXT)
        assert other.size != first.size or not np.array_equal(other, first)
    sentences.use(Voice())
    assert sentences.cached(TEXT) is first
    sentences.close()


def test_an_answer_after_the_change_is_said_in_the_new_voice(tmp_path: Path) -> None:
    """While the rendering thread is still busy with what was prepared in the old one."""
    ended = threading.Event()
    outcomes: list[Outcome] = []

    def on_ended(utterance: int, outcome: Outcome, sample: int) -> None:
        outcomes.append(outcome)
        ended.set()

    mixer = Mixer(16_000, on_ended)
    sentences = Sentences(Renderer(Voice()), 16_000, Disk(tmp_path))
    placed = threading.Event()
    speaker = Speaker(mixer, sentences, background=True, on_placed=lambda *_: placed.set())
    speaker.prepare([f"Sentence {n}." for n in range(10)])
    speaker.use(Voice(id="en-gb"))
    speaker.say(Utterance(1, TEXT, Rank.ANSWER))
    assert placed.wait(20)
    said = sentences.cached(TEXT)
    assert said is not None
    heard = mixer.render(said.size)
    assert np.corrcoef(heard, said)[0, 1] > 0.99
    sentences.use(Voice())
    assert sentences.cached(TEXT) is None
    mixer.render(16_000)
    assert ended.wait(20)
    assert outcomes == [Outcome.FINISHED]
    speaker.close()


def test_another_engine_is_loaded_when_its_voice_is_first_needed(fake_engine: Callable[..., Renderer]) -> None:
    renderer = Renderer(Voice("no such engine"))
    with pytest.raises(SpeakingError, match="no speech engine"):
        renderer.render(TEXT)
    renderer.use(Voice())
    assert renderer.render(TEXT).seconds > 1
    renderer.close()
    renderer.use(Voice(PIPER))
    with pytest.raises(SpeakingError, match="closed"):
        renderer.render(TEXT)


# -- the natural one -----------------------------------------------------------------------------------------------


def test_the_natural_voice_is_as_loud_as_the_other(natural: Renderer) -> None:
    for text in (TEXT, "Three", "Ten more seconds."):
        speech = natural.render(text)
        level = loudness(to_float(speech.samples), speech.rate)
        assert LOUDNESS_LUFS - 3.0 < level < LOUDNESS_LUFS + 0.5  # its peaks are high: they forbid the rest


def test_the_natural_voice_keeps_the_rate_at_any_pitch(natural: Renderer) -> None:
    def seconds(**how: int) -> float:
        natural.use(Voice(PIPER, **how))
        return natural.render(audition.SAMPLE).seconds

    usual = seconds()
    assert seconds(rate=120) > 1.12 * usual
    assert seconds(rate=180) < 0.92 * usual
    assert seconds(pitch=80) == pytest.approx(usual, rel=0.1)
    assert seconds(pitch=20) == pytest.approx(usual, rel=0.1)


def test_a_higher_pitch_is_higher_also_without_the_engine_s_help(natural: Renderer) -> None:
    def pitch(how: int) -> float:
        natural.use(Voice(PIPER, pitch=how))
        speech = natural.render("Ahhh.")
        power = np.abs(np.fft.rfft(speech.samples * np.hanning(speech.samples.size), 1 << 17)) ** 2
        hertz = np.arange(power.size) * speech.rate / (1 << 17)
        low = (hertz > 60) & (hertz < 400)
        return float((hertz[low] * power[low]).sum() / power[low].sum())

    assert pitch(90) > 1.2 * pitch(10)


def test_what_is_only_silence_is_an_empty_sentence_in_the_natural_voice_too(natural: Renderer) -> None:
    natural.use(Voice(PIPER))
    assert natural.render("...").seconds < 0.5
    natural.close()
