"""Sentences drawn from templates, for a recogniser that learns word order from examples.

Templates may stand for millions of sentences, so they are not expanded. Each choice in a template deals its branches
from a shuffled deck: after as many draws as there are branches each was dealt once, none much more often than others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import cycle, islice
from random import Random

from hassil import (
    Alternative,
    Expression,
    Group,
    Intents,
    ListReference,
    Permutation,
    RangeSlotList,
    RuleReference,
    Sentence,
    SlotList,
    TextChunk,
    TextSlotList,
)

from assistant.dialogue.wording import in_words

_MOST_DRAWS = 400  # for one command
EXPECTED = "expected"  # of a block's metadata: whether the recogniser should listen for it
Draw = Callable[[], str]


def spoken(text: str) -> str:
    """`text` as the recogniser writes it: lower case, no punctuation but the apostrophe, single spaces."""
    return " ".join(re.sub(r"[^\w' ]|_", " ", text.replace("’", "'").lower()).split())


class Sampler:
    """Draws sentences of each command of a table. The same table always gives the same sentences."""

    def __init__(self, intents: Intents) -> None:
        self._intents = intents

    def draw(self, budget: int) -> Mapping[str, list[str]]:
        """About `budget` sentences, equally many for each command, so that each weighs the same in the grammar."""
        walks = {command: _Walk(self._intents, command) for command in self._intents.intents}
        walks = {command: walk for command, walk in walks.items() if walk.possible}
        share = max(1, budget // max(1, len(walks)))
        drawn = {command: walk.sentences(share) for command, walk in walks.items()}
        most = max((len(sentences) for sentences in drawn.values()), default=0)
        return {command: list(islice(cycle(sentences), most)) for command, sentences in drawn.items()}

    def check(self) -> None:
        """Follow every template: KeyError, TypeError or ValueError for what is missing or calls itself."""
        for command in self._intents.intents:
            _Walk(self._intents, command)


class _Walk:
    """The templates of one command as nested draws."""

    def __init__(self, intents: Intents, command: str) -> None:
        self._intents = intents
        self._random = Random(command)
        self._decks: list[_Deck] = []
        sentences: list[Draw] = []
        for block in intents.intents[command].data:
            if not (block.metadata or {}).get(EXPECTED, True):
                continue
            lists = {**intents.slot_lists, **block.slot_lists}
            rules = {**intents.expansion_rules, **block.expansion_rules}
            templates = _Templates(self, lists, rules)
            sentences += [draw for sentence in block.sentences if (draw := templates.sentence(sentence))]
        self.possible = bool(sentences)
        self._draw = self.deck(sentences) if sentences else str

    def deck(self, branches: list[Draw]) -> Draw:
        """A draw that takes one of `branches`, none again before all were taken."""
        if len(branches) == 1:
            return branches[0]
        deck = _Deck(branches, self._random)
        self._decks.append(deck)
        return deck.draw

    def shuffled(self, parts: list[Draw]) -> Draw:
        """A draw of all `parts` in any order."""
        return lambda: " ".join(part() for part in self._random.sample(parts, len(parts)))

    def numbers(self, listed: RangeSlotList) -> Draw:
        words = [in_words(number) for number in listed.get_numbers()]
        return self.deck([_constant(text) for text in words])

    def sentences(self, at_least: int) -> list[str]:
        """Draws until every branch of every choice was dealt, at least `at_least` and at most `_MOST_DRAWS`."""
        drawn: list[str] = []
        while len(drawn) < at_least or (len(drawn) < _MOST_DRAWS and not all(d.dealt for d in self._decks)):
            drawn.append(spoken(self._draw()))
        return drawn


class _Templates:
    """Turns hassil's templates into draws, with the lists and rules of one block of sentences."""

    def __init__(self, walk: _Walk, lists: Mapping[str, SlotList], rules: Mapping[str, Sentence]) -> None:
        self._walk, self._lists, self._rules = walk, lists, rules
        self._drawn: dict[str, Draw] = {}  # by rule
        self._open: set[str] = set()  # rules that are being followed

    def sentence(self, sentence: Sentence) -> Draw | None:
        """None for a sentence that no grammar can hold: one with a place for any words at all."""
        try:
            return self._draw(sentence.expression)
        except _AnyWordsError:
            return None

    def _draw(self, expression: Expression) -> Draw:
        if isinstance(expression, TextChunk):
            return _constant(expression.original_text)
        if isinstance(expression, RuleReference):
            return self._rule(expression.rule_name)
        if isinstance(expression, ListReference):
            return self._list(expression)
        if not isinstance(expression, Group):
            raise TypeError(f"unknown kind of template: {expression}")
        parts = [self._draw(item) for item in expression.items]
        if isinstance(expression, Alternative):
            return self._walk.deck(parts)
        if isinstance(expression, Permutation):
            return self._walk.shuffled(parts)
        return lambda: "".join(part() for part in parts)

    def _rule(self, name: str) -> Draw:
        """One draw for all uses of a rule: rules within rules cannot multiply."""
        if name in self._open:
            raise ValueError(f"the rule <{name}> calls itself")
        if name not in self._drawn:
            self._open.add(name)
            self._drawn[name] = self._draw(self._rules[name].expression)
            self._open.remove(name)
        return self._drawn[name]

    def _list(self, reference: ListReference) -> Draw:
        listed = self._range(reference) or self._lists[reference.list_name]
        if isinstance(listed, RangeSlotList):
            return self._walk.numbers(listed)
        if isinstance(listed, TextSlotList):
            return self._walk.deck([self._draw(value.text_in) for value in listed.values])
        raise _AnyWordsError

    def _range(self, reference: ListReference) -> RangeSlotList | None:
        bounds = reference.get_inline_range() if reference.is_inline_range else None
        return RangeSlotList(None, bounds[0], bounds[1], bounds[2]) if bounds else None


class _AnyWordsError(Exception):
    """A template has a place for any words at all."""


class _Deck:
    """Branches dealt in shuffled order; `dealt` once all of them have been."""

    def __init__(self, branches: list[Draw], random: Random) -> None:
        self._branches = branches
        self._random = random
        self._left: list[Draw] = []
        self._deals = 0

    @property
    def dealt(self) -> bool:
        return self._deals >= len(self._branches)

    def draw(self) -> str:
        if not self._left:
            self._left = self._random.sample(self._branches, len(self._branches))
        self._deals += 1
        return self._left.pop()()


def _constant(text: str) -> Draw:
    return lambda: text
