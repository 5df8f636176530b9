"""What may be said: checks of one sentence, whatever it belongs to.

The rules come from voice coaching: short sentences, one at a time, no word with two sounds, no promise, and no word
that is a command unless it is taught ({teach:ready}).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.catalog.timing import plain

SENTENCE_WORDS = 20
CUE_WORDS = 6

_LOOK_ALIKES = re.compile(r"\b(bow|bows|tear|tears|wind|winds|close|lead|leads|live|lives)\b", re.IGNORECASE)
_CLAIMS = re.compile(
    r"\b(fixes|cures?|cured|heals?|healed|corrects?( your)? posture|prevents?|guarantees?|guaranteed)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\{([^}]*)\}")
_TEACH = re.compile(r"\{teach:([^}]*)\}")
_SENTENCE_END = re.compile(r"[.!?]\s+\S")
_WORD = re.compile(r"[a-z']+")


def word_count(sentence: str) -> int:
    """Words as spoken; a token counts as one."""
    return len(plain(sentence).split())


def sided(sentence: str) -> bool:
    """Whether the sentence names a side by token."""
    return "{side}" in sentence or "{other}" in sentence


@dataclass(frozen=True)
class Words:
    """Checks sentences. `commands`: the wordings that the ears obey while the coach speaks."""

    commands: Collection[str]

    def faults(self, sentence: str, limit: int = SENTENCE_WORDS) -> Iterator[str]:
        """Everything that is wrong with one sentence of at most `limit` words."""
        count = word_count(sentence)
        if count > limit:
            yield f"{count} words: at most {limit} here."
        if _SENTENCE_END.search(sentence):
            yield "Two sentences in one entry: give each its own entry."
        if re.search(r"\d", sentence):
            yield "Write numbers as words: a voice reads digits in its own way."
        for word in _LOOK_ALIKES.findall(sentence):
            yield f"The word '{word}' is read in two ways: say it differently."
        for claim in _CLAIMS.finditer(sentence):
            yield f"'{claim.group()}' promises a cure: say 'may help'."
        yield from self._tokens(sentence)
        for command in self._commands_in(_TEACH.sub("|", sentence)):
            yield f"'{command}' is a command: say it differently, or write {{teach:{command}}} where it is taught."

    def _tokens(self, sentence: str) -> Iterator[str]:
        for token in _TOKEN.findall(sentence):
            taught = token.removeprefix("teach:")
            if taught == token:
                if token not in ("side", "other"):
                    yield f"The token {{{token}}} is unknown: use {{side}}, {{other}} or {{teach:word}}."
            elif taught.strip() not in self.commands:
                yield f"'{taught}' is no command: only command words are taught."
        if sentence.count("{") != sentence.count("}"):
            yield "A brace { or } is missing its other half."

    def _commands_in(self, sentence: str) -> list[str]:
        """The longest command wordings that stand in the sentence as whole words."""
        words = f" {' '.join(_WORD.findall(sentence.lower().replace('|', ' x-x ')))} "
        found = [command for command in self.commands if f" {command} " in words]
        return sorted(c for c in found if not any(c != other and c in other for other in found))
