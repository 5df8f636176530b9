"""Wording that packs bring: other sentences for texts that exist. What keeps people safe keeps its words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.catalog import packs, reading
from assistant.catalog.faults import Fault
from assistant.dialogue.wording import Wording

MOST_SENTENCES, LONGEST = 6, 200  # of a text; letters of a sentence
SAFETY = ("safety", "danger", "red_flag", "stop", "hurt", "sharp", "nerve", "dizzy", "mild", "resting", "close")
"""Beginnings of the keys that no pack changes."""

Texts = Mapping[str, tuple[str, ...]]
_TEACH = re.compile(r"\{teach:((?:[^{}]|\{[^{}]*\})*)\}")
_SLOT = re.compile(r"\{(\w+)\}")


def with_packs(wording: Wording) -> Wording:
    """The wording as the person's packs change it; a faulty file is left out and named."""
    texts = dict(wording.texts)
    for path in packs.extras(packs.WORDING):
        more, faults = read(path, wording)
        for fault in faults:
            packs.leave_out(fault)
        if not faults:
            texts.update(more)
    return replace(wording, texts=texts)


def read(path: Path, shipped: Wording) -> tuple[Texts, list[Fault]]:
    """The texts of a pack's file that take the place of shipped ones; usable only if there are no faults."""
    document, faults = reading.read(path)
    if document is None or faults:
        return {}, faults
    if not isinstance(document.data, dict) or not document.data:
        return {}, [document.fault("The file maps names to sentences, as language/en/wording.yaml does.")]
    texts = {str(key): tuple(value if isinstance(value, list) else [value]) for key, value in document.data.items()}
    faults = [
        document.fault(message, key) for key, sentences in texts.items() for message in _faults(key, sentences, shipped)
    ]
    return texts, faults


def sayable(sentence: str) -> str:
    """The sentence with neutral words for its slots and a bar for what it teaches: what the linter can read."""
    return _SLOT.sub("something", _TEACH.sub("|", sentence))


def _faults(key: str, sentences: tuple[Any, ...], shipped: Wording) -> Iterator[str]:
    if key not in shipped.texts:
        near = difflib.get_close_matches(key, shipped.texts, 1)
        yield f"There is no text '{key}'{f' (did you mean {near[0]!r}?)' if near else ''}: a pack adds none."
        return
    if key.startswith(SAFETY):
        yield f"The text '{key}' is about safety, and stays as it is."
        return
    texts = all(isinstance(sentence, str) and sentence.strip() for sentence in sentences)
    if not texts or not 1 <= len(sentences) <= MOST_SENTENCES:
        yield f"'{key}' needs a sentence, or a list of at most {MOST_SENTENCES}."
        return
    if max(map(len, sentences)) > LONGEST:
        yield f"'{key}' has a sentence of more than {LONGEST} letters."
    before, now = _parts(shipped.texts[key]), _parts(sentences)
    if now[0] != before[0]:
        yield f"'{key}' teaches {_listed(now[0])}, and must teach {_listed(before[0])}."
    for slot in sorted(now[1] - before[1]):
        yield f"'{key}' is not given {{{slot}}}: it has {_listed({f'{{{name}}}' for name in before[1]})}."


def _parts(sentences: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """What the sentences teach, and their slots."""
    text = " ".join(sentences)
    return set(_TEACH.findall(text)), set(_SLOT.findall(_TEACH.sub("", text)))


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"
