"""`coach phrases check`: what may go wrong with a phrase table."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import described

if TYPE_CHECKING:
    from assistant.catalog.faults import Fault

HELP = "check what can be said: unknown words, phrases that sound alike, words the coach says itself"
EXAMPLE = "example:\n  coach phrases check my_phrases.yaml    one line for each thing to change"


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "phrases", HELP, EXAMPLE)
    parser.add_argument("action", choices=["check"], help="what to do")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a phrase table instead of the built-in one")
    parser.add_argument("--phrases", type=Path, metavar="FILE", help="the same")


def run(args: argparse.Namespace) -> int:
    """Print what was found; 1 if there is anything."""
    from assistant.catalog.load import load
    from assistant.listening import advice, phrases
    from assistant.listening.model import SpeechModel

    catalog = load()
    faults: list[Fault] = []
    table = phrases.load(args.file or args.phrases, phrases.lists_of(catalog), faults.append)
    model = SpeechModel()
    words = {word for wordings in table.phrases().values() for phrase in wordings for word in phrase.split()}
    found = [
        *map(str, faults),
        *advice.unheard(table, {word for word in words if not model.knows(word)}),
        *advice.alike(table),
        *advice.said_by_coach(table, catalog),
    ]
    for sentence in found:
        print(sentence)
    print(f"{len(found)} thing{'' if len(found) == 1 else 's'} to change." if found else "Nothing to change.")
    return 1 if found else 0
