"""Phrases that packs bring: more ways to say commands that exist, merged into the phrase table.

The format is that of language/en/phrases.yaml, without lists and rules of its own. A block that names no phases counts
in those of its command, and none counts in others: a pack cannot make the coach act where it would not have.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hassil import Intents

from assistant.catalog import packs, reading
from assistant.catalog.faults import Fault
from assistant.catalog.reading import Document, Place
from assistant.dialogue.commands import PhaseName
from assistant.listening.sampling import Sampler

MOST_SENTENCES = 200  # in a pack
LONGEST = 120  # letters of one template
MOST_CHOICES = 12  # brackets and bars of one template: matching tries their combinations

Content = Mapping[str, Any]
Blocks = dict[str, list[dict[str, Any]]]  # command -> blocks as in the phrase table

_LIST = re.compile(r"\{(\w+)[^}]*\}")
_RULE = re.compile(r"<(\w+)>")


def with_packs(content: Content, on_fault: Callable[[Fault], None] = packs.leave_out) -> dict[str, Any]:
    """The phrase table with the phrases of the person's packs; a faulty file is left out, which `on_fault` is told."""
    for path in packs.extras(packs.PHRASES):
        blocks, faults = read(path, content)
        for fault in faults:
            on_fault(fault)
        if not faults:
            content = merged(content, blocks)
    return dict(content)


def merged(content: Content, blocks: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """The phrase table `content` with more blocks."""
    intents = dict(content["intents"])
    for command, more in blocks.items():
        intents[command] = {**intents[command], "data": [*intents[command]["data"], *more]}
    return {**content, "intents": intents}


def read(path: Path, content: Content) -> tuple[Blocks, list[Fault]]:
    """The blocks of a pack's file, to be merged into the table `content`; usable only if there are no faults."""
    document, faults = reading.read(path)
    if document is None or faults:
        return {}, faults
    checked = Checked(document, content)
    faults = list(checked.faults())
    if faults:
        return {}, faults
    blocks = checked.blocks()
    return blocks, list(untaken(document, blocks, content))


def phases_of(content: Content, command: str) -> list[str]:
    """The phases in which `command` can be said."""
    everywhere = [phase.value for phase in PhaseName]
    found: dict[str, None] = {}
    for block in content["intents"][command]["data"]:
        found.update(dict.fromkeys(_phases(block) or everywhere))
    return list(found)


class Checked:
    """A pack's file held against the table. Each step relies on the one before.

    `own`: the person's own file, which may be as large as they like and may replace what ships.
    """

    def __init__(self, document: Document, content: Content, *, own: bool = False) -> None:
        self._own = own
        self._document = document
        self._content = content
        self._intents: Content = content["intents"]

    def faults(self) -> Iterator[Fault]:
        data, fault = self._document.data, self._document.fault
        if not isinstance(data, dict) or not isinstance(data.get("intents"), dict) or not data["intents"]:
            yield fault("There are no 'intents': the format is that of language/en/phrases.yaml.")
            return
        for key in data:
            if key not in ("language", "intents"):
                yield fault(f"The key '{key}' is not taken: a pack brings sentences, nothing else.", key)
        for command in data["intents"]:
            yield from self.command_faults(command)
        count = sum(len(sentences) for _, sentences in self._sentences())
        if count > MOST_SENTENCES:
            yield fault(f"{count} sentences: at most {MOST_SENTENCES} in a pack.", "intents")

    def command_faults(self, command: str) -> Iterator[Fault]:
        """What is wrong with what the file says for one command."""
        if command in self._intents:
            yield from self._intent_faults(command)
            return
        near = difflib.get_close_matches(command, self._intents, 1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        who = "phrases add none" if self._own else "a pack adds none"
        yield self._document.fault(f"There is no command '{command}'{hint}: {who}.", "intents", command)

    def blocks(self, commands: Iterable[str] | None = None) -> Blocks:
        """Command -> blocks, each with its phases, of all `commands` in the file. Of a file without faults."""
        return {
            command: [
                {
                    "sentences": block["sentences"],
                    "requires_context": {"phase": _phases(block) or phases_of(self._content, command)},
                }
                for block in intent["data"]
            ]
            for command, intent in self._document.data["intents"].items()
            if commands is None or command in commands
        }

    def _intent_faults(self, command: str) -> Iterator[Fault]:
        place: Place = ("intents", command)
        intent = self._document.data["intents"][command]
        allowed = {"data", "instead"} if self._own else {"data"}
        keys = set(intent) if isinstance(intent, dict) else set()
        if not {"data"} <= keys <= allowed or not isinstance(intent["data"], list):
            yield self._document.fault("Write 'data:' and a list of blocks with 'sentences:'.", *place)
            return
        for index, block in enumerate(intent["data"]):
            yield from self._block_faults(command, block, (*place, "data", index))

    def _block_faults(self, command: str, block: Any, place: Place) -> Iterator[Fault]:
        fault = self._document.fault
        if not isinstance(block, dict) or not {"sentences"} <= set(block) <= {"sentences", "requires_context"}:
            yield fault("A block holds 'sentences', and perhaps 'requires_context'.", *place)
            return
        if not isinstance(block["sentences"], list) or not block["sentences"]:
            yield fault("'sentences' is a list of texts.", *place, "sentences")
            return
        for index, sentence in enumerate(block["sentences"]):
            for message in self._sentence_faults(sentence):
                yield fault(message, *place, "sentences", index)
        context = block.get("requires_context", {})
        if not isinstance(context, dict) or not set(context) <= {"phase"} or None in _phases(block):
            yield fault("'requires_context' holds 'phase' and a list of phases.", *place, "requires_context")
            return
        allowed = phases_of(self._content, command)
        for phase in _phases(block):
            if phase not in allowed:
                message = f"'{command}' cannot be said in the phase '{phase}': take of {', '.join(allowed)}."
                yield fault(message, *place, "requires_context")

    def _sentence_faults(self, sentence: Any) -> Iterator[str]:
        if not isinstance(sentence, str) or not sentence.strip():
            yield f"{sentence!r} is no text: put it in quotes."
            return
        if len(sentence) > LONGEST and not self._own:
            yield f"{len(sentence)} letters: at most {LONGEST} in a sentence."
        if sum(map(sentence.count, "[|")) > MOST_CHOICES and not self._own:
            yield f"More than {MOST_CHOICES} choices: split it into several sentences."
        for name in _LIST.findall(sentence):
            if name not in self._content.get("lists", {}):
                yield f"There is no list '{{{name}}}'."
        for name in _RULE.findall(sentence):
            if name not in self._content.get("expansion_rules", {}):
                yield f"There is no rule '<{name}>'."

    def _sentences(self) -> Iterator[tuple[str, list[Any]]]:
        for command, intent in self._document.data["intents"].items():
            for block in (intent.get("data") if isinstance(intent, dict) else None) or ():
                sentences = block.get("sentences") if isinstance(block, dict) else None
                if isinstance(sentences, list):
                    yield command, sentences


def _phases(block: Mapping[str, Any]) -> list[Any]:
    """The phases a block names; [None] for what are no phases."""
    context = block.get("requires_context")
    named = context.get("phase", []) if isinstance(context, dict) else []
    named = [named] if isinstance(named, str) else named
    return named if isinstance(named, list) and all(isinstance(phase, str) for phase in named) else [None]


def untaken(document: Document, blocks: Blocks, content: Content) -> Iterator[Fault]:
    """The commands whose templates hassil does not take (a bracket that is not closed, say)."""
    for command, more in blocks.items():
        data = [{"sentences": block["sentences"]} for block in more]
        try:
            Sampler(
                Intents.from_dict(
                    {
                        "language": "en",
                        "intents": {command: {"data": data}},
                        "lists": {**content.get("lists", {}), "routine": {"values": ["x"]}, "block": {"values": ["x"]}},
                        "expansion_rules": content.get("expansion_rules", {}),
                    }
                )
            ).check()
        except Exception as error:  # hassil raises KeyError, ValueError, TypeError and its own
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
            yield document.fault(f"A sentence is no template ({reason}).", "intents", command)
