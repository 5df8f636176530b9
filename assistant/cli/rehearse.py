"""`coach rehearse`: the spoken timeline of a routine, in a second, without any sound."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.simulation.rehearsal import Turn

NAME = "rehearse"
HELP = "print everything the coach will say in a routine, with the time of each word"
EXAMPLE = """\
example:
  coach rehearse mid_back_full                     as the first time
  coach rehearse mid_back_full --times 6           as someone hears it who knows it
  coach rehearse mid_back_full --say 300 pause --say 330 continue

each line: mm:ss.mmm COACH (says), PERSON (types) or TONE (sounds)"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        NAME, help=HELP, description=HELP, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("routine", metavar="ROUTINE", help="its id or name: `coach routines` lists them")
    parser.add_argument("--times", type=int, default=0, metavar="N", help="how often it has been done before")
    parser.add_argument(
        "--say",
        action="append",
        nargs=2,
        default=[],
        metavar=("SECONDS", "WORDS"),
        help="say something at that second (may be repeated); `ready` is said by itself",
    )


def run(args: argparse.Namespace) -> int:
    """Print the timeline. CatalogError for an unknown routine, SimulationError for words that are no command."""
    from assistant.catalog.load import find, load
    from assistant.dialogue.state import Memory
    from assistant.dialogue.transition import new_state
    from assistant.language.wording import load_wording
    from assistant.simulation.rehearsal import rehearse

    catalog = load()
    routine = find(catalog, args.routine)
    memory = Memory(sessions=args.times, times={routine.id: args.times})
    turns = _turns(args.say)
    for entry in rehearse(new_state(catalog, load_wording(), memory), routine.id, turns):
        print(entry)
    return 0


def _turns(says: list[list[str]]) -> list[Turn]:
    if not says:
        return []
    from assistant.catalog.load import load
    from assistant.dialogue.commands import Command
    from assistant.errors import SimulationError
    from assistant.listening.phrases import lists_of
    from assistant.listening.phrases import load as load_phrases
    from assistant.simulation.rehearsal import Turn

    table = load_phrases(lists=lists_of(load()))
    turns = []
    for seconds, words in says:
        parsed = table.parse(words)
        if parsed is None:
            raise SimulationError(f'"{words}" is no command: the README lists what can be said.')
        try:
            at = round(float(seconds) * 1000)
        except ValueError:
            raise SimulationError(f'"{seconds}" is no number of seconds.') from None
        turns.append(Turn(at, Command(parsed.command), words, parsed.slots))
    return turns
