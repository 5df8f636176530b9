"""`coach routines`: what there is to do, the person's own included."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import described

if TYPE_CHECKING:
    from assistant.catalog.model import Routine

HELP = "list the routines"
EXAMPLE = "example:\n  coach routines --json    the same for programs"


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "routines", HELP, EXAMPLE)
    parser.add_argument("--json", action="store_true", help="everything about each routine, as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the routines; faulty files are named on stderr and left out (then 1)."""
    from assistant.catalog import packs
    from assistant.catalog.load import load_all

    catalog, faults = load_all(packs.all_folders())
    routines = sorted(
        catalog.routines.values(), key=lambda routine: (routine.series or "~", routine.part or 0, routine.title)
    )
    if args.json:
        print(json.dumps([_entry(routine) for routine in routines], indent=2, ensure_ascii=False))
    else:
        _table(routines)
    for fault in faults:
        packs.leave_out(fault)
    return 1 if faults else 0


def _entry(routine: Routine) -> dict[str, Any]:
    return {
        "id": routine.id,
        "title": routine.title,
        "names": list(routine.names),
        "summary": routine.summary,
        "minutes": {"first": routine.minutes_first, "familiar": routine.minutes_familiar},
        "difficulty": routine.difficulty,
        "kit": {"need": list(routine.kit_need), "want": list(routine.kit_want)},
        "type": routine.type,
        "regions": list(routine.regions),
        "series": routine.series,
        "part": routine.part,
        "blocks": [
            {"id": block.id, "say": block.say, "rounds": block.rounds, "exercises": [item.use for item in block.items]}
            for block in routine.blocks
        ],
        "file": str(Path(routine.source)),
    }


def _table(routines: list[Routine]) -> None:
    """Three lines a routine, so that it reads well in 80 columns."""
    print(f"{'ROUTINE':<18}{'TITLE':<18}{'MINUTES':>7}  DIFFICULTY")
    for routine in routines:
        print(f"{routine.id:<18}{routine.title:<18}{routine.minutes_first:>7g}  {routine.difficulty}")
        print(f"  {routine.summary}")
        print(f"  kit: {_kit(routine)}")


def _kit(routine: Routine) -> str:
    """What is needed, and what helps in brackets."""
    need, want = (", ".join(kit).replace("_", " ") for kit in (routine.kit_need, routine.kit_want))
    return f"{need or 'none'} ({want})" if want else need or "none"
