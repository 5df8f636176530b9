"""One voice: ranks, waiting, dropping, taking up again."""

from __future__ import annotations

import pytest

from assistant.dialogue.effects import Hush, Rank, Say
from assistant.dialogue.events import Outcome
from assistant.dialogue.turn_taking import GAP_MS, Line, Voice, drop, due, ended, offer, speak
from assistant.dialogue.wording import estimate_ms


def talking(text: str = "Lie on your back.", rank: Rank = Rank.COACH, at: int = 0) -> Voice:
    voice, effects = speak(offer(Voice(free_at=-10_000), Line(text, rank)), at)
    assert [type(effect) for effect in effects] == [Say]
    return voice


def texts(effects: tuple[Say | Hush, ...]) -> list[str]:
    return [effect.utterance.text if isinstance(effect, Say) else "hush" for effect in effects]


@pytest.mark.parametrize("low", list(Rank)[:-1])
def test_a_higher_rank_hushes_a_lower_one(low: Rank) -> None:
    voice = offer(talking(rank=low), Line("Now this.", Rank(low + 1)))
    voice, effects = speak(voice, 100)
    assert texts(effects) == ["hush"]
    voice, effects = speak(voice, 100 + GAP_MS)
    assert texts(effects) == ["Now this."]


@pytest.mark.parametrize("rank", Rank)
def test_an_equal_rank_waits_its_turn(rank: Rank) -> None:
    voice = offer(talking(rank=rank), Line("And then.", rank))
    voice, effects = speak(voice, 100)
    assert effects == ()
    voice = ended(voice, 2000, 1, Outcome.FINISHED)
    assert due(voice) == 2000 + GAP_MS
    voice, effects = speak(voice, 2000 + GAP_MS)
    assert texts(effects) == ["And then."]


def test_an_instruction_that_was_cut_is_taken_up_again_before_the_next_one() -> None:
    voice = offer(talking("First."), Line("Second.", Rank.COACH))
    voice, _ = speak(offer(voice, Line("Twelve seconds.", Rank.ANSWER)), 100)
    said = []
    for at in range(1000, 30_000, 1000):
        voice, effects = speak(voice, at)
        said += texts(effects)
        if voice.speaking:
            voice = ended(voice, at + 500, voice.speaking.id, Outcome.FINISHED)
    assert said == ["Twelve seconds.", "First.", "Second."]


def test_a_cue_or_a_count_that_was_cut_is_gone() -> None:
    for line in (Line("Light hands", Rank.COACH, latest=0), Line("Two", Rank.COUNT, start_at=300, latest=200)):
        voice, _ = speak(offer(Voice(free_at=-10_000), line), 0)
        voice, effects = speak(offer(voice, Line("Yes.", Rank.ANSWER)), 10)
        assert texts(effects) == ["hush"]
        assert [waiting.text for waiting in voice.queue] == ["Yes."]


def test_a_count_waits_until_its_moment_can_no_longer_be_met() -> None:
    count = Line("Two", Rank.COUNT, start_at=1000, latest=900)
    busy = offer(talking("One", Rank.COUNT), count)
    in_time, effects = speak(ended(busy, 890, 1, Outcome.FINISHED), 890)
    assert effects == (Say(in_time.speaking and effects[0].utterance, 1000),)  # type: ignore[union-attr]
    late, effects = speak(ended(busy, 901, 1, Outcome.FINISHED), 901)
    assert effects == ()
    assert late.quiet


def test_an_end_that_never_comes_is_given_up_and_silenced() -> None:
    voice = offer(talking("Lie on your back."), Line("Then breathe.", Rank.COACH))
    lost = 2 * estimate_ms("Lie on your back.") + 3000
    assert due(voice) == lost
    voice, effects = speak(voice, lost)
    assert texts(effects) == ["hush"]
    assert due(voice) == lost + GAP_MS


def test_the_end_of_what_was_cut_changes_nothing() -> None:
    voice, _ = drop(talking("First."), 500, lambda line: True)
    voice, _ = speak(offer(voice, Line("Second.", Rank.COACH)), 2000)
    assert ended(voice, 2100, 1, Outcome.CUT) == voice
    assert ended(Voice(), 10, 7, Outcome.FINISHED) == Voice()


def test_dropping_others_leaves_the_one_that_sounds() -> None:
    voice = offer(talking("First."), Line("Second.", Rank.ANSWER))
    voice, effects = drop(voice, 100, lambda line: line.rank is Rank.ANSWER)
    assert effects == ()
    assert voice.speaking is not None
    assert voice.queue == ()


def test_what_cannot_be_played_stays_readable() -> None:
    voice = ended(talking("A long sentence to read."), 5, 1, Outcome.FAILED)
    assert voice.free_at == estimate_ms("A long sentence to read.")


def test_a_line_may_wait_for_a_moment() -> None:
    voice = offer(Voice(), Line("Later.", Rank.COACH, not_before=5000))
    assert due(voice) == 5000
    assert speak(voice, 4999)[1] == ()
    assert texts(speak(voice, 5000)[1]) == ["Later."]


def test_an_empty_voice_has_nothing_due() -> None:
    assert due(Voice()) is None
    assert speak(Voice(), 10) == (Voice(), ())
