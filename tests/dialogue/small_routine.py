"""A small catalog with every kind of step, the real wording, and a dialogue on a virtual clock."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from assistant.catalog.load import load
from assistant.catalog.model import (
    Block,
    Catalog,
    Caution,
    Change,
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
from assistant.dialogue.memory import Memory
from assistant.dialogue.transition import new_state
from assistant.dialogue.wording import Wording
from assistant.language.wording import load_wording
from assistant.simulation.rehearsal import Rehearsal

_PARTS = (RepPart("open", 3, "out"), RepPart("return", 3, "in"))


def _exercise(name: str, position: str, **fields: object) -> Exercise:
    side = fields.get("sides") == "each"
    token = " to the {side}" if side else ""
    defaults: dict[str, object] = {
        "say": name.replace("_", " ").title(),
        "region": ("mid_back",),
        "planes": ("rotation",),
        "sides": "none",
        "mode": "reps",
        "dose": Dose(reps=3),
        "rep": _PARTS,
        "script": Script(
            setup=(f"Set up for the {name.replace('_', ' ')}{token}.",),
            move=("Move smoothly.", "Keep breathing."),
            short=f"Do the {name.replace('_', ' ')}{token}.",
            exit="Come out of it slowly",
            why="It may help.",
            switch="{side} arm on top now" if side else "",
        ),
        "cues": (Cue("Knees stay stacked"), Cue("Long and tall"), Cue("Light hands")),
    }
    return Exercise(id=name, position=position, **{**defaults, **fields})  # type: ignore[arg-type]


EXERCISES = [
    _exercise("rib_waves", "standing", mode="paced_breaths", dose=Dose(breaths=3)),
    _exercise(
        "open_arms",
        "side_lying",
        sides="each",
        side_means="moving_arm",
        easier=Change("hand on your ribs", {"reps": 2}),
        harder=Change("arm straight", use="long_hold"),
        cautions=(Caution("shoulder_pain", "limit", say="Elbow bent today."),),
    ),
    _exercise("long_hold", "supine", mode="hold", rep=(), dose=Dose(hold_s=45), kit_need=("mat",)),
    _exercise("side_hold", "supine", sides="each", mode="hold", rep=(), dose=Dose(hold_s=20)),
    _exercise("swings", "wall_back", sides="alternating", dose=Dose(reps=4), rep=(RepPart("turn", 2, "out"),) * 2),
    _exercise(
        "two_spots", "wall_back", dose=Dose(reps=2, spots=2, sets=2, rest_s=15, final_hold_s=10), kit_want=("cushion",)
    ),
]

ROUTINE = Routine(
    id="short",
    title="Short Routine",
    summary="A little of everything.",
    minutes_first=6,
    minutes_familiar=5,
    difficulty="gentle",
    type="mobility",
    regions=("mid_back",),
    kit_need=("mat",),
    kit_want=(),
    blocks=(
        Block("warm", "Warm-up", (Item("rib_waves"),)),
        Block("floor", "Floor", (Item("open_arms"), Item("long_hold"), Item("side_hold")), enter=Enter("ready")),
        Block(
            "wall",
            "Wall",
            (Item("swings"), Item("two_spots")),
            kind="circuit",
            rounds=2,
            round_rest_s=20,
            enter=Enter("ready", ("Sit for a breath.",)),
        ),
    ),
    why=("It may help you turn.",),
    content_hash="abc",
)

CATALOG = Catalog({"short": ROUTINE}, {exercise.id: exercise for exercise in EXERCISES})


@lru_cache
def wording() -> Wording:
    return load_wording()


@lru_cache
def shipped() -> Catalog:
    return load()


@lru_cache
def twins() -> Catalog:
    """What ships, and somebody's own routine with the name of one of them."""
    own = replace(shipped().routines["lunch_break"], id="own_neck", title="Neck", names=(), moment=None)
    return replace(shipped(), routines={**shipped().routines, "own_neck": own})


@lru_cache
def spared() -> Catalog:
    """The small catalog, the questions that ship, and moves that tags and missing things block, swap and limit."""
    easy = _exercise("sway", "standing", dose=Dose(reps=2))
    chair = _exercise("chair_turn", "chair", dose=Dose(reps=2), kit_need=("chair",))
    changed = {
        "open_arms": {"swaps": (Swap("no_floor", "chair_turn"),)},
        "long_hold": {"swaps": (Swap("no_floor", "chair_turn"),)},
        "side_hold": {"cautions": (Caution("rib_injury", "block"), Caution("hip_surgery", "block"))},
        "swings": {"swaps": (Swap("no_wall", "sway"),), "cautions": (Caution("knee_pain", "swap", "sway"),)},
        "two_spots": {"cautions": (Caution("clot_or_inflammation", "ask"), Caution("wrist_pain", "block"))},
    }
    moves = {name: replace(move, **changed.get(name, {})) for name, move in CATALOG.exercises.items()}  # type: ignore[arg-type]
    neck = replace(ROUTINE, id="neck", title="Neck Routine", not_for=("neck_surgery",))
    return Catalog({"short": ROUTINE, "neck": neck}, {**moves, "sway": easy, "chair_turn": chair}, shipped().screenings)


def fresh(memory: Memory | None = None) -> Rehearsal:
    """The dialogue, just opened, with the small catalog."""
    return Rehearsal(new_state(CATALOG, wording(), memory))
