"""`coach start`: a live session with microphone and speaker."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from assistant.cli import described

HELP = "listen, and coach you through a routine"
EXAMPLE = """\
examples:
  coach start                  listen; say "start mid back routine"
  coach start mid_back_full    begin at once
"""


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "start", HELP, EXAMPLE)
    parser.add_argument("routine", nargs="?", metavar="ROUTINE", help="begin this one at once (see coach routines)")
    parser.add_argument("--plain", action="store_true", help="one line for each change, for pipes and screen readers")
    parser.add_argument(
        "--or-demo",
        action="store_true",
        help="without a microphone or a speaker, say which is missing and run `coach demo` instead",
    )


def run(args: argparse.Namespace) -> int:
    """Coach until the session ends; with `--or-demo` simulate one where the devices for it are missing."""
    from dataclasses import replace

    from assistant import config
    from assistant.checkup import missing_devices
    from assistant.errors import AudioError
    from assistant.session import live

    settings = config.load()
    settings = replace(settings, plain=settings.plain or args.plain)
    try:
        return live.run(args.routine, settings)
    except AudioError as error:
        if not args.or_demo:
            raise
        for sentence in missing_devices(settings) or [str(error)]:
            print(f"coach: {sentence}", file=sys.stderr)
    from assistant.cli import main

    print("coach: playing a session in a simulated room instead.", file=sys.stderr)
    return main(["demo", *([args.routine] if args.routine else [])])
