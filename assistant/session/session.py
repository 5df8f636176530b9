"""A session: events in, effects out. The only place that knows the dialogue and the devices both.

The same object runs live and in the virtual room; what differs is the clock and who calls `run_due`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from typing_extensions import assert_never

from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.effects import (
    Effect,
    Forget,
    Hush,
    Listen,
    Prepare,
    Quit,
    Record,
    Save,
    Say,
    Tone,
    Utterance,
    Volume,
)
from assistant.dialogue.events import Event, Heard, NearMiss, Tick
from assistant.dialogue.state import State
from assistant.dialogue.transition import next_deadline, transition
from assistant.listening.ears import Ears
from assistant.listening.hearing import Kind
from assistant.listening.phrases import PhraseTable
from assistant.session import masks
from assistant.session.clock import Clock
from assistant.session.ducking import Ducking
from assistant.session.inbox import HearingAt, Inbox, Item, Typed, Voice
from assistant.speaking.speaker import Speaker
from assistant.storage.store import Store


@dataclass(frozen=True)
class Heed:
    """The last thing heard or typed, and what became of it, for the display."""

    text: str
    fate: str


class Session:
    """Takes what comes into the inbox, asks the dialogue, and carries out its effects, all in the calling thread.

    `on_effect(at, effect)` and `on_item(item)` let others watch: the transcript of a simulated session, the log.
    """

    def __init__(
        self,
        state: State,
        inbox: Inbox,
        *,
        clock: Clock,
        speaker: Speaker,
        ears: Ears,
        table: PhraseTable,
        store: Store,
        on_effect: Callable[[int, Effect], None] = lambda at, effect: None,
        on_item: Callable[[Item], None] = lambda item: None,
    ) -> None:
        self.state = state
        self.heed: Heed | None = None
        self.over = False  # the dialogue has said Quit; what sounds may end
        self._inbox = inbox
        self._clock = clock
        self._speaker = speaker
        self._ears = ears
        self._table = table
        self._store = store
        self._ducking = Ducking(speaker.duck)
        self._on_effect, self._on_item = on_effect, on_item
        self._last = 0  # ms; the dialogue's time never runs backwards

    def deadline(self) -> int | None:
        """When (ms) `run_due` is to be called next if nothing arrives before."""
        times = [t for t in (next_deadline(self.state), self._ducking.deadline()) if t is not None]
        return min(times, default=None)

    def run_due(self, first: Item | None = None) -> None:
        """Work off `first`, all that has arrived, and all that is due by now."""
        item = first or self._inbox.take()
        while item is not None:
            self._take(item)
            item = self._inbox.take()
        now = self._clock.now()
        self._ducking.advance(now)
        due = next_deadline(self.state)
        if due is not None and due <= now:
            self._handle(Tick(now))

    def _take(self, item: Item) -> None:
        self._on_item(item)
        if isinstance(item, Voice):
            self._ducking.voice(item.active, item.at)
        elif isinstance(item, HearingAt):
            self._hearing(item)
        elif isinstance(item, Typed):
            self._typed(item)
        else:
            self._handle(item)

    def _hearing(self, item: HearingAt) -> None:
        heard = item.hearing
        self.heed = Heed(heard.text, heard.why)
        if heard.kind is Kind.IGNORED:
            return
        command = Command(heard.command)
        if heard.kind is Kind.NEAR:
            self._handle(NearMiss(item.at, command, heard.text, item.phase, heard.slots))
        else:
            began = self._clock.input_ms(heard.began)
            self._handle(Heard(item.at, command, heard.text, item.phase, began, heard.slots))

    def _typed(self, item: Typed) -> None:
        phase = self._inbox.phase
        parsed = self._table.parse(item.text, phase.value) or self._table.parse(item.text)
        if parsed is None:
            self.heed = Heed(item.text, "not understood: try `what can I say`")
            return
        self.heed = Heed(item.text, "typed")
        command = Command(parsed.command)
        self._handle(Heard(item.at, command, item.text, phase, item.at, parsed.slots, typed=True))

    def _handle(self, event: Event) -> None:
        if event.at < self._last:  # another thread was a moment late in saying so
            event = replace(event, at=self._last)
        self._last = event.at
        if not isinstance(event, Tick):  # when we woke changes nothing, so it need not be kept
            self._store.append(event)
        self.state, effects = transition(self.state, event)
        for effect in effects:
            self._on_effect(event.at, effect)
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:  # noqa: C901  one branch an effect
        if isinstance(effect, Say):
            self._speaker.say(effect.utterance, self._sample(effect.start_at))
        elif isinstance(effect, Hush):
            self._speaker.hush()
        elif isinstance(effect, Tone):
            self._speaker.tone(effect.kind, self._sample(effect.start_at))
        elif isinstance(effect, Prepare):
            self._speaker.prepare(effect.texts)
        elif isinstance(effect, Listen):
            self._listen(effect.phase)
        elif isinstance(effect, Volume):
            self._speaker.volume(effect.db)
        elif isinstance(effect, Save):
            self._store.save(effect.checkpoint)
        elif isinstance(effect, Forget):
            self._store.forget()
        elif isinstance(effect, Record):
            self._store.record(effect.session, datetime.now(timezone.utc))
        elif isinstance(effect, Quit):
            self.over = True
        else:
            assert_never(effect)

    def _listen(self, phase: PhaseName) -> None:
        self._inbox.phase = phase
        self._ears.listen(phase.value)

    def _sample(self, ms: int | None) -> int | None:
        return None if ms is None else self._clock.output_sample(ms)

    def placed(self, utterance: Utterance, start: int, length: int) -> None:
        """For the speaker's `on_placed`: the utterance will sound from mixer sample `start` on, `length` samples."""
        rate = self._speaker.rate
        for word, begin, end in masks.spans(utterance.text, utterance.taught, length, rate):
            first, last = self._clock.output_ms(start + begin), self._clock.output_ms(start + end)
            self._ears.mask([word], self._clock.input_sample(first), self._clock.input_sample(last))
