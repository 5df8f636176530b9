"""`coach new`: a starting file for a routine of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.cli import described

HELP = "begin a routine of your own"
EXAMPLE = 'example:\n  coach new "tea break"    writes tea_break.yaml, which works as it is'


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "new", HELP, EXAMPLE)
    parser.add_argument("routine", metavar="ROUTINE", help="its name, as you will say it")
    parser.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help="where (default: here)")
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Write the file and tell what comes next."""
    from assistant.authoring.review import command_words
    from assistant.authoring.template import begin
    from assistant.listening.model import SpeechModel

    if not args.into.is_dir():
        args.parser.error(f"there is no folder {args.into}")
    path = begin(args.routine, args.into, command_words(), SpeechModel().knows)
    print(f"Wrote {path}. Change it, then:")
    print(f"  coach check {path}       until there are no faults")
    print(f"  coach rehearse {path}    read what will be said; with --speak, hear it")
    print(f"  coach add {path}         and say: start {path.stem.replace('_', ' ')} routine")
    return 0
