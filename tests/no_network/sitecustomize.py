"""Loaded by every Python child of a test, since this folder is on its PYTHONPATH."""

import network_guard  # noqa: F401 - importing it installs the guard
