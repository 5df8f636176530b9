"""`coach calibrate`: a minute of guided speech, so that the ears suit a person, a room and a microphone."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.cli import described

HELP = "hear your voice lying, kneeling and standing, and listen accordingly from then on"
EXAMPLE = """\
It asks for a few phrases in each posture, says what it found, and keeps that for this microphone. Optional.

example:
  coach calibrate --plain    one line for each change, for pipes and screen readers"""


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "calibrate", HELP, EXAMPLE)
    parser.add_argument("--plain", action="store_true", help="one line for each change, for pipes and screen readers")


def run(args: argparse.Namespace) -> int:
    """Guide through a calibration; 1 if nothing was kept."""
    from assistant import config
    from assistant.session import live

    return live.run(None, config.load(), plain=args.plain, calibrate=True)
