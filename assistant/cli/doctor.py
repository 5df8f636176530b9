"""`coach doctor`: is this machine ready for a session, and if not, what to do."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from assistant.cli import described

HELP = "say whether this machine is ready, and what to do if not"
EXAMPLE = """\
On a terminal it asks you to speak a sentence, which tells whether the microphone's level is right.

example:
  coach doctor    look at everything, in about fifteen seconds"""


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    described(subparsers, "doctor", HELP, EXAMPLE)


def run(args: argparse.Namespace) -> int:
    """Print one line for each thing looked at; 1 if something is missing that a session needs."""
    from assistant.checkup import Weight, findings

    missing = 0
    for finding in findings(ask=_ask if sys.stdin.isatty() and sys.stdout.isatty() else None):
        missing += finding.weight is Weight.MISSING
        print(f"{finding.weight.value:<5} {finding.about:<11} {finding.says}", flush=True)
    print()
    if missing:
        print(f"{missing} {'thing is' if missing == 1 else 'things are'} missing that a session needs.")
        return 1
    print("Everything a session needs is there.")
    return 0


def _ask(sentence: str) -> None:
    print(f"{'ask':<5} {'you':<11} {sentence}", flush=True)
