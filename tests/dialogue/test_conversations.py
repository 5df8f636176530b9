"""The table of scripted conversations: what is said, what must be answered, and how soon.

Each conversation begins at the moment named by `from` in the small routine of `small_routine.py` (or with the other
routines named by `routines`) and is a list of lines. Those with `aloud: VOICE` (of eSpeak: f4, m3) are also played
through voice and room (test_conversations_by_voice.py). The lines:
  say: words           the person says them, understood through the phrase table of the present phase
  voice: words    the same by voice (a muted microphone makes a difference)
  near: words          the ears are not sure
  overheard: words     the ears heard no command
  measured: {...}      during a calibration: a voice arrived, at voice_db (default -36), over noise_db (-70), ...
  echo: -20            during a calibration: the coach heard itself, at that level
  wait: seconds        nobody says anything
  ready: true          the person says "ready" as soon as the work waits for it, and the count-in runs out
  hear: text | [...]   the coach says these, in this order, within `within` seconds (default 20)
  never: text          it was not said since the last line of the person
  tone: kind           this tone has sounded since the last line of the person
  silent: true         no tone has sounded for begin or end since the last line of the person
  phase: name          the dialogue is in this phase now
  move, side, left_s   what the display shows
  asked: text          the coach says this and everything else it has to say
  knows: {...}         what is remembered of the person (tags, missing, hurt, levels, dangers, asked)
  moves: [...]         ids of the exercises still to come, the present one first
  sounds: {rate: n}    the outside was told to sound like this (voice, rate, pitch, volume_db)
  said: words          words that are no command, while they dictate; voiced: whether somebody speaks
  kept: {side: left}   this is in the last record of the session's review
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_routine import CATALOG, shipped, spared, twins, wording

from assistant.catalog.model import Side
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Finished, Record, Remember, SetVoice
from assistant.dialogue.events import Heard, Measured, NearMiss, Overheard, Said, Voiced
from assistant.dialogue.memory import Memory, Review
from assistant.dialogue.person import Mark, Person, counting, screened
from assistant.dialogue.state import Positioning, Reviewing, Working
from assistant.dialogue.transition import new_state
from assistant.dialogue.view import view_of
from assistant.listening.phrases import PhraseTable, lists_of, load
from assistant.simulation.rehearsal import Rehearsal

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
CONVERSATIONS = [
    pytest.param(talk, id=f"{path.stem}-{talk['name']}")
    for path in FILES
    for talk in yaml.safe_load(path.read_text(encoding="utf-8"))
]
STEPS = {"breathing": 0, "left_arm": 1, "right_arm": 2, "long_hold": 3, "left_hold": 4, "swings": 6, "last": 9}


CATALOGS = {"small": lambda: CATALOG, "shipped": shipped, "twins": twins, "spared": spared}


@lru_cache
def table(routines: str) -> PhraseTable:
    return load(lists=lists_of(CATALOGS[routines]()))


def known(data: dict[str, Any] | None) -> Person | None:
    """The person of a conversation; None: somebody who answered every question, with nothing to report."""
    if data is None:
        return None
    return Person(
        asked={"spine_v1": data["asked"]} if "asked" in data else {},
        dangers=tuple(data.get("dangers", ())),
        tags={tag: Mark() for tag in data.get("tags", ())},
        missing={thing: Mark() for thing in data.get("missing", ())},
        hurt=data.get("hurt", {}),
        levels=data.get("levels", {}),
    )


class Talk:
    """One conversation under way. `mark`: how many entries there were when the person last did something."""

    def __init__(self, memory: Memory, routines: str = "small", person: Person | None = None) -> None:
        catalog = CATALOGS[routines]()
        person = screened(catalog) if person is None else person
        self.session = Rehearsal(new_state(catalog, wording(), replace(memory, person=person)))
        self.routines = routines
        self.mark = 0
        self.seen = 0

    # -- getting there

    def begin(self, place: str) -> None:
        if place == "idle":
            self.session.run_until(5000)
            return
        self.say("start short routine")
        if place == "opening":
            return
        if place == "review":
            self.until_review()
            return
        where, _, name = place.rpartition(" ")
        self.until_step(STEPS[name])
        if where == "told":
            self.until(lambda: self.session.state.voice.quiet)
        if where == "working":
            self.until(lambda: isinstance(self.session.state.phase, Working))
        self.wait(1.5)

    def until_review(self) -> None:
        """The routine is done, and the first question is open."""
        self.until(
            lambda: (
                isinstance(self.session.state.phase, Reviewing) and self.session.state.phase.waiting_since is not None
            )
        )

    def until_step(self, index: int) -> None:
        self.until(lambda: self.session.state.run is not None and self.session.state.run.index == index)

    def until(self, reached: Any) -> None:
        """Go on with a person who says "ready" when asked."""
        for _ in range(100_000):
            self.session.run_until(self.session.next_moment() or self.session.now + 100)
            if reached():
                self.mark = self.seen = len(self.session.entries)
                return
            phase = self.session.state.phase
            if isinstance(phase, Positioning) and phase.gate and phase.waiting_since is not None:
                self.session.say(Command.READY)
        raise AssertionError("the dialogue never came there")

    # -- the lines of a conversation

    def play(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            details = dict(line)
            verb, value = details.popitem() if "within" not in details else ("hear", details["hear"])
            extra = {"within": line["within"]} if "within" in line else {}
            getattr(self, verb)(value, **extra)

    def say(self, words: str) -> None:
        phase = self.session.state.phase_name
        parsed = table(self.routines).parse(words, phase.value) or table(self.routines).parse(words)
        assert parsed is not None, f'"{words}" is no phrase'
        self.mark = self.seen = len(self.session.entries)
        self.session.say(Command(parsed.command), words, parsed.slots)

    def voice(self, words: str) -> None:
        """By voice, where `say` is typed: a muted microphone makes a difference."""
        state, now = self.session.state, self.session.now
        parsed = table(self.routines).parse(words, state.phase_name.value)
        assert parsed is not None
        self.mark = self.seen = len(self.session.entries)
        self.session.post(Heard(now, Command(parsed.command), words, state.phase_name, now, parsed.slots))

    def near(self, words: str) -> None:
        state = self.session.state
        parsed = table(self.routines).parse(words, state.phase_name.value)
        assert parsed is not None, f'"{words}" is no phrase in {state.phase_name.value}'
        self.mark = self.seen = len(self.session.entries)
        self.session.post(NearMiss(self.session.now, Command(parsed.command), words, state.phase_name, parsed.slots))

    def overheard(self, words: str) -> None:
        """As the session hands it in, just before the person asks."""
        self.session.post(Overheard(self.session.now, words, "no command", self.session.now - 1000))

    def measured(self, levels: dict[str, Any]) -> None:
        """The person answers a moment after the prompt; `times`: as often, each time after the next prompt."""
        levels = {"voice_db": -36, "noise_db": -70, "clipped": False, "odds": 4, **levels}
        self.mark = self.seen = len(self.session.entries)
        for _ in range(levels.pop("times", 1)):
            while not self.session.state.voice.quiet:
                self.session.run_until(self.session.next_moment() or 0)
            began = self.session.now + 400
            self.session.run_until(began + 1200)
            self.session.post(Measured(began + 1200, began, **levels))

    def echo(self, voice_db: int) -> None:
        """The coach hears itself, a moment ago."""
        now = self.session.now
        self.session.post(Measured(now, now - 4000, voice_db, -70, clipped=False, odds=4))

    def said(self, words: str) -> None:
        self.session.post(Said(self.session.now, words))

    def voiced(self, active: bool) -> None:
        self.session.post(Voiced(self.session.now, active))

    def kept(self, review: dict[str, Any]) -> None:
        records = [effect.session for _, effect in self.session.effects if isinstance(effect, Record)]
        assert len({record["session"] for record in records}) == 1
        assert {key: records[-1]["review"][key] for key in review} == review

    def wait(self, seconds: float) -> None:
        self.session.run_until(self.session.now + round(seconds * 1000))

    def ready(self, _: bool) -> None:
        self.until(lambda: isinstance(self.session.state.phase, Working))

    def hear(self, texts: str | list[str], within: float = 20) -> None:
        for text in [texts] if isinstance(texts, str) else texts:
            self.hear_one(text, self.session.now + round(within * 1000))

    def hear_one(self, text: str, limit: int) -> None:
        while True:
            spoken = [entry.text for entry in self.session.entries[self.seen :] if entry.who == "COACH"]
            if text in spoken:
                self.seen += [entry.text for entry in self.session.entries[self.seen :]].index(text) + 1
                return
            due = self.session.next_moment()
            if due is None or due > limit:
                raise AssertionError(f'"{text}" was not said, but {spoken}')
            self.session.run_until(due)

    def never(self, text: str) -> None:
        assert text not in [entry.text for entry in self.session.entries[self.mark :]]

    def tone(self, kind: str) -> None:
        assert kind in [entry.text for entry in self.session.entries[self.mark :] if entry.who == "TONE"]

    def silent(self, _: bool) -> None:
        tones = {entry.text for entry in self.session.entries[self.mark :] if entry.who == "TONE"}
        assert not tones & {"begin", "end", "beat"}

    def phase(self, name: str) -> None:
        assert self.session.state.phase_name.value == name

    def move(self, name: str) -> None:
        assert view_of(self.session.state, self.session.now).move == name

    def side(self, name: str) -> None:
        side = view_of(self.session.state, self.session.now).side
        assert side is not None
        assert side.value == name

    def sounds(self, wanted: dict[str, Any]) -> None:
        (*_, told) = [effect.sound for _, effect in self.session.effects if isinstance(effect, SetVoice)]
        assert told == self.session.state.settings.sound
        assert {name: getattr(told, name) for name in wanted} == wanted

    def left_s(self, seconds: float) -> None:
        assert view_of(self.session.state, self.session.now).remaining_ms == round(seconds * 1000)

    def asked(self, text: str) -> None:
        """The coach says this, and then all there is to say."""
        self.hear(text, within=60)
        self.until(lambda: self.session.state.voice.quiet)

    def knows(self, wanted: dict[str, Any]) -> None:
        """What is remembered of the person, as far as it is named."""
        person = self.session.state.person
        told = [effect.person for _, effect in self.session.effects if isinstance(effect, Remember)]
        assert not told or told[-1] == person, "what is known is not kept"
        now = {
            "asked": bool(person.asked),
            "dangers": list(person.dangers),
            "tags": sorted(counting(person.tags)),
            "missing": sorted(counting(person.missing)),
            "hurt": sorted(person.hurt),
            "levels": dict(person.levels),
        }
        assert {name: now[name] for name in wanted} == wanted

    def moves(self, wanted: list[str]) -> None:
        """The exercises that are still to come, the present one first."""
        run = self.session.state.run
        assert run is not None
        assert list(dict.fromkeys(step.exercise.id for step in run.plan.steps[run.index :])) == wanted

    def finished(self, _: bool) -> None:
        """All was said, and the next session may come."""
        self.wait(60)
        assert any(isinstance(effect, Finished) for _, effect in self.session.effects)


def memory_of(talk: dict[str, Any]) -> Memory:
    """The past as the conversation tells it; `reviews`: of each session of the routine, the oldest first."""
    memory = dict(talk.get("memory", {}))
    reviews = {name: tuple(Review(**each) for each in past) for name, past in memory.pop("reviews", {}).items()}
    last_side = {name: Side(side) for name, side in memory.pop("last_side", {}).items()}
    return Memory(reviews=reviews, last_side=last_side, **memory)


@pytest.mark.parametrize("talk", CONVERSATIONS)
def test_conversation(talk: dict[str, Any]) -> None:
    conversation = Talk(memory_of(talk), talk.get("routines", "small"), known(talk.get("person")))
    conversation.begin(talk["from"])
    conversation.play(talk["lines"])


def test_there_are_conversations_for_every_phase() -> None:
    assert len(CONVERSATIONS) >= 40
