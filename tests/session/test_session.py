"""The session between a fake speaker and fake ears: what comes in, what goes out, what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from assistant.catalog.load import load
from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.effects import Sound, ToneKind, Utterance
from assistant.dialogue.events import (
    Event,
    Faulted,
    Heard,
    Interrupted,
    Opened,
    Outcome,
    Overheard,
    Part,
    Said,
    Tick,
    Voiced,
)
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.state import Reviewing, ReviewQuestion, State
from assistant.dialogue.transition import new_state, transition
from assistant.language.wording import load_wording
from assistant.listening import phrases
from assistant.listening.hearing import Hearing, Kind, Level
from assistant.session.clock import SampleClock
from assistant.session.inbox import Inbox
from assistant.session.session import Session
from assistant.session.softness import ADVICE
from assistant.speaking.voice import Voice
from assistant.storage import journal
from assistant.storage.heard import HeardFile
from assistant.storage.history import History
from assistant.storage.store import HEARD, Store

RATE = 16_000
DEFAULT = Sound()
NOON = datetime(2026, 5, 4, 12, tzinfo=timezone.utc).astimezone()
CATALOG, WORDING = load(), load_wording()
POSTURES = ("lying", "kneeling", "standing")
TABLE = phrases.load(lists=phrases.lists_of(CATALOG))


class FakeSpeaker:
    """Says everything in 600 ms, on the sample clock."""

    rate = RATE

    def __init__(self, inbox: Inbox, clock: SampleClock) -> None:
        self.said: list[str] = []
        self.starts: list[int | None] = []
        self.hushed = 0
        self.tones: list[ToneKind] = []
        self.db: float | None = None
        self.voice = Voice()
        self.low = False
        self._inbox, self._clock = inbox, clock
        self._ends: tuple[int, int] | None = None

    def say(self, utterance: Utterance, start: int | None = None) -> None:
        self.said.append(utterance.text)
        self.starts.append(start)
        self._ends = (utterance.id, (self._clock.position if start is None else start) + 600 * RATE // 1000)

    def hush(self) -> None:
        self.hushed += 1
        if self._ends is not None:
            self._inbox.speech_ended(self._ends[0], Outcome.CUT, self._clock.position)
            self._ends = None

    def play(self) -> None:
        """Report the end of what has been said by now."""
        if self._ends is not None and self._ends[1] <= self._clock.position:
            self._inbox.speech_ended(self._ends[0], Outcome.FINISHED, self._ends[1])
            self._ends = None

    def tone(self, kind: ToneKind, start: int | None = None) -> None:
        self.tones.append(kind)

    def prepare(self, texts: tuple[str, ...]) -> None:
        assert texts

    def volume(self, db: float) -> None:
        self.db = db

    def lift(self, db: float) -> None:
        assert db >= 0

    def duck(self, on: bool) -> None:
        self.low = on

    def use(self, voice: Voice) -> None:
        self.voice = voice


class FakeEars:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.dictating = False
        self.masks: list[tuple[list[str], int, int]] = []
        self.tuned: list[tuple[float, str]] = []

    def tune(self, gain_db: float, strictness: str) -> None:
        self.tuned.append((gain_db, strictness))

    def listen(self, phase: str) -> None:
        self.phases.append(phase)

    def dictate(self, on: bool) -> None:
        self.dictating = on

    def mask(self, words: list[str], start: int, end: int, sentence: str = "") -> None:
        self.masks.append((words, start, end))


class Rig:
    """A session and its surroundings."""

    def __init__(self, folder: Path, *, half_duplex: bool = False, sound: Sound = DEFAULT, stays: bool = False) -> None:
        self.clock = SampleClock(RATE)
        self.inbox = Inbox(self.clock)
        self.speaker = FakeSpeaker(self.inbox, self.clock)
        self.ears = FakeEars()
        self.faults: list[str] = []
        self.store = Store(folder, lambda error: self.faults.append(str(error)))
        self.calibrated: list[Any] = []
        self.memory = Memory(person=screened(CATALOG), sound=sound, voices=("", "natural"))
        self.kept: list[Sound] = []
        self.journal = folder / "journal.jsonl"
        self.store.open_journal(self.journal, {"memory": asdict(self.memory)})
        self.session = Session(
            new_state(CATALOG, WORDING, self.memory),
            self.inbox,
            clock=self.clock,
            speaker=self.speaker,  # type: ignore[arg-type]
            ears=self.ears,  # type: ignore[arg-type]
            table=TABLE,
            store=self.store,
            half_duplex=half_duplex,
            on_calibrated=self.calibrated.append,
            keep_sound=self.kept.append,
            recall=self.recall if stays else None,
        )
        self.inbox.post(Opened(0))
        self.run(0)

    def recall(self, at: int) -> Memory:
        return replace(self.store.memory(NOON), at=at)

    def run(self, ms: int) -> None:
        """Let time pass in steps of 20 ms."""
        for _ in range(0, ms + 1, 20):
            self.session.run_due()
            self.clock.position += 20 * RATE // 1000
            self.speaker.play()

    def until(self, phase: PhaseName) -> None:
        for _ in range(600):
            if self.session.state.phase_name is phase:
                return
            self.run(200)
        pytest.fail(f"never came to {phase}")

    def hear(self, command: str, kind: Kind = Kind.ACCEPTED, text: str = "") -> None:
        here = self.clock.position
        self.inbox.hearing(Hearing(kind, command, text or command, "a test", here - 8000, here - 2000, here))
        self.run(0)


Rigs = Callable[..., Rig]


@pytest.fixture
def rigs(tmp_path: Path) -> Iterator[Rigs]:
    """Makes rigs, and closes what they opened."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Rig:
            made = Rig(tmp_path, **settings)
            stack.callback(made.store.close)
            return made

        yield make


@pytest.fixture
def rig(rigs: Rigs) -> Rig:
    return rigs()


def test_typed_words_start_a_routine_and_its_work_is_counted_in(rig: Rig) -> None:
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    assert "Lay within reach: a sturdy chair and a cushion." in rig.speaker.said
    assert ToneKind.BEGIN in rig.speaker.tones
    assert rig.ears.phases == ["idle", "positioning", "working"]
    placed = [start for start in rig.speaker.starts if start is not None]
    assert placed, "counts are placed on their moment"


def test_a_heard_command_acts_and_a_near_one_does_not(rig: Rig) -> None:
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    rig.hear("pause", Kind.NEAR)
    assert rig.session.state.phase_name is PhaseName.WORKING
    rig.hear("pause")
    assert rig.session.state.phase_name is PhaseName.PAUSED
    assert rig.speaker.hushed


def test_what_is_no_command_is_shown_and_does_nothing(rig: Rig) -> None:
    before = rig.session.state
    rig.hear("", Kind.IGNORED, text="nice weather")
    assert rig.session.ignored == ("nice weather", "a test")
    assert rig.session.state is before
    rig.inbox.typed("nice weather")
    rig.run(0)
    assert rig.session.ignored is not None
    assert "what can I say" in rig.session.ignored[1]


def test_half_duplex_obeys_only_stop_while_the_coach_speaks(rigs: Rigs) -> None:
    rig = rigs(half_duplex=True)
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    here = rig.clock.position
    rig.session.placed(Utterance(99, "Float, do not fling", 1), here - RATE, 2 * RATE)  # type: ignore[arg-type]
    rig.hear("pause")
    assert rig.session.state.phase_name is PhaseName.WORKING
    assert rig.session.ignored == ("pause", "the coach was speaking")
    rig.hear("stop")
    assert rig.session.state.phase_name is PhaseName.PAUSED


def test_a_taught_word_is_masked_where_it_sounds(rig: Rig) -> None:
    rig.session.placed(Utterance(7, "Say ready when you are there.", 1, ("ready",)), 16_000, 32_000)  # type: ignore[arg-type]
    whole, (words, start, end) = rig.ears.masks
    assert whole == ((), 16_000, 48_000)  # all of it is our own voice
    assert words == ("ready",)
    assert 16_000 <= start < end < 48_000


def test_the_persons_volume_is_what_louder_builds_on(rigs: Rigs) -> None:
    rig = rigs(sound=Sound(volume_db=-12.0))
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    rig.inbox.typed("louder")
    rig.run(0)
    assert rig.speaker.db == -6.0
    assert rig.kept == [Sound(volume_db=-6.0)]


def test_another_voice_speaks_at_once_and_is_kept(rigs: Rigs) -> None:
    rig = rigs(sound=Sound(rate=170))
    rig.run(3000)
    rig.inbox.typed("change your voice please")
    rig.run(0)
    assert rig.speaker.voice == Voice(engine="piper", rate=170)
    assert rig.kept == [Sound("natural", rate=170)]
    rig.run(2000)
    assert rig.speaker.said[-1] == "This is my voice now."


def test_a_voice_ducks_the_coach(rig: Rig) -> None:
    rig.inbox.voice(True, rig.clock.position)
    rig.run(0)
    assert rig.speaker.low
    rig.inbox.voice(False, rig.clock.position)
    rig.run(1000)
    assert not rig.speaker.low


def test_an_event_that_comes_late_does_not_turn_time_back(rig: Rig) -> None:
    rig.inbox.typed("start lunch break")
    rig.run(5000)
    now = rig.session.state.now
    rig.inbox.post(Faulted(10, Part.DISK, "checkpoint", "The disk is full."))
    rig.run(0)
    assert rig.session.state.now >= now
    assert any("disk is full" in said for said in [*rig.speaker.said, *map(str, rig.session.state.voice.queue)])


def replayed(rig: Rig, events: Iterable[Event]) -> State:
    """Where the events of a journal lead from the beginning of the rig's session to its present moment."""
    state = new_state(CATALOG, WORDING, rig.memory)
    for event in [*events, Tick(rig.session.state.now)]:
        state, _ = transition(state, event)
    return state


def test_the_journal_replays_to_the_same_state(rig: Rig) -> None:
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    rig.hear("pause")
    rig.run(12_000)
    rig.inbox.typed("continue")
    rig.run(9000)
    rig.inbox.typed("how long")
    rig.run(3000)
    rig.store.close()

    header, events = journal.read(rig.journal)
    assert header["memory"] == json.loads(json.dumps(asdict(rig.memory)))
    assert replayed(rig, events) == rig.session.state


def test_after_a_session_it_waits_for_the_next_and_remembers_the_last(rigs: Rigs) -> None:
    rig = rigs(stays=True)
    rig.store.remember(rig.memory.person)
    rig.inbox.typed("just one move")
    rig.until(PhaseName.REVIEWING)
    rig.inbox.typed("skip questions")
    rig.until(PhaseName.IDLE)
    assert not rig.session.over
    assert rig.session.state.context.memory.sessions == 1
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    rig.store.close()

    _, events = journal.read(rig.journal)
    assert replayed(rig, events) == rig.session.state


def test_begun_for_one_session_it_ends_with_it(rig: Rig) -> None:
    rig.inbox.typed("just one move")
    rig.until(PhaseName.REVIEWING)
    rig.inbox.typed("skip questions")
    rig.until(PhaseName.DONE)
    rig.run(10_000)
    assert rig.session.over


def test_long_idle_it_asks_anew_what_day_it_is(rigs: Rigs) -> None:
    rig = rigs(stays=True)
    rig.run(2000)
    rig.clock.position += 11 * 60 * RATE
    rig.inbox.typed("what should i do today")
    rig.run(100)
    memory = rig.session.state.context.memory
    assert memory.minute == NOON.hour * 60 + NOON.minute
    assert memory.at > 11 * 60_000


def test_what_a_full_disk_did_not_take_is_known_to_the_next_session(rigs: Rigs, tmp_path: Path) -> None:
    rig = rigs(stays=True)
    (tmp_path / "profile.json.new").mkdir()
    rig.session.state = replace(rig.session.state, person=replace(rig.memory.person, asked={}))
    rig.inbox.typed("there is no wall here")
    rig.run(5000)
    assert rig.faults
    known = rig.recall(rig.session.state.now).person
    assert known == rig.session.state.person
    assert "wall" in known.missing


def test_an_interruption_keeps_the_place_and_what_was_done(rig: Rig) -> None:
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    rig.run(3000)
    rig.inbox.post(Interrupted(rig.clock.now()))
    rig.run(0)
    assert rig.session.over
    checkpoint = rig.store.checkpoint()
    assert checkpoint is not None
    again = new_state(CATALOG, WORDING, rig.memory, checkpoint)
    assert again.phase_name is PhaseName.PAUSED
    assert not rig.faults


def test_a_command_of_an_earlier_phase_is_refused(rig: Rig) -> None:
    rig.inbox.typed("start lunch break")
    rig.until(PhaseName.WORKING)
    now = rig.clock.now()
    rig.inbox.post(Heard(now, Command.NEXT, "next", PhaseName.PAUSED, now))
    rig.run(0)
    assert ToneKind.REFUSED in rig.speaker.tones
    assert rig.session.state.phase_name is PhaseName.WORKING


def test_what_was_heard_is_told_and_kept_and_replays(rig: Rig) -> None:
    rig.hear("", Kind.IGNORED, text="nice weather")
    rig.hear("options", text="what can i say")
    rig.run(9000)
    rig.hear("what_heard", text="what did you hear")
    rig.run(9000)
    told = rig.speaker.said[rig.speaker.said.index("I heard, what can i say.") :]
    assert told == ["I heard, what can i say.", "Done.", "Before it, nice weather.", "A test."]
    kept = HeardFile(rig.store.folder / HEARD).read()
    assert [(line["text"], line["decision"]) for line in kept] == [
        ("nice weather", "ignored"),
        ("what can i say", "done"),
        ("what did you hear", "done"),
    ]
    rig.store.close()
    _, events = journal.read(rig.journal)
    assert sum(isinstance(event, Overheard) for event in events) == 1
    assert replayed(rig, events).by_voice == rig.session.state.by_voice


def test_a_muted_microphone_keeps_nothing(rig: Rig) -> None:
    rig.hear("mute_microphone")
    rig.hear("", Kind.IGNORED, text="nice weather")
    rig.hear("options", text="what can i say")
    assert rig.session.ignored is None
    kept = HeardFile(rig.store.folder / HEARD).read()
    assert [line["command"] for line in kept] == ["mute_microphone"]


def test_guided_speech_is_measured_whatever_was_understood_and_kept(rig: Rig) -> None:
    rig.inbox.typed("calibrate microphone")
    for kind in (Kind.IGNORED, Kind.ELSEWHERE, Kind.NEAR) * 3:
        rig.run(20_000)
        here = rig.clock.position
        level = Level(-36, -70)
        rig.inbox.hearing(Hearing(kind, "count", "how many more", "", here - 8000, here - 2000, here, level=level))
    rig.run(20_000)
    assert "Kept for this microphone." in rig.speaker.said
    assert rig.calibrated == [{name: {"gain_db": 0, "lenience": 1, "volume_db": 0} for name in POSTURES}]
    assert rig.ears.tuned == [(12, "normal"), (0, "normal")]


def test_the_echo_of_the_prompts_end_is_no_answer_to_it(rig: Rig) -> None:
    rig.inbox.typed("calibrate microphone")
    rig.run(20_000)
    prompts, here = len(rig.speaker.said), rig.clock.position
    rig.session.placed(Utterance(99, "Say how many more", 1), here - 2 * RATE, 2 * RATE)  # type: ignore[arg-type]
    for late_s, answered in ((0.2, False), (0.9, True)):
        ended = here + round(late_s * RATE)
        rig.inbox.hearing(Hearing(Kind.IGNORED, "", "more", "", here, ended, ended, level=Level(-36, -70)))
        rig.run(500)
        assert (len(rig.speaker.said) > prompts) is answered


RECORD = {"session": "s", "routine": "lunch_break", "completed": False, "resumed": False, "worked_s": 200.0}


def dictating(rig: Rig) -> None:
    """The routine is done, and the person has asked for their own words."""
    only_words = (ReviewQuestion.WORDS,)
    rig.session.state = replace(rig.session.state, phase=Reviewing(RECORD, only_words, only_words))
    rig.inbox.phase = PhaseName.REVIEWING
    rig.run(3000)
    assert not rig.ears.dictating
    rig.inbox.typed("say it in my own words")
    rig.run(2000)
    assert rig.ears.dictating


def test_own_words_are_taken_down_from_voice_and_keys_and_kept_in_the_history_alone(rig: Rig) -> None:
    dictating(rig)
    rig.inbox.voice(True, rig.clock.position)
    rig.run(12_000)  # longer than the silence that ends it
    rig.hear("", Kind.SAID, text="the chair helped")
    rig.inbox.voice(False, rig.clock.position)
    rig.inbox.typed("and so did the tea")
    rig.run(9000)
    assert rig.ears.dictating
    rig.run(2000)
    assert not rig.ears.dictating
    assert "Thank you. Kept." in rig.speaker.said
    (session,) = History(rig.store.folder / "history.sqlite3").sessions()
    assert session.review.words == ("the chair helped", "and so did the tea")
    assert "tea" not in json.dumps([asdict(heard) for heard in rig.session.state.by_voice])
    _, events = journal.read(rig.journal)
    assert [event.text for event in events if isinstance(event, Said)] == ["the chair helped", "and so did the tea"]
    assert [event.active for event in events if isinstance(event, Voiced)] == [True, False]


def test_words_that_come_after_the_end_of_it_are_other_talk(rig: Rig) -> None:
    dictating(rig)
    rig.inbox.typed("finished")
    rig.hear("", Kind.SAID, text="what is for dinner")
    assert rig.session.ignored == ("what is for dinner", "a test")
    rig.inbox.voice(True, rig.clock.position)
    rig.run(0)
    _, events = journal.read(rig.journal)
    assert not [event for event in events if isinstance(event, (Said, Voiced))]


def test_half_duplex_takes_down_nothing_while_the_coach_speaks(rigs: Rigs) -> None:
    rig = rigs(half_duplex=True)
    dictating(rig)
    here = rig.clock.position
    rig.session.placed(Utterance(99, "Tell me", 1), here - RATE, 2 * RATE)  # type: ignore[arg-type]
    rig.hear("", Kind.SAID, text="tell me")
    assert rig.session.ignored == ("tell me", "the coach was speaking")


def test_a_soft_voice_is_told_once_with_the_cure(rig: Rig) -> None:
    for _ in range(12):
        rig.run(20_000)
        here = rig.clock.position
        heard = Hearing(Kind.IGNORED, "", "", "no command", here - 8000, here - 2000, here, level=Level(-64, -80))
        rig.inbox.hearing(heard)
        rig.run(0)
    assert rig.speaker.said.count(ADVICE) == 1
