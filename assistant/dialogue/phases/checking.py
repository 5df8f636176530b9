"""The questions before a session: grouped, one at a time, each answer said back; then the routine begins, or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.catalog.model import Question, QuestionSet
from assistant.dialogue import flow, questions
from assistant.dialogue.commands import Command
from assistant.dialogue.effects import Rank
from assistant.dialogue.events import Heard
from assistant.dialogue.phases import Table, kit
from assistant.dialogue.questions import Answer
from assistant.dialogue.state import Checking, Idle, State
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import fill

SILENCE_MS = 20_000
REFUSED_MS = 30_000  # in which a misheard answer can be taken back

ANSWERS = {Command.YES: Answer.YES, Command.NO: Answer.NO, Command.UNSURE: Answer.UNSURE}


def answer(turn: Turn, event: Heard) -> None:
    """Yes, no or not sure. One that comes before the next question could be heard corrects the last answer."""
    phase = _phase(turn)
    if phase.refused:
        turn.answer("refused")
        return
    said, question, before = ANSWERS[event.command], _question(turn), turn.state.undo
    if not phase.repeated and _unheard(turn, event):
        if before is None or before.checking is None or before.checking.asking == phase.asking:
            turn.answer("hear_it_out")
            return
        turn.know(before.person)
        turn.to(before.checking)
    elif not questions.has_effects(question, said) and _heard_in_part(turn, question):
        turn.answer("hear_it_out")
        return
    _take(turn, said)


def repeat(turn: Turn, event: Heard) -> None:
    """The open question once more."""
    flow.ask(turn)


def hold(turn: Turn) -> None:
    """ "Pause": no deadline until the answer comes."""
    turn.to(replace(_phase(turn), held=True))
    turn.answer("take_your_time")


def hurts(turn: Turn, part: str) -> None:
    """A part of the body that can be spared is; with any other pain nothing begins."""
    question = questions.about_part(turn.catalog, part)
    if question is None:
        refuse(turn)
        turn.say("hurts_before", Rank.SAFETY)
        return
    turn.remember()
    turn.know(questions.sore(turn.state.person, question))
    turn.answer("said_yes", fact=question.yes)
    flow.ask(turn)


def refuse(turn: Turn) -> None:
    """What was just said speaks against a session; it can be taken back."""
    turn.remember()
    turn.to(replace(_phase(turn), refused=True, waiting_since=None))


def back_to(turn: Turn, phase: Checking) -> None:
    """An answer, or what came of it, was taken back: the question is open again."""
    turn.to(replace(phase, waiting_since=None, repeated=False))
    if not phase.refused:
        flow.ask(turn)


def due(state: State, phase: Checking) -> int | None:
    """When silence is asked once more, or is taken for an answer."""
    if phase.waiting_since is None or not state.voice.quiet or (phase.held and not phase.refused):
        return None
    return phase.waiting_since + (REFUSED_MS if phase.refused else SILENCE_MS)


def wake(turn: Turn, phase: Checking) -> None:
    """Silence: ask once more; then wait for good where there may be danger, else lead on gently."""
    if phase.refused:
        turn.to(Idle())
    elif not phase.repeated:
        turn.to(replace(phase, waiting_since=None, repeated=True))
        flow.ask(turn)
    elif _question(turn).danger:
        turn.to(replace(phase, held=True))
        turn.answer("waiting_for_answer")
    else:
        _take(turn, Answer.UNSURE)


def quiet(turn: Turn, phase: Checking) -> None:
    if phase.waiting_since is None:
        turn.to(replace(phase, waiting_since=turn.at))


def _take(turn: Turn, said: Answer) -> None:
    """What the answer comes to: it is said back, kept, and the next question asked."""
    phase, question, asked = _phase(turn), _question(turn), _set(turn)
    turn.remember()
    turn.drop(lambda line: line.rank is Rank.COACH)
    if question.id == asked.changed.id:
        _changed(turn, said)
        return
    turn.know(questions.learned(turn.state.person, question, said))
    forbids = questions.forbids(question, said)
    _say_back(turn, question, said, Rank.SAFETY if turn.state.person.dangers else Rank.ANSWER)
    follow = [each.id for each in question.then] if said is Answer(question.when) else []
    if forbids:
        _go_on(turn, follow, question)
        return
    if questions.has_effects(question, said):
        turn.lines((fill(sentence) for sentence in question.advice), Rank.ANSWER)
    _go_on(turn, [*follow, *phase.later], question)


def _say_back(turn: Turn, question: Question, said: Answer, rank: Rank) -> None:
    if said is Answer.UNSURE:
        turn.say("unsure_danger" if question.danger else "unsure", rank)
    elif said is Answer.YES:
        turn.say("said_yes", rank, fact=question.yes)
    else:
        turn.say("said_no", rank, fact=question.no)


def _changed(turn: Turn, said: Answer) -> None:
    """Nothing has: on with it. Else, or if that is not clear, everything is asked anew."""
    asked = _set(turn)
    if said is Answer.NO:
        turn.answer("said_no", fact=asked.changed.no)
        _go_on(turn, [], asked.changed)
    else:
        turn.answer("said_yes", fact=asked.changed.yes)
        _go_on(turn, [question.id for question in asked.questions], asked.changed)


def _go_on(turn: Turn, later: Iterable[str], question: Question) -> None:
    """The next question; after the last one the session, or why there is none."""
    phase, asked, later = _phase(turn), _set(turn), tuple(later)
    if later:
        turn.to(Checking(phase.routine, phase.questions, later[0], later[1:], cut=phase.cut))
        flow.ask(turn)
        return
    dangers = [each for each in asked.all() if each.id in turn.state.person.dangers]
    if dangers:
        _forbid(turn, question if question in dangers else dangers[-1])
        return
    turn.know(questions.answered(turn.state.person, asked))
    flow.begin(turn, phase.routine, phase.cut)


def _forbid(turn: Turn, question: Question) -> None:
    """No session: the advice that belongs to the answer, and a way back for a misheard one."""
    advice = question.advice if question.stops else ()
    turn.lines((fill(sentence) for sentence in advice), Rank.SAFETY)
    if not advice:
        turn.say("ask_clinician", Rank.SAFETY)
    turn.say("if_misheard", Rank.SAFETY)
    turn.to(replace(_phase(turn), refused=True, waiting_since=None))


def _unheard(turn: Turn, event: Heard) -> bool:
    """Nothing of the open question had sounded when the answer began."""
    first, voice = fill(_question(turn).ask[0]).text, turn.state.voice
    begins = voice.speaking is not None and voice.speaking.line.text == first and event.began_at <= voice.speaking.since
    return begins or first in [line.text for line in voice.queue]


def _heard_in_part(turn: Turn, question: Question) -> bool:
    """Some of the question is still to be said, or comes again because an answer cut it."""
    waiting = {line.text for line in turn.state.voice.queue}
    return not waiting.isdisjoint(fill(sentence).text for sentence in question.ask)


def _phase(turn: Turn) -> Checking:
    phase = turn.state.phase
    assert isinstance(phase, Checking)
    return phase


def _set(turn: Turn) -> QuestionSet:
    return turn.catalog.screenings[_phase(turn).questions]


def _question(turn: Turn) -> Question:
    return _set(turn).find(_phase(turn).asking)


TABLE: Table = {
    **kit.TABLE,
    **dict.fromkeys(ANSWERS, answer),
    Command.REPEAT: repeat,
}
