"""Commands said while the coach speaks, the coach alone, and the coach beside a television: ears, canceller, mixer and
ducking are those of a session.

The coach is heard from its first word on; its sentences are those of the shipped routines, in their order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path

from ears_corpus import RATE, Floats
from ears_figures import Row
from ears_pair import BLOCK, model, product_table
from ears_talk import VOICES, spoken, talk, trimmed

from assistant.audio import wav
from assistant.audio.echo import open_canceller
from assistant.audio.mixer import Mixer
from assistant.catalog.load import load
from assistant.dialogue.effects import Rank, Say, Utterance
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.transition import new_state
from assistant.language.wording import load_wording
from assistant.listening.ears import Ears
from assistant.listening.hearing import Hearing, Kind
from assistant.listening.phrases import PhraseTable, lists_of, read
from assistant.resources import language
from assistant.session import masks
from assistant.session.ducking import Ducking
from assistant.simulation.rehearsal import played
from assistant.simulation.room import Room, RoomSpec
from assistant.speaking import Disk, Renderer, Sentences, Voice, cache_folder

PHASES = ("positioning", "working", "paused")
PEOPLES = ("go", "smart_mirror", "five", "eight", "zero", "computer", "alexa", "jarvis")  # the coach seldom says them
ROOMS = tuple(  # RT60 (s), delay of the devices (ms); the coach alone is heard in all ten, commands in the first four
    zip(
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.3, 0.45, 0.55, 0.65),
        (60, 120, 200, 40, 80, 160, 180, 100, 140, 60),
        strict=True,
    )
)
TYPICAL = "Stand tall with soft knees, and let your shoulders drop."
_GAP_S = 0.35  # between two sentences of the coach
_GAPS_S = (0.35, 0.35, 1, 2, 5, 10, 15)  # the same in a session
_SESSION_MIN = 5
_WARM_UP = 6 * RATE  # of the coach alone, as its greeting is
_BELONGS = int(2.5 * RATE)  # a hearing this long after a command's end is still about it
Line = tuple[Floats, Sequence[tuple[str, int, int]], str]  # a sentence of the coach, what it teaches, and the rest


@dataclass(frozen=True)
class Said:
    """A command that somebody says: which, in which phase, and its sound (16 kHz)."""

    command: str
    phase: str
    words: str
    sound: Floats


class Stage:
    """A coach that talks without pause (or is silent), a person, a room, and the session's way of listening."""

    def __init__(
        self,
        table: PhraseTable,
        number: int,
        echo_db: float | None,
        lines: Iterator[Line],
        gap_s: Callable[[], float] = lambda: _GAP_S,
    ) -> None:
        """Room `number`; `echo_db`: the coach above a person's voice at the microphone, None if it is silent.

        `gap_s`: for how many seconds the coach is silent after a sentence.
        """
        rt60_s, delay_ms = ROOMS[number]
        typical = coach_says([Utterance(0, TYPICAL, Rank.COACH)])[0][0]
        self.room = Room(RoomSpec(rt60_s, 2.5, echo_db or 0.0, delay_ms), coach_sample=typical, seed=number)
        self.mixer = Mixer(RATE, lambda utterance, outcome, sample: None)
        self._lines, self._gap_s = iter(()) if echo_db is None else lines, gap_s
        self._canceller = open_canceller(RATE)
        self.hearings: list[Hearing] = []
        self.ducks: list[int] = []  # samples
        self._ducking = Ducking(self._duck)
        self.ears = Ears(model(), table, inline=True, on_hearing=self.hearings.append, on_voice=self._voice)
        self._speak_at = 0
        self.over = False  # the coach has said all

    def run(self, until: int) -> None:
        """Let time pass up to sample `until`."""
        while self.mixer.position < until:
            if self.mixer.position >= self._speak_at:
                self._speak()
            rendered = self.mixer.render(BLOCK)
            self._canceller.played(rendered)
            self.ears.feed(self._canceller.clean(self.room.step(rendered).microphone))
            self._ducking.advance(self.mixer.position * 1000 // RATE)

    def _speak(self) -> None:
        speech, taught, untaught = next(self._lines, (None, (), ""))
        if speech is None:
            self.over = True
            return
        now = self.mixer.position
        self.mixer.speak(0, speech)
        self.ears.mask((), now + self.room.delay, now + self.room.delay + speech.size, untaught)
        for word, first, last in taught:
            self.ears.mask([word], now + self.room.delay + first, now + self.room.delay + last)
        self._speak_at = now + speech.size + int(self._gap_s() * RATE)

    def _voice(self, active: bool, sample: int) -> None:
        self._ducking.voice(active, sample * 1000 // RATE)

    def _duck(self, low: bool) -> None:
        self.mixer.duck(low)
        if low:
            self.ducks.append(self.mixer.position)

    def accepted(self, first: int = 0) -> list[Hearing]:
        """The commands among the hearings from `first` on."""
        return [hearing for hearing in self.hearings[first:] if hearing.kind is Kind.ACCEPTED]


def over_the_coach(audio: Path, echo_db: float | None, commands: int) -> Row:
    """`commands` commands, a part of them in each of four rooms; the same ones whatever `echo_db`."""
    table, said = cases(audio, commands)
    name = "silence" if echo_db is None else f"echo {echo_db:+.0f} dB"
    row = Row(f"commands over the coach, {name}", ">= 92 % of silence" if echo_db is not None else "")
    for number in range(4):
        chance = random.Random(100 + number)
        routine = sorted(load().routines)[number % len(load().routines)]
        stage = Stage(table, number, echo_db, cycle(coach_says(script(routine))))
        _play(stage, said[number::4], chance, row)
    return row


def over_its_first_words(audio: Path, commands: int) -> Row:
    """`commands` commands, each 1 to 4 s after a coach has begun to speak for the first time, in four rooms."""
    table, said = cases(audio, commands)
    chance = random.Random(7)
    row = Row("commands over the coach's first words, echo +0 dB", "")
    lines = coach_says(script("mid_back_full"))
    for number, each in enumerate(said):
        stage = Stage(table, number % 4, 0.0, iter(lines))
        stage.run(int(chance.uniform(1, 4) * RATE))
        _say(stage, each, row)
        stage.ears.close()
    return row


def alone(routine: str, number: int, echo_db: float) -> Row:
    """All that the coach says in a routine, in one room: nothing is to be heard."""
    row = Row(f"the coach alone, echo {echo_db:+.0f} dB", "0", hourly=True)
    stage = Stage(product_table(), number, echo_db, iter(coach_says(script(routine))))
    stage.ears.listen(PHASES[number % len(PHASES)])
    while not stage.over:
        stage.run(stage.mixer.position + RATE)
    _nothing_meant(stage, row, f"{routine}, room {number}")
    row.remarks.append(f"{routine}, room {number}: {len(stage.ducks)} times low")
    return row


def beside_television(seed: int, minutes: int, echo_db: float) -> Row:
    """Sessions of five minutes while others talk, as loud as the person would: nothing is to be heard."""
    row = Row(f"television beside the coach, echo {echo_db:+.0f} dB", "<= 0.1 an hour", hourly=True)
    chance, others = random.Random(seed), talk(seed, {})
    lines = coach_says(script("mid_back_full"))
    for session in range(0, minutes, _SESSION_MIN):
        first = chance.randrange(len(lines))
        said = cycle(lines[first:] + lines[:first])
        stage = Stage(product_table(), session % len(ROOMS), echo_db, said, lambda: chance.choice(_GAPS_S))
        for minute in range(session, min(minutes, session + _SESSION_MIN)):
            stage.ears.listen(PHASES[minute % len(PHASES)])
            sound = next(others)
            stage.room.speak(sound, stage.mixer.position)
            stage.run(stage.mixer.position + sound.size)
        _nothing_meant(stage, row, f"session {session}")
        stage.ears.close()
    return row


def _nothing_meant(stage: Stage, row: Row, where: str) -> None:
    """Count what was accepted on a stage on which nobody gave a command."""
    accepted = stage.accepted()
    row.scene(None, stage.mixer.position / RATE)
    row.heard("ours", [hearing.command for hearing in accepted], None)
    row.remarks += [f"{where}: {h.text} {h.margin:.1f} at {h.began // RATE} s" for h in accepted]


def script(routine: str) -> list[Utterance]:
    """What the coach says in a whole session of `routine`, each sentence once."""
    rehearsal = played(new_state(load(), load_wording(), Memory(person=screened(load()))), routine)
    said = [effect.utterance for _, effect in rehearsal.effects if isinstance(effect, Say)]
    return list({utterance.text: utterance for utterance in said}.values())


def coach_says(utterances: Iterable[Utterance]) -> list[Line]:
    """The sentences in the coach's own voice."""
    sentences = _sentences()
    lines = []
    for utterance in utterances:
        sound = sentences.get(utterance.text)
        taught = masks.spans(utterance.text, utterance.taught, len(sound), RATE)
        lines.append((sound, taught, masks.without(utterance.text, utterance.taught)))
    return lines


@cache
def _sentences() -> Sentences:
    return Sentences(Renderer(Voice()), RATE, Disk(cache_folder()))


def cases(audio: Path, count: int) -> tuple[PhraseTable, list[Said]]:
    """A table and commands of it: three quarters the product's by synthetic voices, the rest people's words."""
    chance = random.Random(1)
    clips = {word: sorted((audio / "words" / word).glob("*.wav")) for word in PEOPLES}
    clips = {f"people_{word}": files for word, files in clips.items() if files}
    content = read(language("en") / "phrases.yaml")
    stand_ins = {name: {"data": [{"sentences": [_words(name)]}]} for name in clips}
    table = PhraseTable({**content, "intents": {**content["intents"], **stand_ins}}, lists_of(load()))
    phrases = [
        (command, phase, phrase)
        for command, wordings in table.phrases().items()
        if command not in clips
        for phrase in chance.sample(sorted(wordings), min(3, len(wordings)))
        for phase in PHASES
        if (parsed := table.parse(phrase, phase)) and parsed.command == command
    ]
    said = [
        Said(command, phase, phrase, spoken(phrase, VOICES[number % len(VOICES)]))
        for number, (command, phase, phrase) in enumerate(chance.choices(phrases, k=count * 3 // 4 if clips else count))
    ]
    while len(said) < count:
        command = chance.choice(sorted(clips))
        clip = trimmed(wav.read(chance.choice(clips[command])).mono(RATE))
        said.append(Said(command, chance.choice(PHASES), _words(command), clip))
    return table, said


def _words(command: str) -> str:
    return command.removeprefix("people_").replace("_", " ")


def _play(stage: Stage, said: Sequence[Said], chance: random.Random, row: Row) -> None:
    """Say the commands one after the other, and count what is heard."""
    stage.run(_WARM_UP)
    for each in said:
        _say(stage, each, row)
        waiting = len(stage.hearings)
        stage.run(stage.mixer.position + int(chance.uniform(0.2, 2.0) * RATE))
        row.false += len(stage.accepted(waiting))
    row.seconds += stage.mixer.position / RATE
    stage.ears.close()


def _say(stage: Stage, each: Said, row: Row) -> None:
    """Say one command, and count what is heard."""
    stage.ears.listen(each.phase)
    before, began = len(stage.hearings), stage.mixer.position
    stage.room.speak(each.sound, began)
    ended = began + each.sound.size
    stage.run(ended + _BELONGS)
    heard = [h.command for h in stage.accepted(before) if h.ended > began]
    row.scene(each.command, 0.0)
    row.heard("ours", heard, each.command)
    if each.command not in heard:
        others = ", ".join(f"{h.kind.value} {h.text!r} {h.margin:.1f}" for h in stage.hearings[before:])
        row.remarks.append(f"{each.phase}: {each.words} -> {others or 'nothing'}")
    row.duck_ms += [(duck - began) * 1000 / RATE for duck in stage.ducks if began <= duck < ended][:1]
