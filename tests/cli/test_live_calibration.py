"""`coach calibrate` to its end as a person meets it, through PulseAudio, in real time, and what it changes."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
from test_live import PATIENCE_S, Reader, coach

from assistant.audio import wav
from assistant.catalog.load import load
from assistant.dialogue.person import screened
from assistant.speaking import Renderer, Voice
from assistant.storage import places
from assistant.storage.profile import ProfileFile
from assistant.storage.store import CALIBRATION
from pulse import Pulse, recorded

RATE = 16_000
LEVELS = {"lying": -54, "kneeling": -38, "standing": -34}  # dB below full scale
NOISE_DB = -72
PHRASES = ("how many more", "make it easier", "leave it out")
BREATH_S = 1.7  # before the words: as long as a prompt lasts, which is on the screen when it begins


def spoken(folder: Path) -> dict[tuple[str, str], Path]:
    """A recording of each phrase in each posture, with a voice that is not the coach's."""
    renderer = Renderer(Voice(id="en-us+f4", rate=155))
    paths = {}
    for words in PHRASES:
        speech = renderer.render(words)
        samples = speech.samples / np.float32(32768)
        samples /= np.sqrt(np.mean(samples[np.abs(samples) > 0.01] ** 2))
        breath = np.zeros(round(BREATH_S * speech.rate), np.float32)
        for posture, db in LEVELS.items():
            path = paths[posture, words] = folder / f"{posture} {words}.wav"
            wav.write(path, np.concatenate([breath, samples * np.float32(10 ** (db / 20))]), speech.rate)
    renderer.close()
    return paths


def answer(pulse: Pulse, recording: Path, lines: Reader, follows: str) -> None:
    """Say it until it is answered: on a machine with other work, a prompt may come late."""
    for _ in range(4):
        pulse.play(recording).wait(PATIENCE_S)
        with suppress(AssertionError):
            lines.wait_for(follows, 4)
            return
    lines.wait_for(follows)


def loudness(path: Path) -> float:
    """Of what the coach said, in dB below full scale."""
    sound = recorded(path)
    return 20 * float(np.log10(np.sqrt(np.mean(sound[np.abs(sound) > 0.01] ** 2))))


def test_a_minute_of_guided_speech_is_kept_and_holds_in_the_next_session(tmp_path: Path) -> None:
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "config.yaml").write_text("rate: 280\n", encoding="utf-8")  # or it takes a minute
    ProfileFile(places.data_dir() / "profile.json").save(screened(load()), date.today())
    noise = np.random.default_rng(1).normal(0, 10 ** (NOISE_DB / 20), 120 * RATE)
    wav.write(tmp_path / "noise.wav", noise.astype(np.float32), RATE)
    recordings = spoken(tmp_path)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with Pulse() as pulse:
        room = pulse.play(tmp_path / "noise.wav")
        with coach(pulse, "calibrate", "--plain", **pipes) as session, pulse.recording(tmp_path / "before"):
            assert session.stdout
            lines = Reader(session.stdout.fileno())
            lines.wait_for("coach: Once there, say how many more.")
            for posture in LEVELS:
                last = "coach: You are quiet" if posture == "standing" else "coach: Once there, say how many more."
                prompts = [f"coach: Say {words}." for words in PHRASES[1:]]
                for words, follows in zip(PHRASES, [*prompts, last], strict=True):
                    answer(pulse, recordings[posture, words], lines, follows)
            lines.wait_for("lying down: I will listen harder there.")
            for sentence in (
                "I will speak up lying",
                "I hear you well kneeling",
                "I hear you well standing",
                "Kept for",
            ):
                lines.wait_for(f"coach: {sentence}")
            assert session.wait(PATIENCE_S) == 0
            lines.finish()
        kept = json.loads((places.data_dir() / CALIBRATION).read_text(encoding="utf-8"))["microphones"]
        ((microphone, tuned),) = kept.items()
        assert microphone.endswith("microphone.monitor")
        assert tuned["lying"]["gain_db"] > 5
        assert tuned["lying"]["volume_db"] == 6
        assert tuned["standing"] == {"gain_db": 0, "lenience": 0, "volume_db": 0}

        with coach(pulse, "start", "low_back", "--plain", **pipes) as session, pulse.recording(tmp_path / "lying"):
            assert session.stdout
            lines = Reader(session.stdout.fileno())
            lines.wait_for("coach: Low Back.")
            lines.wait_for("coach: ")
            session.terminate()
            assert session.wait(PATIENCE_S) == 0
        room.kill()
        room.wait()
    assert loudness(tmp_path / "lying") - loudness(tmp_path / "before") > 3
