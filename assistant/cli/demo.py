"""`coach demo`: a whole session with a scripted person in a simulated room, faster than real time."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import described

if TYPE_CHECKING:
    from assistant.dialogue.state import State
    from assistant.simulation.demo import Report

HELP = "simulate a session with a scripted person in a room"
EXAMPLE = """example:
  coach demo lunch_break                          a built-in person does the routine
  coach demo --script evening.yaml --out evening  your own script (docs/demo-script.md)"""
FLAGSHIP = "mid_back_full"


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "demo", HELP, EXAMPLE)
    parser.add_argument("routine", nargs="?", default=FLAGSHIP, metavar="ROUTINE", help=f"default: {FLAGSHIP}")
    parser.add_argument("--script", type=Path, metavar="FILE", help="who says what when, in which room (YAML)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the files (default: coach-demo-ROUTINE)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other hesitations and noise (default: 0)")


def run(args: argparse.Namespace) -> int:
    """Play the session and tell what came of it; 1 if it was interrupted."""
    from assistant.simulation.demo import play

    with _progress() as on_progress:
        report = play(args.routine, script=args.script, out=args.out, seed=args.seed, on_progress=on_progress)
    print("\n".join(_lines(report)))
    if report.interrupted:
        print("coach: interrupted: the files hold what happened until then.", file=sys.stderr)
    return 1 if report.interrupted else 0


@contextmanager
def _progress() -> Iterator[Callable[[int, State], None]]:
    """A bar on a terminal; on a pipe, nothing."""
    if not sys.stdout.isatty():
        yield lambda ms, state: None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:<28.28}"), BarColumn(), TextColumn("{task.fields[clock]}"))
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("Setting up the room", total=None, clock="")

        def show(ms: int, state: State) -> None:
            run = state.run
            total = run.plan.seconds * 1000 if run else None
            name = run.step.exercise.say if run else "Idle"
            clock = f"{ms // 60_000}:{ms // 1000 % 60:02d}"
            progress.update(task, description=name, completed=ms, total=total, clock=clock)

        yield show


def _lines(report: Report) -> Iterator[str]:
    """The report for people."""
    summary = report.summary
    seconds, wall = summary["session_s"], summary["wall_s"]
    ended = "done to its end" if summary["completed"] else "not done to its end"
    pace = f"{seconds / 60:.1f} minutes in {wall:.0f} s ({seconds / wall:.0f} times real time)"
    yield f"{summary['routine']}, {ended}: {pace}."
    counts, latency = summary["commands"], summary["latency_ms"]
    yield "Commands: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + "."
    if latency["p50"] is not None:
        yield f"From the last word to the reaction: half within {latency['p50']} ms, 95 % within {latency['p95']} ms."
    if report.unsaid:
        turns = "1 turn of the script was" if report.unsaid == 1 else f"{report.unsaid} turns of the script were"
        yield f"{turns} never said: the moment did not come."
    yield f"Files: session.wav, transcript.txt, journal.jsonl and summary.json in {report.folder}"
