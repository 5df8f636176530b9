"""Words: what the coach says that is no part of an exercise, and how sentences are made ready for the voice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from unicode_rbnf import FormatPurpose, RbnfEngine

from assistant.errors import ResourceError

_TEACH = re.compile(r"\{teach:([^{}]*)\}")
_WORD = re.compile(r"[\w'-]+")

SENTENCE_MS = 320
LETTER_MS = 74
WORD_MS = 10
COMMA_MS = 420


@dataclass(frozen=True)
class Sentence:
    """A sentence ready for the voice. `taught`: the command words in it which the ears must not obey."""

    text: str
    taught: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """The texts of one language: key -> sentences, with {slots} and {teach:command words}."""

    texts: Mapping[str, tuple[str, ...]]
    source: str = "wording"

    def sentences(self, key: str, **slots: object) -> tuple[Sentence, ...]:
        """The sentences of `key`, filled. ResourceError if the language lacks them."""
        if key not in self.texts:
            raise ResourceError(f"The text {key} is missing from {self.source}: install Floorcoach again.")
        return tuple(fill(text, **slots) for text in self.texts[key])

    def phrase(self, key: str, **slots: object) -> str:
        """The text of `key` as a part of a sentence: no capital added, no full stop."""
        text = self.sentences(key, **slots)[0].text.removesuffix(".")
        return text if self.texts[key][0][:1].isupper() else text[:1].lower() + text[1:]


def fill(template: str, **slots: object) -> Sentence:
    """`template` with its {slots} filled (numbers as words) and its {teach:...} collected; begins with a capital."""
    for name, value in slots.items():
        template = template.replace(f"{{{name}}}", in_words(value) if isinstance(value, int) else str(value))
    return Sentence(capital(_TEACH.sub(r"\1", template)), tuple(_TEACH.findall(template)))


def capital(text: str) -> str:
    """`text` beginning with a capital letter."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1)
def _engine() -> RbnfEngine:
    return RbnfEngine.for_language("en")


@lru_cache(maxsize=256)
def in_words(number: int) -> str:
    """25 -> "twenty-five"."""
    return str(_engine().format_number(number).text)


def ordinal(number: int) -> str:
    """3 -> "third"."""
    return str(_engine().format_number(number, purpose=FormatPurpose.ORDINAL).text)


@lru_cache(maxsize=1024)
def estimate_ms(text: str) -> int:
    """About how long `text` takes to say: fitted to what eSpeak makes of our own sentences at its usual rate."""
    words = _WORD.findall(text)
    letters = sum(len(word) for word in words)
    return SENTENCE_MS * bool(words) + WORD_MS * len(words) + LETTER_MS * letters + COMMA_MS * text.count(",")


def counted(number: int, unit: str) -> str:
    """1, "minute" -> "one minute"; 2, "minute" -> "two minutes"."""
    return f"{in_words(number)} {unit}" if number == 1 else f"{in_words(number)} {unit}s"


def duration(ms: int) -> str:
    """A duration as one says it: seconds below a minute and a half, then whole minutes."""
    seconds = max(1, round(ms / 1000))
    return counted(seconds, "second") if seconds < 90 else counted(round(seconds / 60), "minute")
