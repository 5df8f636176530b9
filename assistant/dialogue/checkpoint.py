"""The place in a session as JSON-ready data, and back; and what goes into the history.

Elapsed times only: session time begins anew with every start of the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assistant.catalog.adapt import adapt
from assistant.catalog.model import Catalog, Profile, Side, Step
from assistant.dialogue.state import Bout, Run, Settings, State
from assistant.dialogue.timeline import Detail
from assistant.dialogue.turn import live_run
from assistant.errors import StorageError

SCHEMA = 1


def checkpoint(state: State, at: int) -> Mapping[str, Any]:
    """The place at `at`: routine and its content hash, plan, step, offset, what was done, settings."""
    run = live_run(state, at)
    assert run is not None
    profile = run.plan.profile
    return {
        "schema": SCHEMA,
        "session": run.id,
        "routine": run.plan.routine.id,
        "content_hash": run.plan.routine.content_hash,
        "profile": {
            "tags": sorted(profile.tags),
            "missing": sorted(profile.missing),
            "left_out": sorted(profile.left_out),
            "levels": dict(profile.levels),
            "start_side": profile.start_side.value,
            "cut": sorted(profile.cut),
            "more_side": _name(profile.more_side),
        },
        "step": _key(run.step),
        "offset_ms": run.offset,
        "worked_ms": run.worked,
        "extra": run.extra,
        "told": None if run.told is None else int(run.told),
        "elapsed_ms": run.elapsed + at - run.began_at,
        "bouts": [_bout(bout) for bout in run.bouts],
        "skipped": list(run.skipped),
        "hurt": list(run.hurt),
        "praised": list(run.praised),
        "danger": run.danger,
        "misheard": run.misheard,
        "settings": {name: value for name, value in asdict(state.settings).items() if name != "sound"},  # kept apart
    }


def restore(catalog: Catalog, data: Mapping[str, Any]) -> tuple[Run, Settings]:
    """The run and the settings of a checkpoint; StorageError if it is damaged or does not fit the catalog."""
    if data.get("schema") != SCHEMA:
        raise StorageError("Your last place was written by another version of Floorcoach.", code="checkpoint_foreign")
    try:
        return _restored(catalog, data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StorageError("Your last place is damaged and cannot be used.", code="checkpoint_damaged") from error


def _restored(catalog: Catalog, data: Mapping[str, Any]) -> tuple[Run, Settings]:
    routine = catalog.routines.get(data["routine"])
    if routine is None or routine.content_hash != data["content_hash"]:
        raise StorageError(
            f"Your last place was in the routine {data['routine']}, which has changed since.", code="checkpoint_foreign"
        )
    profile = data["profile"]
    plan = adapt(
        routine,
        catalog,
        Profile(
            frozenset(profile["tags"]),
            frozenset(profile["missing"]),
            frozenset(profile["left_out"]),
            dict(profile["levels"]),
            Side(profile["start_side"]),
            frozenset((str(block), int(number), str(origin)) for block, number, origin in profile["cut"]),
            more_side=None if profile["more_side"] is None else Side(profile["more_side"]),
        ),
    )
    run = Run(
        plan,
        id=str(data["session"]),
        index=[_key(step) for step in plan.steps].index(data["step"]),
        offset=int(data["offset_ms"]),
        worked=int(data["worked_ms"]),
        extra=int(data["extra"]),
        told=None if data["told"] is None else Detail(data["told"]),
        elapsed=int(data["elapsed_ms"]),
        bouts=tuple(_read_bout(bout) for bout in data["bouts"]),
        skipped=tuple(data["skipped"]),
        hurt=tuple(data["hurt"]),
        praised=tuple(data.get("praised", ())),
        misheard=int(data["misheard"]),
        danger=bool(data["danger"]),
        resumed=True,
    )
    return run, Settings(**data["settings"])


def session_record(state: State, at: int, completed: bool) -> Mapping[str, Any]:
    """What the history keeps: work per exercise, side and round, against the dose; what was left out."""
    run = live_run(state, at)
    assert run is not None
    return {
        "session": run.id,
        "routine": run.plan.routine.id,
        "completed": completed,
        "resumed": run.resumed,
        "start_side": run.plan.profile.start_side.value,
        "session_s": (run.elapsed + at - run.began_at) / 1000,
        "worked_s": (sum(bout.worked_ms for bout in run.bouts) + run.worked) / 1000,
        "bouts": [_bout(bout) for bout in run.bouts],
        "skipped": list(run.skipped),
        "hurt": list(run.hurt),
        "misheard": run.misheard,
        "levels": dict(run.plan.profile.levels),
    }


def _key(step: Step) -> dict[str, Any]:
    """Names a step whatever was left out before it."""
    return {"block": step.block, "round": step.round, "exercise": step.exercise.id, "side": _name(step.side)}


def _name(side: Side | None) -> str | None:
    return None if side is None else side.value


def _bout(bout: Bout) -> dict[str, Any]:
    return {**vars(bout), "side": _name(bout.side)}


def _read_bout(data: Mapping[str, Any]) -> Bout:
    side = None if data["side"] is None else Side(data["side"])
    return Bout(str(data["exercise"]), side, int(data["round"]), int(data["worked_ms"]), int(data["planned_ms"]))
