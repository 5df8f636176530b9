"""Single steps of the dialogue, by literal times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from small_routine import CATALOG, ROUTINE, fresh, shipped, wording

from assistant.catalog.model import Catalog, Side
from assistant.dialogue.commands import Command, PhaseName
from assistant.dialogue.effects import Forget, Hush, Listen, Prepare, Quit, Record, Save, Say, Tone, ToneKind, Volume
from assistant.dialogue.events import Event, Faulted, Heard, Interrupted, NearMiss, Part, Recalled, Recovered, Tick
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.state import Done, Idle, Paused, Phase, Positioning, Working
from assistant.dialogue.transition import _table, new_state, next_deadline, transition
from assistant.dialogue.view import view_of
from assistant.simulation.rehearsal import Rehearsal


def working(memory: Memory | None = None) -> Rehearsal:
    """In the first move, two seconds after its begin tone."""
    session = fresh(memory)
    session.say(Command.START, slots={"routine": "short"})
    while not isinstance(session.state.phase, Working):
        session.run_until(session.next_moment() or 0)
    session.run_until(session.now + 2000)
    return session


def since(session: Rehearsal, mark: int) -> list[Any]:
    return [effect for _, effect in session.effects[mark:]]


def spoken(session: Rehearsal) -> list[str]:
    return [entry.text for entry in session.entries if entry.who == "COACH"]


def test_the_begin_tone_sounds_when_the_work_clock_starts() -> None:
    session = working()
    phase = session.state.phase
    assert isinstance(phase, Working)
    tones = [effect for _, effect in session.effects if isinstance(effect, Tone) and effect.kind is ToneKind.BEGIN]
    assert [tone.start_at for tone in tones] == [phase.track.anchor]
    assert session.now == phase.track.anchor + 2000


def test_counts_are_handed_over_before_their_moment_and_placed_on_it() -> None:
    session = working()
    says = [(at, effect) for at, effect in session.effects if isinstance(effect, Say) and effect.start_at is not None]
    assert says
    for at, say in says:
        assert 100 <= cast(int, say.start_at) - at <= 700


def test_work_begins_only_when_the_instruction_has_really_ended() -> None:
    """Speech three times as slow as estimated moves the begin, and nothing is cut."""
    slow = Rehearsal(new_state(CATALOG, wording()), lengths=lambda text: 3000 + 100 * len(text))
    slow.say(Command.START, slots={"routine": "short"})
    while not isinstance(slow.state.phase, Working):
        slow.run_until(slow.next_moment() or 0)
    assert not any("—" in text for text in spoken(slow))
    ended = max(entry.at + 3000 + 100 * len(entry.text) for entry in slow.entries if entry.text == "Keep breathing.")
    assert slow.now >= ended + 4200


def test_the_first_reaction_to_a_command_is_a_tone() -> None:
    session = working()
    mark = len(session.effects)
    session.say(Command.TIME)
    assert isinstance(session.effects[mark][1], Tone)
    assert session.effects[mark][1] == Tone(ToneKind.HEARD)


@pytest.mark.parametrize("command", [Command.STOP, Command.PAUSE, Command.HURT, Command.DANGER])
def test_but_the_first_reaction_to_stop_is_silence(command: Command) -> None:
    session = working()
    mark = len(session.effects)
    session.say(command)
    assert isinstance(session.effects[mark][1], Hush)


def test_tones_handed_over_survive_a_cut_voice() -> None:
    """An answer cuts the count that is due, but not the end tone that was handed over with it."""
    session = working()
    phase = session.state.phase
    assert isinstance(phase, Working)
    end = phase.track.anchor + phase.timeline.total
    session.run_until(end - 300)
    mark = len(session.effects)
    session.say(Command.WHERE)
    after = since(session, mark)
    if any(isinstance(effect, Hush) for effect in after):
        assert Tone(ToneKind.END, end) in after
    session.run_until(end)
    assert any(entry.who == "TONE" and entry.text == "end" and entry.at == end for entry in session.entries)


def test_a_stale_command_is_refused_without_words() -> None:
    session = working()
    mark = len(session.effects)
    now = session.now
    session.post(Heard(now, Command.NEXT, "next", PhaseName.POSITIONING, now - 500))
    assert since(session, mark) == [Tone(ToneKind.REFUSED)]
    assert isinstance(session.state.phase, Working)


def test_stop_is_never_stale() -> None:
    session = working()
    session.post(Heard(session.now, Command.STOP, "stop", PhaseName.POSITIONING, session.now))
    assert isinstance(session.state.phase, Paused)


@pytest.mark.parametrize("part", [Part.MICROPHONE, Part.SPEAKER, Part.RECOGNISER])
def test_a_part_that_is_needed_pauses_the_session(part: Part) -> None:
    session = working()
    session.post(Faulted(session.now, part, "gone", "The cable is out: plug it in."))
    session.run_until(session.now + 15_000)
    assert spoken(session)[-3:] == [
        "Come out of it slowly.",
        "The cable is out: plug it in.",
        "Paused. The keys still work.",
    ]
    assert isinstance(session.state.phase, Paused)
    session.post(Faulted(session.now, part, "gone", "The cable is out: plug it in."))
    session.run_until(session.now + 15_000)
    assert spoken(session).count("The cable is out: plug it in.") == 1
    session.post(Recovered(session.now, part))
    session.run_until(session.now + 15_000)
    assert spoken(session)[-2:] == [f"The {part.value} works again.", "Say continue, next move, or end session."]
    session.say(Command.RESUME)
    assert isinstance(session.state.phase, Positioning)
    assert session.state.phase.gate


@pytest.mark.parametrize(
    ("part", "code"), [(Part.DISK, "full"), (Part.SPEECH_ENGINE, "gone"), (Part.MICROPHONE, "digital_silence")]
)
def test_other_faults_are_said_and_the_work_goes_on(part: Part, code: str) -> None:
    session = working()
    session.post(Faulted(session.now, part, code, "Something is gone."))
    session.run_until(session.now + 3000)
    assert "Something is gone." in spoken(session)
    assert isinstance(session.state.phase, Working)
    session.post(Recovered(session.now, part))
    session.run_until(session.now + 5000)
    assert isinstance(session.state.phase, Working)


def test_recovering_from_nothing_says_nothing() -> None:
    session = working()
    mark = len(session.effects)
    session.post(Recovered(session.now, Part.DISK))
    assert since(session, mark) == []


def test_interrupted_keeps_the_place_and_what_was_done() -> None:
    session = working()
    mark = len(session.effects)
    session.post(Interrupted(session.now))
    kinds = [type(effect) for effect in since(session, mark) if not isinstance(effect, Say)]
    assert kinds == [Hush, Save, Record, Quit, Listen]
    record = next(effect for effect in since(session, mark) if isinstance(effect, Record)).session
    assert record["worked_s"] == 2.0
    assert record["completed"] is False


def test_interrupted_when_idle_just_quits() -> None:
    session = fresh()
    mark = len(session.effects)
    session.post(Interrupted(session.now + 10))
    assert [type(effect) for effect in since(session, mark)] == [Hush, Quit, Listen]


def test_what_is_remembered_comes_in_between_sessions_and_never_during_one() -> None:
    session = working()
    session.post(Recalled(session.now, Memory(at=session.now, sessions=5, evening=True)))
    assert session.state.context.memory.sessions == 0

    session = fresh()
    session.post(Recalled(session.now + 10, Memory(at=10, sessions=5, evening=True)))
    assert session.state.context.memory.sessions == 5
    assert isinstance(session.state.phase, Idle)
    assert session.state.soft, "meanwhile it is evening"


def test_after_a_session_the_coach_waits_for_the_next_one() -> None:
    session = working()
    for command in (Command.STOP, Command.END, Command.YES, Command.LEAVE):
        session.say(command)
    while not isinstance(session.state.phase, Done) or not session.state.phase.told:
        session.run_until(session.next_moment() or session.now + 100)
    session.post(Recalled(session.now + 10, Memory(at=10, sessions=1)))
    assert isinstance(session.state.phase, Idle)
    assert session.state.context.memory.sessions == 1


def test_the_whole_session_is_recorded_with_the_prescribed_work() -> None:
    session = fresh()
    session.say(Command.START, slots={"routine": "short"})
    while not session.over:
        session.run_until(session.next_moment() or session.now + 100)
        phase = session.state.phase
        if isinstance(phase, Positioning) and phase.gate and phase.waiting_since is not None:
            session.say(Command.READY)
    records = [effect.session for _, effect in session.effects if isinstance(effect, Record)]
    assert len(records) == 1
    record = records[0]
    assert record["completed"] is True
    assert record["start_side"] == "left"
    assert [(b["exercise"], b["side"], b["round"], b["worked_ms"]) for b in record["bouts"]] == [
        ("rib_waves", None, 1, 18000),
        ("open_arms", "left", 1, 18000),
        ("open_arms", "right", 1, 18000),
        ("long_hold", None, 1, 45000),
        ("side_hold", "left", 1, 20000),
        ("side_hold", "right", 1, 20000),
        ("swings", None, 1, 32000),
        ("two_spots", None, 1, 88000),
        ("swings", None, 2, 32000),
        ("two_spots", None, 2, 88000),
    ]
    assert all(b["worked_ms"] == b["planned_ms"] for b in record["bouts"])
    assert any(isinstance(effect, Forget) for _, effect in session.effects)


def test_a_session_begins_with_the_other_side_than_the_last_one() -> None:
    session = fresh(Memory(sessions=1, last_side={"short": Side.LEFT}))
    session.say(Command.START, slots={"routine": "short"})
    run = session.state.run
    assert run is not None
    assert run.plan.profile.start_side is Side.RIGHT


def test_a_routine_may_fix_its_side_and_may_have_nothing_left() -> None:
    fixed = replace(ROUTINE, start_side="right")
    session = Rehearsal(new_state(replace(CATALOG, routines={"short": fixed}), wording()))
    session.say(Command.START, slots={"routine": "short"})
    assert session.state.run is not None
    assert session.state.run.plan.profile.start_side is Side.RIGHT
    empty = replace(ROUTINE, blocks=())
    session = Rehearsal(new_state(replace(CATALOG, routines={"short": empty}), wording()))
    session.say(Command.START, slots={"routine": "short"})
    session.run_until(10_000)
    assert "Nothing of that routine is left for you today." in spoken(session)
    assert isinstance(session.state.phase, Idle)


def test_without_any_routine_it_says_so() -> None:
    session = Rehearsal(new_state(Catalog({}, {}), wording()))
    session.run_until(10_000)
    for command in (Command.LIST, Command.CHOOSE, Command.START, Command.ASK):
        session.say(command)
        session.run_until(session.now + 10_000)
    assert spoken(session) == [
        *(wording().texts["no_routines"][0],) * 3,
        "I do not know that routine.",
        wording().texts["no_routines"][0],
        "I have nothing on that.",
    ]
    assert view_of(session.state, session.now).options


def test_many_routines_are_listed_in_threes() -> None:
    routines = {f"r{n}": replace(ROUTINE, id=f"r{n}", title=f"Number {n}") for n in range(4)}
    session = Rehearsal(new_state(replace(CATALOG, routines=routines), wording()))
    heard = []
    for _ in range(3):
        session.run_until(session.now + 10_000)
        session.say(Command.LIST)
        session.run_until(session.now + 10_000)
        heard.append([text for text in spoken(session) if text.startswith("There are")][-1])
    assert heard[0] == heard[2] == "There are: Number 0, Number 1 and Number 2."
    assert heard[1] == "There are: Number 3."


def test_a_wish_for_less_time_than_any_routine_takes_offers_the_shortest() -> None:
    session = fresh()
    session.run_until(10_000)
    session.say(Command.CHOOSE, slots={"minutes": 2})
    session.run_until(20_000)
    assert spoken(session)[-1] == "The shortest there is: Short Routine, six minutes. Begin, yes or no?"


def test_end_when_idle_says_good_bye() -> None:
    session = fresh()
    session.run_until(10_000)
    session.say(Command.END)
    session.run_until(20_000)
    assert spoken(session)[-1] == "Good-bye."
    assert session.over


def test_an_unknown_block_is_not_jumped_to() -> None:
    session = working()
    session.say(Command.JUMP, slots={"block": "cellar"})
    session.run_until(session.now + 3000)
    assert spoken(session)[-1] == "That part is not in this routine."
    assert isinstance(session.state.phase, Working)


def test_easier_on_the_way_into_position_keeps_the_words() -> None:
    session = working()
    session.say(Command.NEXT)
    session.run_until(session.now + 4000)
    session.say(Command.EASIER)
    session.run_until(session.now + 20_000)
    after = spoken(session)[spoken(session).index("Easier: hand on your ribs.") :]
    assert after[-3:] == ["Move smoothly.", "Keep breathing.", "Say ready when you are there."]
    assert isinstance(session.state.phase, Positioning)


def test_another_exercise_while_paused_stays_paused() -> None:
    session = working()
    session.say(Command.NEXT)
    session.say(Command.PAUSE)
    session.say(Command.HARDER)
    session.run_until(session.now + 5000)
    assert "Harder: arm straight." in spoken(session)
    assert isinstance(session.state.phase, Paused)
    assert view_of(session.state, session.now).move == "Long Hold"
    session.say(Command.EASIER)
    session.run_until(session.now + 5000)
    assert spoken(session)[-1] == "Back to the usual version."


def test_a_version_that_cannot_be_done_today_is_not_offered() -> None:
    """The harder version is another exercise, which needs what is not there."""
    catalog = replace(
        CATALOG,
        exercises={
            **CATALOG.exercises,
            "open_arms": replace(
                CATALOG.exercises["open_arms"], harder=replace(CATALOG.exercises["open_arms"].harder, use="blocked")
            ),
            "blocked": replace(
                CATALOG.exercises["long_hold"],
                id="blocked",
                cautions=(replace(CATALOG.exercises["open_arms"].cautions[0], tag="bad_back", do="block"),),
            ),
        },
    )
    session = Rehearsal(new_state(catalog, wording()))
    session.say(Command.START, slots={"routine": "short"})
    session.say(Command.SKIP)
    run = session.state.run
    assert run is not None
    plan = replace(run.plan, profile=replace(run.plan.profile, tags=frozenset({"bad_back"})))
    session.state = replace(session.state, run=replace(run, plan=plan))
    session.say(Command.HARDER)
    session.run_until(session.now + 3000)
    assert "This is the hardest version." in spoken(session)
    assert view_of(session.state, session.now).move == "Open Arms"


def test_wait_at_a_gate_starts_the_patience_anew() -> None:
    session = working()
    session.say(Command.NEXT)
    session.run_until(session.now + 50_000)
    session.say(Command.WAIT)
    session.run_until(session.now + 28_000)
    assert spoken(session)[-1] == "Take your time."


def test_repeat_without_a_gate_goes_on_to_the_count_in() -> None:
    session = fresh()
    session.say(Command.START, slots={"routine": "short"})
    session.run_until(30_000)
    session.say(Command.REPEAT)
    session.run_until(60_000)
    assert "Begin in" in spoken(session)
    assert "Say ready when you are there." not in spoken(session)


def test_ready_twice_changes_nothing() -> None:
    session = fresh()
    session.say(Command.START, slots={"routine": "short"})
    session.run_until(30_000)
    session.say(Command.READY)
    session.run_until(session.now + 10_000)
    session.run_until(30_500)
    session.say(Command.READY)
    assert isinstance(session.state.phase, Working)


def test_a_command_in_the_count_in_takes_it_back_and_it_begins_anew() -> None:
    session = fresh()
    session.say(Command.START, slots={"routine": "short"})
    while not (isinstance(session.state.phase, Positioning) and session.state.phase.counting_in):
        session.run_until(session.next_moment() or 0)
    begin = session.state.phase.counting_in.anchor
    session.run_until(begin - 1500)
    session.say(Command.WHERE)
    session.run_until(begin + 100)
    assert isinstance(session.state.phase, Positioning)
    assert not any(e.who == "TONE" and e.text == "begin" for e in session.entries)
    session.run_until(begin + 15_000)
    assert isinstance(session.state.phase, Working)


def test_volume_stays_within_bounds() -> None:
    session = working()
    for _ in range(5):
        session.say(Command.LOUDER)
    assert [effect.db for _, effect in session.effects if isinstance(effect, Volume)] == [6.0]
    for _ in range(9):
        session.say(Command.QUIETER)
    assert session.state.settings.sound.volume_db == -18.0


def test_the_words_of_the_next_step_are_prepared() -> None:
    session = fresh()
    session.say(Command.START, slots={"routine": "short"})
    prepared = [effect.texts for _, effect in session.effects if isinstance(effect, Prepare)][-1]
    for text in ("I am a voice with a timer.", "Begin in", "Three", "Open Arms, left arm.", "Come out of it slowly."):
        assert text in prepared


def test_everything_said_in_a_session_was_prepared() -> None:
    session = fresh()
    session.say(Command.START, slots={"routine": "short"})
    while not session.over:
        session.run_until(session.next_moment() or session.now + 100)
        phase = session.state.phase
        if isinstance(phase, Positioning) and phase.gate and phase.waiting_since is not None:
            session.say(Command.READY)
    prepared: set[str] = set()
    late = []
    for _, effect in session.effects:
        if isinstance(effect, Prepare):
            prepared |= set(effect.texts)
        if isinstance(effect, Say) and effect.utterance.text not in prepared:
            late.append(effect.utterance.text)
    assert late == []


def test_less_is_said_every_time_and_more_after_a_long_break() -> None:
    def words(times: int, away: int | None = 2) -> int:
        memory = Memory(sessions=times, times={"short": times}, days_away=away)
        session = fresh(memory)
        session.say(Command.START, slots={"routine": "short"})
        session.say(Command.SKIP)
        session.run_until(60_000)
        return sum(len(text.split()) for text in spoken(session))

    assert words(1) > words(3)
    assert words(3, away=14) > words(3)
    assert words(3, away=14) == words(1)


def test_events_and_phases_that_do_not_exist_are_programming_errors() -> None:
    state = fresh().state
    with pytest.raises(AssertionError):
        transition(state, cast(Event, object.__new__(type("Odd", (), {"at": 1_000_000}))))
    odd = replace(state, phase=cast(Phase, object()))
    with pytest.raises(AssertionError):
        next_deadline(odd)
    with pytest.raises(AssertionError):
        _table(odd.phase)


@pytest.mark.parametrize("routine", sorted(shipped().routines))
def test_no_sentence_of_ours_holds_an_unfilled_slot(routine: str) -> None:
    session = Rehearsal(new_state(shipped(), wording(), Memory(person=screened(shipped()))))
    session.say(Command.START, slots={"routine": routine})
    while not session.over:
        session.run_until(session.next_moment() or session.now + 100)
        phase = session.state.phase
        if isinstance(phase, Positioning) and phase.gate and phase.waiting_since is not None:
            session.say(Command.READY)
    assert not [text for text in spoken(session) if "{" in text or ".." in text or "  " in text]


def test_time_that_runs_backwards_is_the_present() -> None:
    session = working()
    state, effects = transition(session.state, Tick(session.now - 5000))
    assert state == session.state
    assert effects == ()


def test_a_single_doubt_sounds_at_most_once_a_minute() -> None:
    session = working()
    mark = len(session.effects)
    for _ in range(3):
        session.post(NearMiss(session.now, Command.NEXT, "next", PhaseName.WORKING))
        session.run_until(session.now + 8000)
    doubts = [effect for effect in since(session, mark) if effect == Tone(ToneKind.DOUBT)]
    assert len(doubts) == 1


def test_no_cue_is_said_right_after_an_answer() -> None:
    """Questions come so often that no cue finds four seconds of silence."""

    def heard(asking: bool) -> set[str]:
        session = fresh()
        session.say(Command.START, slots={"routine": "short"})
        session.say(Command.JUMP, slots={"block": "floor"})
        session.say(Command.SKIP)
        session.say(Command.READY)
        while not isinstance(session.state.phase, Working):
            session.run_until(session.next_moment() or 0)
        for _ in range(14):
            session.run_until(session.now + 3000)
            if asking:
                session.say(Command.WHERE)
        return {cue.say for cue in CATALOG.exercises["long_hold"].cues} & set(spoken(session))

    assert len(heard(asking=False)) == 2
    assert heard(asking=True) == set()


def test_the_view_tells_what_a_display_shows() -> None:
    session = working()
    view = view_of(session.state, session.now)
    assert (view.phase, view.routine, view.move, view.side) == (PhaseName.WORKING, "Short Routine", "Rib Waves", None)
    assert view.remaining_ms == 16_000
    assert view.move_fraction == pytest.approx(2 / 18)
    assert 0 < view.session_fraction < 0.2
    assert view.coming_next == "Open Arms, left arm"
    assert view.options == ("pause", "next", "easier")
    assert not view.muted
    session.say(Command.NEXT, "next move")
    view = view_of(session.state, session.now)
    assert (view.heard, view.heard_outcome, view.remaining_ms, view.move_fraction) == ("next move", "done", None, 0.0)
    session.run_until(session.now + 500)
    assert view_of(session.state, session.now).speaking == "Come out of it slowly."
    session.say(Command.READY)
    while not (isinstance(session.state.phase, Positioning) and session.state.phase.counting_in):
        session.run_until(session.next_moment() or 0)
    left = view_of(session.state, session.now).remaining_ms
    assert left is not None
    assert 3000 < left < 6000


def test_the_view_when_nothing_is_going_on() -> None:
    view = view_of(fresh().state, 10)
    assert (view.phase, view.move, view.remaining_ms, view.session_fraction) == (PhaseName.IDLE, "", None, 0.0)
    assert view.options == ("what routines are there", "what should I do today", "start short routine")
