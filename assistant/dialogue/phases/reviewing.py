"""After a session: which side was tighter, how it feels, one to five, own words. Each may be left out; then the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.dialogue import closing
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Prepare, Rank, Record
from assistant.dialogue.events import Heard
from assistant.dialogue.memory import Review
from assistant.dialogue.phases import Table, answers, anywhere
from assistant.dialogue.state import Dictating, Done, Reviewing, ReviewQuestion, State
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import Sentence

SILENCE_MS = 7000
AGAIN_MS = 5000
SILENCES = 2  # then nobody is there to answer, or wants to
LOW = 2  # of five
ANSWERS = {
    ReviewQuestion.SIDE: frozenset({Command.LEFT_SIDE, Command.RIGHT_SIDE, Command.NO_DIFFERENCE}),
    ReviewQuestion.FEEL: frozenset({Command.FEEL}),
    ReviewQuestion.RATING: frozenset({Command.RATING}),
}
SIDES = {Command.LEFT_SIDE: "left", Command.RIGHT_SIDE: "right", Command.NO_DIFFERENCE: "none"}


# -- asking ----------------------------------------------------------------------------------------------------


def due(state: State, phase: Reviewing) -> int | None:
    """When silence counts as an answer."""
    if phase.waiting_since is None or phase.held or not state.voice.quiet:
        return None
    return max(phase.waiting_since, state.voice.ended_at) + (AGAIN_MS if phase.repeated else SILENCE_MS)


def wake(turn: Turn, phase: Reviewing) -> None:
    """Silence: ask once more, then go on to the next question, and after two of them to the end."""
    if not phase.repeated:
        turn.to(replace(phase, waiting_since=None, repeated=True))
        turn.say(closing.ASKED_AGAIN[phase.open[0]], Rank.ANSWER)
    elif phase.silences + 1 < SILENCES:
        _pass_over(turn, replace(phase, silences=phase.silences + 1))
    else:
        close(turn, phase)


def quiet(turn: Turn, phase: Reviewing) -> None:
    """Everything has been said: ask the present question, then wait."""
    if phase.held:
        return
    if not phase.asked:
        turn.to(replace(phase, asked=True))
        turn.say(closing.ASKED[phase.open[0]], Rank.ANSWER)
        soon = [*_changes(turn, phase), *turn.wording.sentences("dictate"), *turn.wording.sentences("rest_well")]
        turn.effects.append(Prepare(tuple(sentence.text for sentence in soon)))
    elif phase.waiting_since is None:
        turn.to(replace(phase, waiting_since=turn.at))


def _pass_over(turn: Turn, phase: Reviewing) -> None:
    """The present question stays without an answer."""
    _ask(turn, replace(phase, open=phase.open[1:]))


def _ask(turn: Turn, phase: Reviewing) -> None:
    """The first open question is asked once everything has been said; the end comes when none is left."""
    if phase.open:
        turn.to(replace(phase, asked=False, waiting_since=None, repeated=False, held=False))
    else:
        close(turn, phase)


def close(turn: Turn, phase: Reviewing) -> None:
    """What has changed since the last time, and the end."""
    turn.lines(_changes(turn, phase))
    turn.say("rest_well")
    turn.to(Done())


def _changes(turn: Turn, phase: Reviewing) -> list[Sentence]:
    """Of a session that was done to its end."""
    session = phase.session
    if not session["completed"]:
        return []
    title = turn.catalog.routines[session["routine"]].title
    return closing.changes(turn.state.context.memory, turn.wording, title, session, phase.review)


def expects(phase: Reviewing, command: Command) -> bool:
    """Whether `command` answers the question that was just asked: then less evidence will do, and it is said back."""
    return phase.asked and command in ANSWERS.get(phase.open[0], ())


# -- answers ---------------------------------------------------------------------------------------------------


def side(turn: Turn, event: Heard) -> None:
    """The tighter side begins the time after."""
    if ReviewQuestion.SIDE not in _phase(turn).questions:
        turn.answer("no_sides")
        return
    tighter = SIDES[event.command]
    if tighter in closing.SIDES:
        turn.answer("noted_side", side=tighter)
    else:
        turn.answer("noted_no_side")
    answered(turn, ReviewQuestion.SIDE, side=tighter)


def feel(turn: Turn, event: Heard) -> None:
    now = str(event.slots["feel"])
    if now == "worse":
        turn.answer("noted_worse")
    else:
        turn.answer("noted_feel", feel=now)
    answered(turn, ReviewQuestion.FEEL, feel=now)


def rating(turn: Turn, event: Heard) -> None:
    stars = int(event.slots["rating"])
    turn.answer("noted_low" if stars <= LOW else "noted_rating", rating=stars)
    answered(turn, ReviewQuestion.RATING, rating=stars)


def words(turn: Turn, event: Heard) -> None:
    """From here on everything is taken down."""
    turn.answer("dictate")
    turn.to(Dictating(_phase(turn), turn.at))


def pass_over(turn: Turn, event: Heard) -> None:
    _pass_over(turn, _phase(turn))


def leave(turn: Turn, event: Heard) -> None:
    """No further questions. (After the offer of own words "finished" is an answer like another.)"""
    if _phase(turn).open != (ReviewQuestion.WORDS,):
        turn.answer("done")
    close(turn, _phase(turn))


def go_on(turn: Turn, event: Heard) -> None:
    """The present question once more."""
    _ask(turn, _phase(turn))


def undo(turn: Turn, event: Heard) -> None:
    """The last answer is taken back; a setting, if that was changed after it."""
    phase = _phase(turn)
    if turn.state.undo is not None or phase.before is None:
        anywhere.undo(turn, event)
        return
    turn.answer("undone")
    _ask(turn, phase.before)
    _keep(turn, phase.before)


def answered(turn: Turn, question: ReviewQuestion, **given: Any) -> None:
    """Keep an answer, to whichever question, and go on with the first open one."""
    phase = _phase(turn)
    review = replace(phase.review, **given)
    still_open = tuple(each for each in phase.open if each is not question)
    before = replace(phase, before=None)
    turn.set(undo=None)
    _keep(turn, replace(phase, review=review))
    _ask(turn, replace(phase, review=review, open=still_open, silences=0, before=before))


def _keep(turn: Turn, phase: Reviewing) -> None:
    """The history has each answer at once, whatever happens next."""
    review: Review = phase.review
    answers_ = {"side": review.side, "feel": review.feel, "rating": review.rating, "words": list(review.words)}
    turn.effects.append(Record({**phase.session, "review": answers_}))


# -- stop, pause, pain -----------------------------------------------------------------------------------------


def stop(turn: Turn, event: Heard) -> None:
    """Silence; after a second of it, what can be said. Nothing more is asked by itself."""
    _hold(turn)
    if isinstance(turn.state.phase, Reviewing):
        turn.lines(answers.options_now(turn.state), Rank.ANSWER, not_before=turn.at + anywhere.STOPPED_MS)


def pause(turn: Turn, event: Heard) -> None:
    _hold(turn)
    if isinstance(turn.state.phase, Reviewing):
        turn.answer("held")


def troubled(turn: Turn, event: Heard) -> None:
    """The body is at rest already: what to do about it, and no more questions by themselves."""
    _hold(turn)
    if event.command is Command.DANGER:
        turn.know(replace(turn.state.person, asked={}))  # before the next session all questions
    turn.say(TROUBLES[event.command], Rank.SAFETY)


def _hold(turn: Turn) -> None:
    """Silence. Own words are kept; where they were the last answer, the session is over."""
    phase = turn.state.phase
    if isinstance(phase, Dictating):
        taken_down(turn, phase)
    turn.hush()
    phase = turn.state.phase
    if isinstance(phase, Reviewing):
        turn.to(replace(phase, held=True))


# -- own words -------------------------------------------------------------------------------------------------


def taken_down(turn: Turn, phase: Dictating) -> None:
    """Own words are over: keep them, if there are any, and go on with the questions."""
    turn.to(phase.reviewing)
    review = phase.reviewing.review
    answered(turn, ReviewQuestion.WORDS, words=(*review.words, *phase.words))


def go_back(turn: Turn, phase: Dictating) -> None:
    """Own words were not meant: ask the present question once more."""
    _ask(turn, phase.reviewing)


def _phase(turn: Turn) -> Reviewing:
    phase = turn.state.phase
    assert isinstance(phase, Reviewing)
    return phase


TROUBLES = {Command.HURT: "hurt_after", Command.DIZZY: "dizzy_after", Command.DANGER: "danger"}
FIRST: Table = {Command.STOP: stop, Command.PAUSE: pause, **dict.fromkeys(TROUBLES, troubled)}
TABLE: Table = {
    **dict.fromkeys(SIDES, side),
    Command.FEEL: feel,
    Command.RATING: rating,
    Command.WORDS: words,
    Command.UNSURE: pass_over,
    Command.SKIP: pass_over,
    Command.NEXT: pass_over,
    Command.RESUME: go_on,
    Command.UNDO: undo,
    Command.LEAVE: leave,
    Command.END: leave,
}
