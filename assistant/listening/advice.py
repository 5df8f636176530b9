"""What may go wrong with a phrase table: words that cannot be heard, phrases that sound alike, words the coach says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from assistant.catalog.model import Catalog, Exercise
from assistant.dialogue.commands import PhaseName
from assistant.listening.phrases import PhraseTable
from assistant.listening.sampling import spoken
from assistant.listening.sounds import near

ALIKE = 0.2  # in sound, of 1: closer phrases are mistaken for each other
_COMPARED = 20  # phrases of one command: a list of sixty numbers needs no comparison of each
_SPEAKING = (PhaseName.POSITIONING, PhaseName.WORKING, PhaseName.PAUSED)  # when scripts are read aloud
_TOKEN = re.compile(r"\{[^}]*\}")


def unheard(table: PhraseTable, words: Iterable[str]) -> Iterator[str]:
    """A sentence for each command whose phrases hold one of `words`, which the model lacks."""
    for command, phrases in table.phrases().items():
        lacking = sorted({word for phrase in phrases for word in phrase.split()}.intersection(words))
        if lacking:
            yield f"{command}: the speech model cannot hear {', '.join(lacking)}. Choose other words."


def alike(table: PhraseTable) -> Iterator[str]:
    """A sentence for each pair of phrases that sound alike, mean different things and count in the same phase."""
    chosen = [
        (command, phrase, _phases(table, phrase, command))
        for command, phrases in table.phrases().items()
        for phrase in sorted(phrases)[:_COMPARED]
    ]
    for command, phrase, phases in chosen:
        if not phases:
            yield f"{command}: '{phrase}' already means another command. Choose other words."
    for (one, first, here), (other, second, there) in combinations(chosen, 2):
        if one != other and not here.isdisjoint(there) and alike_in_sound(first, second):
            yield f"{one} and {other}: '{first}' sounds like '{second}'. Choose other words for one of them."


def alike_in_sound(first: str, second: str) -> bool:
    """Whether two phrases are mistaken for each other; a quick look at their lengths saves most comparisons."""
    shorter, longer = sorted((len(first), len(second)))
    return shorter * 2 >= longer and near(first, second, ALIKE)


def said_by_coach(table: PhraseTable, catalog: Catalog) -> Iterator[str]:
    """A sentence for each phrase that a script contains outside {teach:...}."""
    phrases = {
        phrase: command
        for command, wordings in table.phrases().items()
        for phrase in wordings
        if any(table.parse(phrase, phase.value) for phase in _SPEAKING)
    }
    for exercise in catalog.exercises.values():
        for sentence in _sentences(exercise):
            said = f" {spoken(_TOKEN.sub(' , ', sentence))} "
            for phrase, command in phrases.items():
                if f" {phrase} " in said:
                    yield f"{command}: '{phrase}' is said by the coach in {exercise.id}: '{sentence}'"


def _phases(table: PhraseTable, phrase: str, command: str) -> set[PhaseName]:
    """The phases in which `phrase` means `command`."""
    meanings = {phase: table.parse(phrase, phase.value) for phase in PhaseName}
    return {phase for phase, parsed in meanings.items() if parsed and parsed.command == command}


def _sentences(exercise: Exercise) -> Iterator[str]:
    script = exercise.script
    yield from (*script.setup, *script.move, script.short, script.exit, script.why, script.switch, script.shift)
    yield from (cue.say for cue in (*exercise.cues, *exercise.errors))
    yield from (change.say for change in (exercise.easier, exercise.harder) if change)
