"""`coach heard`: the last things heard in live sessions, what was decided and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from assistant.cli import described

HELP = "say what it heard last, and why it did what it did"
EXAMPLE = """\
examples:
  coach heard               the last ten things heard
  coach heard --last 50     all that is kept; `keep_heard: false` in config.yaml keeps none"""


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "heard", HELP, EXAMPLE)
    parser.add_argument("--json", action="store_true", help="one JSON line for each")
    parser.add_argument("--last", type=_count, default=10, metavar="N", help="how many (default: 10)")


def _count(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Print the last things heard, the newest last. StorageError if the file cannot be read."""
    from assistant.storage.heard import HeardFile
    from assistant.storage.places import data_dir
    from assistant.storage.store import HEARD

    kept = HeardFile(data_dir() / HEARD).read()[-args.last :]
    for utterance in kept:
        print(json.dumps(utterance, ensure_ascii=False) if args.json else _line(utterance))
    if not kept and not args.json:
        print("Nothing is kept of what was heard.")
    return 0


def _line(utterance: Mapping[str, Any]) -> str:
    time = str(utterance.get("time", ""))[:19].replace("T", " ")
    text = utterance.get("text") or "(no words)"
    return f"{time}  {utterance.get('decision', ''):<9} {text}: {utterance.get('why', '')}"
