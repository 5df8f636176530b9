"""Praise: seldom, and only what is true. Each sentence at most once in a session, and the more one knows the fewer."""

from __future__ import annotations

from assistant.catalog.model import Step
from assistant.dialogue.instructions import session_detail
from assistant.dialogue.state import Run, State
from assistant.dialogue.timeline import Detail
from assistant.dialogue.wording import Sentence, fill

AT_MOST = {Detail.COUNTS: 0, Detail.KNOWN: 1, Detail.SHORT: 2, Detail.FULL: 4}  # in a session


def earned(state: State) -> tuple[Sentence, str] | None:
    """What to say after the current step, which was done to its end, and the text it came from; None for nothing."""
    run = state.run
    assert run is not None
    if run.hurt or len(run.praised) >= AT_MOST[session_detail(state)]:
        return None
    key = _moment(run)
    texts = state.context.wording.texts[key] if key else ()
    fresh = [text for text in texts if text not in run.praised]
    if not fresh:
        return None
    text = fresh[state.context.memory.sessions % len(fresh)]
    return fill(text, block=run.step.block_say.lower()), text


def _moment(run: Run) -> str:
    """Which text suits: the hard version done, a round, a part of the routine; "" at any other moment."""
    here = run.step
    after = run.plan.steps[run.index + 1] if run.index + 1 < len(run.plan.steps) else None
    if after is None or (after.move, after.round) == (here.move, here.round):
        return ""  # the other side comes, or the close, which has its own words
    if here.level == "harder":
        return "praise_harder"
    if after.block == here.block:
        return "praise_round" if after.round > here.round and not _skipped(run, here) else ""
    part = [step for step in run.plan.steps if step.block == here.block]
    return "praise_part" if len({step.move for step in part}) > 1 and not _skipped(run, here) else ""


def _skipped(run: Run, here: Step) -> bool:
    """Whether something of this part was left out."""
    return any(step.origin in run.skipped for step in run.plan.steps if step.block == here.block)
