"""The canceller against the echo of real rendered speech: delays, jumps, drift, and a person talking over it.

A synthetic, linear room: what a real one does to these figures is measured elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.audio import echo
from assistant.audio.echo import EchoCanceller, NoCanceller
from assistant.audio.resample import LISTENING_RATE, resampled, to_float, to_int16
from assistant.speaking import Renderer, Voice

Floats = NDArray[np.float32]
SENTENCES = (
    "Lie on your right side, with both knees bent and a pillow under your head.",
    "Stretch both arms out in front of you, palms together.",
    "Lift your left arm and open it towards the floor behind you.",
    "Breathe out as you open, and let your head follow the hand.",
)
CONVERGED = 10 * LISTENING_RATE


@pytest.fixture(scope="module")
def coach() -> Floats:
    """Half a minute of the coach at 16 kHz, with the pauses between sentences."""
    renderer = Renderer(Voice())
    parts = []
    for sentence in SENTENCES:
        speech = renderer.render(sentence)
        parts += [resampled(to_float(speech.samples), speech.rate, LISTENING_RATE), np.zeros(5600, np.float32)]
    renderer.close()
    return np.concatenate(parts * 2)


def room(seed: int = 1, rt60_s: float = 0.4) -> Floats:
    """A decaying tail behind a direct sound, at half the level."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(rt60_s * LISTENING_RATE)) / LISTENING_RATE
    response = rng.standard_normal(t.size) * np.exp(-6.9 * t / rt60_s)
    response[0] = 8.0
    return (0.5 * response / np.sqrt(np.sum(response**2))).astype(np.float32)


def heard(played: Floats, delay_ms: float) -> Floats:
    """What the microphone hears of it, with a little hiss."""
    late = np.concatenate([np.zeros(round(delay_ms * 16), np.float32), np.convolve(played, room())])[: played.size]
    return (late + np.random.default_rng(2).normal(0, 1e-4, played.size)).astype(np.float32)


def blocks(total: int, sizes: tuple[int, ...]) -> Iterator[slice]:
    begin = turn = 0
    while begin < total:
        yield slice(begin, min(begin + sizes[turn % len(sizes)], total))
        begin += sizes[turn % len(sizes)]
        turn += 1


def cleaned(played: Floats, microphone: Floats, sizes: tuple[int, ...] = (320,)) -> Floats:
    canceller = EchoCanceller()
    out = []
    for block in blocks(microphone.size, sizes):
        canceller.played(played[block])
        out.append(canceller.clean(to_int16(microphone[block])))
    return to_float(np.concatenate(out))


def erle_db(before: Floats, after: Floats) -> float:
    """How much echo is gone, in dB."""
    size = min(before.size, after.size)
    return float(10 * np.log10(np.mean(before[:size] ** 2) / (np.mean(after[:size] ** 2) + 1e-12)))


def likeness(one: Floats, other: Floats) -> float:
    """1 for the same sound, whatever its level and delay; 0 for unrelated ones."""
    product = np.abs(np.correlate(one, other, "full")).max()
    return float(product / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.mark.parametrize("delay_ms", [40, 90, 140, 200])
def test_the_echo_is_gone_whatever_the_delay_of_the_devices(coach: Floats, delay_ms: int) -> None:
    microphone = heard(coach, delay_ms)
    after = cleaned(coach, microphone)
    assert erle_db(microphone[CONVERGED:], after[CONVERGED:]) >= 25


@pytest.mark.parametrize("sizes", [(160,), (100, 441, 37, 1024), (512,), (4800,)])
def test_blocks_may_have_any_length(coach: Floats, sizes: tuple[int, ...]) -> None:
    microphone = heard(coach, 90)
    after = cleaned(coach, microphone, sizes)
    assert microphone.size - after.size < echo.FRAME
    assert erle_db(microphone[CONVERGED:], after[CONVERGED:]) >= 25


def test_output_and_input_need_not_come_in_step(coach: Floats) -> None:
    """The output runs up to 80 ms ahead in bursts, as PulseAudio makes it; the delay the canceller sees stays."""
    microphone = heard(coach, 140)
    canceller, given, out = EchoCanceller(), 0, []
    for block in blocks(microphone.size, (320,)):
        if given < block.stop:
            canceller.played(coach[given : given + 4 * 320])
            given += 4 * 320
        out.append(canceller.clean(to_int16(microphone[block])))
    after = to_float(np.concatenate(out))
    assert erle_db(microphone[CONVERGED:], after[CONVERGED:]) >= 25


def test_a_jump_of_the_delay_is_survived(coach: Floats) -> None:
    half = coach.size // 2
    microphone = np.concatenate([heard(coach, 60)[:half], heard(coach, 160)[half:]])
    after = cleaned(coach, microphone)
    settled = half + 5 * LISTENING_RATE
    assert erle_db(microphone[settled:], after[settled:]) >= 25


@pytest.mark.parametrize("ppm", [300, -300])
def test_the_drift_of_two_sound_cards_is_followed(coach: Floats, ppm: int) -> None:
    """The microphone's clock runs fast or slow, so its stream slips against the reference by 0.3 ms a second.

    What is left of the echo differs by 10 dB from one rendering of the same speech to the next: 20 dB at worst so far.
    """
    played = np.tile(coach, 2)
    exact = heard(played, 90)
    microphone = np.interp(np.arange(0, exact.size - 100, 1 + ppm * 1e-6), np.arange(exact.size), exact)
    canceller, given, out = EchoCanceller(), 0, []
    for block in blocks(microphone.size, (320,)):
        until = round(block.stop * (1 + ppm * 1e-6))
        canceller.played(played[given:until])
        given = until
        out.append(canceller.clean(to_int16(microphone[block].astype(np.float32))))
    after = to_float(np.concatenate(out))
    assert erle_db(microphone[CONVERGED:].astype(np.float32), after[CONVERGED:]) >= 15


def test_a_long_drift_does_not_let_the_queue_grow(coach: Floats) -> None:
    """Twenty minutes at 1000 ppm would be more than a second, and beyond what the canceller finds."""
    canceller = EchoCanceller()
    silence = np.zeros(321, np.float32)
    for _ in range(20 * 60 * 50 // 3):
        canceller.played(silence)
        canceller.clean(np.zeros(320, np.int16))
    assert canceller.waiting < LISTENING_RATE * 40 // 1000


def test_what_was_played_before_the_microphone_opened_is_left_behind(coach: Floats) -> None:
    canceller, out = EchoCanceller(), []
    canceller.played(np.zeros(3 * LISTENING_RATE, np.float32))
    microphone = heard(coach, 90)
    for block in blocks(microphone.size, (320,)):
        canceller.played(coach[block])
        out.append(canceller.clean(to_int16(microphone[block])))
    after = to_float(np.concatenate(out))
    assert erle_db(microphone[CONVERGED:], after[CONVERGED:]) >= 25


def test_a_person_talking_over_the_coach_remains(coach: Floats) -> None:
    renderer = Renderer(Voice(id="en-us+m3"))
    speech = renderer.render("Stop. Please go back to the previous move.")
    renderer.close()
    voice = 0.5 * resampled(to_float(speech.samples), speech.rate, LISTENING_RATE)
    begin = CONVERGED + LISTENING_RATE
    microphone = heard(coach, 90)
    microphone[begin : begin + voice.size] += voice
    spoken = slice(begin, begin + voice.size)
    after = cleaned(coach, microphone)[spoken]
    before = likeness(microphone[spoken], heard(coach, 90)[spoken])  # the coach is most of what comes in
    assert likeness(after, voice) > 0.5 > 2 * likeness(after, heard(coach, 90)[spoken])
    assert before > 0.5
    assert -9 < 10 * np.log10(np.mean(after**2) / np.mean(voice**2)) < 3  # AEC3 takes some of it


def test_without_playback_the_microphone_is_left_alone(coach: Floats) -> None:
    microphone = to_int16(coach)
    canceller = EchoCanceller()
    after = np.concatenate([canceller.clean(microphone[block]) for block in blocks(microphone.size, (320,))])
    assert erle_db(to_float(microphone), to_float(after)) == pytest.approx(0, abs=1)


def test_the_reference_may_come_at_the_mixers_rate(coach: Floats) -> None:
    microphone = heard(coach, 120)
    played = resampled(coach, LISTENING_RATE, 48_000)
    canceller, out = EchoCanceller(48_000), []
    for block in blocks(microphone.size, (320,)):
        canceller.played(played[3 * block.start : 3 * block.stop])
        out.append(canceller.clean(to_int16(microphone[block])))
    after = to_float(np.concatenate(out))
    assert erle_db(microphone[CONVERGED:], after[CONVERGED:]) >= 25


def test_half_duplex_says_so_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not echo.open_canceller(16_000).half_duplex
    monkeypatch.setitem(__import__("sys").modules, "pywebrtc_audio", None)
    assert not echo.available()
    canceller = echo.open_canceller(16_000)
    assert isinstance(canceller, NoCanceller)
    assert canceller.half_duplex
    samples = np.arange(100, dtype=np.int16)
    canceller.played(np.zeros(100, np.float32))
    np.testing.assert_array_equal(canceller.clean(samples), samples)
