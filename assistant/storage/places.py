"""Where Floorcoach keeps its own files: settings, what it remembers, and speech it has rendered.

The folders follow the platform's customs; FLOORCOACH_HOME puts all three under one folder instead (a USB stick,
a test).
"""

from __future__ import annotations

import os
from pathlib import Path

_NAME = "floorcoach"


def config_dir() -> Path:
    """The folder of config.yaml; it need not exist."""
    return _place("config")


def data_dir() -> Path:
    """The folder of the checkpoint, the journals and the history; it need not exist."""
    return _place("data")


def cache_dir() -> Path:
    """The folder of rendered speech, which may be deleted at any time; it need not exist."""
    return _place("cache")


def _place(kind: str) -> Path:
    home = os.environ.get("FLOORCOACH_HOME")
    if home:
        return Path(home).expanduser() / kind
    import platformdirs  # here, because most commands need no folder and `coach --help` should be quick

    find = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "cache": platformdirs.user_cache_path,
    }
    return find[kind](_NAME, appauthor=False)
