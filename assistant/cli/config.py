"""`coach config`: the file of the settings."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.cli import described

HELP = "write the file of the settings, all explained"
EXAMPLE = "example:\n  coach config --print    show that file without writing it"


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "config", HELP, EXAMPLE)
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--print", action="store_true", help="print what would be written, and write nothing")
    instead.add_argument("--path", action="store_true", help="print where the file is, or would be")


def run(args: argparse.Namespace) -> int:
    """Write the file unless there is one; what is in it then is checked."""
    from assistant import config

    path = config.default_path()
    if args.print:
        print(config.template(), end="")
    elif args.path:
        print(path)
    elif config.write(path):
        print(f"Wrote {path}: every setting is explained there.")
    else:
        config.load()
        print(f"Your settings are in {path}, and in order.")
    return 0
