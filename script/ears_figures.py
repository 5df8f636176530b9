"""Counts of what ears made of scenes, and how sure one may be of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

WHO = ("ours", "plain")
_Z = 1.96  # 95 %


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share, in percent (Wilson)."""
    if of == 0:
        return 0.0, 100.0
    share = hits / of
    middle = share + _Z * _Z / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of))
    low, high = (100 * (middle + sign * spread) / (1 + _Z * _Z / of) for sign in (-1, 1))
    return max(0.0, low), min(100.0, high)


def at_most(events: int) -> float:
    """The mean number of events of which so few are seen in only 5 % of cases (Poisson, one-sided)."""
    low, high = 0.0, 10.0 + 4 * events
    while high - low > 1e-4:
        mean = (low + high) / 2
        chance = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(events + 1))
        low, high = (mean, high) if chance > 0.05 else (low, mean)
    return high


def share(hits: int, of: int) -> list[float] | None:
    """Percent with its interval: [share, low, high]; None if there is nothing to tell."""
    return [round(value, 1) for value in (100 * hits / of, *wilson(hits, of))] if of else None


@dataclass
class Row:
    """One line of the table: two pairs of ears on the same scenes. Rows of one name add up."""

    name: str
    to_reach: str = ""
    inside: int = 0  # scenes in which a command was said
    outside: int = 0  # scenes in which something else was said
    seconds: float = 0.0
    hourly: bool = False  # false commands are told by the hour
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHO, 0))
    wrong: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHO, 0))
    taken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHO, 0))
    busy_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WHO, 0.0))
    late_ms: dict[str, list[float]] = field(default_factory=lambda: {who: [] for who in WHO})
    duck_ms: list[float] = field(default_factory=list)  # a voice's onset to the coach's lower voice
    false: int = 0  # commands while nobody spoke
    remarks: list[str] = field(default_factory=list)

    def scene(self, wanted: str | None, seconds: float) -> None:
        """Another scene, in which `wanted` (or something else) was said."""
        self.inside += wanted is not None
        self.outside += wanted is None
        self.seconds += seconds

    def heard(self, who: str, commands: Sequence[str], wanted: str | None) -> None:
        """What one pair of ears made of it."""
        if wanted is None:
            self.taken[who] += len(commands) if self.hourly else bool(commands)
        else:
            self.found[who] += wanted in commands
            self.wrong[who] += any(command != wanted for command in commands)

    def add(self, other: Row) -> None:
        """The counts of a part of the same row."""
        self.inside += other.inside
        self.outside += other.outside
        self.seconds += other.seconds
        self.false += other.false
        self.duck_ms += other.duck_ms
        self.remarks += other.remarks
        for who in WHO:
            self.found[who] += other.found[who]
            self.wrong[who] += other.wrong[who]
            self.taken[who] += other.taken[who]
            self.busy_s[who] += other.busy_s[who]
            self.late_ms[who] += other.late_ms[who]

    def figures(self) -> dict[str, Any]:
        """JSON-ready: shares in percent as [share, low, high]; false commands an hour as [rate, 95 % bound]."""
        told: dict[str, Any] = {"to_reach": self.to_reach, "inside": self.inside, "outside": self.outside}
        told["minutes"] = round(self.seconds / 60, 1)
        told |= {who: self._of(who) for who in WHO}
        told["processor_ratio"] = round(self.busy_s["ours"] / self.busy_s["plain"], 2) if self.busy_s["plain"] else None
        told |= {"false_in_silence": self.false, "duck_ms": _quantiles(self.duck_ms)}
        told["remarks"] = self.remarks[:40]
        return told

    def _of(self, who: str) -> dict[str, Any]:
        hours = self.seconds / 3600
        return {
            "found": share(self.found[who], self.inside),
            "wrong": share(self.wrong[who], self.inside),
            "taken": None if self.hourly else share(self.taken[who], self.outside),
            "false": self.taken[who] if self.hourly else None,
            "false_an_hour": (
                [round(self.taken[who] / hours, 2), round(at_most(self.taken[who]) / hours, 2)] if self.hourly else None
            ),
            "core": round(self.busy_s[who] / self.seconds, 4) if self.seconds else None,
            "late_ms": _quantiles(self.late_ms[who]),
        }


def _quantiles(values: Sequence[float]) -> list[int] | None:
    """Median and 95th percentile."""
    return [round(float(np.percentile(values, p))) for p in (50, 95)] if values else None


def merged(rows: Iterable[Row]) -> list[Row]:
    """Rows of one name as one, in the order in which the names came."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.name in found:
            found[row.name].add(row)
        else:
            found[row.name] = row
    return list(found.values())


def markdown(rows: Sequence[Row]) -> str:
    """The table for people: ours \\| plain Vosk, with 95 % intervals."""
    head = ("figure", "scenes", "to reach", "found %", "wrong %", "taken", "late ms p50 / p95", "ratio")
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        figures = row.figures()
        scenes = f"{row.inside} + {row.outside}" if not row.hourly else f"{row.seconds / 3600:.1f} h"
        names = ("found", "wrong", "false_an_hour" if row.hourly else "taken", "late_ms")
        both = [" \\| ".join(_cell(figures[who][name], name) for who in WHO) for name in names]
        cells = [row.name, scenes, row.to_reach, *both, str(figures["processor_ratio"] or "-")]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(value: Any, name: str) -> str:
    if value is None:
        return "-"
    if name == "late_ms":
        return f"{value[0]} / {value[1]}"
    if name == "false_an_hour":
        return f"{value[0]} an hour (under {value[1]})"
    return f"{value[0]} ({value[1]} to {value[2]})"
