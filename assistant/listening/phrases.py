"""The phrase table: one YAML file in Home Assistant's intents template format gives both the strict parser and
the sentences of the recogniser's grammar.

A Vosk grammar is a bigram, not a grammar: the strict parse afterwards is what makes a command of it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from hassil import Intents, check_required_context, recognize_all

from assistant.catalog import packs
from assistant.catalog.faults import Fault
from assistant.catalog.model import Catalog
from assistant.errors import ListeningError
from assistant.listening.own_phrases import with_own
from assistant.listening.pack_phrases import with_packs
from assistant.listening.sampling import EXPECTED, Sampler, spoken
from assistant.resources import language

Slots = Mapping[str, "str | int"]
BUDGET = 4000  # phrases in the grammar
_HABITS = 50  # times that each word of habit is in it
_PHASES = "phases"  # where a block's phases are kept
ListValues = Mapping[str, Sequence[tuple[str, str]]]  # list name -> (as spoken, value)


@dataclass(frozen=True)
class Parsed:
    """What a text means. `habits`: it holds words that belong to no phrase but are said by habit ("okay", "please")."""

    command: str
    slots: Slots = field(default_factory=dict)
    habits: bool = False

    def means(self, other: Parsed) -> bool:
        """Whether it is the same command with the same slots, however it was said."""
        return (self.command, self.slots) == (other.command, other.slots)


class PhraseTable:
    """All phrases of a language. Parsing is strict: every word must belong to a phrase or be a word of habit."""

    def __init__(self, content: Mapping[str, Any], lists: ListValues | None = None, source: str = "phrases") -> None:
        """`content` as in phrases.yaml; `lists` fill the lists of that name. ListeningError says what is wrong."""
        self.source = source
        try:
            filled = _fill(content, lists or {})
            self._habits = Intents.from_dict(filled)
            self._intents = Intents.from_dict({**filled, "skip_words": []})
            self._leading = tuple(f" {words}" for words in filled.get("lead_words", ()))
            self._following = tuple(f"{words} " for words in filled.get("follow_words", ()))
            self._sampler = Sampler(self._intents)
            self._sampler.check()
            self._meanings = lru_cache(maxsize=4096)(self._understood)
        except Exception as error:  # hassil raises KeyError, ValueError, TypeError and its own
            raise ListeningError(
                f"The phrase table {source} cannot be used: {first_line(error)}. "
                "Its format is that of language/en/phrases.yaml.",
                code="phrases",
            ) from error

    @property
    def commands(self) -> tuple[str, ...]:
        """The ids of all commands, in the order of the file."""
        return tuple(self._intents.intents)

    def parse(self, text: str, phase: str | None = None) -> Parsed | None:
        """What `text` means in `phase` (in any, without one); None if it is not exactly a phrase."""
        wanted = spoken(text)
        for habits in (False, True):
            for parsed, phases in self._meanings(wanted, habits):
                if phase is None or check_required_context(phases, {"phase": phase}):
                    return parsed
        return None

    def without_habits(self, text: str) -> str:
        """`text` without its words of habit, unless it is just so a phrase, or none without them."""
        parsed = self.parse(text)
        bare = " ".join(word for word in text.split() if word not in self._habit_words)
        return bare if parsed and parsed.habits and self.parse(bare) else text

    def grammar(self) -> list[str]:
        """About BUDGET phrases (repeated ones count more) with equal mass for each command, the same each time.

        Words of habit stand alone in it: as a bigram it lets them be said before and after any phrase.
        """
        phrases = [phrase for phrases in self._samples.values() for phrase in phrases]
        habits = [habit for habit in self._habits.skip_words if self.parse(habit) is None]
        return phrases + habits * _HABITS

    def phrases(self) -> Mapping[str, frozenset[str]]:
        """The distinct phrases of each command; of a huge one, a sample."""
        return self._distinct

    def goes_on(self, text: str, command: str, phase: str | None = None) -> bool:
        """Whether `text` also begins a longer phrase of another command of `phase`."""
        return any(
            other != command and (phase is None or self.parse(longer, phase) is not None)
            for longer, other in self._longer.get(spoken(text), ())
        )

    def _understood(self, text: str, habits: bool) -> Sequence[tuple[Parsed, dict[str, Any]]]:
        """What `text` can mean, in the order of the file, each with the context it needs. No two need the same."""
        understood: list[tuple[Parsed, dict[str, Any]]] = []
        if habits and (text.startswith(self._following) or text.endswith(self._leading)):
            return understood
        for found in recognize_all(text, self._habits if habits else self._intents):
            phases = (found.intent_metadata or {}).get(_PHASES, {})
            if not any(phases == known for _, known in understood):
                slots = {
                    name: int(entity.value) if isinstance(entity.value, float) else entity.value
                    for name, entity in found.entities.items()
                    if entity.value is not None
                }
                understood.append((Parsed(found.intent.name, slots, habits), phases))
        return understood

    @cached_property
    def _habit_words(self) -> frozenset[str]:
        return frozenset(word for habit in self._habits.skip_words for word in habit.split())

    @cached_property
    def _distinct(self) -> Mapping[str, frozenset[str]]:
        return {command: frozenset(phrases) for command, phrases in self._samples.items()}

    @cached_property
    def _longer(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Each beginning of a phrase, with one longer phrase of each command that it begins."""
        begins: dict[str, dict[str, str]] = {}
        for command, phrases in self._distinct.items():
            for phrase in sorted(phrases):
                words = phrase.split()
                for n in range(1, len(words)):
                    begins.setdefault(" ".join(words[:n]), {}).setdefault(command, phrase)
        return {begin: [(p, c) for c, p in found.items()] for begin, found in begins.items()}

    @cached_property
    def _samples(self) -> Mapping[str, list[str]]:
        return self._sampler.draw(BUDGET)


def load(
    path: Path | None = None, lists: ListValues | None = None, on_fault: Callable[[Fault], None] = packs.leave_out
) -> PhraseTable:
    """The table in the file `path`, or the English one with what the person's packs and own phrases say.

    ListeningError names the file and what is wrong with it; what is faulty in a pack or in the person's own file is
    left out, and `on_fault` is told.
    """
    if path is not None:
        return PhraseTable(read(path), lists, str(path))
    path = language("en") / packs.PHRASES
    content = with_own(with_packs(shipped(), on_fault), on_fault)
    return shared_table(content, lists, str(path))


def shared_table(content: Mapping[str, Any], lists: ListValues | None = None, source: str = "phrases") -> PhraseTable:
    """As PhraseTable, but one for the same content, which need not work out again what it was asked before."""
    return _table(pickle.dumps((content, lists)), source)


@lru_cache(maxsize=4)
def _table(pickled: bytes, source: str) -> PhraseTable:
    content, lists = pickle.loads(pickled)
    return PhraseTable(content, lists, source)


@cache
def shipped() -> Mapping[str, Any]:
    """The English table as it ships, read once; whoever changes it changes a copy."""
    return read(language("en") / packs.PHRASES)


def read(path: Path) -> Mapping[str, Any]:
    """A phrase table's file as data; ListeningError names it and what is wrong with it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ListeningError(f"The phrase table {path} cannot be read: {first_line(error)}.", code="phrases") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f":{where.line + 1}" if where else ""
        raise ListeningError(
            f"The phrase table {path}{line} is not valid YAML: {getattr(error, 'problem', None) or first_line(error)}.",
            code="phrases",
        ) from error
    if not isinstance(content, dict) or not isinstance(content.get("intents"), dict) or not content["intents"]:
        raise ListeningError(
            f"The phrase table {path} holds no `intents`: its format is that of language/en/phrases.yaml.",
            code="phrases",
        )
    return content


def lists_of(catalog: Catalog) -> ListValues:
    """The spoken names of the catalog's routines and blocks, to fill the lists `routine` and `block`.

    A name with two meanings stands for both ids, with a space between.
    """
    routines = [
        (name, routine.id)
        for routine in catalog.routines.values()
        for name in (routine.title, *routine.names, routine.id.replace("_", " "))
    ]
    blocks = [
        (name, block.id)
        for routine in catalog.routines.values()
        for block in routine.blocks
        for name in (block.say, block.id.replace("_", " "))
    ]
    return {"routine": _names(routines), "block": _names(blocks)}


def first_line(error: Exception) -> str:
    """What an error says, in one line without a full stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _names(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names as they are said: no article, no "routine" at the end; of a name with several meanings, all of them."""
    names: dict[str, list[str]] = {}
    for name, value in pairs:
        words = spoken(name).split()
        if words[:1] in (["the"], ["a"], ["an"]):
            words = words[1:]
        if words[-1:] == ["routine"]:
            words = words[:-1]
        if words:
            names.setdefault(" ".join(words), []).append(value)
    return [(name, " ".join(dict.fromkeys(values))) for name, values in names.items()]


def _fill(content: Mapping[str, Any], lists: ListValues) -> dict[str, Any]:
    """The table with the run-time lists put in, and without the phrases whose list stayed empty."""
    filled = dict(content)
    filled.setdefault("language", "en")
    filled["lists"] = {
        **filled.get("lists", {}),
        **{name: {"values": [{"in": text, "out": value} for text, value in values]} for name, values in lists.items()},
    }
    empty = {name for name, values in filled["lists"].items() if values.get("values") == []}
    filled["intents"] = {
        str(command): {"data": [_block(block, empty) for block in intent["data"]]}
        for command, intent in filled["intents"].items()
    }
    return filled


def _block(block: Mapping[str, Any], empty: set[str]) -> dict[str, Any]:
    """One block of sentences; its phases become metadata, since a phrase is also recognised out of its phase."""
    kept = [text for text in block["sentences"] if not any(f"{{{name}" in text for name in empty)]
    metadata = {_PHASES: block.get("requires_context", {}), EXPECTED: block.get("expected", True)}
    return {**block, "sentences": kept, "requires_context": {}, "metadata": metadata}
