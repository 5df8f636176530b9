"""`coach check`: every fault of routines, exercises and packs, with file and line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.cli import described

HELP = "find every fault in routines and exercises"
EXAMPLE = "example:\n  coach check my_routines/    one line for each fault: file:line: what, and the way out"


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "check", HELP, EXAMPLE)
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="a file or folder (default: what ships and what was added)"
    )
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Print the faults; 1 if there are any."""
    from assistant.authoring.review import review

    for path in args.paths:
        if not path.exists():
            args.parser.error(f"there is no file or folder {path}")
    faults = review(args.paths)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} fault{'' if len(faults) == 1 else 's'} found." if faults else "No faults.")
    return 1 if faults else 0
