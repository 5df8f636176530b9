"""The person's settings: one optional YAML file, config.yaml in the configuration folder, for example:

voice: english-us        # a voice of the speech engine; default: its English one
rate: 150                # words a minute, 80 to 300
pitch: 50                # 0 to 100
volume: 0                # dB, -30 to 12
microphone: Jabra        # part of the device's name
speaker: Jabra
strictness: normal       # relaxed, normal or strict: how sure the ears must be
plain: false             # one line per change instead of the full screen
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError

STRICTNESS = ("relaxed", "normal", "strict")


class ConfigError(AssistantError):
    """The settings file cannot be used."""

    code = "config"


@dataclass(frozen=True)
class Config:
    """What config.yaml says; the module's text explains each. None: not set, take what suits."""

    voice: str | None = None
    rate: int | None = None
    pitch: int | None = None
    volume: float = 0.0
    microphone: str | None = None
    speaker: str | None = None
    strictness: str = "normal"
    plain: bool = False


def load(path: Path | None = None) -> Config:
    """Read `path` (default: config.yaml in the configuration folder); the defaults if there is no such file.

    Raises ConfigError with file and line for anything it cannot use.
    """
    from assistant.storage.places import config_dir

    path = path or config_dir() / "config.yaml"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The settings {path} cannot be read ({error}): mend the file or delete it.") from error
    return Config(**_settings(text, path))


def _settings(text: str, path: Path) -> dict[str, Any]:
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)  # knows the lines
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: this is not YAML ({error.problem}).") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}:1: this is not YAML ({error}).") from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError(f"{path}:{root.start_mark.line + 1}: expected lines such as `rate: 150`.")
    settings: dict[str, Any] = {}
    for key, _ in root.value:
        where, name = f"{path}:{key.start_mark.line + 1}", key.value
        if name not in _CHECKS:
            raise ConfigError(f"{where}: there is no setting {name!r}; {_nearest(name)}")
        if values[name] is not None:
            settings[name] = _CHECKS[name](values[name], f"{where}: {name}")
    return settings


def _nearest(name: str) -> str:
    known = [field.name for field in fields(Config)]
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"the settings are {', '.join(known)}."


def _text(value: Any, where: str) -> str:
    if isinstance(value, (dict, list)) or not str(value).strip():
        raise ConfigError(f"{where} must be a text.")
    return str(value).strip()


def _number(low: float, high: float, kind: type[int] | type[float]) -> Callable[[Any, str], float]:
    def check(value: Any, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise ConfigError(f"{where} must be a number from {low} to {high}, not {value!r}.")
        return kind(value)

    return check


def _strictness(value: Any, where: str) -> str:
    if value not in STRICTNESS:
        raise ConfigError(f"{where} must be one of {', '.join(STRICTNESS)}, not {value!r}.")
    return str(value)


def _yes_or_no(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{where} must be true or false, not {value!r}.")
    return value


_CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "voice": _text,
    "rate": _number(80, 300, int),
    "pitch": _number(0, 100, int),
    "volume": _number(-30, 12, float),
    "microphone": _text,
    "speaker": _text,
    "strictness": _strictness,
    "plain": _yes_or_no,
}
