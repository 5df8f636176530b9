"""The microphone muted and opened, what was heard, and the coach's own voice, in the virtual room."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.echo import open_canceller
from assistant.listening import phrases
from assistant.listening.ears import Ears
from assistant.listening.hearing import Hearing, Kind
from assistant.listening.model import RATE, SpeechModel
from assistant.simulation.acoustics import Floats
from assistant.simulation.demo import play
from assistant.simulation.room import Room, RoomSpec
from assistant.speaking import Renderer, Sentences, Voice

MUTED = """\
turns:
  - {after: hello, say: mute microphone}
  - {after: i still hear, say: what routines are there}
  - {after_s: 4, say: open microphone}
  - {after: listening, say: the weather is nice today}
  - {after_s: 3, say: what did you hear}
  - {after: before it, say: start lunch break routine}
  - {after: about, say: stop now}
  - {after: it hurts, say: end session}
  - {after: end here, say: "yes"}
"""


def test_while_muted_it_hears_only_what_opens_it_and_tells_later_what_it_heard(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(MUTED, encoding="utf-8")
    report = play("lunch_break", script=script, out=tmp_path / "out")
    rows = (report.folder / "transcript.txt").read_text(encoding="utf-8").splitlines()
    told = [row.split(" ", 1)[1] for row in rows]
    assert "IGNORED what routines are there (the microphone is muted)" in told
    assert not any(line.startswith("COACH There are:") for line in told)
    events = [json.loads(row) for row in (report.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()[1:]]
    (heard,) = [each["text"] for each in events if each["event"] == "Overheard"]
    assert {"the", "is", "nice"} <= set(heard.split()), "a word or two may get lost in the room"
    answer = told.index(f"COACH I heard, {heard}.")
    assert [line for line in told[answer:] if line.startswith("COACH")][:4] == [
        f"COACH I heard, {heard}.",
        "COACH No command.",
        "COACH Before it, open microphone.",
        "COACH Done.",
    ]
    assert report.summary["commands"] == {"said": 7, "understood": 7, "missed": 0, "false": 0}


BLOCK = RATE // 50
FIRST = (
    "Neck. About eleven minutes. I am a voice with a timer. I cannot see you or check your health.",
    "Move in comfort, and if something feels wrong, wait.",
    "Lay within reach: a sturdy chair and a cushion.",
)


@pytest.mark.parametrize(("rt60_s", "delay_ms", "seed"), [(0.4, 120, 1), (0.45, 100, 7), (0.55, 140, 8)])
def test_the_coach_does_not_command_itself_from_its_first_word_on(rt60_s: float, delay_ms: int, seed: int) -> None:
    """20 dB above a person: before the canceller has learnt the room, and in the last of its reverberation."""
    said = Sentences(Renderer(Voice()), RATE)
    speech = np.concatenate([_in_blocks(said.get(line)) for line in FIRST])
    spec = RoomSpec(rt60_s, 2.5, 20.0, delay_ms)
    room, canceller = Room(spec, coach_sample=speech.ravel(), seed=seed), open_canceller(RATE)
    heard: list[Hearing] = []
    ears = Ears(SpeechModel(), phrases.load(), inline=True, on_hearing=heard.append)
    ears.listen("paused")
    for block in speech:
        canceller.played(block)
        ears.feed(canceller.clean(room.step(block).microphone))
    ears.finish()
    assert [each for each in heard if each.kind is not Kind.IGNORED] == []


def _in_blocks(sound: Floats) -> Floats:
    """Blocks of a session, with a third of a second of silence after `sound`, or a little more."""
    silence = RATE // 3 + -(len(sound) + RATE // 3) % BLOCK
    return np.append(sound, np.zeros(silence, np.float32)).reshape(-1, BLOCK)
