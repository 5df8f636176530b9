"""The person's settings: one YAML file, config.yaml in the configuration folder, which need not exist.

config.schema.json describes every setting; the file is checked against it, and the commented file that `coach config`
writes is made from it. What the person changes by voice is written into the same file: it always says what is set.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.dialogue.effects import Sound
from assistant.errors import AssistantError, StorageError

SCHEMA = Path(__file__).with_name("config.schema.json")
WIDTH = 100  # of the comments in the file

_HEAD = """\
# yaml-language-server: $schema={schema}
#
# Floorcoach's settings. Take away the # before a setting and change it; `coach doctor` says if something is wrong.
# What you change by voice ("talk faster", "louder") is written here, too.
"""


class ConfigError(AssistantError):
    """The settings file cannot be used."""

    code = "config"


@dataclass(frozen=True)
class Config:
    """What config.yaml says; config.schema.json explains each. None: not set, take what suits."""

    voice: str | None = None
    rate: int = Sound.rate
    pitch: int = Sound.pitch
    volume: float = 0.0
    microphone: str | None = None
    speaker: str | None = None
    strictness: str = "normal"
    plain: bool = False
    quiet_from: int = 21
    keep_heard: bool = True

    @property
    def sound(self) -> Sound:
        """How the coach is to sound."""
        return Sound(self.voice or "", self.rate, self.pitch, self.volume)


def default_path() -> Path:
    """Where the file is, or would be."""
    from assistant.storage.places import config_dir

    return config_dir() / "config.yaml"


def load(path: Path | None = None) -> Config:
    """Read `path` (default: config.yaml in the configuration folder); the defaults if there is no such file.

    Raises ConfigError with file and line for anything it cannot use.
    """
    path = path or default_path()
    if not path.exists():
        return Config()
    from assistant.catalog import reading, schema  # with jsonschema a tenth of a second, for those who have a file

    if not _says_something(path):
        return Config()
    document, faults = reading.read(path)
    if document is not None and isinstance(document.data, dict):
        for name in [name for name, value in document.data.items() if value is None]:
            del document.data[name]  # a name alone sets nothing
    if document is not None:
        faults += schema.faults(document, SCHEMA)
    if document is None or faults:
        raise ConfigError(str(min(faults)))
    return Config(**document.data)


def _says_something(path: Path) -> bool:
    """False for a file of comments only, which the reader would refuse."""
    with suppress(OSError, UnicodeDecodeError):
        return any(line.split("#")[0].strip() for line in path.read_text("utf-8-sig").splitlines())
    return True


def template() -> str:
    """A file with every setting, explained and commented out."""
    parts = [_HEAD.format(schema=SCHEMA.as_uri())]
    for name, setting in _described().items():
        comment = textwrap.fill(setting["description"], WIDTH, initial_indent="# ", subsequent_indent="# ")
        example = setting["default"] if "default" in setting else setting["examples"][0]
        parts.append(f"{comment}\n# {name}: {_written(example)}\n")
    return "\n".join(parts)


def write(path: Path) -> bool:
    """Write the commented file to `path`; False, and nothing done, if there is one. StorageError if it cannot be."""
    if path.exists():
        return False
    _replace(path, template())
    return True


def keep(path: Path | None = None, **settings: Any) -> None:
    """Write these settings into the file and leave everything else in it as it is.

    A setting goes where it stands, else where it stands commented out, else to the end; None comments it out. What is
    as it was is not written; without a file there will be one. ConfigError if the file is faulty or too unusual,
    StorageError if it cannot be written.
    """
    path = path or default_path()
    before = load(path)
    settings = {name: value for name, value in settings.items() if value != getattr(before, name)}
    if not settings:
        return
    text = path.read_text("utf-8-sig") if path.exists() else template()
    for name, value in settings.items():
        text = _with(text, name, value)
    _replace(path, text, replace(before, **settings))


def _with(text: str, name: str, value: Any) -> str:
    if value is None:
        return re.sub(rf"^{name}:", f"# {name}:", text, flags=re.MULTILINE)
    line = f"{name}: {_written(value)}"
    for before in (name, f"# ?{name}"):
        standing = re.compile(rf"^{before}:.*?(?P<comment>[ \t]+#.*)?$", re.MULTILINE)
        if standing.search(text):
            return standing.sub(lambda found: line + (found["comment"] or ""), text, count=1)
    return f"{text.rstrip()}\n{line}\n"


def _written(value: Any) -> str:
    """A value as YAML: JSON is YAML, and words need no quotes."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w+-]*", value) else json.dumps(value)


def _described() -> Mapping[str, Any]:
    described: Mapping[str, Any] = json.loads(SCHEMA.read_text("utf-8"))["properties"]
    return described


def _replace(path: Path, text: str, wanted: Config | None = None) -> None:
    """Put `text` in the place of the file: whole, or not at all if it does not say what is `wanted`."""
    path = path.resolve()  # a link stays one
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        if wanted is None or _says(beside, wanted):
            beside.replace(path)
            return
    except OSError as error:
        raise StorageError(
            f"The settings cannot be written to {path} ({error.strerror}): free some space or mend its rights.",
            code="config",
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    raise ConfigError(f"{path} is written in a way that cannot be changed by voice: put each setting on its own line.")


def _says(path: Path, wanted: Config) -> bool:
    try:
        return load(path) == wanted
    except ConfigError:
        return False
