"""Imported first by the scripts that measure and fit: outside of any virtual environment they run again in .venv, which
script/setup made and which has what they need."""

import os
import sys
from pathlib import Path

_PYTHON = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "python"
if sys.prefix == sys.base_prefix and _PYTHON.exists():
    os.execv(_PYTHON, [str(_PYTHON), *sys.argv])
