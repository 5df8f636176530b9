"""The file an author begins with: a small routine that works as it is, with a word on each key."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from assistant.authoring.extras import Knows
from assistant.catalog.lint_words import CUE_WORDS, Words
from assistant.catalog.load import load
from assistant.catalog.schema import FILES
from assistant.errors import CatalogError, StorageError
from assistant.resources import resource

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
#
# A routine for Floorcoach; docs/routines.md explains all of it. Everything here may be changed.
# Check it: coach check {id}.yaml     Hear it: coach rehearse {id}.yaml --speak     Use it: coach add {id}.yaml

id: {id}  # as the file's name
title: {title}  # as spoken: "start {spoken}"
summary: Round, turn and tilt on a chair, without getting up  # one line for lists
names: []  # other ways to ask for it, as [kettle break], without the word "routine"
minutes: {{first: 3.4, familiar: 2.9}}  # with the full text, and for those who know it; the check compares
difficulty: gentle  # gentle | moderate | strong
type: mobility  # mobility | strength | mixed | breathing
regions: [mid_back]  # neck mid_back low_back shoulder hip core
kit: {{need: [chair], want: [cushion]}}  # everything its moves need, or are better with

# "Tell me about {spoken}": two or three sentences, and no promise.
why:
  - Sitting in one shape for hours makes the mid back stiff.
  - A little rounding, turning and tilting may ease it.

blocks:
  - id: chair
    say: Chair  # "skip to the chair"
    items:  # `ls {exercises}` shows what there is
      - seated_cat
      - {{use: chair_turn, dose: {{reps: 2}}}}  # a dose of its own for this routine
      - seated_side_bend

# A block that repeats its moves, at another place:
#
#  - id: wall
#    say: Wall
#    kind: circuit
#    rounds: 2
#    round_rest_s: 20
#    round_say: [The same two moves once more.]
#    enter:  # between floor and standing also gate: ready, which waits until the person is there
#      say: [Stand up slowly and come to the wall.]
#    items: [wall_chest_melt, wall_angel]
"""


def begin(name: str, folder: Path, commands: Collection[str], knows: Knows) -> Path:
    """Write the starting file of the routine `name` ("tea_break", "Tea Break") into `folder`; returns its path.

    CatalogError for a name that cannot be used or is taken, StorageError if nothing can be written. Never overwrites.
    """
    words = re.sub(r"[_\s]+", " ", name).strip().lower().removesuffix(" routine")
    title = words.title().replace("'S", "'s")
    routine = re.sub(r"[^a-z]+", "_", words.replace("'", "")).strip("_")
    _refuse_unusable(name, words, title, commands, knows)
    taken = {each.id: each.source for each in load().routines.values() if each.id == routine or each.title == title}
    if taken:
        raise CatalogError(f"There is a routine {title} in {next(iter(taken.values()))}: choose another name.")
    text = _TEMPLATE.format(
        id=routine,
        title=title,
        spoken=words,
        schema=(resource("routines") / FILES["routine"]).as_uri(),
        exercises=resource("routines") / "exercises",
    )
    path = folder / f"{routine}.yaml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CatalogError(f"{path} is there already, and stays as it is: choose another name.", code="taken") from None
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written ({error.strerror or error}): name a folder with --into."
        ) from error
    return path


def _refuse_unusable(name: str, words: str, title: str, commands: Collection[str], knows: Knows) -> None:
    if not re.fullmatch(r"[a-z][a-z' ]*[a-z]", words) or len(title) > 40:
        raise CatalogError(f"{name!r} is no name to say: take a few words of letters, as in 'tea break'.")
    for message in Words(commands).faults(title, CUE_WORDS):
        raise CatalogError(f"The name {title!r} does not do: {message}")
    unheard = [word for word in words.split() if not knows(word)]
    if unheard:
        raise CatalogError(f"The speech model cannot hear {', '.join(unheard)}: choose a name of common words.")
