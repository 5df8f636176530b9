"""From evidence to a hearing, without a recogniser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.listening.hearing import Kind
from assistant.listening.judge import Judge
from assistant.listening.model import RATE
from assistant.listening.phrases import PhraseTable
from assistant.listening.probe import Evidence, Heard, Utterance
from assistant.listening.transcriber import Transcript
from assistant.listening.verify import Verifier, fitted

from .conftest import silence

UTTERANCE = Utterance(0, 6400, 22_400, 26_000, silence(1.0))


def certain(text: str, written: str) -> Evidence:
    """The recognisers heard just `text`, the transcriber wrote `written`."""
    heard = [Heard(text, 100.0, 6400, 22_400)]
    return Evidence(UTTERANCE, heard, heard, Transcript(written, -1.0, {text: -1.0}, {text: -0.2}))


VERIFIER = Verifier((10.0,) + (0.0,) * 6, 0.0, {"normal": 0.0}, 2.0, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0)


def said(text: str, odds: float) -> Evidence:
    """The recognisers heard `text`, for which VERIFIER finds these log-odds."""
    heard, common = [Heard(text, 100.0 + odds * 2, 6400, 20_000)], [Heard("", 100.0, 0, 0)]
    return Evidence(UTTERANCE, heard, common, Transcript(text, -9.0, {text: -9.0}, {text: -3.0}))


@pytest.mark.parametrize("phase", ["positioning", "working", "idle"])
def test_a_phrase_that_is_longer_when_idle_is_no_other_command_elsewhere(table: PhraseTable, phase: str) -> None:
    hearing = Judge(table, fitted(), "normal").hearing(
        certain("speak louder please", "speak louder peas"), phase, 26_000
    )
    assert (hearing.kind, hearing.command) == (Kind.ACCEPTED, "louder")


def test_a_command_of_another_phase_is_not_now(table: PhraseTable) -> None:
    hearing = Judge(table, fitted(), "normal").hearing(certain("how many more", "how many more"), "paused", 26_000)
    assert (hearing.kind, hearing.command) == (Kind.ELSEWHERE, "count")


@pytest.mark.parametrize("phase", ["positioning", "working", "paused"])
@pytest.mark.parametrize("text", ["yes", "okay four", "same"])
def test_a_short_answer_is_none_where_nothing_was_asked(table: PhraseTable, text: str, phase: str) -> None:
    assert Judge(table, VERIFIER, "normal").hearing(said(text, 5.0), phase, 26_000).kind is Kind.IGNORED


def test_a_short_command_of_another_phase_is_not_now(table: PhraseTable) -> None:
    assert Judge(table, VERIFIER, "normal").hearing(said("next", 5.0), "paused", 26_000).kind is Kind.ELSEWHERE


def test_of_the_phrases_that_were_heard_the_one_with_most_evidence_counts(table: PhraseTable) -> None:
    """Figures of a real one in a room: the recogniser's first was another number."""
    first, right = "one minutes left", "seven minutes left"
    heard = [Heard(first, 125.4, 6400, 22_400), Heard(right, 124.7, 6400, 22_400)]
    common = [Heard("several minutes left", 126.0, 6400, 22_400)]
    written = Transcript("several minutes left", -2.0, {first: -15.1, right: -4.1}, {first: -1.51, right: -0.18})
    hearing = Judge(table, fitted(), "normal").hearing(Evidence(UTTERANCE, heard, common, written), "working", 26_000)
    assert (hearing.kind, hearing.text, hearing.slots) == (Kind.ACCEPTED, right, {"minutes": 7})


def test_a_command_of_this_phase_is_never_not_now(table: PhraseTable) -> None:
    """While the voice may go on, behind what is no phrase: its end is awaited."""
    texts = ("worse", "words", "how many more")  # the first one is a phrase of another phase, the second of none
    heard = [Heard(text, 110.0, 6400, 22_400) for text in texts]
    written = Transcript("how many more", -1.0, dict.fromkeys(texts, -1.0), dict.fromkeys(texts, -1.0))
    evidence = Evidence(replace(UTTERANCE, early=True), heard, [Heard("", 100.0, 0, 0)], written)
    judge = Judge(table, replace(VERIFIER, weights=(0.0,) * 4 + (-10.0, 0.0, 0.0), bias=5.0), "normal")
    assert judge.hearing(evidence, "paused", 26_000).kind is Kind.ELSEWHERE
    assert judge.hearing(evidence, "working", 26_000).kind is Kind.IGNORED


@pytest.mark.parametrize(("odds", "kind"), [(0.4, Kind.IGNORED), (0.6, Kind.ELSEWHERE)])
def test_more_is_asked_of_what_makes_no_sense_now(table: PhraseTable, odds: float, kind: Kind) -> None:
    assert Judge(table, VERIFIER, "normal").hearing(said("how many more", odds), "paused", 26_000).kind is kind


def test_a_command_may_be_heard_with_words_of_habit(table: PhraseTable) -> None:
    hearing = Judge(table, VERIFIER, "normal").hearing(said("okay next please", 1.0), "working", 26_000)
    assert (hearing.kind, hearing.command) == (Kind.ACCEPTED, "next")


@pytest.mark.parametrize(("text", "kind"), [("how many more", Kind.ACCEPTED), ("how many more please", Kind.NEAR)])
def test_less_is_asked_of_a_phrase_without_words_of_habit(table: PhraseTable, text: str, kind: Kind) -> None:
    judge = Judge(table, replace(VERIFIER, plain=1.0), "normal")
    assert judge.hearing(said(text, -0.5), "working", 26_000).kind is kind


def test_words_of_habit_neither_unmask_a_taught_word_nor_make_a_short_one_long(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")
    assert judge.hearing(said("and stop now", 3.0), "working", 26_000).kind is Kind.ACCEPTED
    judge.masks.add(["stop"], 0, 30_000)
    hearing = judge.hearing(said("so stop", 3.0), "working", 26_000)
    assert (hearing.kind, hearing.why) == (Kind.IGNORED, "the coach's own words")
    idle = judge.hearing(said("okay coach list routines please", 3.0), "idle", 26_000)
    assert (idle.kind, idle.why) == (Kind.IGNORED, "too short when idle")


def test_where_others_talk_there_are_no_words_of_habit(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")
    talk = replace(UTTERANCE, began=140_000, ended=160_000, talk=tuple(range(100_000, 132_000, 512)))
    assert judge.hearing(replace(said("next", 3.0), utterance=talk), "working", 26_000).kind is Kind.ACCEPTED
    assert judge.hearing(replace(said("okay next", 3.0), utterance=talk), "working", 26_000).kind is Kind.IGNORED


def test_what_is_in_doubt_is_what_is_about_as_sure_as_is_asked_for(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")
    assert judge.in_doubt(said("pause", 1.0), "working")
    assert not judge.in_doubt(said("pause", 3.0), "working")
    assert not judge.in_doubt(said("", 1.0), "working")


def test_while_the_voice_may_go_on_only_what_would_be_a_command_is_in_doubt_but_never_stop(table: PhraseTable) -> None:
    judge, early = Judge(table, VERIFIER, "normal"), replace(UTTERANCE, early=True)
    assert judge.in_doubt(replace(said("next", 1.0), utterance=early), "working")
    assert not judge.in_doubt(replace(said("next", 0.3), utterance=early), "working")
    assert judge.in_doubt(said("next", -0.3), "working")
    assert not judge.in_doubt(replace(said("stop", 1.0), utterance=early), "working")


@pytest.mark.parametrize(("seconds", "kind"), [(1.1, Kind.ACCEPTED), (1.2, Kind.IGNORED)])
def test_what_is_slower_than_anybody_speaks_is_no_command(table: PhraseTable, seconds: float, kind: Kind) -> None:
    evidence = said("undo", 3.0)
    drawn = [Heard("undo", evidence.commands[0].fit, 6400, 6400 + round(seconds * RATE))]
    hearing = Judge(table, VERIFIER, "normal").hearing(replace(evidence, commands=drawn), "working", 26_000)
    assert hearing.kind is kind


def test_two_syllables_are_heard_again_only_where_others_talk(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")
    talk = replace(UTTERANCE, began=140_000, ended=160_000, talk=tuple(range(100_000, 132_000, 512)))
    assert not judge.in_doubt(said("repeat", 1.0), "working")
    assert judge.in_doubt(replace(said("repeat", 1.0), utterance=talk), "working")


@pytest.mark.parametrize(("odds", "kind"), [(0.4, Kind.NEAR), (0.6, Kind.ACCEPTED)])
def test_where_rather_nothing_was_heard_more_is_asked_for_however_long_the_phrase(
    table: PhraseTable, odds: float, kind: Kind
) -> None:
    judge, evidence = Judge(table, replace(VERIFIER, long=1.0), "normal"), said("how many more", odds)
    assert judge.hearing(evidence, "working", 26_000).kind is Kind.ACCEPTED
    evidence = replace(evidence, commands=[Heard("", 100.0, 0, 0), *evidence.commands])
    assert judge.hearing(evidence, "working", 26_000).kind is kind


@pytest.mark.parametrize(
    ("again", "kind"),
    [
        (said("pause", 2.0), Kind.ACCEPTED),
        (said("pause", -3.0), Kind.NEAR),
        (said("next", 4.0), Kind.NEAR),
        (said("", 0.0), Kind.NEAR),
    ],
)
def test_heard_again_with_its_noise_it_must_still_be_it(table: PhraseTable, again: Evidence, kind: Kind) -> None:
    judge = Judge(table, VERIFIER, "normal")
    assert judge.hearing(said("pause", 0.5), "working", 26_000).kind is Kind.ACCEPTED
    evidence = replace(said("pause", 0.5), again=again)
    assert judge.hearing(evidence, "working", 26_000).kind is kind


def test_while_the_voice_may_go_on_there_is_no_command_behind_the_beginning_of_another(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")
    evidence = said("next", 3.0)
    evidence = replace(evidence, commands=[Heard("what's", 101.0, 6400, 22_400), *evidence.commands])
    assert judge.hearing(evidence, "working", 26_000).kind is Kind.ACCEPTED
    early = replace(evidence, utterance=replace(UTTERANCE, early=True))
    assert judge.hearing(early, "working", 26_000).kind is Kind.IGNORED


@pytest.mark.parametrize(("written", "kind"), [("next to", Kind.ACCEPTED), ("next to you all of them", Kind.IGNORED)])
def test_while_the_voice_may_go_on_there_is_no_command_where_much_more_was_written_down(
    table: PhraseTable, written: str, kind: Kind
) -> None:
    judge = Judge(table, VERIFIER, "normal")
    evidence = replace(said("next", 3.0), transcript=Transcript(written, -9.0, {"next": -9.0}, {"next": -0.2}))
    assert judge.hearing(evidence, "working", 26_000).kind is Kind.ACCEPTED
    early = replace(evidence, utterance=replace(UTTERANCE, early=True))
    assert judge.hearing(early, "working", 26_000).kind is kind


def test_what_hardly_anybody_said_is_no_command(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")
    short = replace(UTTERANCE, ended=UTTERANCE.began + 1024)
    assert judge.hearing(replace(said("it hurts", 3.0), utterance=short), "working", 26_000).kind is Kind.IGNORED


def test_what_is_written_down_just_so_is_a_command_of_several_words(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")

    def written(text: str, score: float, utterance: Utterance = UTTERANCE) -> Kind:
        nothing = [Heard("", 100.0, 0, 0)]
        evidence = Evidence(utterance, nothing, transcript=Transcript(text, score))
        return judge.hearing(evidence, "working", 26_000).kind

    assert written("okay next please", -1.0) is Kind.ACCEPTED
    assert written("okay next please", -5.0) is Kind.IGNORED, "it may have been anything"
    assert written("next", -1.0) is Kind.IGNORED, "the recogniser would have heard it as well"
    talk = replace(UTTERANCE, began=140_000, ended=160_000, talk=tuple(range(100_000, 132_000, 512)))
    assert written("okay next please", -1.0, talk) is Kind.IGNORED


def test_habits_are_heard_around_a_command(table: PhraseTable) -> None:
    judge = Judge(table, VERIFIER, "normal")
    written = Transcript("okay next please", -1.0, {"next": -9.0}, {"next": -3.0})
    evidence = replace(said("next", -4.0), transcript=written)
    hearing = judge.hearing(evidence, "working", 26_000)
    assert (hearing.kind, hearing.command, hearing.text) == (Kind.ACCEPTED, "next", "okay next please")
