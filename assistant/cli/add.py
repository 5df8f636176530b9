"""`coach add`: a routine, an exercise or a pack of someone's, checked and then taken."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import described

if TYPE_CHECKING:
    from assistant.authoring.add import Added

HELP = "check a routine or a pack, and add it"
EXAMPLE = """examples:
  coach add tea_break.yaml    one routine
  coach add evenings.zip      a pack: routines, exercises/, perhaps phrases.yaml and wording.yaml"""


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "add", HELP, EXAMPLE)
    parser.add_argument("source", type=Path, metavar="FILE|FOLDER|ZIP", help="what to add")
    parser.add_argument("--replace", action="store_true", help="take the place of what was added under the same name")
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Add it and tell how to begin; with faults print them all, change nothing, and return 1."""
    from assistant.authoring.add import add
    from assistant.authoring.review import command_words
    from assistant.listening.model import SpeechModel

    if not args.source.exists():
        args.parser.error(f"there is no file or folder {args.source}")
    added, faults = add(args.source, command_words(), SpeechModel().knows, overwrite=args.replace)
    if added is None:
        for fault in faults:
            print(fault, file=sys.stderr)
        count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        print(f"coach: {args.source} is not added: {count} to mend first.", file=sys.stderr)
        return 1
    print("\n".join(_lines(added)))
    return 0


def _lines(added: Added) -> Iterator[str]:
    for routine in added.routines:
        yield f"Added the routine {routine.title}, {routine.minutes_first:g} minutes: {routine.summary}."
    if added.exercises:
        yield f"Added the exercise{'s' * (len(added.exercises) > 1)} {', '.join(e.say for e in added.exercises)}."
    for name in added.extras:
        yield f"Added {name.removesuffix('.yaml')}."
    yield f"In {added.place}"
    for routine in added.routines:
        title = routine.title.lower().removesuffix(" routine")
        yield f"Say: start {title} routine. Or: coach start {routine.id}"
