"""Which routine to propose, and the one true reason: what was done when, the series, the time of the day, what hurt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.catalog.adapt import adapt
from assistant.catalog.model import Plan, Routine
from assistant.dialogue.instructions import faded, whole_minutes
from assistant.dialogue.person import profile
from assistant.dialogue.state import BeginRoutine, State
from assistant.dialogue.timeline import Detail
from assistant.dialogue.wording import counted

DAY_MIN = 24 * 60
LUNCH_MIN = (11 * 60 + 30, 14 * 60)  # minutes of the day
EVENING_MIN = (20 * 60, 5 * 60)
REGIONS = {"back": ("mid_back", "low_back")}  # more than one of the catalog's
FOREVER = 10_000  # days: longer ago than anything


@dataclass(frozen=True)
class Wish:
    """What the person said about what they want; all of it must hold."""

    minutes: int | None = None
    region: str | None = None
    moment: str | None = None


Proposal = tuple[Routine, str]
"""A routine and why it is proposed, to be said after "because"."""


def today(state: State) -> BeginRoutine | None:
    """What to do today; None where nothing can be done."""
    return _asked(proposals(state))


def wished(state: State, wish: Wish) -> BeginRoutine | None:
    """What fits the wish best; None where nothing does."""
    found = [routine for routine in least_lately(state) if _meets(routine, wish)]
    if wish.minutes is not None:
        found = _by_length(state, found, wish.minutes)
    return _asked([(routine, _reason(state, routine, wish)) for routine in found])


def next_part(state: State) -> BeginRoutine | None:
    """The part of the series that follows the one done last; None where there is no series."""
    return _asked(list(_series(state)))


def proposals(state: State) -> list[Proposal]:
    """Everything that can be done today: what the time of the day asks for, the next part, what was done least lately.

    What would use what hurt comes last; whoever comes first because of that says so.
    """
    found: dict[str, Proposal] = {}
    for routine, because in (*_by_moment(state), *_series(state), *_rest(state)):
        found.setdefault(routine.id, (routine, because))
    spared = [proposal for proposal in found.values() if not _hurts(state, proposal[0])]
    sore = [proposal for proposal in found.values() if proposal not in spared]
    if spared and spared[0] is not next(iter(found.values())):
        spared[0] = (spared[0][0], state.context.wording.phrase("because_spares"))
    return [*spared, *sore]


def of_part(state: State, part: int) -> Routine | None:
    """The routine with that part number, in the series that was done last."""
    series = series_now(state)
    return next((routine for routine in series if routine.part == part), None)


def series_now(state: State) -> list[Routine]:
    """The parts in order of the series that was done last, or of the first one there is."""
    since = state.context.memory.days_since
    parts = [routine for routine in state.context.catalog.routines.values() if routine.series and routine.part]
    if not parts:
        return []
    wanted = min(parts, key=lambda routine: (since.get(routine.id, FOREVER), routine.series or "")).series
    return sorted((routine for routine in parts if routine.series == wanted), key=lambda routine: routine.part or 0)


def least_lately(state: State) -> Sequence[Routine]:
    """All that can be done today: what was done longest ago first, then the longest one."""
    since = state.context.memory.days_since
    able = [routine for routine in state.context.catalog.routines.values() if plan_today(state, routine).steps]
    able = [routine for routine in able if not profile(state.person).tags.intersection(routine.not_for)]
    return sorted(able, key=lambda r: (-since.get(r.id, FOREVER), _hurts(state, r), -r.minutes_first, r.id))


def plan_today(state: State, routine: Routine) -> Plan:
    """The routine as this person would do it today."""
    return adapt(routine, state.context.catalog, profile(state.person))


def length(state: State, routine: Routine) -> int:
    """Its minutes for this person today; what is promised, where nothing changes it."""
    detail = faded(state.context.memory, routine.id)
    if profile(state.person).missing:
        return whole_minutes(plan_today(state, routine), detail)
    return round(routine.minutes_first if detail is Detail.FULL else routine.minutes_familiar)


def moment_of(state: State) -> str | None:
    """lunch, evening or neither, by the local time."""
    memory = state.context.memory
    if memory.minute is None:
        return "evening" if memory.evening else None
    minute = _minute(state) % DAY_MIN
    if LUNCH_MIN[0] <= minute < LUNCH_MIN[1]:
        return "lunch"
    return "evening" if minute >= EVENING_MIN[0] or minute < EVENING_MIN[1] else None


def days_since(state: State, routine: Routine) -> int | None:
    """Days since it was done; the coach may have been waiting over midnight."""
    days = state.context.memory.days_since.get(routine.id)
    return None if days is None else days + _minute(state) // DAY_MIN


def _minute(state: State) -> int:
    """Minutes since the midnight before the past was remembered."""
    memory = state.context.memory
    return (memory.minute or 0) + (state.now - memory.at) // 60_000


# -- in order ------------------------------------------------------------------------------------------------


def _by_moment(state: State) -> Iterator[Proposal]:
    moment = moment_of(state)
    for routine in least_lately(state):
        if moment is not None and routine.moment == moment and days_since(state, routine) != 0:
            yield routine, state.context.wording.phrase(f"because_{moment}")


def _series(state: State) -> Iterator[Proposal]:
    """The parts that follow the one done last, in order."""
    able = {routine.id for routine in least_lately(state)}
    parts = series_now(state)
    done = [routine for routine in parts if days_since(state, routine) is not None]
    if not done:
        begin, because = 0, "because_first"
        slots: dict[str, object] = {}
    else:
        last = min(done, key=lambda routine: (days_since(state, routine), -(routine.part or 0)))
        begin = parts.index(last) + 1
        newest = last.id == state.context.memory.last_routine
        because = "because_after" if newest else "because_after_days"
        slots = {"part": last.part, "when": _when(state, last)}
    following = [*parts[begin:], *parts[:begin]]
    for routine in following[:1]:
        if routine.id in able:
            yield routine, state.context.wording.phrase(because, **slots)


def _rest(state: State) -> Iterator[Proposal]:
    for routine in least_lately(state):
        yield routine, _lately(state, routine)


def _by_length(state: State, routines: Sequence[Routine], minutes: int) -> list[Routine]:
    """The longest that fits first; where none fits, the shortest."""
    by_length = sorted(routines, key=lambda routine: -length(state, routine))
    fitting = [routine for routine in by_length if length(state, routine) <= minutes]
    return fitting or by_length[::-1]


def _asked(found: Sequence[Proposal]) -> BeginRoutine | None:
    """The question about the first, with the second one instead."""
    question: BeginRoutine | None = None
    for routine, because in reversed(found[:2]):
        question = BeginRoutine(routine.id, because, question)
    return question


# -- fitting and reasons -------------------------------------------------------------------------------------


def _meets(routine: Routine, wish: Wish) -> bool:
    regions = REGIONS.get(wish.region or "", (wish.region,))
    return (wish.region is None or not set(regions).isdisjoint(routine.regions)) and wish.moment in (
        None,
        routine.moment,
    )


def _reason(state: State, routine: Routine, wish: Wish) -> str:
    wording = state.context.wording
    if wish.minutes is not None:
        fits = length(state, routine) <= wish.minutes
        return wording.phrase("because_fits" if fits else "because_shortest", time=counted(wish.minutes, "minute"))
    if wish.region is not None:
        return wording.phrase("because_region", region=wording.phrase(f"region_{wish.region}"))
    return wording.phrase(f"because_{routine.moment}_made")


def _lately(state: State, routine: Routine) -> str:
    if days_since(state, routine) is None:
        tried = state.context.memory.times.get(routine.id, 0)
        return state.context.wording.phrase("because_tried" if tried else "because_new")
    return state.context.wording.phrase("because_days", when=_when(state, routine))


def _when(state: State, routine: Routine) -> str:
    days = days_since(state, routine) or 0
    wording = state.context.wording
    return wording.phrase("days_ago", time=counted(days, "day")) if days else wording.phrase("earlier_today")


def _hurts(state: State, routine: Routine) -> bool:
    """Whether it holds an exercise that hurt lately, or one to be careful with for what is sore."""
    exercises = state.context.catalog.exercises
    sore = {tag for tag, mark in state.person.tags.items() if mark.lasts is not None and mark.counts}
    items = {item.use for block in routine.blocks for item in block.items}
    cautions = {caution.tag for name in items if name in exercises for caution in exercises[name].cautions}
    return bool(items & profile(state.person).left_out) or bool(cautions & sore)
