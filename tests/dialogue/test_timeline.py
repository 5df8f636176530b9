"""A step as timed words: exact moments, by literal numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from small_routine import CATALOG, wording

from assistant.catalog.adapt import adapt
from assistant.catalog.model import Count, Dose, Profile, RepPart, Step
from assistant.dialogue.effects import ToneKind
from assistant.dialogue.timeline import CountIn, Detail, Timeline, afresh, compile_step, count_in, moved

PLAN = adapt(CATALOG.routines["short"], CATALOG, Profile())


def step(exercise: str, **dose: object) -> Step:
    found = next(step for step in PLAN.steps if step.exercise.id == exercise)
    return replace(found, dose=replace(found.dose, **dose)) if dose else found  # type: ignore[arg-type]


def compiled(step: Step, detail: Detail = Detail.FULL, tempo: float = 1.0, extra: int = 0) -> Timeline:
    return compile_step(step, wording(), detail, tempo, extra)


def said(timeline: Timeline) -> list[tuple[int, str]]:
    """Words and tones at their moments, without the cues."""
    marks = sorted((mark for mark in timeline.marks if not mark.cue), key=lambda mark: mark.at)
    return [(mark.at, mark.text or mark.tone.value) for mark in marks if mark.text or mark.tone]


def test_repetitions_are_talked_through_and_then_counted_on_the_return() -> None:
    assert said(compiled(step("open_arms", reps=5))) == [
        (600, "Open, breathe out"),
        (3000, "One, breathe in"),
        (9000, "Two"),
        (15000, "Two more"),
        (21000, "Last one"),
        (30000, "end"),
    ]


def test_fewer_words_mean_fewer_breath_calls() -> None:
    def texts(detail: Detail) -> list[str]:
        return [text for _, text in said(compiled(step("open_arms", reps=3), detail))]

    assert texts(Detail.FULL) == ["Open, breathe out", "One, breathe in", "Last one", "end"]
    assert texts(Detail.SHORT) == texts(Detail.KNOWN) == texts(Detail.COUNTS) == ["One", "Last one", "end"]


def test_the_other_side_is_not_talked_through_again() -> None:
    other = next(step for step in PLAN.steps if step.exercise.id == "open_arms" and step.second_side)
    assert [text for _, text in said(compiled(replace(other, dose=Dose(reps=3))))] == ["One", "Last one", "end"]


def test_with_few_repetitions_two_more_comes_too_early() -> None:
    texts = [text for _, text in said(compiled(step("open_arms", reps=3)))]
    assert "Two more" not in " ".join(texts)


def test_breaths_are_called_twice_and_then_counted() -> None:
    texts = said(compiled(step("rib_waves", breaths=4)))
    assert texts == [
        (600, "Breathe out"),
        (3000, "One, breathe in"),
        (6000, "Breathe out"),
        (9000, "Two more, breathe in"),
        (15000, "Last one"),
        (24000, "end"),
    ]


def test_an_alternating_move_names_its_sides_and_counts_pairs() -> None:
    timeline = compiled(step("swings", reps=4))
    assert timeline.total == 4 * 2 * 4000
    assert said(timeline)[:4] == [
        (600, "Left"),
        (2000, "Turn"),
        (4000, "Right"),
        (6000, "One"),
    ]
    assert [text for _, text in said(compiled(step("swings", reps=4), Detail.COUNTS))][:2] == ["Left", "One"]
    assert timeline.reps == (8000, 16000, 24000, 32000)
    assert timeline.reps_left(8000) == 3


def test_a_hold_ends_on_three_two_one() -> None:
    assert said(compiled(step("side_hold"))) == [
        (10000, "Ten more seconds"),
        (17000, "Three"),
        (18000, "Two"),
        (19000, "One"),
        (20000, "end"),
    ]


def test_a_long_hold_says_every_half_minute_how_much_is_left() -> None:
    assert said(compiled(step("long_hold", hold_s=95)))[:4] == [
        (35000, "Sixty seconds more"),
        (65000, "Thirty seconds more"),
        (85000, "Ten more seconds"),
        (92000, "Three"),
    ]
    assert said(compiled(step("side_hold", hold_s=39)))[0] == (29000, "Ten more seconds")


def test_a_short_hold_ends_on_the_tone_alone() -> None:
    assert said(compiled(step("side_hold", hold_s=6))) == [(6000, "end")]


def test_sets_spots_and_the_hold_at_the_end() -> None:
    timeline = compiled(step("two_spots"))
    bout = 2 * 6000 + 10000
    shift, rest = 6000, 15000
    assert timeline.total == 2 * (2 * bout + shift) + rest
    assert timeline.planned == 4 * bout
    assert timeline.work[1] == (bout + shift, 2 * bout + shift)
    ends = [at for at, text in said(timeline) if text == "end"]
    begins = [at for at, text in said(timeline) if text == "begin"]
    assert ends == [22000, 50000, 87000, 115000]
    assert begins == [28000, 65000, 93000]
    assert (22700, "Move on to the other spot") in said(timeline)
    assert (50700, "Come out of it slowly") in said(timeline)
    assert (12000, "Stay there, ten seconds") in said(timeline)
    assert [text for at, text in said(timeline) if 62000 <= at < 65000] == ["Three", "Two", "One"]


def test_a_move_that_is_not_counted_aloud_ticks() -> None:
    quiet = step("open_arms", reps=3)
    quiet = replace(quiet, exercise=replace(quiet.exercise, count=Count("none")))
    beats = [mark.at for mark in compiled(quiet).marks if mark.tone is ToneKind.BEAT]
    assert beats == [3000, 9000, 15000]


def test_parts_that_are_too_short_go_by_without_a_word() -> None:
    brisk = step("open_arms", reps=3)
    parts = (RepPart("open", 1, "out"), RepPart("stay", 1, "hold_soft"), RepPart("return", 1, "in"))
    brisk = replace(brisk, exercise=replace(brisk.exercise, rep=parts))
    assert [text for _, text in said(compiled(brisk))] == ["One", "Last one", "end"]


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("step", PLAN.steps, ids=lambda step: f"{step.index}-{step.exercise.id}")
def test_cues_keep_their_distance(step: Step, detail: Detail) -> None:
    """Four seconds after other words, eight after another cue, never into a count, and no more than fit the detail."""
    timeline = compiled(step, detail)
    cues = [mark for mark in timeline.marks if mark.cue]
    others = sorted(mark.at for mark in timeline.marks if not mark.cue)
    assert len(cues) <= {Detail.COUNTS: 0, Detail.KNOWN: 1, Detail.SHORT: 2, Detail.FULL: 2}[detail]
    for cue in cues:
        assert cue.at >= 4000
        assert cue.at - max((at for at in others if at <= cue.at), default=0) >= 4000
        assert min(at for at in others if at > cue.at) - cue.at >= 1000
        assert any(begin <= cue.at < end for begin, end in timeline.work)
    assert all(b.at - a.at >= 8000 for a, b in pairwise(cues))


def test_the_other_side_hears_another_cue() -> None:
    sides = [s for s in PLAN.steps if s.exercise.id == "side_hold"]
    first, second = ([m.text for m in compiled(s, Detail.SHORT).marks if m.cue] for s in sides)
    assert second
    assert second[0] != first[0]
    assert [m.cue for m in compiled(sides[1], Detail.KNOWN).marks].count(True) == 0


def test_tempo_keeps_the_place_in_the_repetition() -> None:
    normal, slow = compiled(step("open_arms")), compiled(step("open_arms"), tempo=1.25)
    assert slow.total == 22500
    assert moved(7500, normal, slow) == 9375  # half of the second "open"
    assert moved(9375, slow, normal) == 7500
    assert moved(normal.total, normal, slow) == slow.total
    hold = compiled(step("side_hold"))
    assert moved(1234, hold, compiled(step("side_hold"), tempo=1.25)) == 1234


@pytest.mark.parametrize(
    ("exercise", "more"), [("open_arms", 2 * 6000), ("side_hold", 10_000), ("swings", 8000), ("rib_waves", 2 * 6000)]
)
def test_an_extension_adds_ten_seconds_or_the_repetitions_that_fill_them(exercise: str, more: int) -> None:
    assert compiled(step(exercise), extra=1).planned - compiled(step(exercise)).planned == more


def test_work_between_two_offsets() -> None:
    timeline = compiled(step("two_spots"))
    assert timeline.worked(20000, 30000) == 2000 + 2000
    assert timeline.worked(23000, 27000) == 0
    assert timeline.following(10000) == next(n for n, mark in enumerate(timeline.marks) if mark.at >= 10000)
    assert timeline.following(timeline.total + 1) == len(timeline.marks)


def test_count_in_ends_on_the_begin_tone() -> None:
    marks = count_in(wording(), CountIn.WHOLE)
    assert [(mark.at, mark.text) for mark in marks[:-1]] == [
        (-4200, "Begin in"),
        (-3000, "Three"),
        (-2000, "Two"),
        (-1000, "One"),
    ]
    assert marks[-1].tone is ToneKind.BEGIN
    assert [mark.text for mark in count_in(wording(), CountIn.NUMBERS)] == ["Three", "Two", "One", ""]
    assert [(mark.at, mark.text) for mark in count_in(wording(), CountIn.WORD)] == [(-1100, "And begin"), (0, "")]


def test_after_three_two_one_a_count_is_told_as_one_and_a_countdown_is_not_begun_again() -> None:
    line = compiled(step("open_arms", reps=5))
    on = {mark.at: mark.text for mark in afresh(line, 8000, wording()).marks}
    assert (on[3000], on[9000], on[15000]) == ("One, breathe in", "Makes two", "Two more")
    on = {mark.at: mark.text for mark in afresh(line, 2500, wording()).marks}
    assert on[3000] == "Makes one, breathe in"
    hold = [mark.at for mark in afresh(compiled(step("side_hold")), 16_000, wording()).marks if not mark.cue]
    assert hold == [10_000, 20_000]


def test_a_dose_of_nothing_is_over_at_once() -> None:
    assert compiled(replace(step("side_hold"), dose=Dose())).total == 0
