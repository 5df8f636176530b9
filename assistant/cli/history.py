"""`coach history`: what was done, when, and how it was; nothing of it ever leaves the machine."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.cli import described

if TYPE_CHECKING:
    from assistant.storage.history import Session

HELP = "show the sessions that were done, and what was said of them"
EXAMPLE = "example:\n  coach history --json    the same for programs"
_LAST = 8  # sides of a trend


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "history", HELP, EXAMPLE)
    parser.add_argument("--json", action="store_true", help="everything about each session, as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the sessions, the oldest first. StorageError if the history cannot be read."""
    from assistant.storage.history import History
    from assistant.storage.places import data_dir

    sessions = History(data_dir() / "history.sqlite3").sessions()
    if args.json:
        print(json.dumps([_entry(session) for session in sessions], indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(sessions)))
    return 0


def _entry(session: Session) -> dict[str, Any]:
    review = session.review
    return {
        "ended": session.ended.isoformat(timespec="seconds"),
        "routine": session.routine,
        "completed": session.completed,
        "session_s": session.session_s,
        "worked_s": session.worked_s,
        "misheard": session.misheard,
        "side": review.side,
        "feel": review.feel,
        "rating": review.rating,
        "words": list(review.words),
    }


def _lines(sessions: list[Session]) -> Iterator[str]:
    """A line a session, the person's own words below it; then sums and trends. It fits 80 columns but for the words."""
    if not sessions:
        yield "No session yet. Say `start mid back routine` in `coach start`."
        return
    yield f"{'ENDED':<17} {'ROUTINE':<18} {'MINUTES':>7} {'DONE':<5}{'TIGHTER':<9}{'FEEL':<8}{'OF FIVE':>7}"
    for session in sessions:
        yield _line(session)
        yield from (f"  “{words}”" for words in session.review.words)
    minutes = round(sum(session.session_s for session in sessions) / 60)
    noun = "session" if len(sessions) == 1 else "sessions"
    yield f"{len(sessions)} {noun}, {minutes} minutes."
    misheard = sum(session.misheard for session in sessions)
    if misheard:
        yield f"{misheard} {'command' if misheard == 1 else 'commands'} taken back as misheard."
    for routine in dict.fromkeys(session.routine for session in sessions):
        yield from _trend(routine, [session for session in sessions if session.routine == routine])


def _line(session: Session) -> str:
    review = session.review
    done = "yes" if session.completed else "part"
    minutes = round(session.session_s / 60)
    said = f"{review.side or '-':<9}{review.feel or '-':<8}{review.rating or '-':>7}"
    return f"{session.ended:%Y-%m-%d %H:%M}  {session.routine:<18} {minutes:>7} {done:<5}{said}"


def _trend(routine: str, sessions: list[Session]) -> Iterator[str]:
    """How the answers went, the oldest first; with one answer there is no trend yet."""
    sides = [session.review.side for session in sessions if session.review.side]
    ratings = [str(session.review.rating) for session in sessions if session.review.rating]
    for what, answers in (("tighter side", sides), ("of five", ratings)):
        if len(answers) > 1:
            yield f"{routine}, {what}: {', '.join(answers[-_LAST:])}"
