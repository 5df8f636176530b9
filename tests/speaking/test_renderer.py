"""The real engine through its child process, and children that hang, die or are not there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.resample import to_float
from assistant.errors import SpeakingError
from assistant.speaking import Renderer, Voice, engine_child
from assistant.speaking.loudness import LOUDNESS_LUFS, PEAK, loudness

SENTENCES = (
    "Lie on your right side, with both knees bent and a pillow under your head.",
    "Lift your left arm and open it towards the floor behind you.",
    "Breathe out as you open, and let your head follow the hand.",
    "Come to hands and knees, hands under shoulders, knees under hips.",
    "Place the roller under the middle of your back.",
    "Slow, and only as far as is easy.",
    "This should feel like a stretch, never like pain.",
    "Come back slowly, and rest for a moment.",
)
GAP_S = 0.35  # between two sentences, as the dialogue leaves it


# -- any engine: the fake and the real one alike -----------------------------------------------------------------


@pytest.fixture(params=["fake", "real"])
def engine(request: pytest.FixtureRequest, fake_engine: Callable[..., Renderer], real_engine: Renderer) -> Renderer:
    return fake_engine() if request.param == "fake" else real_engine


def test_speech_begins_with_its_first_sample_and_ends_with_its_last(engine: Renderer) -> None:
    speech = engine.render("Stretch both arms out in front of you.")
    sound = np.abs(speech.samples / 32768)
    audible = np.flatnonzero(sound > 0.01 * sound.max())
    assert audible[0] <= 0.005 * speech.rate
    assert sound.size - audible[-1] <= 0.05 * speech.rate
    assert sound.max() <= PEAK + 1e-3


def test_the_same_text_takes_the_same_time(engine: Renderer) -> None:
    """To the millisecond; eSpeak lets its voice flutter, so the samples themselves differ."""
    one, other = engine.render("Ten more seconds."), engine.render("Ten more seconds.")
    assert one.seconds == pytest.approx(other.seconds, abs=0.001)


def test_many_sentences_one_after_the_other(engine: Renderer) -> None:
    lengths = [engine.render(f"Number {n}, breathe out and open your arm.").seconds for n in range(30)]
    assert min(lengths) >= 0.9
    assert engine.identity


# -- the real one --------------------------------------------------------------------------------------------------


def test_sentences_and_single_words_are_equally_loud(real_engine: Renderer) -> None:
    said = [real_engine.render(text) for text in (*SENTENCES, "Three", "Two", "One", "Ten more seconds.")]
    for speech in said:
        assert loudness(to_float(speech.samples), speech.rate) == pytest.approx(LOUDNESS_LUFS, abs=0.5)


@pytest.mark.parametrize(("rate", "expected"), [(148, 148), (120, 120), (180, 180)])
def test_the_rate_is_what_a_listener_counts(rate: int, expected: int) -> None:
    renderer = Renderer(Voice(rate=rate))
    seconds = sum(renderer.render(sentence).seconds + GAP_S for sentence in SENTENCES)
    renderer.close()
    words = sum(len(sentence.split()) for sentence in SENTENCES)
    assert words / seconds * 60 == pytest.approx(expected, rel=0.06)


def test_voice_and_pitch_change_the_sound() -> None:
    def said(voice: Voice) -> bytes:
        renderer = Renderer(voice)
        speech = renderer.render("Ten more seconds.")
        renderer.close()
        return speech.samples.tobytes()

    assert len({said(voice) for voice in (Voice(), Voice(id="en-gb"), Voice(pitch=80))}) == 3


def test_an_unknown_voice_is_an_error_and_not_another_voice() -> None:
    renderer = Renderer(Voice(id="no such voice"))
    with pytest.raises(SpeakingError, match="no such voice"):
        renderer.render("Hello.")
    renderer.close()


def test_new_engines_say_the_same_sentence_the_same_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a person's home is: libraries that look for it there draw lots, and so does eSpeak for a voice."""
    said = []
    for home in ("one", "other"):
        monkeypatch.setenv("HOME", str(tmp_path / home))
        renderer = Renderer(Voice())
        said.append(renderer.render(SENTENCES[0]).samples)
        renderer.close()
    np.testing.assert_array_equal(*said)


def test_what_is_only_silence_is_an_empty_sentence(real_engine: Renderer) -> None:
    assert real_engine.render("...").samples.size == 0


def test_the_child_says_nothing_but_the_protocol(tmp_path: Path) -> None:
    """pyttsx3 prints where it saved a file; that must not reach the terminal or disturb the protocol."""
    request = json.dumps({"text": "Hello.", "path": str(tmp_path / "a.wav"), "settings": {"rate": 140}})
    child = [sys.executable, engine_child.__file__]
    done = subprocess.run(child, input=request + "\n", capture_output=True, text=True, check=True, timeout=30)
    hello, answer = done.stdout.splitlines()
    assert json.loads(hello)["engine"] == "espeak"
    assert json.loads(answer) == {}
    assert done.stderr == ""


# -- a child in trouble ----------------------------------------------------------------------------------------


def test_a_child_that_died_is_replaced_and_the_sentence_tried_again(
    fake_engine: Callable[..., Renderer], rendered: Callable[[], list[str]]
) -> None:
    assert fake_engine().render("stumble once").seconds > 0.9
    assert rendered() == ["stumble once", "stumble once"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("die now", "it has ended"),
        ("hang now", "no answer within 0.5 s"),
        ("fail now", "no such voice"),
        ("nothing comes", "There is no file"),
    ],
)
def test_a_sentence_that_fails_twice_is_one_error_and_the_next_works(
    fake_engine: Callable[..., Renderer], text: str, reason: str
) -> None:
    renderer = fake_engine(time_limit_s=0.5)
    with pytest.raises(SpeakingError, match=reason) as caught:
        renderer.render(text)
    assert caught.value.code == "engine_failed"
    assert text in str(caught.value)
    assert renderer.render("again").seconds > 0.9


@pytest.mark.parametrize("version", ["missing", "broken"])
def test_without_an_engine_the_sentence_says_how_to_get_one(
    fake_engine: Callable[..., Renderer], version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = fake_engine(version)
    for platform, cure in (("linux", "apt install espeak-ng"), ("darwin", "brew install"), ("win32", "release page")):
        monkeypatch.setattr("assistant.speaking.renderer.sys.platform", platform)
        renderer = fake_engine(version)
        with pytest.raises(SpeakingError, match=cure) as caught:
            renderer.render("Hello.")
        assert caught.value.code == "no_engine"
    with pytest.raises(SpeakingError, match="no speech engine"):
        renderer.render("It is not tried again.")


def test_close_frees_a_renderer_that_waits_and_leaves_nothing(
    fake_engine: Callable[..., Renderer],
    rendered: Callable[[], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    renderer = fake_engine(time_limit_s=600)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(renderer.render, "hang for ever")
        while rendered() != ["hang for ever"]:
            assert not waiting.done()
        renderer.close()
        with pytest.raises(SpeakingError):
            waiting.result(timeout=20)
    assert not list(tmp_path.glob("floorcoach-*"))
