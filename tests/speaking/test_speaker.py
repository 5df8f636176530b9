"""From what the dialogue says to the mixer: every say ends exactly once, whatever the engine does."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.audio.mixer import Mixer
from assistant.audio.tones import tone
from assistant.dialogue.effects import Rank, ToneKind, Utterance
from assistant.dialogue.events import Outcome, Part
from assistant.speaking import Disk, Renderer, Sentences, Speaker, Voice, open_speaker

RATE = 16_000
Engine = Callable[..., Renderer]


@dataclass
class Stage:
    """A speaker over a mixer that nobody hears, and all it reports."""

    sentences: Sentences
    background: bool = False
    ended: queue.SimpleQueue[tuple[int, Outcome, int]] = field(default_factory=queue.SimpleQueue)
    faults: list[tuple[Part, str, str]] = field(default_factory=list)
    recovered: list[Part] = field(default_factory=list)
    placed: list[tuple[str, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mixer = Mixer(RATE, lambda *end: self.ended.put(end))
        self.speaker = Speaker(
            self.mixer,
            self.sentences,
            background=self.background,
            on_fault=lambda *fault: self.faults.append(fault),
            on_recovered=self.recovered.append,
            on_placed=lambda utterance, start, length: self.placed.append((utterance.text, start, length)),
        )

    def ends(self) -> list[tuple[int, Outcome, int]]:
        found = []
        while not self.ended.empty():
            found.append(self.ended.get())
        return found

    def say(self, number: int, text: str, start: int | None = None, rank: Rank = Rank.COACH) -> None:
        self.speaker.say(Utterance(number, text, rank), start)


@pytest.fixture
def stage(fake_engine: Engine) -> Iterator[Callable[..., Stage]]:
    """Makes stages over the fake engine."""
    made: list[Stage] = []

    def make(version: str = "1", background: bool = False, time_limit_s: float = 5.0) -> Stage:
        made.append(Stage(Sentences(fake_engine(version, time_limit_s), RATE), background))
        return made[-1]

    yield make
    for each in made:
        each.speaker.close()


def test_a_sentence_is_spoken_at_once_or_at_its_moment(stage: Callable[..., Stage]) -> None:
    one = stage()
    one.say(1, "now")
    assert np.abs(one.mixer.render(RATE // 10)).max() > 0.05
    one.mixer.render(2 * RATE)
    one.say(2, "later", start=3 * RATE)
    assert not one.mixer.render(3 * RATE - one.mixer.position).any()
    out = one.mixer.render(2 * RATE)
    assert np.flatnonzero(np.abs(out) > 0.01)[0] < 0.005 * RATE
    ends = one.ends()
    assert [end[:2] for end in ends] == [(1, Outcome.FINISHED), (2, Outcome.FINISHED)]
    assert one.placed == [("now", 0, ends[0][2]), ("later", 3 * RATE, ends[1][2] - 3 * RATE)]


def test_hush_cuts_what_sounds(stage: Callable[..., Stage]) -> None:
    one = stage()
    one.say(1, "now")
    one.mixer.render(1000)
    one.speaker.hush()
    assert not one.mixer.render(RATE)[400:].any()
    assert [end[:2] for end in one.ends()] == [(1, Outcome.CUT)]


def test_what_is_hushed_while_it_is_rendered_is_never_heard(stage: Callable[..., Stage]) -> None:
    one = stage(background=True, time_limit_s=600)
    one.say(1, "hang on")
    one.speaker.hush()
    assert one.ended.get(timeout=10) == (1, Outcome.CUT, 0)
    one.speaker.close()
    assert not one.mixer.render(RATE).any()
    assert one.ends() == []


def test_the_next_sentence_replaces_one_that_is_still_rendered(stage: Callable[..., Stage]) -> None:
    one = stage(background=True, time_limit_s=0.3)
    one.say(1, "hang on")
    one.say(2, "and then")
    assert one.ended.get(timeout=10) == (1, Outcome.CUT, 0)
    while not one.placed:
        assert not one.mixer.render(160).any()
    one.mixer.render(2 * RATE)
    assert one.ended.get(timeout=10)[:2] == (2, Outcome.FINISHED)
    assert [text for text, _, _ in one.placed] == ["and then"]


def test_what_was_prepared_is_said_without_the_engine(
    stage: Callable[..., Stage], rendered: Callable[[], list[str]]
) -> None:
    one = stage()
    assert one.speaker.duration_ms("coming up") is None
    one.speaker.prepare(["coming up", "and this", "coming up"])
    assert rendered() == ["coming up", "and this"]
    assert one.speaker.duration_ms("coming up") == pytest.approx(1000, abs=60)
    one.say(1, "coming up")
    assert rendered() == ["coming up", "and this"]


def test_the_sound_of_a_text_is_lent(stage: Callable[..., Stage]) -> None:
    one = stage(background=True)
    lent: queue.SimpleQueue[np.ndarray] = queue.SimpleQueue()
    one.speaker.lend(["for others", "and more"], lent.put)
    assert lent.get(timeout=10).size > RATE // 2
    lent.get(timeout=10)
    assert not one.mixer.render(RATE).any()
    assert one.ends() == []


def test_nothing_is_lent_of_what_cannot_be_rendered(stage: Callable[..., Stage]) -> None:
    one = stage(background=True, time_limit_s=0.3)
    lent: queue.SimpleQueue[np.ndarray] = queue.SimpleQueue()
    one.speaker.lend(["hang on", "for others"], lent.put)
    assert lent.get(timeout=10).any()
    assert lent.empty()


def test_what_is_said_goes_before_what_is_prepared(
    stage: Callable[..., Stage], rendered: Callable[[], list[str]]
) -> None:
    one = stage(background=True)
    one.speaker.prepare([f"ahead {number}" for number in range(20)])
    one.say(1, "first")
    while not one.placed:
        one.mixer.render(16)
    assert len(rendered()) < 20


def test_a_count_whose_moment_has_gone_is_left_out_and_an_instruction_is_not(stage: Callable[..., Stage]) -> None:
    one = stage()
    one.mixer.render(RATE)
    one.say(1, "three", start=RATE // 2, rank=Rank.COUNT)
    assert one.ends() == [(1, Outcome.FAILED, RATE)]
    one.say(2, "two", start=RATE - 1000, rank=Rank.COUNT)
    one.mixer.render(2 * RATE)
    one.say(3, "lift your arm", start=RATE)
    one.mixer.render(2 * RATE)
    assert [end[:2] for end in one.ends()] == [(2, Outcome.FINISHED), (3, Outcome.FINISHED)]


@pytest.mark.parametrize("background", [False, True])
def test_without_an_engine_there_are_tones_and_silent_sentences_of_the_right_length(
    stage: Callable[..., Stage], background: bool
) -> None:
    one = stage("missing", background)
    text = "ten words that nobody hears but that take their time"
    one.say(1, text)
    while not one.placed:
        assert not one.mixer.render(16).any()
    begun = one.mixer.position
    one.speaker.tone(ToneKind.BEGIN, begun + 100)
    out = one.mixer.render(5 * RATE)
    np.testing.assert_array_equal(out[100 : 100 + tone(ToneKind.BEGIN, RATE).size], tone(ToneKind.BEGIN, RATE))
    ((number, outcome, sample),) = one.ends()
    assert (number, outcome) == (1, Outcome.FAILED)
    assert sample - begun == pytest.approx(Voice().seconds(text) * RATE, abs=100)
    one.say(2, "again")
    while len(one.placed) < 2:
        one.mixer.render(16)
    assert [(part, code) for part, code, _ in one.faults] == [(Part.SPEECH_ENGINE, "no_engine")]


def test_a_failure_is_reported_once_and_the_recovery_too(stage: Callable[..., Stage]) -> None:
    one = stage()
    for number, text in enumerate(["fail one", "fail two", "works", "works again", "fail three"]):
        one.say(number, text)
        one.mixer.render(2 * RATE)
    assert [code for _, code, _ in one.faults] == ["engine_failed", "engine_failed"]
    assert one.recovered == [Part.SPEECH_ENGINE]
    outcomes = [outcome for _, outcome, _ in one.ends()]
    assert outcomes == [Outcome.FAILED, Outcome.FAILED, Outcome.FINISHED, Outcome.FINISHED, Outcome.FAILED]


steps = st.lists(
    st.tuples(st.sampled_from(["say", "schedule", "hush", "tone", "prepare"]), st.integers(0, 40_000)), max_size=15
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.booleans())
def test_every_say_ends_exactly_once(
    stage: Callable[..., Stage], script: list[tuple[str, int]], background: bool
) -> None:
    one = stage(background=background)
    said = []
    for number, (what, frames) in enumerate(script):
        text = f"text {frames % 3}"
        if what in ("say", "schedule"):
            said.append(number)
            one.say(number, text, one.mixer.position + frames if what == "schedule" else None)
        elif what == "hush":
            one.speaker.hush()
        elif what == "tone":
            one.speaker.tone(ToneKind.BEAT, one.mixer.position + frames)
        else:
            one.speaker.prepare([text])
        one.mixer.render(frames)
    one.speaker.close()
    one.mixer.render(200_000)
    assert sorted(number for number, _, _ in one.ends()) == said


def test_the_real_voice_from_the_cache_folder(tmp_path: Path) -> None:
    ended: list[tuple[int, Outcome, int]] = []
    for _ in range(2):
        mixer = Mixer(RATE, lambda *end: ended.append(end))
        speaker = open_speaker(mixer, background=False, folder=tmp_path)
        speaker.say(Utterance(1, "This is your coach.", Rank.COACH))
        out = mixer.render(3 * RATE)
        speaker.close()
        assert np.abs(out).max() > 0.1
    assert ended[0] == ended[1]
    assert 0.8 * RATE < ended[0][2] < 2 * RATE
    assert Disk(tmp_path).noted("engine-default") == Renderer(Voice()).identity
