"""A step compiled to timed words: which word, which tone at which moment of the work.

Offsets are whole milliseconds from the begin tone. Counts fall on the last part of a repetition ("on the return"),
"three, two, one" ends on the release, and a cue finds its place only where nothing else is due.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from assistant.catalog.model import Cue, Side, Step
from assistant.catalog.timing import total_reps
from assistant.dialogue.effects import ToneKind
from assistant.dialogue.turn_taking import GAP_MS, LEAD_MS
from assistant.dialogue.wording import Wording, capital, duration, estimate_ms, fill, in_words

FIRST_WORD_MS = 600  # the begin tone sounds until then
AFTER_TONE_MS = 700  # words after a tone
COUNTED_DOWN_MS = 8000  # shorter stretches end on the tone alone
TEN_MORE_MS = 20_000  # stretches from this length on get "ten more seconds"
TEN_MORE_KNOWN_MS = 30_000  # the same where the move is known
HALF_A_MINUTE_MS = 30_000  # long ones are told every half minute how much is left ("halfway" sounds like the switch)
FIRST_CALL_MS = 10_000
NAMED_FROM_S = 2  # a shorter part of a repetition goes by without a word
LAST_CALLS_FROM = 4  # repetitions; with fewer, "two more" would come too early
SILENCE_MS = 4000  # before a cue
CUE_EVERY_MS = 8000
MARGIN = 1.2  # an estimated length may be this much too short
EXTENSION_MS = 10_000
AFRESH_MS = 4000  # after "three, two, one" a number that comes sooner sounds like more of it


class Detail(IntEnum):
    """How much is said: only the counts; one cue; the short text; everything."""

    COUNTS = 0
    KNOWN = 1
    SHORT = 2
    FULL = 3


class CountIn(IntEnum):
    """How work begins; how long that takes (ms), up to the begin tone."""

    WORD = 1500  # "And begin"
    NUMBERS = 3000  # "Three, two, one"
    WHOLE = 4200  # "Begin in three, two, one"


CUES = {Detail.COUNTS: 0, Detail.KNOWN: 1, Detail.SHORT: 2, Detail.FULL: 2}
BREATH_CALLS = {Detail.COUNTS: 0, Detail.KNOWN: 0, Detail.SHORT: 1, Detail.FULL: 2}  # breaths, then quiet
REP_CALLS = {Detail.COUNTS: 0, Detail.KNOWN: 0, Detail.SHORT: 0, Detail.FULL: 1}  # the same of repetitions


@dataclass(frozen=True)
class Mark:
    """A word or a tone at its moment. A cue may be dropped, and is not placed to the sample.

    `done`: its words begin with this number of repetitions. `down`: a number of a countdown.
    """

    at: int
    text: str = ""
    tone: ToneKind | None = None
    cue: bool = False
    done: int = 0
    down: bool = False

    @property
    def due(self) -> int:
        """When it is handed over."""
        return self.at if self.cue else self.at - LEAD_MS


@dataclass(frozen=True)
class Timeline:
    """The whole of a step. `marks` by `due`; `work`: the stretches that count as work (not rests and shifts);
    `bounds`: where each part of it begins, the same parts at any tempo; `reps`: where each repetition ends."""

    total: int
    marks: tuple[Mark, ...]
    work: tuple[tuple[int, int], ...]
    bounds: tuple[int, ...]
    reps: tuple[int, ...]

    @property
    def planned(self) -> int:
        """Milliseconds of work in all."""
        return self.worked(0, self.total)

    def worked(self, begin: int, end: int) -> int:
        """Milliseconds of work between two offsets."""
        return sum(max(0, min(end, stop) - max(begin, start)) for start, stop in self.work)

    def following(self, offset: int) -> int:
        """The number of the first mark that is not past at `offset`."""
        return next((n for n, mark in enumerate(self.marks) if mark.at >= offset), len(self.marks))

    def reps_left(self, offset: int) -> int:
        """Repetitions that are not finished at `offset`."""
        return len(self.reps) - bisect_right(self.reps, offset)


@dataclass(frozen=True)
class Track:
    """Marks being played: the mark at offset 0 belongs to the moment `anchor`; `next` comes next."""

    anchor: int
    marks: tuple[Mark, ...]
    next: int = 0

    @property
    def due(self) -> int | None:
        return self.anchor + self.marks[self.next].due if self.next < len(self.marks) else None


def compile_step(step: Step, wording: Wording, detail: Detail, tempo: float = 1.0, extra: int = 0) -> Timeline:
    """The timed words of `step`. `tempo` scales repetitions; `extra`: how often ten seconds were added."""
    score = _Score(step, wording, tempo, detail)
    for number in range(step.dose.sets):
        if number:
            score.rest()
        for spot in range(step.dose.spots):
            if spot:
                score.shift()
            last = number == step.dose.sets - 1 and spot == step.dose.spots - 1
            score.bout(extra if last else 0)
    return score.finish()


def moved(offset: int, old: Timeline, new: Timeline) -> int:
    """The same place in the same step at another tempo."""
    part = bisect_right(old.bounds, offset) - 1
    if offset >= old.total:
        return new.total
    begin, end = old.bounds[part], old.bounds[part + 1]
    share = (offset - begin) / (end - begin)
    return round(new.bounds[part] + share * (new.bounds[part + 1] - new.bounds[part]))


def count_in(wording: Wording, how: CountIn) -> tuple[Mark, ...]:
    """The words up to the begin tone, which sounds at 0."""
    tone = Mark(0, tone=ToneKind.BEGIN)
    if how is CountIn.WORD:
        return Mark(LEAD_MS - how, wording.phrase("begin_now")), tone
    words = (Mark(-how, wording.phrase("begin_in")),) if how is CountIn.WHOLE else ()
    return (*words, *(Mark(-1000 * n, capital(in_words(n))) for n in (3, 2, 1)), tone)


def toneless(marks: Sequence[Mark], wording: Wording) -> tuple[Mark, ...]:
    """The words alone; of the ticks of uncounted repetitions every second one becomes a soft word."""
    ticks = [mark for mark in marks if mark.tone is ToneKind.BEAT][1::2]
    word = capital(wording.phrase("soft_beat"))
    soft = (replace(mark, tone=None, text=word) if mark in ticks else mark for mark in marks)
    return tuple(mark for mark in soft if mark.tone is None)


def afresh(line: Timeline, offset: int, wording: Wording) -> Timeline:
    """`line` as it goes on at `offset`, after "three, two, one".

    A repetition counted soon is told as one ("makes three"), a countdown does not follow a countdown.
    """
    marks = []
    for mark in line.marks:
        if offset <= mark.at < offset + AFRESH_MS:
            if mark.down:
                continue
            if mark.done:
                number = capital(in_words(mark.done))
                mark = replace(mark, text=mark.text.replace(number, wording.phrase("makes", n=mark.done), 1))
        marks.append(mark)
    return replace(line, marks=tuple(marks))


class _Score:
    """The timeline while it is being written, from its begin to its end."""

    def __init__(self, step: Step, wording: Wording, tempo: float, detail: Detail) -> None:
        self.step, self.wording, self.tempo, self.detail = step, wording, tempo, detail
        self.now = 0
        self.marks: list[Mark] = []
        self.work: list[tuple[int, int]] = []
        self.bounds: list[int] = []
        self.reps: list[int] = []
        self.free = 0  # offset from which words may sound: not over the begin tone
        self.talked = 0  # repetitions so far
        self.calls = self._calls(detail)

    def _calls(self, detail: Detail) -> int:
        """How many repetitions are talked through; none where the other side has just heard them."""
        calls = BREATH_CALLS[detail] if self.step.dose.breaths else REP_CALLS[detail]
        return 0 if self.step.second_side else calls

    def bout(self, extra: int) -> None:
        """One set at one spot."""
        begin, dose = self.now, self.step.dose
        self.free = begin + FIRST_WORD_MS
        cycles = dose.breaths or total_reps(self.step.exercise, dose)
        if cycles:
            self._cycles(cycles, extra)
            if dose.final_hold_s:
                final = _ms(dose.final_hold_s)
                known = self.detail <= Detail.KNOWN
                self._hold(final, opening=self.wording.phrase("stay_known" if known else "stay", time=duration(final)))
        else:
            self._hold(_ms(dose.hold_s or dose.duration_s or 0.0) + extra * EXTENSION_MS)
        self.work.append((begin, self.now))

    def rest(self) -> None:
        """Between two sets: out of the position, a rest, back in."""
        rest = _ms(self.step.dose.rest_s)
        exit_line = fill(self.step.exercise.script.exit, **sides(self.step)).text
        self._between(rest, (exit_line, self.wording.phrase("rest", time=duration(rest))))

    def shift(self) -> None:
        """Between two spots."""
        call = self.step.exercise.script.shift
        text = fill(call, **sides(self.step)).text if call else self.wording.phrase("shift")
        self._between(_ms(self.step.dose.shift_s), (text,))

    def finish(self) -> Timeline:
        """The timeline, with its end tone and with cues where there is room for them."""
        self.marks.append(Mark(self.now, tone=ToneKind.END))
        self.marks.extend(_cues(self.step, self.marks, self.work, self.detail))
        marks = tuple(sorted(self.marks, key=lambda mark: (mark.due, mark.at)))
        return Timeline(self.now, marks, tuple(self.work), (*self.bounds, self.now), tuple(self.reps))

    def _cycles(self, cycles: int, extra: int) -> None:
        """Repetitions or paced breaths. An alternating move counts a pair, on the return of its second half."""
        exercise = self.step.exercise
        length = _ms(exercise.rep_s * self.tempo)
        halves = 2 if exercise.sides == "alternating" else 1
        cycles += halves * more_reps(exercise.rep_s * halves) * extra
        for number in range(cycles):
            side = (Side.LEFT, Side.RIGHT)[number % 2] if halves == 2 else None
            done = (number + 1) // halves if (number + 1) % halves == 0 else 0
            begin = self.now
            self._cycle(side, done, cycles // halves)
            self.now = begin + length
            if done:
                self.reps.append(self.now)
                self.talked += 1

    def _cycle(self, side: Side | None, done: int, of: int) -> None:
        """One repetition, or one half of it. `done`: which number to say on its return, 0 for none.

        The first is talked through part by part with its breath, then only the counts are left; with less detail
        sooner. Which side an alternating move begins on is always told.
        """
        breath = ""
        parts = self.step.exercise.rep
        for index, part in enumerate(parts):
            length = _ms(part.s * self.tempo)
            counted = bool(done) and index == len(parts) - 1
            first = self._count(done, of) if counted else ""
            begins = not self.reps and side is Side.LEFT
            if side and index == 0 and (begins or self.talked < self.calls):
                first = self.wording.phrase(f"side_{side.value}")
            slow = part.s >= NAMED_FROM_S
            named = self.talked == 0 < self.calls and not self.step.dose.breaths
            name = part.name if slow and named and not counted else ""
            turns = slow and part.breath in ("in", "out") and part.breath != breath
            breathe = self.wording.phrase(f"breath_{part.breath}") if turns and self.talked < self.calls else ""
            numbered = done if counted and first == in_words(done) else 0
            self._call(max(self.now, self.free), self._fitting(self.now + length, first, name, breathe), done=numbered)
            breath = part.breath
            self.bounds.append(self.now)
            self.now += length

    def _fitting(self, end: int, first: str, name: str, breathe: str) -> str:
        """As much of it as can be said before `end`; the name of the part is what matters least."""
        room = end - max(self.now, self.free) - GAP_MS
        for words in ((first, name, breathe), (first, breathe)):
            text = ", ".join(word for word in words if word)
            if estimate_ms(text) <= room:
                return text
        return first

    def _count(self, done: int, of: int) -> str:
        """The number, or "two more" and "last one", then no number; a tick where nothing is counted aloud."""
        count = self.step.exercise.count
        if count.aloud == "none":
            self.marks.append(Mark(max(self.now, FIRST_WORD_MS), tone=ToneKind.BEAT))
            return ""
        left = of - done
        if 0 < left <= count.last_call and (left == 1 or of >= LAST_CALLS_FROM):
            return self.wording.phrase("last_one" if left == 1 else "more", n=left)
        return "" if left == 0 and count.last_call and of > 1 else in_words(done)

    def _hold(self, length: int, opening: str = "") -> None:
        begin, end = self.now, self.now + length
        self.bounds.append(begin)
        if opening:
            self._call(begin, opening)
        for left in range(HALF_A_MINUTE_MS, length - FIRST_CALL_MS + 1, HALF_A_MINUTE_MS):
            self._call(end - left, self.wording.phrase("more_time", time=duration(left)))
        if length >= (TEN_MORE_MS if self.detail > Detail.KNOWN else TEN_MORE_KNOWN_MS):
            self._call(end - 10_000, self.wording.phrase("ten_more"))
        if length >= COUNTED_DOWN_MS:
            self._count_down(end)
        self.now = end

    def _between(self, length: int, sentences: Sequence[str]) -> None:
        """Out of the work and back into it: end tone, words, begin tone."""
        at = self.now
        self.marks.append(Mark(at, tone=ToneKind.END))
        at += AFTER_TONE_MS
        for sentence in sentences:
            self._call(at, sentence)
            at += round(estimate_ms(sentence) * MARGIN) + LEAD_MS
        self.bounds.append(self.now)
        self.now += length
        if self.now - 3000 >= at:
            self._count_down(self.now)
        self.marks.append(Mark(self.now, tone=ToneKind.BEGIN))

    def _count_down(self, end: int) -> None:
        for n in (3, 2, 1):
            self._call(end - 1000 * n, in_words(n), down=True)

    def _call(self, at: int, text: str, *, done: int = 0, down: bool = False) -> None:
        if text:
            self.marks.append(Mark(at, capital(text), done=done, down=down))


def more_reps(rep_s: float) -> int:
    """How many repetitions fill ten seconds."""
    return max(1, round(EXTENSION_MS / 1000 / rep_s))


def sides(step: Step) -> dict[str, str]:
    """The tokens of a script that name sides."""
    return {} if step.side is None else {"side": step.side.value, "other": step.side.other.value}


def _cues(step: Step, marks: Sequence[Mark], work: Sequence[tuple[int, int]], detail: Detail) -> list[Mark]:
    """Cues in the gaps between `marks`: four seconds after other words, eight after another cue, never over a count.

    Another round and the second side begin with another cue, so that one hears them all and none too often.
    """
    turn = (step.round - 1) * 2 + int(step.second_side)
    cues = list(step.exercise.cues)
    waiting = cues[turn % len(cues) :] + cues[: turn % len(cues)] if cues else []
    waiting = waiting[: max(0, CUES[detail] - step.second_side)]
    choose = _fitting if turn == 0 else lambda cues, share: cues[0]
    ordered = sorted(marks, key=lambda mark: mark.at)
    placed: list[Mark] = []
    free = SILENCE_MS
    for mark in ordered:
        while waiting:
            cue = choose(waiting, free / max(1, ordered[-1].at))
            text = fill(cue.say, **sides(step)).text
            ends = free + round(estimate_ms(text) * MARGIN)
            if ends > mark.due or not any(start <= free and ends <= stop for start, stop in work):
                break
            placed.append(Mark(free, text, cue=True))
            waiting.remove(cue)
            free += CUE_EVERY_MS
        after = mark.at + round(estimate_ms(mark.text) * MARGIN) + SILENCE_MS
        free = max(free, after)
    return placed


def _fitting(cues: Sequence[Cue], share: float) -> Cue:
    """The first cue meant for this third of the work, else the first of all."""
    third = ("early", "mid", "late")[min(2, int(share * 3))]
    return next((cue for cue in cues if cue.at in (third, "any")), cues[0])


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
