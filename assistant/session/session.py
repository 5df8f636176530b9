"""A session: events in, effects out. The only place that knows the dialogue and the devices both.

The same object runs live and in the virtual room; what differs is the clock and who calls `run_due`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone

from typing_extensions import assert_never

from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.effects import (
    Calibrated,
    Effect,
    Finished,
    Forget,
    Hush,
    Listen,
    Prepare,
    Quit,
    Record,
    Remember,
    Save,
    Say,
    SetVoice,
    Sound,
    Tone,
    Utterance,
    Volume,
)
from assistant.dialogue.events import (
    Advised,
    Event,
    Heard,
    Measured,
    NearMiss,
    Overheard,
    Recalled,
    Said,
    Tick,
    Voiced,
)
from assistant.dialogue.memory import Memory
from assistant.dialogue.state import Fate, Idle, State
from assistant.dialogue.transition import next_deadline, transition
from assistant.dialogue.turn import REMEMBERED
from assistant.listening.ears import Ears
from assistant.listening.hearing import Hearing, Kind
from assistant.listening.phrases import PhraseTable
from assistant.session import masks
from assistant.session.clock import Clock
from assistant.session.ducking import Ducking
from assistant.session.inbox import HearingAt, Inbox, Item, Typed, Voice
from assistant.session.softness import ADVICE, Softness
from assistant.session.tuner import Tuner
from assistant.speaking import voice
from assistant.speaking.speaker import Speaker
from assistant.storage.store import Store

RECALL_MS = 10 * 60_000  # who has been idle for longer asks anew what day and hour it is
ECHO_MS = 300  # our own voice may arrive this much later: devices, and a room that goes on sounding


class Session:
    """Takes what comes into the inbox, asks the dialogue, and carries out its effects, all in the calling thread.

    `keep_sound`: for how the person wants the coach to sound from now on. `half_duplex`: the echo stays in
    the microphone, so while the coach speaks only stop is obeyed.
    `tuner` follows the person's posture; `on_calibrated` is given what a calibration found, to be kept.
    `on_effect(at, effect)` lets others watch.
    `recall(at)` is what the past tells at that moment (ms); with it a session is followed by waiting for the next one.
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
        half_duplex: bool = False,
        keep_sound: Callable[[Sound], None] = lambda sound: None,
        tuner: Tuner | None = None,
        on_calibrated: Callable[[Mapping[str, Mapping[str, int]]], None] = lambda tunings: None,
        on_effect: Callable[[int, Effect], None] = lambda at, effect: None,
        recall: Callable[[int], Memory] | None = None,
    ) -> None:
        self.state = state
        self.ignored: tuple[str, str] | None = None  # the last thing heard, and why it counted for nothing, if so
        self.over = False  # the dialogue has said so; what sounds may end
        self._inbox = inbox
        self._clock = clock
        self._speaker = speaker
        self._ears = ears
        self._table = table
        self._store = store
        self._ducking = Ducking(speaker.duck)
        self._half_duplex, self._keep_sound = half_duplex, keep_sound
        self._softness = Softness()
        self._tuner = tuner or Tuner(ears, speaker, "normal", {})
        self._on_calibrated = on_calibrated
        self._own_speech = (0, 0)  # ms: from, until
        self._overheard: deque[Overheard] = deque(maxlen=REMEMBERED)  # told to the dialogue when it is asked for
        self._on_effect, self._recall = on_effect, recall
        self._dictating = False  # words that are no command are wanted too
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
        if isinstance(item, Voice):
            self._ducking.voice(item.active, item.at)
            if self._dictating:
                self._handle(Voiced(item.at, item.active))
        elif isinstance(item, HearingAt):
            self._hearing(item)
        elif isinstance(item, Typed):
            self._typed(item)
        else:
            self._handle(item)

    def _hearing(self, item: HearingAt) -> None:
        heard = item.hearing
        began = self._clock.input_ms(heard.began)
        if (
            heard.level
            and not self._is_own(began)
            and not self._tuner.gain_db
            and self._softness.heard(item.at, heard.level)
        ):
            self._handle(Advised(item.at, ADVICE))
        if item.phase is PhaseName.CALIBRATING and heard.kind is not Kind.ACCEPTED:
            self._measured(item, began)
            return
        if why := self._no_command(heard, began):
            if not self.state.settings.muted:
                self.ignored = (heard.text, why)
                self._overheard.append(Overheard(item.at, heard.text, why, item.at))
                self._keep(item, Fate.IGNORED, why)
            return
        self.ignored, before = None, self.state.by_voice
        if heard.kind is Kind.SAID:  # kept in the history, and not for `coach heard`
            self._handle(Said(item.at, heard.text))
            return
        command = Command(heard.command)
        if heard.kind is Kind.NEAR:
            self._handle(NearMiss(item.at, command, heard.text, item.phase, heard.slots))
        else:
            self._ducking.answered()  # else the answer's first words would be low
            self._handle(Heard(item.at, command, heard.text, item.phase, began, heard.slots))
        if self.state.by_voice != before:  # else the microphone is muted
            self._keep(item, self.state.by_voice[-1].fate, heard.why)

    def _no_command(self, heard: Hearing, began: int) -> str:
        """Why it is not for the dialogue, or nothing."""
        if heard.kind is Kind.IGNORED or (heard.kind is Kind.SAID and not self._dictating):
            return heard.why
        if self._half_duplex and heard.command != Command.STOP.value and self._is_own(began):
            return "the coach was speaking"
        return ""

    def _measured(self, item: HearingAt, began: int) -> None:
        """Guided speech: how it arrived counts, whatever was understood. What ends with our own voice is its echo."""
        level = item.hearing.level
        echo = self._clock.input_ms(item.hearing.ended) <= self._own_speech[1] + ECHO_MS
        if level is not None and not echo and not self.state.settings.muted:
            odds = round(item.hearing.margin) if item.hearing.command else 0
            self._handle(Measured(item.at, began, level.voice_db, level.noise_db, level.clipped, odds))

    def _keep(self, item: HearingAt, fate: Fate, why: str) -> None:
        """For `coach heard`."""
        self._store.heard(
            {
                "time": datetime.now().astimezone().isoformat(timespec="seconds"),
                "session_s": round(item.at / 1000, 1),
                "phase": item.phase.value,
                "text": item.hearing.text,
                "command": item.hearing.command,
                "decision": fate.value,
                "why": why,
                "margin": round(item.hearing.margin, 2),
            }
        )

    def _is_own(self, at: int) -> bool:
        first, last = self._own_speech
        return first <= at <= last + ECHO_MS

    def _typed(self, item: Typed) -> None:
        phase = self._inbox.phase
        parsed = self._table.parse(item.text, phase.value) or self._table.parse(item.text)
        if parsed is None and self._dictating:
            self._handle(Said(item.at, item.text, typed=True))
            return
        if parsed is None:
            self.ignored = (item.text, "not understood: try `what can I say`")
            return
        self.ignored = None
        command = Command(parsed.command)
        self._handle(Heard(item.at, command, item.text, phase, item.at, parsed.slots, typed=True))

    def _handle(self, event: Event) -> None:
        if isinstance(event, Heard) and event.command is Command.WHAT_HEARD:
            while self._overheard:
                self._handle(replace(self._overheard.popleft(), at=event.at))
        if self._recall and isinstance(event, Heard) and self._long_idle(event.at):
            self._handle(Recalled(event.at, self._recall(event.at)))
        if event.at < self._last:  # another thread was a moment late in saying so
            event = replace(event, at=self._last)
        self._last = event.at
        if not isinstance(event, Tick):  # when we woke changes nothing, so it need not be kept
            self._store.append(event)
        self.state, effects = transition(self.state, event)
        for effect in effects:
            self._on_effect(event.at, effect)
            self._carry_out(effect)
        self._tuner.follow(self.state)

    def _long_idle(self, at: int) -> bool:
        """Whether so much time has gone by that it may be another day, or evening."""
        return isinstance(self.state.phase, Idle) and at - self.state.context.memory.at > RECALL_MS

    def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Say):
            self._speaker.say(effect.utterance, self._sample(effect.start_at))
        elif isinstance(effect, Hush):
            self._speaker.hush()
        elif isinstance(effect, Tone):
            self._speaker.tone(effect.kind, self._sample(effect.start_at))
        elif isinstance(effect, Prepare):
            self._speaker.prepare(effect.texts)
        elif isinstance(effect, Listen):
            self._listen(effect)
        elif isinstance(effect, Volume):
            self._speaker.volume(effect.db)
        elif isinstance(effect, SetVoice):
            self._speaker.use(voice.of(effect.sound))
            self._keep_sound(effect.sound)
        elif isinstance(effect, Save):
            self._store.save(effect.checkpoint)
        elif isinstance(effect, Forget):
            self._store.forget()
        elif isinstance(effect, Record):
            self._store.record(effect.session, datetime.now(timezone.utc))
        elif isinstance(effect, Remember):
            self._store.remember(effect.person)
        elif isinstance(effect, Calibrated):
            self._tuner.adopt(effect.tunings)
            self._on_calibrated(effect.tunings)
        elif isinstance(effect, Finished):
            if self._recall is None:
                self.over = True
            else:
                self._inbox.post(Recalled(self._last, self._recall(self._last)))
        elif isinstance(effect, Quit):
            self.over = True
        else:
            assert_never(effect)

    def _listen(self, effect: Listen) -> None:
        self._inbox.phase = effect.phase
        self._ears.listen(effect.phase.value)
        self._dictating = effect.free
        self._ears.dictate(effect.free)

    def _sample(self, ms: int | None) -> int | None:
        return None if ms is None else self._clock.output_sample(ms)

    def placed(self, utterance: Utterance, start: int, length: int) -> None:
        """For the speaker's `on_placed`: the utterance will sound from mixer sample `start` on, `length` samples."""
        self._own_speech = (self._clock.output_ms(start), self._clock.output_ms(start + length))
        untaught = masks.without(utterance.text, utterance.taught)  # an answer right after a taught word counts
        self._mask((), *self._own_speech, untaught)
        for word, begin, end in masks.spans(utterance.text, utterance.taught, length, self._speaker.rate):
            self._mask((word,), self._clock.output_ms(start + begin), self._clock.output_ms(start + end))

    def _mask(self, words: Sequence[str], first: int, last: int, sentence: str = "") -> None:
        """From `first` to `last` (ms) our own voice says, among others, `words`, or the whole of `sentence`."""
        self._ears.mask(words, self._clock.input_sample(first), self._clock.input_sample(last), sentence)
