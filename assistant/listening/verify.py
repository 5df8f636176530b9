"""Was it a command at all? One small decision on a few figures about one utterance."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.listening.hearing import Kind

_SURE = -4.0  # log-likelihood below free speech at which a command is still one
_NEAR = -14.0


@dataclass(frozen=True)
class Features:
    """What is known about a candidate. `margin`: log-likelihood of the command minus that of free speech."""

    margin: float
    frees_agree: bool  # free speech, too, reads as this command
    covered: float  # share of the voice that its words cover


@dataclass(frozen=True)
class Verdict:
    """ACCEPTED, NEAR or IGNORED, and why."""

    kind: Kind
    why: str


def decide(features: Features) -> Verdict:
    """Whether to act on a candidate."""
    if features.frees_agree:
        return Verdict(Kind.ACCEPTED, "free speech says the same")
    if features.margin >= _SURE:
        return Verdict(Kind.ACCEPTED, "no other words fit clearly better")
    if features.margin >= _NEAR:
        return Verdict(Kind.NEAR, "other words fit better")
    return Verdict(Kind.IGNORED, "other words fit much better")
