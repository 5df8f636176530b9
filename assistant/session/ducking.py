"""When somebody speaks while the coach does, the coach lowers its voice to hear them."""

from __future__ import annotations

from collections.abc import Callable

PATIENCE_MS = 1500
"""How long to stay low for a voice that says no command. A television would hold us down for ever otherwise."""

REST_MS = 400
"""Speech this long after the voice ended may be loud again: a command's second word can follow a short gap."""


class Ducking:
    """Decides from voice activity when the coach speaks low; `duck(True | False)` carries it out.

    All times are session ms. A voice that goes on beyond PATIENCE_MS is background: it no longer counts until it ends.
    """

    def __init__(self, duck: Callable[[bool], None]) -> None:
        self._duck = duck
        self._low = False
        self._voice = False
        self._background = False
        self._up_at: int | None = None

    def voice(self, active: bool, at: int) -> None:
        """A voice began or ended at the microphone."""
        self._voice = active
        if active and not self._background:
            self._set(True)
            self._up_at = at + PATIENCE_MS
        elif not active:
            self._background = False
            self._up_at = at + REST_MS if self._low else None

    def answered(self) -> None:
        """What the voice said is about to be answered: up at once, for whatever else it says before it ends."""
        self._up_at = None
        self._background = self._voice
        self._set(False)

    def advance(self, now: int) -> None:
        """Come up again when it is time."""
        if self._up_at is not None and now >= self._up_at:
            self._up_at = None
            self._background = self._voice
            self._set(False)

    def deadline(self) -> int | None:
        """When `advance` is to be called."""
        return self._up_at

    def _set(self, low: bool) -> None:
        if low is not self._low:
            self._low = low
            self._duck(low)
