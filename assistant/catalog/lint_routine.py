"""Meaning checks of one routine: the way through its positions, its kit, its words and its minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from assistant.catalog.adapt import BEFORE_ALL, adapt
from assistant.catalog.choosing import needs
from assistant.catalog.faults import Fault
from assistant.catalog.lint_exercise import foreign_kinds
from assistant.catalog.lint_words import CUE_WORDS, Words, sided
from assistant.catalog.model import Block, Catalog, Exercise, Profile, Routine
from assistant.catalog.positions import changes_level
from assistant.catalog.reading import Document, Place
from assistant.catalog.timing import minutes, speech_s

TOLERANCE = 0.1  # of the promised minutes


def check_routine(document: Document, routine: Routine, catalog: Catalog, words: Words) -> Iterator[Fault]:
    """Every fault of the routine's meaning."""
    if document.path.stem != routine.id:
        yield document.fault(f"The id is '{routine.id}', the file {document.path.name}: name both alike.", "id")
    for place, sentence, limit in _sentences(routine):
        for message in words.faults(sentence, limit):
            yield document.fault(message, *place)
        if sided(sentence):
            yield document.fault("{side} and {other} belong to exercises with sides.", *place)
    yield from _blocks(document, routine, catalog.exercises)
    yield from _levels(document, routine, catalog.exercises)
    yield from _kit(document, routine, catalog.exercises)
    yield from _minutes(document, routine, catalog)
    if len(routine.why) < 2:
        yield document.fault("Tell why in two or three sentences: it answers a spoken question.", "why")


def _sentences(routine: Routine) -> Iterator[tuple[Place, str, int]]:
    yield ("title",), routine.title, CUE_WORDS
    yield ("summary",), routine.summary, 20
    for index, sentence in enumerate(routine.why):
        yield ("why", index), sentence, 20
    for b, block in enumerate(routine.blocks):
        yield ("blocks", b, "say"), block.say, CUE_WORDS
        for i, sentence in enumerate(block.round_say):
            yield ("blocks", b, "round_say", i), sentence, 20
        for i, sentence in enumerate(block.enter.say):
            yield ("blocks", b, "enter", "say", i), sentence, 20
        yield ("blocks", b, "enter", "clear"), block.enter.clear, 20


def _blocks(document: Document, routine: Routine, exercises: Mapping[str, Exercise]) -> Iterator[Fault]:
    seen: set[str] = set()
    for b, block in enumerate(routine.blocks):
        if block.id in seen:
            yield document.fault(f"The block id '{block.id}' is there twice.", "blocks", b, "id")
        seen.add(block.id)
        if block.rounds > 1 and block.kind != "circuit":
            yield document.fault("Only a circuit has rounds: write kind: circuit.", "blocks", b, "rounds")
        spoken = speech_s(*block.round_say)
        if block.round_say and spoken > block.round_rest_s:
            message = f"Saying it takes {spoken:.1f} s, and the rest between rounds lasts {block.round_rest_s:g} s."
            yield document.fault(message, "blocks", b, "round_say")
        for i, item in enumerate(block.items):
            for name in foreign_kinds(exercises[item.use], item.dose):
                message = f"The dose of '{item.use}' is not counted in {name}."
                yield document.fault(message, "blocks", b, "items", i, "dose", name)


def _levels(document: Document, routine: Routine, exercises: Mapping[str, Exercise]) -> Iterator[Fault]:
    """Up and down costs breath and time: one change in a block, gates where they belong, no floor-wall-floor."""
    before, floors, left_floor = BEFORE_ALL, 0, False
    if routine.check:
        before = exercises[routine.check].position
    for b, block in enumerate(routine.blocks):
        places = [exercises[item.use].position for item in block.items]
        entering = changes_level(before, places[0])
        if entering and block.enter.gate != "ready":
            yield document.fault("The way into this block changes level: write gate: ready.", "blocks", b, "enter")
        if not entering and block.enter.gate == "ready":
            message = "gate: ready is for the way between floor and standing, and this block stays on its level."
            yield document.fault(message, "blocks", b, "enter", "gate")
        if _changes(block, places) > 1:
            yield document.fault("The level changes more than once in this block.", "blocks", b, "items")
        for place in [before, *places]:
            down = changes_level(BEFORE_ALL, place)
            if down and left_floor:
                floors, left_floor = floors + 1, False
                yield document.fault("The floor, up, and down to the floor: gather what lies down.", "blocks", b)
            left_floor = left_floor or (not down and changes_level(before, place))
            before = place


def _changes(block: Block, places: list[str]) -> int:
    """Changes of level within a round of the block."""
    return sum(changes_level(a, b) for a, b in pairwise(places))


def _kit(document: Document, routine: Routine, exercises: Mapping[str, Exercise]) -> Iterator[Fault]:
    told = {*routine.kit_need, *routine.kit_want}
    for b, block in enumerate(routine.blocks):
        for i, item in enumerate(block.items):
            exercise = exercises[item.use]
            missing = {*needs(exercise), *exercise.kit_want} - told - {"floor"}
            if missing:
                message = f"'{item.use}' uses {', '.join(sorted(missing))}: name it under kit."
                yield document.fault(message, "blocks", b, "items", i)


def _minutes(document: Document, routine: Routine, catalog: Catalog) -> Iterator[Fault]:
    first, familiar = minutes(adapt(routine, catalog, Profile()))
    for key, promised, comes in (
        ("first", routine.minutes_first, first),
        ("familiar", routine.minutes_familiar, familiar),
    ):
        if abs(comes - promised) > TOLERANCE * promised:
            message = f"{promised:g} minutes are promised, and it comes to {comes:.1f}."
            yield document.fault(message, "minutes", key)
