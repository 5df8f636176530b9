"""`coach rehearse`: the spoken timeline of a routine, printed in a second or rendered to a sound file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.catalog.model import Catalog, Routine
    from assistant.dialogue.state import State
    from assistant.simulation.rehearsal import Entry, Turn

NAME = "rehearse"
HELP = "print everything the coach will say in a routine, with the time of each word"
EXAMPLE = """\
example:
  coach rehearse mid_back_full                     as the first time
  coach rehearse mid_back_full --times 6           as someone hears it who knows it
  coach rehearse mid_back_full --say 300 pause --say 330 continue
  coach rehearse tea_break.yaml --speak            a file of your own, to listen to: tea_break.wav

each line: mm:ss.mmm COACH (says), PERSON (types) or TONE (sounds)"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        NAME, help=HELP, description=HELP, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("routine", metavar="ROUTINE", help="its id or name (`coach routines` lists them), or its file")
    parser.add_argument("--times", type=int, default=0, metavar="N", help="how often it has been done before")
    parser.add_argument(
        "--say",
        action="append",
        nargs=2,
        default=[],
        metavar=("SECONDS", "WORDS"),
        help="say something at that second (may be repeated); `ready` is said by itself",
    )
    parser.add_argument("--speak", action="store_true", help="render it with the real voice to a WAV file, too")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the WAV file (default: ROUTINE.wav)")
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Print the timeline. CatalogError for an unknown routine, SimulationError for words that are no command."""
    from assistant.dialogue.memory import Memory
    from assistant.dialogue.person import screened
    from assistant.dialogue.transition import new_state
    from assistant.language.wording import load_wording
    from assistant.simulation.rehearsal import rehearse

    if args.out and not args.speak:
        args.parser.error("--out belongs to --speak")
    catalog, routine = _routine(args.routine)
    memory = Memory(sessions=args.times, times={routine.id: args.times}, person=screened(catalog))
    turns = _turns(args.say, catalog)
    state = new_state(catalog, load_wording(), memory)
    if args.speak:
        return _speak(state, routine.id, turns, args.out or Path(f"{routine.id}.wav"))
    _print(rehearse(state, routine.id, turns))
    return 0


def _routine(name: str) -> tuple[Catalog, Routine]:
    """The routine of that name, or in that file, and everything there is."""
    from assistant.catalog.load import find, load, load_with

    if Path(name).suffix in (".yaml", ".yml"):
        return load_with(Path(name))
    catalog = load()
    return catalog, find(catalog, name)


def _speak(state: State, routine: str, turns: list[Turn], path: Path) -> int:
    """Render it, with the voice of the settings, and print the timeline as it is then."""
    from assistant import config
    from assistant.simulation import sounding
    from assistant.simulation.pacing import pacing
    from assistant.simulation.rehearsal import in_order
    from assistant.speaking import Disk, Renderer, Sentences, cache_folder, voice

    settings = config.load()
    sentences = Sentences(Renderer(voice.of(settings.sound)), sounding.RATE, Disk(cache_folder()))
    try:
        rehearsal = sounding.rehearsed(state, routine, sentences, turns)
        pace = pacing(rehearsal, sounding.lengths(sentences))
        seconds = sounding.write(rehearsal, sentences, path)
    finally:
        sentences.close()
    _print(in_order(rehearsal))
    print(f"coach: wrote {path}, {seconds / 60:.1f} minutes.", file=sys.stderr)
    print(f"coach: {pace.share:.0%} of the routine's {pace.whole_s / 60:.1f} minutes are speech.", file=sys.stderr)
    return 0


def _print(entries: list[Entry]) -> None:
    for entry in entries:
        print(entry)


def _turns(says: list[list[str]], catalog: Catalog) -> list[Turn]:
    if not says:
        return []
    from assistant.dialogue.commands import Command
    from assistant.errors import SimulationError
    from assistant.listening.phrases import lists_of
    from assistant.listening.phrases import load as load_phrases
    from assistant.simulation.rehearsal import Turn

    table = load_phrases(lists=lists_of(catalog))
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
