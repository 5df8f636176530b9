"""The `coach` command: it finds the subcommand and runs it. No logic lives here.

Each command is one module of this package with two functions: `add_parser(subparsers)`, which describes it, and
`run(args) -> int`, which does it and returns the exit code. Modules import what is heavy inside `run`, so that
`coach --help` is quick. Exit codes: 0 done, 1 failed, 2 wrong use.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from assistant import __version__
from assistant.errors import AssistantError

DONE, FAILED, WRONG_USE = 0, 1, 2

COMMANDS = (
    "start",
    "demo",
    "rehearse",
    "routines",
    "new",
    "check",
    "add",
    "history",
    "voices",
    "config",
    "calibrate",
    "doctor",
    "hear",
    "heard",
    "phrases",
)
"""Module names, in the order in which `coach --help` shows them."""


def described(subparsers: Any, name: str, does: str, example: str) -> argparse.ArgumentParser:
    """The parser of the command `name`, whose help says what it `does` and ends in an example."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=does,
        description=does.capitalize() + ".",
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `coach` with `argv` (default: the process's own arguments) and return its exit code.

    Wrong use leaves through argparse with SystemExit(2), `--help` and `--version` with SystemExit(0).
    """
    _never_fail_to_print()
    modules = {name: importlib.import_module(f"assistant.cli.{name}") for name in COMMANDS}
    args = _parser(modules).parse_args(argv)
    try:
        code: int = modules[args.command].run(args)
        sys.stdout.flush()
    except AssistantError as error:
        print(f"coach: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:  # a live session ends in order by itself and never comes here
        print("coach: interrupted, nothing more was done.", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # `coach routines | head -1`: whoever read is satisfied
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def _parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="coach",
        description="A voice coach for spine mobility: it talks, you answer with a word, nothing leaves the machine.",
        epilog="example:\n  coach start mid_back_full    begin the mid-back routine at once",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"floorcoach {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    for module in modules.values():
        module.add_parser(subparsers)
    return parser


def _never_fail_to_print() -> None:
    """A console that cannot show a character shows a question mark instead of ending the session."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
