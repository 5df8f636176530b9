"""Our ears and plain Vosk (its own end of speech, a grammar with [unk], a strict parse), fed with the same sound."""

from __future__ import annotations

import json
import tempfile
import time
from functools import cache
from pathlib import Path

import vosk
from ears_corpus import RATE, Samples
from ears_figures import Row

from assistant.catalog.load import load
from assistant.listening import phrases
from assistant.listening.ears import Ears
from assistant.listening.hearing import Hearing, Kind
from assistant.listening.model import SpeechModel, default_folder
from assistant.listening.phrases import PhraseTable
from assistant.listening.verify import Verifier

BLOCK = 320  # samples, as in a session
Decision = tuple[str, float]  # the command, and the ms after the first sample at which it was decided


@cache
def model() -> SpeechModel:
    """The model, loaded once in each process."""
    return SpeechModel()


@cache
def model_as_received() -> vosk.Model:
    """The model with its original configuration: links to the big files beside conf/original."""
    with tempfile.TemporaryDirectory() as folder:
        for path in default_folder().iterdir():
            target = path / "original" if path.name == "conf" else path
            (Path(folder) / path.name).symlink_to(target)
        return vosk.Model(model_path=folder)


@cache
def product_table() -> PhraseTable:
    """The table that ships, with the names of the routines that ship."""
    return phrases.load(None, phrases.lists_of(load()))


class Pair:
    """Both with the same table. Moments of decision include the processor time they took."""

    def __init__(self, table: PhraseTable, verifier: Verifier | None = None) -> None:
        model()  # which makes Vosk quiet
        self.table = table
        self.phase: str | None = None
        self._goes_on = False
        self._hearings: list[Hearing] = []
        self._ears = Ears(model(), table, inline=True, verifier=verifier, on_hearing=self._hearings.append)
        self._grammar = json.dumps([*dict.fromkeys(table.grammar()), "[unk]"])

    def measure(
        self, row: Row, samples: Samples, wanted: str | None, ended: int | None = None, *, goes_on: bool = False
    ) -> None:
        """Count what both make of `samples`, in which a command `wanted` ends at sample `ended`.

        `goes_on`: our ears take them as the next part of one long sound.
        """
        self._goes_on = goes_on
        row.scene(wanted, len(samples) / RATE)
        for who, decide in (("ours", self.ours), ("plain", self.plain)):
            started = time.process_time()
            decisions = decide(samples)
            row.busy_s[who] += time.process_time() - started
            row.heard(who, [command for command, _ in decisions], wanted)
            if ended is not None and decisions and decisions[0][0] == wanted:
                row.late_ms[who].append(decisions[0][1] - ended / RATE * 1000)
            if who == "ours" and (wrong := [command for command, _ in decisions if command != wanted]):
                row.remarks.append(f"{wanted or 'other speech'} in {self.phase}: {', '.join(wrong)} {self.margins()}")

    def margins(self) -> str:
        """What our ears accepted last, with the evidence."""
        return "; ".join(f"{h.text} {h.margin:.1f}" for h in self._hearings if h.kind is Kind.ACCEPTED)

    def ours(self, samples: Samples) -> list[Decision]:
        self._hearings.clear()
        if not self._goes_on:
            self._ears.restart()
        self._ears.listen(self.phase)
        decided: list[Decision] = []
        for start in range(0, len(samples), BLOCK):
            before, began = len(self._hearings), _now()
            self._ears.feed(samples[start : start + BLOCK])
            if len(self._hearings) > before:
                at = (start + BLOCK) / RATE * 1000 + _since(began)
                decided += [(h.command, at) for h in self._hearings[before:] if h.kind is Kind.ACCEPTED]
        if self._goes_on:
            return decided
        before = len(self._hearings)
        self._ears.finish()
        return decided + [
            (h.command, h.decided / RATE * 1000) for h in self._hearings[before:] if h.kind is Kind.ACCEPTED
        ]

    def plain(self, samples: Samples) -> list[Decision]:
        """Commands by the usual way."""
        kaldi = vosk.KaldiRecognizer(model_as_received(), RATE, self._grammar)
        texts = []
        for start in range(0, len(samples), BLOCK):
            began = _now()
            if kaldi.AcceptWaveform(samples[start : start + BLOCK].tobytes()):
                at = (start + BLOCK) / RATE * 1000 + _since(began)
                texts.append((json.loads(kaldi.Result())["text"], at))
        texts.append((json.loads(kaldi.FinalResult())["text"], len(samples) / RATE * 1000))
        parsed = [(self.table.parse(text, self.phase), at) for text, at in texts if text]
        return [(found.command, at) for found, at in parsed if found]


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(began: tuple[float, float]) -> float:
    """Milliseconds of work: by the clock, but not what other programs took meanwhile."""
    return min(now - then for now, then in zip(_now(), began, strict=True)) * 1000
