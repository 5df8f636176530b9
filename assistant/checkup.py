"""What a session needs of this machine, looked at one by one: `coach doctor` prints it.

Each check is a function that yields findings; a check that fails says so itself and never stops the others.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from assistant import config
from assistant.errors import AssistantError, AudioError, SpeakingError
from assistant.storage import places

if TYPE_CHECKING:  # what these import is looked at by the checks themselves
    from assistant.audio.devices import Sound

PACKAGES = {
    "hassil": "hassil",
    "jsonschema": "jsonschema",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "platformdirs": "platformdirs",
    "pyttsx3": "pyttsx3",
    "pywebrtc-audio": "pywebrtc_audio",
    "pyyaml": "yaml",
    "rich": "rich",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "vosk": "vosk",
}
"""Distribution name -> module to import. sounddevice is looked at with the sound devices: it needs more than pip."""

_LEAST_FREE = 200_000_000
"""Bytes: a full cache of rendered speech."""


class Weight(Enum):
    """How much a finding matters."""

    FINE = "ok"
    NOTE = "note"  # works, but less well
    MISSING = "FAIL"  # no session without it


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `about` names it, `says` is a plain sentence that holds the cure where one is needed."""

    weight: Weight
    about: str
    says: str


Ask = Callable[[str], None]
"""Shows the person a sentence that asks them to do something."""


def checks(sound: Sound | None = None, ask: Ask | None = None) -> Mapping[str, Callable[[], Iterator[Finding]]]:
    """Every check by name, in the order in which things depend on each other.

    `sound`: another sound library than PortAudio, for tests. `ask`: asks the person to speak, if there is one.
    """
    return {
        "python": _python,
        "packages": _packages,
        "settings": _settings,
        "model": _model,
        "voice": _voice,
        "echo": _echo,
        "disk": _disk,
        "sound": lambda: _sound(sound, ask),
    }


def findings(sound: Sound | None = None, ask: Ask | None = None) -> Iterator[Finding]:
    """What all checks find; takes about five seconds, and as much again if the person can be asked to speak."""
    for about, check in checks(sound, ask).items():
        try:
            yield from check()
        except (AssistantError, ImportError) as error:
            yield Finding(Weight.MISSING, about, str(error))


def _python() -> Iterator[Finding]:
    version = platform.python_version()
    if sys.version_info < (3, 10):  # noqa: UP036 - this is where an older one is told
        yield Finding(Weight.MISSING, "python", f"Python {version} is too old: install Python 3.10 or newer.")
    else:
        yield Finding(Weight.FINE, "python", f"{version} on {platform.platform(terse=True)}")


def _packages() -> Iterator[Finding]:
    versions = []
    for name, module in PACKAGES.items():
        try:
            importlib.import_module(module)
        except (ImportError, OSError) as error:
            cure = f"install it with `{sys.executable} -m pip install {name}`"
            yield Finding(Weight.MISSING, "packages", f"{name} cannot be loaded ({error}): {cure}.")
        else:
            versions.append(f"{name} {importlib.metadata.version(name)}")
    yield Finding(Weight.FINE, "packages", ", ".join(versions))


def _settings() -> Iterator[Finding]:
    path = config.default_path()
    config.load()
    yield Finding(Weight.FINE, "settings", str(path) if path.exists() else f"none; `coach config` writes {path}")


def _model() -> Iterator[Finding]:
    import numpy as np

    from assistant.listening import model, phones, transcriber
    from assistant.listening.model_files import verify_sums
    from assistant.listening.voice_activity import VoiceActivity

    folders = (model.default_folder(), transcriber.default_folder(), phones.default_folder())
    counts = [verify_sums(folder) for folder in folders]
    model.SpeechModel()
    transcriber.Transcriber().hear(np.zeros(model.RATE, np.int16))
    VoiceActivity()
    for folder, count in zip(folders, counts, strict=True):
        yield Finding(Weight.FINE, "model", f"{folder}: {count} files, all with the right sums; it loads")


def _voice() -> Iterator[Finding]:
    from assistant.speaking.renderer import Renderer
    from assistant.speaking.voice import of

    renderer = Renderer(of(config.load().sound))
    try:
        speech = renderer.render("This is your coach.")
        yield Finding(Weight.FINE, "voice", f"{renderer.identity}; a sentence of {speech.seconds:.1f} s was rendered")
    except SpeakingError as error:
        yield Finding(Weight.NOTE, "voice", f"{error} Until then there are tones and the screen.")
    finally:
        renderer.close()


def _disk() -> Iterator[Finding]:
    for about, folder in (("data", places.data_dir()), ("cache", places.cache_dir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".doctor"
            probe.write_bytes(b"x")
            probe.unlink()
        except OSError as error:
            yield Finding(
                Weight.NOTE, about, f"{folder} cannot be written ({error.strerror}): nothing is remembered there."
            )
            continue
        free = shutil.disk_usage(folder).free
        if free < _LEAST_FREE:
            yield Finding(Weight.NOTE, about, f"only {free // 1_000_000} MB are free at {folder}: make some space.")
        else:
            yield Finding(Weight.FINE, about, f"{folder}, {free // 1_000_000_000} GB free")


def _echo() -> Iterator[Finding]:
    from assistant.audio import echo

    if echo.available():
        yield Finding(Weight.FINE, "echo", "you can talk while the coach talks")
    else:
        yield Finding(
            Weight.NOTE,
            "echo",
            "the echo canceller (package pywebrtc-audio) cannot be loaded: while the coach talks only “stop” is heard.",
        )


def _sound(sound: Sound | None, ask: Ask | None) -> Iterator[Finding]:
    from assistant.audio.devices import Kind, PortAudio, choose
    from assistant.sound_check import measured

    settings = config.load()
    sound = sound or PortAudio()
    for device in sound.devices():
        uses = " and ".join(kind.value for kind in Kind if device.channels(kind))
        yield Finding(Weight.FINE, "device", f"{device.label}, {uses}, {device.rate} Hz")
    for kind, wanted in ((Kind.SPEAKER, settings.speaker), (Kind.MICROPHONE, settings.microphone)):
        try:
            choose(sound, kind, wanted)
            yield from measured(sound, kind, wanted, ask)
        except AudioError as error:
            yield Finding(Weight.MISSING, kind.value, str(error))


def missing_devices(settings: config.Config, sound: Sound | None = None) -> list[str]:
    """What a session with these settings lacks, a sentence each: the microphone, the speaker, or PortAudio itself."""
    from assistant.audio.devices import Kind, PortAudio, choose

    sound = sound or PortAudio()
    missing = []
    for kind, wanted in ((Kind.MICROPHONE, settings.microphone), (Kind.SPEAKER, settings.speaker)):
        try:
            choose(sound, kind, wanted)
        except AudioError as error:
            missing.append(str(error))
    return list(dict.fromkeys(missing))
