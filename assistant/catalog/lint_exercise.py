"""Meaning checks of one exercise: what a schema cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.catalog.choosing import MAX_CHAIN, Dropped, choose, needs
from assistant.catalog.faults import Fault
from assistant.catalog.lint_words import CUE_WORDS, Words, sided
from assistant.catalog.model import Change, Exercise, Item, Profile
from assistant.catalog.reading import Document, Place
from assistant.catalog.timing import bout_s, speech_s

SWAPPED = ("floor", "wall", "foam_roller")  # what nobody can be expected to have
NOTHING_THERE = Profile(missing=frozenset({"floor", "wall", "foam_roller", "rolled_towel", "mat", "table"}))
DOSE_KINDS = ("reps", "hold_s", "breaths", "duration_s")
_BODY = re.compile(
    r"\b(arm|armpit|hand|elbow|forearm|shoulder|knee|leg|foot|feet|hip|chest|thigh|ear|temple|heel|nose|head|ribs|palm)s?\b"
)


def check_exercise(
    document: Document, exercise: Exercise, exercises: Mapping[str, Exercise], words: Words
) -> Iterator[Fault]:
    """Every fault of the exercise's meaning."""
    if document.path.stem != exercise.id:
        yield document.fault(f"The id is '{exercise.id}', the file {document.path.name}: name both alike.", "id")
    for place, sentence, limit in _sentences(exercise):
        for message in words.faults(sentence, limit):
            yield document.fault(message, *place)
    yield from _sides(document, exercise)
    yield from _slots(document, exercise)
    yield from _swaps(document, exercise, exercises)
    yield from _circles(document, exercise, exercises)
    for key, change in (("easier", exercise.easier), ("harder", exercise.harder)):
        if change is not None:
            yield from _change(document, exercise, change, key, exercises)


def _sentences(exercise: Exercise) -> Iterator[tuple[Place, str, int]]:
    """Everything that is spoken: its place, the sentence, the words it may have."""
    script = exercise.script
    yield ("say",), exercise.say, CUE_WORDS
    for key, part in (("setup", script.setup), ("move", script.move)):
        for index, sentence in enumerate(part):
            yield ("script", key, index), sentence, 20
    yield ("script", "exit"), script.exit, CUE_WORDS
    for key, sentence in (("short", script.short), ("why", script.why), ("again", script.again)):
        yield ("script", key), sentence, 20
    for key, sentence in (("switch", script.switch), ("shift", script.shift)):
        yield ("script", key), sentence, 10
    for index, part_of_rep in enumerate(exercise.rep):
        yield ("rep", index, "name"), part_of_rep.name, 2
    for key, cues in (("cues", exercise.cues), ("errors", exercise.errors)):
        for index, cue in enumerate(cues):
            yield (key, index), cue.say, CUE_WORDS
    for key, change in (("easier", exercise.easier), ("harder", exercise.harder)):
        if change is not None:
            yield (key, "say"), change.say, 20
    for index, caution in enumerate(exercise.cautions):
        yield ("cautions", index), caution.say, 20


def _sides(document: Document, exercise: Exercise) -> Iterator[Fault]:
    if exercise.sides != "each":
        for place, sentence, _ in _sentences(exercise):
            if sided(sentence):
                yield document.fault("{side} and {other} are only for sides: each.", *place)
        return
    script = exercise.script
    if not any(map(sided, (*script.setup, *script.move))):
        yield document.fault("No sentence of setup and move names the {side}.", "script")
    for key, sentence in (("short", script.short), ("switch", script.switch)):
        if sentence and not sided(sentence):
            yield document.fault(f"The {key} text does not name the {{side}}.", "script", key)
    if script.switch and not _BODY.search(script.switch.lower()):
        yield document.fault(
            "The switch call names no part of the body, as in '{side} arm on top now'.", "script", "switch"
        )


def _slots(document: Document, exercise: Exercise) -> Iterator[Fault]:
    """Words that must fit between two moments."""
    script = exercise.script
    slots: list[tuple[Place, str, float, str]] = [
        (("script", "switch"), script.switch, exercise.switch_s, "change of sides"),
        (("script", "shift"), script.shift, exercise.dose.shift_s, "shift between spots"),
    ]
    bout = bout_s(exercise, exercise.dose)
    for key, cues in (("cues", exercise.cues), ("errors", exercise.errors)):
        slots += [((key, index), cue.say, bout, "work") for index, cue in enumerate(cues)]
    slots += [(("rep", index, "name"), part.name, part.s, "part") for index, part in enumerate(exercise.rep)]
    for place, sentence, seconds, what in slots:
        if sentence and speech_s(sentence) > seconds:
            needed = speech_s(sentence)
            yield document.fault(f"Saying it takes {needed:.1f} s, and the {what} lasts {seconds:g} s.", *place)


def _swaps(document: Document, exercise: Exercise, exercises: Mapping[str, Exercise]) -> Iterator[Fault]:
    """Every move on the floor, at the wall or with a roller leads, in two swaps, to one that needs at most a chair."""
    here = needs(exercise)
    known = {swap.when for swap in exercise.swaps}
    complete = True
    for thing in SWAPPED:
        when = "no_" + thing.removeprefix("foam_")
        if thing in here and when not in known:
            complete = False
            yield document.fault(
                f"It needs the {thing}, and no swap says what to do without: add when: {when}.", "swaps"
            )
    complete = complete and all(swap.use in exercises for swap in exercise.swaps)  # others have their fault already
    if not complete or not set(here) & set(SWAPPED):
        return
    profiles = [Profile(missing=frozenset({thing})) for thing in SWAPPED] + [NOTHING_THERE]
    for profile in profiles:
        chosen = choose(Item(exercise.id), exercises, profile)
        if isinstance(chosen, Dropped):
            things = ", ".join(sorted(profile.missing))
            yield document.fault(f"Without {things} no chain of at most {MAX_CHAIN} swaps leads to a move.", "swaps")
            return
        if profile is NOTHING_THERE and not set(needs(chosen.exercise)) <= {"chair"}:
            yield document.fault(f"The swaps end in '{chosen.exercise.id}', which needs more than a chair.", "swaps")


FOUND_BY_CHAIN = {"no_" + thing.removeprefix("foam_") for thing in SWAPPED}


def _circles(document: Document, exercise: Exercise, exercises: Mapping[str, Exercise]) -> Iterator[Fault]:
    """A swap must not lead back to where it began, by way of others neither."""
    for when in _instead(exercise):
        way = [exercise.id]
        while (use := _instead(exercises[way[-1]]).get(when, "")) in exercises and use not in way:
            way.append(use)
        itself = len(way) == 1 and when in FOUND_BY_CHAIN  # has its fault already
        if use == exercise.id and not itself:
            circle = ", ".join([*way, use])
            yield document.fault(f"The swaps for {when} go round in a circle: {circle}.", "swaps")


def _instead(exercise: Exercise) -> dict[str, str]:
    """What to do instead, by the reason."""
    tags = {f"tag:{caution.tag}": caution.use for caution in exercise.cautions if caution.use}
    return {**tags, **{swap.when: swap.use for swap in exercise.swaps}}


def _change(
    document: Document, exercise: Exercise, change: Change, key: str, exercises: Mapping[str, Exercise]
) -> Iterator[Fault]:
    other = exercises.get(change.use or "")
    if other is not None and other.sides != exercise.sides:
        yield document.fault(f"'{other.id}' has other sides than '{exercise.id}': a level keeps them.", key, "use")
    for name in foreign_kinds(exercise, change.dose):
        yield document.fault(f"The dose of '{exercise.id}' is not counted in {name}.", key, "dose", name)


def foreign_kinds(exercise: Exercise, dose: Mapping[str, float]) -> list[str]:
    """The kinds of dose that do not belong to this exercise."""
    return [name for name in DOSE_KINDS if name in dose and getattr(exercise.dose, name) is None]
