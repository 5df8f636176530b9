"""The person's own phrases: phrases.yaml in the configuration folder, beside config.yaml.

The format is that of language/en/phrases.yaml. What is under a command is added to what ships, or replaces it where
the command says `instead: true`; lists and rules of the same name replace those that ship; skip_words, lead_words and
follow_words are added.
A faulty command is left out and named, with the line; the others count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hassil import Intents

from assistant.catalog import packs, reading
from assistant.catalog.faults import Fault
from assistant.catalog.reading import Document
from assistant.listening.pack_phrases import Checked, Content, merged, untaken

_WORDS = ("skip_words", "lead_words", "follow_words")
_KEYS = ("language", "intents", "lists", "expansion_rules", *_WORDS)


def with_own(content: Content, on_fault: Callable[[Fault], None] = packs.leave_out) -> dict[str, Any]:
    """The phrase table with the person's own phrases; `on_fault` is told what is left out."""
    path = packs.own_phrases()
    if not path.is_file():
        return dict(content)
    document, faults = reading.read(path)
    for fault in faults:
        on_fault(fault)
    if document is None or faults:
        return dict(content)
    return _Own(document, content, on_fault).table()


class _Own:
    """The file, held against the table that ships."""

    def __init__(self, document: Document, content: Content, on_fault: Callable[[Fault], None]) -> None:
        self._document, self._content, self._on_fault = document, content, on_fault
        self._data = document.data if isinstance(document.data, dict) else {}

    def table(self) -> dict[str, Any]:
        for fault in self._faults_of_keys():
            self._on_fault(fault)
        content = self._with_words()
        intents = self._data.get("intents") or {}
        for command in intents if isinstance(intents, dict) else ():
            content = self._with_command(content, command)
        return dict(content)

    def _faults_of_keys(self) -> Iterator[Fault]:
        fault = self._document.fault
        if not self._data or not isinstance(self._data.get("intents", {}), dict):
            yield fault("There are no 'intents': the format is that of language/en/phrases.yaml.")
        for key in self._data:
            if key not in _KEYS:
                yield fault(f"There is no key '{key}' in a phrase table; it is left out.", key)

    def _with_words(self) -> Content:
        """The table with the file's lists, rules and words of habit, each kind left out if it cannot be used."""
        content = self._content
        for key in ("lists", "expansion_rules", *_WORDS):
            value = self._data.get(key)
            if value is None:
                continue
            kind = list if key in _WORDS else dict
            wider = {**content, key: _together(content.get(key), value)} if isinstance(value, kind) else None
            if wider is not None and _is_usable(wider):
                content = wider
            else:
                message = f"These {key} cannot be used and are left out: see language/en/phrases.yaml for their form."
                self._on_fault(self._document.fault(message, key))
        return content

    def _with_command(self, content: Content, command: str) -> Content:
        checked = Checked(self._document, content, own=True)
        faults = list(checked.command_faults(command))
        if not faults:
            blocks = checked.blocks([command])
            faults = list(untaken(self._document, blocks, content))
        if faults:
            for fault in faults:
                left_out = f"{fault.message} What it says for '{command}' is left out."
                self._on_fault(Fault(fault.file, fault.line, left_out))
            return content
        if self._data["intents"][command].get("instead"):
            content = {**content, "intents": {**content["intents"], command: {"data": []}}}
        return merged(content, blocks)


def _together(ours: Any, theirs: Any) -> Any:
    return {**(ours or {}), **theirs} if isinstance(theirs, dict) else [*(ours or []), *theirs]


def _is_usable(content: Content) -> bool:
    try:
        Intents.from_dict({**content, "intents": {}})
    except Exception:  # hassil raises KeyError, ValueError, TypeError and its own
        return False
    return True
