"""Checks of what a pack brings beside routines: its phrases and its wording, in full, as `coach check` and `add` do.

A session start only makes sure that these files are sound; here is also asked whether they are wise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path

from assistant.catalog import packs, reading
from assistant.catalog.faults import Fault
from assistant.catalog.lint_words import Words
from assistant.catalog.model import Catalog
from assistant.catalog.reading import Document
from assistant.language import pack_wording, wording
from assistant.listening import advice, pack_phrases, phrases
from assistant.listening.phrases import PhraseTable
from assistant.listening.sounds import syllables

SHORT_ANSWERS = {"hurt", "confirming", "checking", "reviewing"}  # phases where one syllable is enough
IDLE_SYLLABLES = 4
FEW = 3  # examples of where the coach says a phrase itself

Knows = Callable[[str], bool]  # whether the speech model has a word


def check(folder: Path, commands: Collection[str], catalog: Catalog, knows: Knows) -> list[Fault]:
    """The faults of phrases.yaml and wording.yaml in `folder`, as far as they are there.

    `commands`: wordings that the coach must not say; `catalog`: everything it says else.
    """
    found: list[Fault] = []
    if (folder / packs.PHRASES).is_file():
        found += _phrases(folder / packs.PHRASES, catalog, knows)
    if (folder / packs.WORDING).is_file():
        found += _wording(folder / packs.WORDING, commands)
    return sorted(set(found))


def _wording(path: Path, commands: Collection[str]) -> list[Fault]:
    texts, faults = pack_wording.read(path, wording.shipped())
    document = _document(path)
    if faults or document is None:
        return faults
    words = Words(commands)
    return [
        document.fault(message, key)
        for key, sentences in texts.items()
        for sentence in sentences
        for message in words.faults(pack_wording.sayable(sentence))
    ]


def _phrases(path: Path, catalog: Catalog, knows: Knows) -> list[Fault]:
    shipped = phrases.shipped()
    blocks, faults = pack_phrases.read(path, shipped)
    document = _document(path)
    if faults or document is None:
        return faults
    lists = phrases.lists_of(catalog)
    before = phrases.shared_table(shipped, lists)
    alone = PhraseTable({**shipped, "intents": {command: {"data": data} for command, data in blocks.items()}}, lists)
    rivals = _Rivals(shipped, before)
    for command, wordings in alone.phrases().items():
        for phrase in sorted(wordings):
            phases = [phase for phase in pack_phrases.phases_of(shipped, command) if alone.parse(phrase, phase)]
            messages = [*_too_short(phrase, phases), *rivals.of(phrase, command, phases)]
            faults += [document.fault(message, "intents", command) for message in messages]
    words = {word for wordings in alone.phrases().values() for phrase in wordings for word in phrase.split()}
    faults += _of_commands(document, advice.unheard(alone, {word for word in words if not knows(word)}))
    return faults + _of_commands(document, islice(advice.said_by_coach(alone, catalog), FEW))


def _too_short(phrase: str, phases: list[str]) -> Iterator[str]:
    length = syllables(phrase)
    if "idle" in phases and length < IDLE_SYLLABLES:
        yield f"'{phrase}' is too short for a room where people talk: at least {IDLE_SYLLABLES} syllables when idle."
    elif length < 2 and not set(phases) <= SHORT_ANSWERS:
        yield f"'{phrase}' has one syllable, and is heard in everything: take at least two."


class _Rivals:
    """The phrases that are there, for which a new one must not be taken."""

    def __init__(self, shipped: pack_phrases.Content, table: PhraseTable) -> None:
        self._table = table
        self._known = [
            (command, wordings, set(pack_phrases.phases_of(shipped, command)))
            for command, wordings in table.phrases().items()
        ]

    def of(self, phrase: str, command: str, phases: list[str]) -> Iterator[str]:
        """A sentence for what `phrase` means already in one of `phases`, or else sounds like there."""
        meant = {parsed.command for phase in phases if (parsed := self._table.parse(phrase, phase))} - {command}
        if meant:
            yield f"'{phrase}' means '{min(meant)}' already: choose other words."
            return
        for other, wordings, there in self._known:
            if other != command and not there.isdisjoint(phases):
                near = next((known for known in sorted(wordings) if advice.alike_in_sound(phrase, known)), "")
                if near:
                    yield f"'{phrase}' sounds like '{near}', which means '{other}': choose other words."


def _of_commands(document: Document, sentences: Iterable[str]) -> list[Fault]:
    """Advice, which begins with its command or commands, at the place of the first one that the file has."""
    faults = []
    for sentence in sentences:
        named = sentence.split(":", 1)[0].split()
        command = next((command for command in document.data["intents"] if command in named), "")
        faults.append(document.fault(sentence, "intents", command))
    return faults


def _document(path: Path) -> Document | None:
    return reading.read(path)[0]
