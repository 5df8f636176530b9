"""Plain data, already checked against its schema -> the dataclasses of model.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.catalog.model import (
    SCREENING,
    Block,
    Caution,
    Change,
    Count,
    Cue,
    Dose,
    Enter,
    Exercise,
    Item,
    RepPart,
    Routine,
    Script,
    Swap,
)

Data = Mapping[str, Any]


def exercise(data: Data) -> Exercise:
    """An exercise from its file's data."""
    kit = data.get("kit", {})
    return Exercise(
        id=data["id"],
        say=data["say"],
        region=tuple(data["region"]),
        planes=tuple(data["planes"]),
        position=data["position"],
        sides=data.get("sides", "none"),
        mode=data["mode"],
        dose=Dose(**data["dose"]),
        script=_script(data["script"]),
        rep=tuple(RepPart(part["name"], float(part["s"]), part.get("breath", "free")) for part in data.get("rep", ())),
        side_means=data.get("side_means", ""),
        switch_s=float(data.get("switch_s", 6)),
        kit_need=tuple(kit.get("need", ())),
        kit_want=tuple(kit.get("want", ())),
        count=Count(**data.get("count", {})),
        cues=tuple(_cue(cue) for cue in data.get("cues", ())),
        errors=tuple(Cue(say) for say in data.get("errors", ())),
        easier=_change(data.get("easier")),
        harder=_change(data.get("harder")),
        swaps=tuple(Swap(**swap) for swap in data.get("swaps", ())),
        cautions=tuple(Caution(**caution) for caution in data.get("cautions", ())),
        stop_extra=tuple(data.get("stop", ())),
        sources=tuple(data.get("sources", ())),
    )


def routine(data: Data, *, content_hash: str, source: str) -> Routine:
    """A routine from its file's data."""
    kit = data.get("kit", {})
    return Routine(
        id=data["id"],
        title=data["title"],
        summary=data["summary"],
        minutes_first=float(data["minutes"]["first"]),
        minutes_familiar=float(data["minutes"]["familiar"]),
        difficulty=data["difficulty"],
        type=data["type"],
        regions=tuple(data["regions"]),
        kit_need=tuple(kit.get("need", ())),
        kit_want=tuple(kit.get("want", ())),
        blocks=tuple(_block(block) for block in data["blocks"]),
        names=tuple(data.get("names", ())),
        why=tuple(data["why"]),
        series=data.get("series"),
        part=data.get("part"),
        check=data.get("check"),
        start_side=data.get("start_side", "alternate"),
        quiet=data.get("voice", {}).get("quiet", False),
        moment=data.get("moment"),
        screening=data.get("screening", SCREENING),
        not_for=tuple(data.get("not_for", ())),
        content_hash=content_hash,
        source=source,
    )


def _script(data: Data) -> Script:
    texts = {key: data[key] for key in ("switch", "shift", "again") if key in data}
    return Script(tuple(data["setup"]), tuple(data["move"]), data["short"], data["exit"], data["why"], **texts)


def _cue(data: str | Data) -> Cue:
    return Cue(data) if isinstance(data, str) else Cue(**data)


def _change(data: Data | None) -> Change | None:
    return None if data is None else Change(data["say"], data.get("dose", {}), data.get("use"))


def _block(data: Data) -> Block:
    enter = data.get("enter", {})
    return Block(
        id=data["id"],
        say=data["say"],
        items=tuple(
            Item(item) if isinstance(item, str) else Item(item["use"], item.get("dose", {})) for item in data["items"]
        ),
        kind=data.get("kind", "straight"),
        rounds=data.get("rounds", 1),
        round_rest_s=float(data.get("round_rest_s", 0)),
        round_say=tuple(data.get("round_say", ())),
        enter=Enter(enter.get("gate", "auto"), tuple(enter.get("say", ())), enter.get("clear", "")),
    )
