"""The real recogniser on rendered and human speech."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.listening import phrases
from assistant.listening.hearing import Hearing, Kind
from assistant.listening.phrases import PhraseTable

from .conftest import Listener, clip, hiss, silence


def commands(hearings: list[Hearing]) -> list[str]:
    return [hearing.command for hearing in hearings if hearing.kind is Kind.ACCEPTED]


@pytest.mark.parametrize(
    ("name", "phase", "command", "slots"),
    [
        ("stop", "working", "stop", {}),
        ("pause", "working", "pause", {}),
        ("next", "working", "next", {}),
        ("skip", "working", "skip", {}),
        ("skip_to_the_wall", "working", "jump", {"block": "wall"}),
        ("how_many_more", "working", "count", {}),
        ("my_knee_hurts", "working", "hurt", {"part": "knee"}),
        ("start_mid_back_routine", "idle", "start", {"routine": "mid_back_full"}),
    ],
)
def test_a_phrase_is_heard_once(listen: Listener, name: str, phase: str, command: str, slots: dict[str, str]) -> None:
    (hearing,) = listen(phase).hear(hiss(0.5), clip(f"rendered/{name}"))
    assert (hearing.kind, hearing.command, hearing.slots) == (Kind.ACCEPTED, command, slots)
    assert hearing.text == name.replace("_", " ")
    assert hearing.began < hearing.ended <= hearing.decided


@pytest.mark.parametrize(("name", "command"), [("okay_next", "next"), ("repeat_that", "repeat")])
def test_words_of_habit_do_not_matter(listen: Listener, name: str, command: str) -> None:
    assert commands(listen("working").hear(hiss(0.5), clip(f"rendered/{name}"))) == [command]


def test_other_speech_is_ignored_and_told_with_its_words(listen: Listener) -> None:
    (hearing,) = listen("working").hear(clip("rendered/the_weather_is_nice_today"))
    assert (hearing.kind, hearing.command) == (Kind.IGNORED, "")
    assert hearing.text == "the weather is nice today"
    assert hearing.why


@pytest.mark.parametrize("samples", [silence(3.0), hiss(3.0), hiss(3.0, 3000.0), np.full(48_000, 32_767, np.int16)])
def test_no_voice_is_no_command(listen: Listener, samples: np.ndarray) -> None:
    assert commands(listen("working").hear(samples)) == []


def test_a_clipped_voice_is_still_heard(listen: Listener) -> None:
    loud = np.clip(clip("rendered/how_many_more").astype(np.int32) * 4, -32768, 32767).astype(np.int16)
    assert commands(listen("working").hear(hiss(0.5), loud)) == ["count"]


def test_silence_of_digital_zeros_does_not_deafen(listen: Listener) -> None:
    assert commands(listen("working").hear(silence(5.0), clip("rendered/pause"))) == ["pause"]


def test_the_length_of_blocks_changes_nothing(listen: Listener) -> None:
    samples = np.concatenate([hiss(0.7), clip("rendered/pause"), hiss(1.0), clip("rendered/okay_next")])
    ears = listen("working")
    told = []
    for block in (160, 512, 1000, 100_000):
        ears.ears.restart()
        told.append(ears.hear(samples, block=block))
    assert all(each == told[0] for each in told)


def test_what_warmed_the_ears_up_changes_nothing(listen: Listener) -> None:
    warmed = listen("working", inline=False)
    warmed.ears.warm(clip("rendered/stop"))
    warmed.ears.warm(clip("rendered/the_weather_is_nice_today"))
    heard = warmed.hear(clip("rendered/next"))
    assert [(h.command, h.text, h.margin) for h in heard] == [
        (h.command, h.text, h.margin) for h in listen("working", new=True).hear(clip("rendered/next"))
    ]


@pytest.mark.parametrize("ours", [False, True])
def test_a_voice_beside_our_own_is_talk_as_the_echo_is_taken_out(listen: Listener, *, ours: bool) -> None:
    talk = clip("rendered/the_weather_is_nice_today")
    ears = listen("working")
    if ours:
        ears.ears.mask((), 0, len(talk))
    assert "next" not in commands(ears.hear(talk, hiss(0.7), clip("rendered/okay_next")))


def test_in_half_duplex_our_own_voice_is_nobody_talking(listen: Listener) -> None:
    talk = clip("rendered/the_weather_is_nice_today")
    ears = listen("working", half_duplex=True)
    ears.ears.mask((), 0, len(talk))
    assert commands(ears.hear(talk, hiss(0.7), clip("rendered/okay_next"))) == ["next"]


@pytest.mark.parametrize("ours", [False, True])
def test_what_may_be_a_voice_under_noise_is_talk_but_not_beside_our_own(listen: Listener, *, ours: bool) -> None:
    talk = np.tile(clip("rendered/the_weather_is_nice_today")[3000:-1500], 4) * 0.3
    noise = np.random.default_rng(5).standard_normal(len(talk)) * np.std(talk) * 1.26  # 2 dB louder
    ears = listen("working")
    if ours:
        ears.ears.mask((), 0, len(talk))
    heard = ears.hear((talk + noise).astype(np.int16), hiss(0.7), clip("rendered/okay_next"))
    assert ("next" in commands(heard)) is ours


def test_restarted_ears_hear_like_new_ones(listen: Listener) -> None:
    used = listen("working")
    used.hear(clip("rendered/the_weather_is_nice_today"))
    used.ears.restart()
    assert used.hear(clip("rendered/next")) == listen("working", new=True).hear(clip("rendered/next"))


def test_in_a_thread_the_same_is_heard(listen: Listener) -> None:
    samples = np.concatenate([hiss(0.7), clip("rendered/pause"), hiss(1.0), clip("rendered/the_weather_is_nice_today")])
    inline = listen("working").hear(samples)
    threaded = listen("working", inline=False).hear(samples)
    assert [(h.kind, h.command, h.text, h.began, h.ended, h.margin) for h in threaded] == [
        (h.kind, h.command, h.text, h.began, h.ended, h.margin) for h in inline
    ]


def test_each_word_counts_once_and_again_when_said_again(listen: Listener) -> None:
    said = [hiss(0.5), clip("rendered/next"), hiss(1.2), clip("rendered/next"), hiss(1.0)]
    assert commands(listen("working").hear(*said)) == ["next", "next"]


def test_the_decision_falls_soon_after_the_word(listen: Listener) -> None:
    (hearing,) = listen("working").hear(hiss(0.5), clip("rendered/stop"), hiss(1.0))
    assert 0 < hearing.decided - hearing.ended <= 0.3 * 16_000


def test_a_phrase_that_begins_another_waits_for_the_rest(listen: Listener) -> None:
    skip = clip("rendered/skip")
    (alone,) = listen("working").hear(hiss(0.5), skip)
    assert alone.command == "skip"
    assert alone.decided - alone.ended >= 0.5 * 16_000
    whole = listen("working").hear(hiss(0.5), clip("rendered/skip_to_the_wall"))
    assert commands(whole) == ["jump"]


def test_a_command_of_another_phase_is_told_apart(listen: Listener) -> None:
    (hearing,) = listen("paused").hear(hiss(0.5), clip("rendered/how_many_more"))
    assert (hearing.kind, hearing.command) == (Kind.ELSEWHERE, "count")


def test_when_idle_only_long_commands_count(listen: Listener) -> None:
    assert commands(listen("idle").hear(clip("rendered/start_lunch_break"))) == []
    assert commands(listen("idle").hear(clip("rendered/stop"))) == []


def test_our_own_words_are_no_command_while_they_sound(listen: Listener) -> None:
    samples = [hiss(0.5), clip("rendered/next"), hiss(1.0), clip("rendered/next")]
    length = 8000 + len(clip("rendered/next"))
    masked = listen("working")
    masked.ears.mask(["Say next when you are done"], 0, length)
    hearings = masked.hear(*samples)
    assert commands(hearings) == ["next"]
    assert hearings[0].why == "the coach's own words"
    assert hearings[1].began > length


def test_other_words_count_while_we_speak(listen: Listener) -> None:
    masked = listen("working")
    masked.ears.mask(["turn your chest to the left"], 0, 64_000)
    assert commands(masked.hear(hiss(0.5), clip("rendered/next"))) == ["next"]


def test_a_long_speech_is_no_command(listen: Listener) -> None:
    sentence = clip("rendered/the_weather_is_nice_today")[3000:-1500]
    (hearing,) = listen("working").hear(hiss(0.5), *[sentence] * 5)
    assert (hearing.kind, hearing.why) == (Kind.IGNORED, "longer than any command")
    assert hearing.ended - hearing.began > 5 * 16_000


def test_voices_are_told_as_they_begin_and_end(listen: Listener) -> None:
    ears = listen("working")
    ears.hear(hiss(1.0), clip("rendered/how_many_more"), hiss(1.0))
    (on, began), (off, ended) = ears.voices
    assert (on, off) == (True, False)
    assert 16_000 <= began <= 16_000 + 0.4 * 16_000
    assert ended > began


def test_people_are_heard_with_a_table_of_their_own_words(listen: Listener) -> None:
    content = {
        "language": "en",
        "intents": {word: {"data": [{"sentences": [word]}]} for word in ("right", "zero", "go")},
    }
    ears = listen(table=PhraseTable(content))
    assert commands(ears.hear(clip("people/right"))) == ["right"]
    assert commands(ears.hear(clip("people/zero"))) == ["zero"]
    assert commands(ears.hear(clip("people/computer"))) == []


def test_words_that_the_model_lacks_are_named(listen: Listener) -> None:
    table = phrases.PhraseTable({"language": "en", "intents": {"a": {"data": [{"sentences": ["ready", "xyzzyq"]}]}}})
    assert listen(table=table).ears.unheard == ["xyzzyq"]


def test_while_the_person_dictates_every_word_is_reported(listen: Listener) -> None:
    listening = listen("reviewing")
    listening.ears.dictate(True)
    weather = clip("rendered/the_weather_is_nice_today")
    long = (weather, weather, weather, weather)
    (short,) = listening.hear(hiss(0.5), weather)
    assert (short.kind, short.command, short.text) == (Kind.SAID, "", "the weather is nice today")
    hearings = listening.hear(hiss(0.5), np.concatenate([part[4000:-4000] for part in long]))
    assert {hearing.kind for hearing in hearings} == {Kind.SAID}
    assert sum(hearing.text.count("nice") for hearing in hearings) == 4
    assert sum(hearing.ended - hearing.began for hearing in hearings) > 5 * 16_000


def test_stop_is_a_command_also_while_the_person_dictates(listen: Listener) -> None:
    listening = listen("reviewing")
    listening.ears.dictate(True)
    assert commands(listening.hear(hiss(0.5), clip("rendered/stop"))) == ["stop"]
    assert listening.hear(hiss(3.0)) == []
    listening.ears.dictate(False)
    (hearing,) = listening.hear(hiss(0.5), clip("rendered/the_weather_is_nice_today"))
    assert hearing.kind is Kind.IGNORED
