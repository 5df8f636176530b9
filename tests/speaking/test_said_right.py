"""Words that are written alike and said in two ways are said in the way that is meant."""

from __future__ import annotations

import re
import subprocess

from assistant.catalog.reading import read
from assistant.resources import language, resource

MEANT = {
    "use": "juːz",
    "read": "ɹiːd",
    "live": "lɪv",
    "wind": "waɪnd",
    "lead": "liːd",
    "tear": "tɪɹ",
    "bow": "baʊ",
    "row": "ɹoʊ",
    "lower": "loʊɚ",
    "minute": "mɪnɪt",
    "rest": "ɹɛst",
}
"""Each with how a coach means it."""


def texts(data: object) -> set[str]:
    if isinstance(data, str):
        return {data} if " " in data else set()
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return set().union(*(texts(child) for child in children))


def all_texts() -> set[str]:
    files = [*resource("routines").rglob("*.yaml"), language() / "wording.yaml"]
    documents = [document for path in files for document in [read(path)[0]] if document is not None]
    assert len(documents) == len(files)
    return set().union(*(texts(document.data) for document in documents))


def test_the_voice_says_each_as_it_is_meant() -> None:
    """All of eSpeak's voices take their sounds from the same place, and Piper from there, too."""
    checked = 0
    for text in all_texts():
        words = re.findall(rf"\b({'|'.join(MEANT)})\b", text.lower())
        if not words:
            continue
        spoken = re.sub(r"[{}]|teach:", "", text)
        command = ["espeak-ng", "-v", "en-us", "-q", "--ipa", spoken]
        sounds = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for word in words:
            assert MEANT[word] in re.sub("[ˈˌ\\s]", "", sounds), f"{spoken}: {sounds}"
            checked += 1
    assert checked > 20
