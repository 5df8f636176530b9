"""`coach voices`: which voices there are, what they sound like, and which one speaks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import described

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.speaking.choice import Offer
    from assistant.speaking.voice import Voice

HELP = "list the voices, hear one, choose one"
EXAMPLE = """examples:
  coach voices --play en-gb                  hear it
  coach voices --play en-gb --out en-gb.wav  write what it says into a file
  coach voices --choose en-gb                take it from now on"""


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = described(subparsers, "voices", HELP, EXAMPLE)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--play", metavar="NAME", help="speak a few sentences with this voice")
    what.add_argument("--choose", metavar="NAME", help="keep this voice in the settings")
    parser.add_argument("--out", type=Path, metavar="FILE", help="with --play: write a WAV file, play nothing")
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """List, play or choose."""
    from assistant import config
    from assistant.speaking import choice

    if args.out is not None and args.play is None:
        args.parser.error("--out needs --play NAME")
    settings = config.load()
    if args.play is not None:
        _play(args.play, args.out, settings)
    elif args.choose is not None:
        _choose(args.choose, settings)
    else:
        _list(choice.offers(), settings.voice)
        if not choice.natural_installed():
            print(f"A more natural voice: {choice.HOW_TO_GET_NATURAL}")
    return 0


def _list(offers: list[Offer], chosen: str | None) -> None:
    if chosen is not None and chosen not in [offer.name for offer in offers]:
        print(f"* {chosen:<20} of the settings")
    for number, offer in enumerate(offers):
        speaks = offer.name == chosen if chosen else number == 0
        print(f"{'*' if speaks else ' '} {offer.name:<20} {offer.about}")
    print('* speaks. By voice: say "change your voice".')


def _play(name: str, out: Path | None, settings: Config) -> None:
    from assistant.audio import wav
    from assistant.audio.resample import to_float
    from assistant.speaking import audition

    speech = audition.sample(_voice(name, settings))
    if out is None:
        audition.aloud(speech, settings.speaker)
        print(f"That was {name}.")
    else:
        wav.write(out, to_float(speech.samples), speech.rate)
        print(f"Wrote {out}, {speech.seconds:.1f} seconds.")


def _choose(name: str, settings: Config) -> None:
    from assistant import config
    from assistant.speaking import audition

    audition.sample(_voice(name, settings))  # a name that cannot speak is refused
    config.keep(voice=name)
    print(f"{name} speaks from now on: it is kept in {config.default_path()}.")


def _voice(name: str, settings: Config) -> Voice:
    from dataclasses import replace

    from assistant.speaking import voice

    return voice.of(replace(settings, voice=name).sound)
