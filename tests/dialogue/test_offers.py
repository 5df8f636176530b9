"""Which routine is proposed, and that the reason is true."""

from __future__ import annotations

from dataclasses import replace

from small_routine import shipped, wording

from assistant.catalog.model import Catalog
from assistant.dialogue import offers
from assistant.dialogue.commands import Command
from assistant.dialogue.memory import Memory
from assistant.dialogue.offers import Wish
from assistant.dialogue.person import Mark, Person, screened
from assistant.dialogue.state import BeginRoutine, State
from assistant.dialogue.transition import new_state
from assistant.simulation.rehearsal import Rehearsal

KNOWN = screened(shipped())
DAY_MS = 24 * 3_600_000


def somebody(memory: Memory | None = None, person: Person = KNOWN, *, now: int = 0) -> State:
    return replace(new_state(shipped(), wording(), replace(memory or Memory(), person=person)), now=now)


def told(question: BeginRoutine | None) -> tuple[str, str]:
    assert question is not None
    return question.routine, question.because


def test_what_hurt_lately_is_spared_and_that_is_the_reason() -> None:
    assert told(offers.today(somebody()))[0] == "neck"
    hurt = replace(KNOWN, hurt={"neck_turn": 1})
    routine, because = told(offers.today(somebody(person=hurt)))
    assert because == "it spares what was sore"
    assert routine != "neck"
    items = {item.use for block in shipped().routines[routine].blocks for item in block.items}
    assert "neck_turn" not in items


def test_soreness_of_a_part_moves_what_works_it_to_the_end() -> None:
    sore = replace(KNOWN, tags={"shoulder_pain": Mark(1, 3)})
    routine, _ = told(offers.today(somebody(person=sore)))
    used = {item.use for block in shipped().routines[routine].blocks for item in block.items}
    assert not [name for name in used for c in shipped().exercises[name].cautions if c.tag == "shoulder_pain"]
    over = replace(KNOWN, tags={"shoulder_pain": Mark(4, 3)})
    assert told(offers.today(somebody(person=over)))[1] != "it spares what was sore"


def test_where_everything_was_sore_something_is_proposed_all_the_same() -> None:
    everything = dict.fromkeys(shipped().exercises, 7)
    assert told(offers.today(somebody(person=replace(KNOWN, hurt=everything))))[0] == "neck"
    assert told(offers.today(somebody(person=replace(KNOWN, tags={"osteoporosis": Mark()}))))[0] == "neck"


def test_what_is_not_for_somebody_is_never_proposed() -> None:
    for tag in sorted({tag for routine in shipped().routines.values() for tag in routine.not_for}):
        state = somebody(Memory(days_since={"low_back": 3}), replace(KNOWN, tags={tag: Mark()}))
        barred = {r.id for r in shipped().routines.values() if tag in r.not_for}
        question = offers.today(state)
        while question is not None:
            assert question.routine not in barred
            question = question.instead
        following = offers.next_part(state)
        assert following is None or following.routine not in barred


def test_the_time_of_the_day_goes_on_while_the_coach_waits() -> None:
    morning = Memory(minute=9 * 60)
    assert offers.moment_of(somebody(morning)) is None
    assert offers.moment_of(somebody(morning, now=3 * 3_600_000)) == "lunch"
    assert offers.moment_of(somebody(morning, now=11 * 3_600_000)) == "evening"
    assert offers.moment_of(somebody(morning, now=2 * DAY_MS)) is None
    assert offers.moment_of(somebody(Memory(evening=True))) == "evening"


def test_days_go_on_while_the_coach_waits() -> None:
    memory = Memory(minute=23 * 60, days_since={"neck": 0}, times={"neck": 1}, last_routine="neck")
    neck = shipped().routines["neck"]
    assert offers.days_since(somebody(memory), neck) == 0
    assert offers.days_since(somebody(memory, now=2 * 3_600_000), neck) == 1
    assert offers.days_since(somebody(memory, now=3 * DAY_MS), neck) == 3


def test_a_routine_that_was_broken_off_is_not_called_new() -> None:
    parts = {"neck": 1, "mid_back_full": 1, "low_back": 1}
    state = somebody(Memory(times={**parts, "nightly_routine": 1}, days_since={"low_back": 1}, last_routine="low_back"))
    question = offers.wished(state, Wish(region="hip"))
    assert told(question)[0] == "nightly_routine"
    reasons = {routine.id: because for routine, because in offers.proposals(state)}
    assert reasons["nightly_routine"] == "you have not done all of it yet"
    assert reasons["wall_circuit"] == "you have not done it yet"
    assert reasons["low_back"] == "you did it one day ago"


def test_minutes_are_those_of_the_plan_for_today() -> None:
    wall = shipped().routines["wall_circuit"]
    bare = replace(KNOWN, missing={"wall": Mark(0, 0)})
    assert offers.length(somebody(), wall) == round(wall.minutes_first)
    assert offers.length(somebody(Memory(times={"wall_circuit": 9})), wall) == round(wall.minutes_familiar)
    assert offers.length(somebody(person=bare), wall) > 0


def test_where_there_is_no_routine_nothing_is_proposed() -> None:
    state = new_state(Catalog({}, {}), wording())
    assert offers.today(state) is None
    assert offers.next_part(state) is None
    assert offers.of_part(state, 1) is None
    session = Rehearsal(state)
    session.run_until(10_000)
    session.say(Command.JUST_ONE)
    session.run_until(20_000)
    assert [entry.text for entry in session.entries if entry.who == "COACH"][-1] == wording().texts["no_routines"][0]


def test_a_new_routine_is_mentioned_after_the_greeting() -> None:
    state = new_state(shipped(), wording(), Memory(new_routines=("desk_reset",)))
    session = Rehearsal(state)
    session.run_until(20_000)
    assert [entry.text for entry in session.entries][1:3] == [
        "There is a new one, Desk Reset.",
        "Say start desk reset routine.",
    ]
