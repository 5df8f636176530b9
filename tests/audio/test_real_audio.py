"""Through PortAudio and a PulseAudio server with null sinks: a real speaker, a real microphone, in real time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import pulse
from assistant.audio import wav
from assistant.audio.devices import Kind, PortAudio, choose, lasting_name
from assistant.audio.mixer import Mixer
from assistant.audio.streams import Input, Output, Watchdog, output_rate
from assistant.audio.tones import tone
from assistant.dialogue.effects import ToneKind
from assistant.dialogue.events import Outcome, Part
from assistant.errors import AudioError

RATE = 16_000
PATIENCE_S = 20.0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[pulse.Pulse]:
    assert pulse.installed(), "these tests need pulseaudio and pulseaudio-utils"
    with pulse.Pulse() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        sound = PortAudio()
        sound.rescan()
        yield server


def onsets(sound: NDArray[np.float32], level: float = 0.05, quiet_s: float = 0.1) -> NDArray[np.int64]:
    """The samples at which something begins after `quiet_s` of quiet."""
    loud = np.flatnonzero(np.abs(sound) > level)
    return loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > quiet_s * RATE)]


def test_scheduled_tones_and_speech_sound_at_their_moments(server: pulse.Pulse, tmp_path: Path) -> None:
    sound = PortAudio()
    rate = output_rate(sound)
    ended: queue.SimpleQueue[tuple[object, ...]] = queue.SimpleQueue()
    mixer = Mixer(rate, lambda *end: ended.put(end))
    output = Output(sound, mixer)
    moments_s = [2.5, 2.75, 3.0, 3.5, 4.0, 4.25]
    for moment in moments_s:
        mixer.tone(tone(ToneKind.BEAT, rate), round(moment * rate))
    t = np.arange(rate // 2) / rate
    mixer.speak(1, (0.3 * np.cos(2 * np.pi * 500 * t)).astype(np.float32), start=5 * rate)
    with server.recording(tmp_path / "speaker.raw", rate=RATE):
        output.open()
        assert ended.get(timeout=PATIENCE_S) == (1, Outcome.FINISHED, 5 * rate + t.size)
        mixer.speak(2, np.zeros(rate // 2, np.float32))  # until what was rendered has been heard
        assert ended.get(timeout=PATIENCE_S)[0] == 2
        output.close()
    heard = onsets(pulse.recorded(tmp_path / "speaker.raw"))[: len(moments_s) + 1] / RATE
    expected = np.diff([*moments_s, 5.0])
    np.testing.assert_allclose(np.diff(heard), expected, atol=0.02)


def test_the_microphone_hears_what_is_played_to_it(server: pulse.Pulse, tmp_path: Path) -> None:
    t = np.arange(2 * RATE) / RATE
    wav.write(tmp_path / "sine.wav", (0.3 * np.sin(2 * np.pi * 700 * t)).astype(np.float32), RATE)
    heard: list[NDArray[np.int16]] = []
    enough, times = threading.Event(), []

    def on_audio(samples: NDArray[np.int16], at: float) -> None:
        times.append(at)
        if samples.any():
            heard.append(samples)
        if sum(map(len, heard)) > 1.5 * RATE:
            enough.set()

    microphone = Input(PortAudio(), on_audio)
    microphone.open()
    player = server.play(tmp_path / "sine.wav")
    assert enough.wait(PATIENCE_S)
    player.wait()
    assert microphone.meter.heard_anything
    microphone.close()
    sound = np.concatenate(heard)[RATE // 4 : RATE] / 32768
    t = np.arange(sound.size) / RATE
    assert 2 * abs(np.mean(sound * np.exp(-2j * np.pi * 700 * t))) == pytest.approx(0.3, abs=0.03)
    assert times == sorted(times)


def test_when_the_server_dies_it_is_told_and_when_it_is_back_all_goes_on(server: pulse.Pulse) -> None:
    sound = PortAudio()
    events: queue.SimpleQueue[tuple[object, ...]] = queue.SimpleQueue()
    mixer = Mixer(output_rate(sound), lambda *end: events.put(end))
    watch = {
        "on_fault": lambda part, code, sentence: events.put((part, code)),
        "on_recovered": lambda part: events.put((part, "recovered")),
    }
    output, microphone = Output(sound, mixer, **watch), Input(sound, lambda samples, at: None, **watch)
    watchdog = Watchdog(sound, [output, microphone])
    output.open()
    microphone.open()
    watchdog.start()
    try:
        server.kill()
        told = [events.get(timeout=PATIENCE_S) for _ in range(2)]
        assert sorted(told, key=str) == [(Part.MICROPHONE, "lost"), (Part.SPEAKER, "lost")]
        mixer.speak(1, np.zeros(mixer.rate, np.float32))
        assert events.get(timeout=PATIENCE_S)[:2] == (1, Outcome.FINISHED)
        server.start()
        back = [events.get(timeout=PATIENCE_S) for _ in range(2)]
        assert sorted(back, key=str) == [(Part.MICROPHONE, "recovered"), (Part.SPEAKER, "recovered")]
    finally:
        watchdog.close()


def test_devices_are_listed_and_an_unknown_one_is_refused(server: pulse.Pulse) -> None:
    sound = PortAudio()
    assert choose(sound, Kind.MICROPHONE, "pulse").label == "pulse [ALSA]"
    assert sound.default(Kind.SPEAKER) is not None
    with pytest.raises(AudioError, match=r"There is no speaker called gramophone; there are: .*pulse \[ALSA\]"):
        choose(sound, Kind.SPEAKER, "gramophone")


def test_behind_a_sound_server_each_microphone_has_a_name_of_its_own(server: pulse.Pulse) -> None:
    device = choose(PortAudio(), Kind.MICROPHONE, None)
    assert lasting_name(device, Kind.MICROPHONE) == f"{device.label} microphone.monitor"
    assert lasting_name(device, Kind.SPEAKER) == f"{device.label} speaker"
    server.pactl("set-default-source", "speaker.monitor")
    assert lasting_name(device, Kind.MICROPHONE) == f"{device.label} speaker.monitor"
    server.kill()
    assert lasting_name(device, Kind.MICROPHONE) == device.label


def test_without_a_server_opening_is_one_clear_sentence(server: pulse.Pulse) -> None:
    microphone = Input(PortAudio(), lambda samples, at: None, "pulse")
    server.kill()
    with pytest.raises(AudioError, match=r"microphone pulse \[ALSA\] cannot be opened .*: plug it in again"):
        microphone.open()
    microphone.close()
