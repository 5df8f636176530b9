"""One module a phase: what each command does there, and what happens by itself.

`TABLE` maps commands to handlers. `due(state, phase)` is the phase's own next moment and `wake(turn, phase)` what
happens then; `quiet(turn, phase)` is called when everything has been said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.dialogue.commands import Command
from assistant.dialogue.events import Heard
from assistant.dialogue.turn import Turn

Handler = Callable[[Turn, Heard], None]
Table = Mapping[Command, Handler]
