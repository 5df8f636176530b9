"""One voice: who may speak, who waits, who is dropped, what is taken up again.

Ranks: SAFETY > ANSWER > COUNT > COACH > FILLER. A higher rank hushes a lower one; an equal one waits within its
grace, else it is dropped. An instruction that was cut is taken up again at its sentence. A count that cannot be
placed on its moment any more is never spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from assistant.dialogue.effects import Hush, Rank, Say, Utterance
from assistant.dialogue.events import Outcome
from assistant.dialogue.wording import estimate_ms

GAP_MS = 350  # between two sentences
LEAD_MS = 400  # a count is handed over this long before its moment, so that the mixer can place it
PLACEABLE_MS = 100  # later than this before its moment it cannot be placed any more
LOST_MS = 3000  # an end that is this late (after twice the estimated length) will never come
MARGIN = 1.2  # an estimated length may be this much too short
REMEMBERED = 8


@dataclass(frozen=True)
class Line:
    """A sentence that wants to be spoken.

    `gap`: silence before it. `not_before`: earliest moment. `start_at`: the moment its first sample belongs to.
    `latest`: dropped if it could not be handed over by then. `keep`: so important that "ready" does not skip it, and
    that what was cut is said again.
    """

    text: str
    rank: Rank
    taught: tuple[str, ...] = ()
    gap: int = GAP_MS
    not_before: int = 0
    start_at: int | None = None
    latest: int | None = None
    keep: bool = False


@dataclass(frozen=True)
class Speaking:
    """The one utterance that sounds or is scheduled; `lost_at`: when its end is given up."""

    id: int
    line: Line
    since: int
    lost_at: int


@dataclass(frozen=True)
class Voice:
    """The coach's one voice: the utterance under way and the lines that wait, the most urgent first."""

    speaking: Speaking | None = None
    queue: tuple[Line, ...] = ()
    free_at: int = 0  # the last sentence or tone is over
    ended_at: int = 0  # when the last one ended
    next_id: int = 1
    said: tuple[str, ...] = ()  # the last texts, oldest first

    @property
    def quiet(self) -> bool:
        """Nothing is being said and nothing waits."""
        return self.speaking is None and not self.queue


Spoken = tuple[Voice, "tuple[Say | Hush, ...]"]


def offer(voice: Voice, line: Line) -> Voice:
    """`voice` with `line` in its queue, behind those of its rank."""
    before = tuple(other for other in voice.queue if other.rank >= line.rank)
    return replace(voice, queue=(*before, line, *voice.queue[len(before) :]))


def make_room(voice: Voice, filler: Line, at: int) -> Voice:
    """`voice` with a FILLER in its queue, and with the instructions put off until it has been said from `at` on."""
    over = at + 2 * GAP_MS + round(estimate_ms(filler.text) * MARGIN)
    first = next((n for n, line in enumerate(voice.queue) if line.rank is Rank.COACH), None)
    queue = list(voice.queue)
    if first is not None:
        queue[first] = replace(queue[first], not_before=max(queue[first].not_before, over))
    return offer(replace(voice, queue=tuple(queue)), replace(filler, not_before=at, latest=over))


def length_ms(lines: Iterable[Line]) -> int:
    """About how long the lines take, one after the other."""
    return sum(estimate_ms(line.text) + GAP_MS for line in lines)


def drop(voice: Voice, at: int, unwanted: Callable[[Line], bool]) -> Spoken:
    """Forget every line for which `unwanted` is true, also the one being said (which is cut)."""
    voice = replace(voice, queue=tuple(line for line in voice.queue if not unwanted(line)))
    if voice.speaking is None or not unwanted(voice.speaking.line):
        return voice, ()
    return _cut(voice, at), (Hush(),)


def ended(voice: Voice, at: int, utterance: int, outcome: Outcome) -> Voice:
    """`utterance` has ended. One that could not be played keeps the floor as long as it would have taken to say:
    the screen shows it, and it must be readable."""
    speaking = voice.speaking
    if speaking is None or speaking.id != utterance:
        return voice  # cut before: its end was already counted
    until = at if outcome is not Outcome.FAILED else max(at, speaking.since + estimate_ms(speaking.line.text))
    return replace(voice, speaking=None, free_at=until, ended_at=until)


def due(voice: Voice) -> int | None:
    """When the voice has something to do by itself."""
    if voice.speaking is not None:
        waits = voice.queue[0].not_before if _spared(voice) else voice.speaking.lost_at
        return min(waits, voice.speaking.lost_at)
    return _begins(voice, _next(voice)) if voice.queue else None


def speak(voice: Voice, at: int) -> Spoken:
    """Give up an end that never came, drop what is too late, hush what is outranked, say what may be said."""
    effects: tuple[Say | Hush, ...] = ()
    if voice.speaking is not None and voice.speaking.lost_at <= at:
        voice, effects = _cut(voice, at), (Hush(),)
    queue = tuple(line for line in voice.queue if line.latest is None or line.latest >= at)
    if len(queue) < len(voice.queue):
        voice = replace(voice, queue=queue)
    if not voice.queue:
        return voice, effects
    first = voice.queue[0]
    if (
        voice.speaking is not None
        and first.rank > voice.speaking.line.rank
        and not (_spared(voice) and first.not_before > at)
    ):
        voice, effects = _take_up_later(_cut(voice, at), voice.speaking.line), (*effects, Hush())
    following = _next(voice)
    if voice.speaking is None and _begins(voice, following) <= at:
        voice, say = _say(voice, following, at)
        effects = (*effects, say)
    return voice, effects


def _spared(voice: Voice) -> bool:
    """Whether a filler sounds while an instruction waits for its moment: it may go on until then."""
    filling = voice.speaking is not None and voice.speaking.line.rank is Rank.FILLER
    return filling and bool(voice.queue) and voice.queue[0].rank is Rank.COACH


def _next(voice: Voice) -> Line:
    """The first of the queue, or a filler for which there is time before that."""
    first, last = voice.queue[0], voice.queue[-1]
    if last.rank is Rank.FILLER < first.rank:
        ends = _begins(voice, last) + round(estimate_ms(last.text) * MARGIN)
        return last if ends <= _begins(voice, first) else first
    return first


def _begins(voice: Voice, line: Line) -> int:
    """A count on a moment has its own time; anything else waits for the gap after the last sentence."""
    return line.not_before if line.start_at is not None else max(voice.free_at + line.gap, line.not_before)


def _cut(voice: Voice, at: int) -> Voice:
    return replace(voice, speaking=None, free_at=at, ended_at=at)


def _take_up_later(voice: Voice, line: Line) -> Voice:
    """Instructions wait for their turn again; cues, counts and most answers that were cut have had theirs."""
    if not line.keep and (line.rank is not Rank.COACH or line.latest is not None):
        return voice
    before = tuple(other for other in voice.queue if other.rank > line.rank)
    return replace(voice, queue=(*before, line, *voice.queue[len(before) :]))


def _say(voice: Voice, line: Line, at: int) -> tuple[Voice, Say]:
    """Say `line` of the queue."""
    begins = at if line.start_at is None else line.start_at
    speaking = Speaking(voice.next_id, line, begins, begins + 2 * estimate_ms(line.text) + LOST_MS)
    said = (*voice.said, line.text)[-REMEMBERED:]
    say = Say(Utterance(voice.next_id, line.text, line.rank, line.taught), line.start_at)
    return replace(
        voice,
        speaking=speaking,
        queue=tuple(each for each in voice.queue if each is not line),
        next_id=voice.next_id + 1,
        said=said,
    ), say
