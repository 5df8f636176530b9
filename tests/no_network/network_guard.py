"""Refuses every connection to a network, in the test process and (through PYTHONPATH) in its Python children.

An audit hook sees each socket call of Python, whoever makes it, and cannot be taken off again. Sockets inside one
machine that are files (PulseAudio's) pass; loopback passes where a test owns it (fixture `loopback`).
"""

from __future__ import annotations

import sys
from typing import Any

LOOPBACK = {"127.0.0.1", "::1", "localhost"}

loopback_allowed = False


class NetworkRefusedError(RuntimeError):
    """Something tried to reach a network."""


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[-1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if host is None or (loopback_allowed and host in LOOPBACK):
        return
    raise NetworkRefusedError(f"A test tried to reach the network: {event} {host!r}.")


sys.addaudithook(_refuse)
