"""Speaking: text to samples, in time. `open_speaker` puts the parts together."""

from __future__ import annotations

from pathlib import Path

from assistant.audio.mixer import Mixer
from assistant.speaking.cache import Disk, Sentences
from assistant.speaking.renderer import Renderer
from assistant.speaking.speaker import OnFault, OnPlaced, OnRecovered, Speaker
from assistant.speaking.voice import Voice
from assistant.storage import places

__all__ = ["Disk", "Renderer", "Sentences", "Speaker", "Voice", "cache_folder", "open_speaker"]


def cache_folder() -> Path:
    """Where rendered sentences are kept: the person's cache directory."""
    return places.cache_dir() / "speech"


def open_speaker(
    mixer: Mixer,
    voice: Voice | None = None,
    *,
    background: bool,
    on_placed: OnPlaced = lambda utterance, start, length: None,
    on_fault: OnFault = lambda part, code, sentence: None,
    on_recovered: OnRecovered = lambda part: None,
    folder: Path | None = None,
) -> Speaker:
    """A speaker with the real engine and the person's cache (or `folder`). Without an engine: a fault, later."""
    renderer = Renderer(voice or Voice())
    sentences = Sentences(renderer, mixer.rate, Disk(folder or cache_folder()))
    return Speaker(
        mixer, sentences, background=background, on_placed=on_placed, on_fault=on_fault, on_recovered=on_recovered
    )
