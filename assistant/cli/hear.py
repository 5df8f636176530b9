"""`coach hear`: recordings through exactly what a live session listens with."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import described
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.listening.ears import Ears
    from assistant.listening.hearing import Hearing
    from assistant.listening.phrases import PhraseTable

HELP = "say what it hears in recordings"
EXAMPLE = "example:\n  coach hear --phase working --json recordings/    one JSON line for each WAV file"
_BLOCK = 1600  # samples a feed: 0.1 s


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "hear", HELP, EXAMPLE)
    parser.add_argument("--phrases", type=Path, metavar="FILE", help="a phrase table instead of the built-in one")
    parser.add_argument("--phase", metavar="PHASE", help="only commands of this phase count (default: of all)")
    parser.add_argument("--json", action="store_true", help="one JSON line for each file")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a WAV file, or a folder of them")
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Hear every file; 1 if one of them could not be heard."""
    from assistant.dialogue.commands import PhaseName
    from assistant.listening.ears import Ears
    from assistant.listening.model import SpeechModel

    phases = [phase.value for phase in PhaseName]
    if args.phase is not None and args.phase not in phases:
        args.parser.error(f"there is no phase {args.phase}: choose one of {', '.join(phases)}")
    heard: list[Hearing] = []
    ears = Ears(SpeechModel(), _table(args.phrases), inline=True, on_hearing=heard.append)
    if ears.unheard:
        print(f"coach: the speech model cannot hear these words: {', '.join(ears.unheard)}", file=sys.stderr)
    ears.listen(args.phase)
    faults = [fault for path in _files(args.paths) if (fault := _report(ears, heard, path, as_json=args.json))]
    ears.close()
    return 1 if faults else 0


def _report(ears: Ears, heard: list[Hearing], path: Path, *, as_json: bool) -> AssistantError | None:
    """Print what is heard in one file; the others go on when this one is faulty."""
    try:
        report = _hear(ears, heard, path)
    except AssistantError as error:
        print(f"coach: {error}", file=sys.stderr)
        return error
    print(json.dumps(report, ensure_ascii=False) if as_json else _lines(report), flush=True)
    return None


def _table(path: Path | None) -> PhraseTable:
    from assistant.catalog.load import load
    from assistant.listening import phrases

    return phrases.load(path, phrases.lists_of(load()))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in order of name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.suffix.lower() == ".wav" and found.is_file())
        else:
            yield path


def _hear(ears: Ears, heard: list[Hearing], path: Path) -> dict[str, Any]:
    """What is heard in one file, as the JSON line that describes it."""
    from assistant.audio import wav
    from assistant.listening.hearing import Kind
    from assistant.listening.model import RATE

    samples = wav.read(path).for_listening()
    heard.clear()
    ears.restart()
    for start in range(0, len(samples), _BLOCK):
        ears.feed(samples[start : start + _BLOCK])
    ears.finish()
    accepted = [hearing for hearing in heard if hearing.kind is Kind.ACCEPTED]
    others = [hearing for hearing in heard if hearing.kind is not Kind.ACCEPTED]
    return {
        "file": str(path),
        "seconds": round(len(samples) / RATE, 3),
        "heard": [
            {"command": h.command, "slots": dict(h.slots), "text": h.text, "at_ms": _ms(h.decided)} for h in accepted
        ],
        "ignored": [{"text": h.text, "why": h.why, "at_ms": _ms(h.decided)} for h in others],
    }


def _ms(sample: int) -> int:
    from assistant.listening.model import RATE

    return round(sample * 1000 / RATE)


def _lines(report: dict[str, Any]) -> str:
    """The report for people: the file, then a line an utterance."""
    lines = [f"{report['file']} ({report['seconds']:.1f} s)"]
    found = [
        (each["at_ms"], f"{each['command']:<16} {each['text']}" + _slots(each["slots"])) for each in report["heard"]
    ]
    found += [(each["at_ms"], f"{'-':<16} {each['text'] or '(no words)'}: {each['why']}") for each in report["ignored"]]
    lines += [f"  {at / 1000:7.2f} s  {text}" for at, text in sorted(found)]
    return "\n".join(lines)


def _slots(slots: dict[str, Any]) -> str:
    return f"  ({', '.join(f'{name} {value}' for name, value in slots.items())})" if slots else ""
