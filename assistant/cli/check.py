"""`coach check`: every fault of routines and exercises, with file and line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

HELP = "find every fault in routines and exercises"
EXAMPLE = "example:\n  coach check my_routines/    one line for each fault: file:line: what, and the way out"
SPEAKING = ("positioning", "working", "paused")  # phases in which scripts are read aloud


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "check", help=HELP, description=HELP.capitalize() + ".", epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="a file or folder (default: the routines that ship)"
    )
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Print the faults; 1 if there are any."""
    from assistant.catalog.lint import lint
    from assistant.resources import resource

    for path in args.paths:
        if not path.exists():
            args.parser.error(f"there is no file or folder {path}")
    places = args.paths or [resource("routines")]
    faults = lint(places, command_words())
    for fault in faults:
        print(fault)
    print(f"{len(faults)} fault{'' if len(faults) == 1 else 's'} found." if faults else "No faults.")
    return 1 if faults else 0


def command_words() -> frozenset[str]:
    """The wordings that are obeyed while scripts are read aloud; they have no place in a script."""
    from assistant.listening import phrases

    table = phrases.load()
    return frozenset(
        phrase
        for wordings in table.phrases().values()
        for phrase in wordings
        if any(table.parse(phrase, phase) for phase in SPEAKING)
    )
