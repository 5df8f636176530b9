"""A live session: microphone, speaker, keyboard and display around the same Session as in the virtual room.

Threads: the main one runs the session and the display; the microphone's feeds the ears (whose probe has its own);
the speech engine's renders; the watchdog's looks after the streams; PortAudio's callbacks copy and post.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import datetime
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import config as settings_file
from assistant import display
from assistant.audio.devices import Kind, PortAudio, choose, lasting_name, quiet_libraries
from assistant.audio.echo import open_canceller
from assistant.audio.mixer import Mixer
from assistant.audio.resample import LISTENING_RATE, resampled, to_int16
from assistant.audio.streams import Input, Output, Watchdog, output_rate
from assistant.catalog import packs
from assistant.catalog.faults import Fault
from assistant.catalog.load import find, load
from assistant.catalog.model import Catalog
from assistant.config import Config
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Sound
from assistant.dialogue.events import Advised, Event, Faulted, Heard, Interrupted, Opened, Part, Recovered
from assistant.dialogue.memory import Memory
from assistant.dialogue.state import Calibrating, State
from assistant.dialogue.transition import new_state
from assistant.dialogue.view import view_of
from assistant.display.keys import Keyboard, Phrase, Pressed, Typist
from assistant.errors import AssistantError, StorageError
from assistant.language.wording import load_wording
from assistant.listening import phrases
from assistant.listening.ears import Ears
from assistant.listening.model import SpeechModel
from assistant.session.clock import LiveClock
from assistant.session.inbox import Inbox
from assistant.session.session import Session
from assistant.session.tuner import Tuner
from assistant.speaking import open_speaker, voice
from assistant.speaking.choice import short_list
from assistant.storage.places import data_dir
from assistant.storage.store import CALIBRATION, Store

REFRESH_S = 0.1  # of the display
JOURNALS = 30  # kept; a session writes some 100 kB
VOICES_S = 3.0  # for an engine that does not tell its voices: then there is no other one to change to
GOODBYE_S = 8.0  # the last sentence may take this long
NOT_KEPT = "The disk does not take or give what I keep. The session goes on."  # which file, nobody wants to hear


def run(routine: str | None, config: Config, *, plain: bool = False, calibrate: bool = False) -> int:
    """Coach until interrupted; `routine` (a name or an id) begins at once, and its end is ours. Returns 0.

    `calibrate`: nothing but a calibration; 1 if it did not come to its end.

    AssistantError before anything has begun: no such routine, no microphone or speaker, no usable model.
    """
    with quiet_libraries(), ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        loading = pool.submit(SpeechModel)  # a third of a second, while we look at everything else
        voices = pool.submit(short_list, config.voice, patience_s=VOICES_S)
        faulty: list[Fault] = []
        catalog = load(on_fault=faulty.append)
        wanted = find(catalog, routine).id if routine else None
        left_out = packs.told_of(faulty)
        live = _Live(catalog, wanted, config, loading.result, voices.result, stack, left_out, only_calibrate=calibrate)
        live.begin(wanted)
        with display.choose(sys.stdout, plain=plain or config.plain) as screen:
            live.loop(screen)
        for sentence in live.not_kept:
            print(f"coach: {sentence}", file=sys.stderr)
    if calibrate:
        print(live.kept or "Nothing was kept.")
    return 1 if calibrate and not live.kept else 0


class _Live:
    """The parts of a live session, wired. `stack` closes them, the last one first."""

    def __init__(
        self,
        catalog: Catalog,
        wanted: str | None,
        config: Config,
        model: Callable[[], SpeechModel],
        voices: Callable[[], tuple[str, ...]],
        stack: ExitStack,
        left_out: int,
        *,
        only_calibrate: bool = False,
    ) -> None:
        sound = PortAudio()
        self._only_calibrate = only_calibrate
        self._left_out = left_out
        self.kept = ""  # where a calibration went
        microphone = choose(sound, Kind.MICROPHONE, config.microphone)
        self._microphone = lasting_name(microphone, Kind.MICROPHONE)
        rate = output_rate(sound, config.speaker)
        self.clock = LiveClock(rate)
        self.inbox = Inbox(self.clock)
        self.inbox.post(Opened(0))
        self.not_kept: list[str] = []  # told in full when the session is over
        self.store = Store(data_dir(), self._disk_fault, keep_heard=config.keep_heard, quiet_from=config.quiet_from)
        stack.callback(self.store.close)
        self._mixer = Mixer(rate, self.inbox.speech_ended)
        self._canceller = open_canceller(rate)
        speaker = open_speaker(
            self._mixer,
            voice.of(config.sound),
            background=True,
            on_placed=lambda utterance, start, length: self.session.placed(utterance, start, length),
            on_fault=self._fault,
            on_recovered=self._recovered,
        )
        stack.callback(speaker.close)
        speaker.volume(config.volume)
        self._output = Output(sound, self._mixer, config.speaker, on_played=self._played, **self._watched)
        self._input = Input(sound, self._audio, config.microphone, on_advice=self._advise, **self._watched)
        watchdog = Watchdog(sound, [self._output, self._input])
        stack.callback(watchdog.close)
        self._output.open()
        self.state = self._restored(catalog, wanted, config.sound, voices())
        table = phrases.load(lists=phrases.lists_of(catalog))
        self._ears = Ears(
            model(),
            table,
            half_duplex=self._canceller.half_duplex,
            strictness=config.strictness,
            on_hearing=self.inbox.hearing,
            on_voice=self.inbox.voice,
        )
        stack.callback(self._ears.close)
        self.session = Session(
            self.state,
            self.inbox,
            clock=self.clock,
            speaker=speaker,
            ears=self._ears,
            table=table,
            store=self.store,
            half_duplex=self._canceller.half_duplex,
            tuner=Tuner(self._ears, speaker, config.strictness, self.store.calibration(self._microphone)),
            on_calibrated=self._calibrated,
            keep_sound=self._keep_sound,
            recall=None if wanted else self._recall,
        )
        speaker.lend(_one_each(table), self._warm_ears)
        self._heard_samples = 0
        self._input.open()
        watchdog.start()
        self.typist = Typist()
        stack.enter_context(Keyboard(self._key, self.inbox.typed, sys.stdin))
        stack.callback(_on_signals(self._interrupt))

    @property
    def _watched(self) -> Mapping[str, Any]:
        return {"on_fault": self._fault, "on_recovered": self._recovered}

    # -- the main thread ----------------------------------------------------------------------------------

    def begin(self, routine: str | None) -> None:
        """Start the routine of that id, unless it was left unfinished and goes on from there."""
        if self._only_calibrate:
            self._command(Command.CALIBRATE, "calibrate")
            return
        if not routine and self.state.run is None:
            packs.mention(self.state.context.memory.new_routines)
        if routine and self.state.run is None:
            self._command(Command.START, f"start {routine}", {"routine": routine})

    def loop(self, screen: display.Display) -> None:
        """Run until the dialogue is over and has spoken its last word."""
        last_word: float | None = None
        begun = False
        while True:
            self.session.run_due(self.inbox.take(self._pause_s()))
            screen.show(self._shown())
            calibrating = isinstance(self.session.state.phase, Calibrating)
            begun = begun or calibrating
            done = self._only_calibrate and begun and not calibrating and self.session.state.voice.quiet
            if done:
                return
            if self.session.over:
                last_word = last_word or time.monotonic() + GOODBYE_S
                if not self.session.state.voice.speaking or time.monotonic() > last_word:
                    return

    def _pause_s(self) -> float:
        due = self.session.deadline()
        return REFRESH_S if due is None else min(max((due - self.clock.now()) / 1000, 0.0), REFRESH_S)

    def _shown(self) -> display.Shown:
        return display.Shown(
            view_of(self.session.state, max(self.clock.now(), self.session.state.now)),
            level_db=None if self._input.faulted else self._input.meter.level_dbfs,
            ignored=self.session.ignored,
            typed=self.typist.line,
            keys=self.typist.help,
        )

    def _restored(self, catalog: Catalog, wanted: str | None, sound: Sound, voices: tuple[str, ...]) -> State:
        """Where the last session was left if it did not end in order; else, or for another routine, a new dialogue."""
        memory = self._remembered(sound, voices)
        memory = replace(memory, new_routines=packs.unmentioned(catalog)[:1], left_out=self._left_out)
        wording = load_wording()
        if self._only_calibrate:  # an unfinished session waits for its own time
            return new_state(catalog, wording, memory)
        checkpoint = self.store.checkpoint()
        try:
            state = new_state(catalog, wording, memory, checkpoint)
        except StorageError as error:
            self.store.refuse_checkpoint(str(error))
            checkpoint, state = None, new_state(catalog, wording, memory)
        if wanted and state.run and state.run.plan.routine.id != wanted:
            checkpoint, state = None, new_state(catalog, wording, memory)
        header = {"memory": asdict(memory), "checkpoint": checkpoint}
        self.store.open_journal(_journal_path(), header)
        return state

    def _recall(self, at: int) -> Memory:
        before = self.state.context.memory
        return replace(self._remembered(before.sound, before.voices), at=at)

    def _remembered(self, sound: Sound, voices: tuple[str, ...]) -> Memory:
        """What the past tells now."""
        now = datetime.now().astimezone()
        return replace(self.store.memory(now), key=now.isoformat(), sound=sound, voices=voices)

    def _calibrated(self, tunings: Mapping[str, Mapping[str, int]]) -> None:
        if self.store.calibrated(self._microphone, tunings):
            self.kept = f"Kept for the microphone {self._microphone}, in {self.store.folder / CALIBRATION}."

    # -- other threads ------------------------------------------------------------------------------------

    def _played(self, block: NDArray[np.float32], sample: int, at: float) -> None:
        self.clock.output.seen(sample, self.clock.exact(at))
        self._canceller.played(block)

    def _audio(self, samples: NDArray[np.int16], at: float) -> None:
        self._heard_samples += samples.size
        self.clock.input.seen(self._heard_samples, self.clock.exact(at))
        self._ears.feed(self._canceller.clean(samples))

    def _warm_ears(self, speech: NDArray[np.float32]) -> None:
        self._ears.warm(to_int16(resampled(speech, self._mixer.rate, LISTENING_RATE)))

    def _key(self, key: str) -> None:
        state = self.session.state
        done = self.typist.press(key, state.phase_name, muted=state.settings.muted)
        if isinstance(done, Pressed):
            self._command(done.command, f"key {key.strip() or 'space'}")
        elif isinstance(done, Phrase):
            self.inbox.typed(done.text)

    def _command(self, command: Command, text: str, slots: Mapping[str, str | int] | None = None) -> None:
        now = self.clock.now()
        self.inbox.post(Heard(now, command, text, self.session.state.phase_name, now, slots or {}, typed=True))

    def _fault(self, part: Part, code: str, sentence: str) -> None:
        self._post(Faulted(self.clock.now(), part, code, sentence))

    def _advise(self, sentence: str) -> None:
        self._post(Advised(self.clock.now(), sentence))

    def _recovered(self, part: Part) -> None:
        if part is Part.SPEAKER:
            self.clock.output.restart(self._mixer.rate)
        self._post(Recovered(self.clock.now(), part))

    def _keep_sound(self, sound: Sound) -> None:
        voice = sound.voice or None
        try:
            settings_file.keep(voice=voice, rate=sound.rate, pitch=sound.pitch, volume=sound.volume_db)
        except AssistantError as error:
            self._disk_fault(StorageError(str(error), code=error.code))

    def _disk_fault(self, error: StorageError) -> None:
        self.not_kept.append(str(error))
        self._fault(Part.DISK, error.code, NOT_KEPT)

    def _interrupt(self) -> None:
        self._post(Interrupted(self.clock.now()))

    def _post(self, event: Event) -> None:
        self.inbox.post(event)


def _one_each(table: phrases.PhraseTable) -> list[str]:
    """The shortest phrase of each command."""
    return [min(sorted(ways), key=len) for ways in table.phrases().values() if ways]


def _journal_path() -> Any:
    """A new journal's file; the oldest ones beyond JOURNALS are removed."""
    folder = data_dir() / "journals"
    for old in sorted(folder.glob("*.jsonl"))[: -JOURNALS + 1]:
        old.unlink(missing_ok=True)
    return folder / f"{datetime.now():%Y-%m-%dT%H-%M-%S}.jsonl"


def _on_signals(interrupt: Callable[[], None]) -> Callable[[], None]:
    """Ctrl-C, a closed terminal and a polite kill end the session in order, a second one at once. Returns the undo."""
    again = False

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal again
        if again:
            raise KeyboardInterrupt
        again = True
        interrupt()

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), handler) for name in names}

    def undo() -> None:
        for name, old in before.items():
            signal.signal(getattr(signal, name), old)

    return undo
