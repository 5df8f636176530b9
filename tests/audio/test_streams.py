"""Opening, watching, losing and getting back the two streams, with a library that the test turns by hand."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from fake_sound import DESK_MICROPHONE, HEADSET, LOUDSPEAKER, FakeSound
from numpy.typing import NDArray

from assistant.audio import streams
from assistant.audio.devices import Kind, choose
from assistant.audio.mixer import Mixer
from assistant.audio.streams import Input, Output, Watchdog, output_rate
from assistant.dialogue.events import Outcome, Part
from assistant.errors import AudioError


@dataclass
class Rig:
    """Both streams on a fake library and a clock that stands until it is moved."""

    sound: FakeSound = field(default_factory=FakeSound)
    now: float = 1000.0
    faults: list[tuple[Part, str, str]] = field(default_factory=list)
    recovered: list[Part] = field(default_factory=list)
    played: list[tuple[int, float]] = field(default_factory=list)
    ended: list[tuple[int, Outcome, int]] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    audio: queue.SimpleQueue[tuple[NDArray[np.int16], float]] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self.mixer = Mixer(48_000, lambda *end: self.ended.append(end))
        watch = {"on_fault": lambda *fault: self.faults.append(fault), "on_recovered": self.recovered.append}
        self.output = Output(
            self.sound, self.mixer, on_played=lambda block, sample, at: self.played.append((sample, at)), **watch
        )
        self.input = Input(self.sound, lambda *audio: self.audio.put(audio), on_advice=self.advice.append, **watch)
        self.watchdog = Watchdog(self.sound, [self.output, self.input])

    def open(self) -> None:
        self.input.open()
        self.output.open()

    def run(self, seconds: float, *kinds: Kind, level: float = 0.1) -> None:
        """Let time pass in steps of 20 ms; the open streams of these kinds are alive."""
        for step in range(round(seconds * 50)):
            self.now += 0.02
            for stream in self.sound.open_streams(*kinds):
                stream.turn(np.full((stream.rate // 50, stream.channels), level, np.float32))
            if step % 12 == 0:
                self.watchdog.look(self.now)


BOTH = (Kind.SPEAKER, Kind.MICROPHONE)


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    rig = Rig()
    monkeypatch.setattr(streams.time, "monotonic", lambda: rig.now)
    yield rig
    rig.watchdog.close()


def test_what_the_mixer_renders_goes_to_every_channel_with_its_place_in_time(rig: Rig) -> None:
    rig.sound.rates = lambda kind, rate, channels: channels == 2
    rig.output.open()
    samples = np.linspace(-0.5, 0.5, 960, dtype=np.float32)
    rig.mixer.speak(5, samples, start=960)
    stream = rig.sound.open_stream(Kind.SPEAKER)
    assert not stream.turn().any()
    rig.now += 0.02
    block = stream.turn()
    np.testing.assert_array_equal(block, np.stack([samples, samples], axis=1))
    assert rig.played == [(0, 1000.0), (960, 1000.02)]
    assert rig.ended == [(5, Outcome.FINISHED, 1920)]


def test_the_microphone_is_heard_at_16_khz_whatever_it_takes(rig: Rig) -> None:
    rig.sound.rates = lambda kind, rate, channels: (rate, channels) == (44_100, 2)
    rig.input = Input(rig.sound, lambda *audio: rig.audio.put(audio), "desk")
    rig.input.open()
    stream = rig.sound.open_stream(Kind.MICROPHONE)
    assert stream.device == DESK_MICROPHONE
    for _ in range(50):
        stream.turn(np.full((882, 2), 0.25, np.float32))
    heard = rig.audio.get(timeout=5)[0]
    while heard.size < 14_000:
        samples, at = rig.audio.get(timeout=5)
        assert at == 1000.0
        heard = np.concatenate([heard, samples])
    assert heard[8_000] == pytest.approx(0.25 * 32767, rel=0.01)
    rig.input.close()


def test_losses_are_counted(rig: Rig) -> None:
    rig.open()
    for kind in BOTH:
        rig.sound.open_stream(kind).turn(lost=True)
        rig.sound.open_stream(kind).turn()
    assert (rig.output.losses, rig.input.losses) == (1, 1)
    assert (rig.output.callbacks, rig.input.callbacks) == (2, 2)
    assert rig.output.latency_s == 0.05


def test_an_idle_device_is_given_three_seconds(rig: Rig) -> None:
    rig.open()
    rig.run(2.9, Kind.SPEAKER)
    assert rig.faults == []
    rig.run(0.5, Kind.SPEAKER)
    assert [(part, code) for part, code, _ in rig.faults] == [(Part.MICROPHONE, "lost")]
    assert "Headset [ALSA]" in rig.faults[0][2]


def test_later_a_second_without_a_callback_is_a_loss_and_told_once(rig: Rig) -> None:
    rig.open()
    rig.run(5, *BOTH)
    rig.sound.plugged.remove(HEADSET)
    rig.run(1.3)
    assert {(part, code) for part, code, _ in rig.faults} == {(Part.SPEAKER, "lost"), (Part.MICROPHONE, "lost")}
    rig.run(60)
    assert len(rig.faults) == 2


def test_a_stream_that_ends_by_itself_is_lost_at_the_next_look(rig: Rig) -> None:
    rig.open()
    rig.run(5, *BOTH)
    rig.sound.open_stream(Kind.MICROPHONE).on_end()
    rig.run(0.3, Kind.SPEAKER)
    assert [part for part, _, _ in rig.faults] == [Part.MICROPHONE]


def test_a_device_that_is_plugged_in_again_works_again(rig: Rig) -> None:
    rig.sound.plugged = rig.sound.known = [DESK_MICROPHONE, LOUDSPEAKER]
    rig.open()
    rig.run(5, *BOTH)
    rig.sound.plugged = [LOUDSPEAKER]
    rig.run(1.5, Kind.SPEAKER)
    assert [part for part, _, _ in rig.faults] == [Part.MICROPHONE]
    rig.run(4, Kind.SPEAKER)
    rig.sound.plugged = [LOUDSPEAKER, DESK_MICROPHONE]
    rig.run(2.5, Kind.SPEAKER)
    assert rig.recovered == []  # even if it is open by now, it has not said anything yet
    rig.run(20, *BOTH)
    assert rig.recovered == [Part.MICROPHONE]
    assert len(rig.faults) == 1
    assert not rig.input.faulted
    assert rig.sound.rescans >= 1


def test_when_the_device_is_gone_for_good_speech_still_ends_in_time(rig: Rig) -> None:
    rig.open()
    rig.run(5, *BOTH)
    rig.sound.plugged.clear()
    rig.mixer.speak(9, np.full(48_000, 0.1, np.float32))
    rig.run(4)
    assert [(utterance, outcome) for utterance, outcome, _ in rig.ended] == [(9, Outcome.FINISHED)]
    assert rig.mixer.position / 48_000 == pytest.approx(9.0, abs=0.3)


def test_callbacks_of_a_stream_given_up_are_not_heard(rig: Rig) -> None:
    rig.open()
    rig.run(5, *BOTH)
    zombie = rig.sound.open_stream(Kind.SPEAKER)
    rig.output.close()
    position = rig.mixer.position
    assert not zombie.turn(np.ones((960, 1), np.float32)).any()
    assert rig.mixer.position == position


def listen(rig: Rig, seconds: int, level: float) -> None:
    """The microphone delivers this level, and the thread behind it keeps up."""
    for _ in range(seconds):
        rig.run(1, Kind.MICROPHONE, level=level)
        for _ in range(50):
            rig.audio.get(timeout=5)
    rig.watchdog.look(rig.now)


def test_digital_silence_is_reported_once_and_taken_back(rig: Rig) -> None:
    rig.input.open()
    listen(rig, 19, 0.0)
    assert rig.faults == []
    listen(rig, 10, 0.0)
    assert [(part, code) for part, code, _ in rig.faults] == [(Part.MICROPHONE, "digital_silence")]
    listen(rig, 1, 0.01)
    assert rig.recovered == [Part.MICROPHONE]


def test_a_microphone_that_was_muted_is_given_longer(rig: Rig) -> None:
    rig.input.open()
    listen(rig, 1, 0.01)
    listen(rig, 59, 0.0)
    assert rig.faults == []
    listen(rig, 3, 0.0)
    assert [code for _, code, _ in rig.faults] == ["digital_silence"]


def test_a_microphone_that_clips_again_and_again_is_told_once_with_the_cure(rig: Rig) -> None:
    rig.input.open()
    for _ in range(6):
        listen(rig, 1, 1.0)
        listen(rig, 3, 0.01)
    listen(rig, 10, 1.0)
    (sentence,) = rig.advice
    assert sentence.startswith("The microphone Headset [ALSA] is turned up too far: turn it down")
    assert rig.faults == []


def test_a_door_that_slams_is_no_wrong_gain(rig: Rig) -> None:
    rig.input.open()
    listen(rig, 2, 1.0)
    listen(rig, 60, 0.01)
    listen(rig, 2, 1.0)
    assert rig.advice == []


def test_a_gain_far_too_high_is_told_though_nothing_clips(rig: Rig) -> None:
    rig.input.open()
    listen(rig, 60, 0.3)
    assert len(rig.advice) == 1


# -- choosing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "wanted", "expected"),
    [
        (Kind.MICROPHONE, None, HEADSET),
        (Kind.MICROPHONE, "Desk Microphone [ALSA]", DESK_MICROPHONE),
        (Kind.MICROPHONE, "desk", DESK_MICROPHONE),
        (Kind.SPEAKER, "LOUDSPEAKER", LOUDSPEAKER),
        (Kind.SPEAKER, "alsa", HEADSET),
    ],
)
def test_a_device_is_chosen_by_name(kind: Kind, wanted: str | None, expected: object) -> None:
    assert choose(FakeSound(), kind, wanted) == expected


def test_an_unknown_device_names_those_there_are() -> None:
    with pytest.raises(AudioError, match=r"Headset \[ALSA\], Loudspeaker \[ALSA\]") as caught:
        choose(FakeSound(), Kind.SPEAKER, "Desk")
    assert caught.value.code == "unknown_device"


@pytest.mark.parametrize("kind", list(Kind))
def test_without_devices_the_sentence_says_which_is_missing(kind: Kind) -> None:
    with pytest.raises(AudioError, match=f"There is no {kind.value}: plug one in") as caught:
        choose(FakeSound([]), kind, None)
    assert caught.value.code == f"no_{kind.value}"


def test_a_busy_device_and_one_of_an_odd_rate_are_told_apart(rig: Rig) -> None:
    rig.sound.rates = lambda kind, rate, channels: False
    with pytest.raises(AudioError, match="takes no sample rate known here") as caught:
        rig.input.open()
    assert caught.value.code == "odd_rate"
    rig.sound.busy = True
    with pytest.raises(AudioError, match="busy") as caught:
        rig.output.open()
    assert caught.value.code == "busy"


def test_the_rate_to_mix_at_is_the_speakers_own() -> None:
    assert output_rate(FakeSound(), "Loudspeaker") == 48_000
