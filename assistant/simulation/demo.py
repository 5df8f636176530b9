"""One simulated session from its script to its files: session.wav, transcript.txt, journal.jsonl, summary.json."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio import wav
from assistant.catalog.load import find, load
from assistant.catalog.model import Catalog, Plan, Routine
from assistant.catalog.timing import bout_s
from assistant.dialogue.memory import Memory
from assistant.dialogue.person import screened
from assistant.dialogue.state import State
from assistant.dialogue.transition import new_state
from assistant.errors import AssistantError, SimulationError, StorageError
from assistant.language.wording import load_wording
from assistant.listening import phrases
from assistant.listening.ears import Ears
from assistant.listening.model import SpeechModel
from assistant.simulation import script as scripts
from assistant.simulation.measure import Recording
from assistant.simulation.person import Person
from assistant.simulation.room import RATE, Room, Sound
from assistant.simulation.scoring import latencies_ms, percentile, score
from assistant.simulation.script import Script
from assistant.simulation.voices import Voices
from assistant.simulation.world import Coach, World
from assistant.speaking import Disk, Renderer, Sentences, Voice, cache_folder
from assistant.storage.store import Store

PERSON_VOICE = "en-us+f4"  # of eSpeak: unlike the coach's, and of fifty variants among the best understood
PERSON_WORDS_A_MINUTE = 155
_HELD = 2_000_000  # samples of the coach's speech in memory, two minutes: a session would come to 30 MB
_TYPICAL = "Stand tall with soft knees, and let your shoulders drop."  # a line by which the echo's level is set


@dataclass(frozen=True)
class Report:
    """What a simulated session came to. `summary` is what summary.json holds."""

    folder: Path
    summary: dict[str, Any]
    interrupted: bool
    unsaid: int  # turns of the script whose moment never came


def play(
    name: str,
    *,
    script: Path | None = None,
    out: Path | None = None,
    seed: int = 0,
    on_progress: Callable[[int, State], None] = lambda ms, state: None,
) -> Report:
    """Simulate a session of the routine `name` and write its files into `out` (default: coach-demo-ROUTINE).

    Ctrl-C ends it in order. Raises AssistantError for a routine, a script, a voice or a folder that cannot be used.
    """
    began = time.monotonic()
    catalog = load()
    routine = find(catalog, name)
    wanted = scripts.load(script or scripts.built_in(routine.id), {"routine": _spoken_name(routine)})
    folder = _folder(out or Path(f"coach-demo-{routine.id}"))
    with ExitStack() as stack:
        world, person = _world(catalog, wanted, seed, folder, stack)
        interrupted = _run(world, on_progress)
    return _report(folder, routine, world, person, interrupted, began)


def _spoken_name(routine: Routine) -> str:
    """As a person says it, so that it is a whole phrase also when idle."""
    title = routine.title.lower()
    return title if title.endswith("routine") else f"{title} routine"


def _folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "session.wav").touch()
    except OSError as error:
        sentence = f"The folder {folder} cannot be written ({error.strerror}): name another with --out."
        raise StorageError(sentence, code="out") from error
    return folder


def _world(catalog: Catalog, script: Script, seed: int, folder: Path, stack: ExitStack) -> tuple[World, Person]:
    """Everything set up and ready; `stack` closes it."""
    disk = Disk(cache_folder())
    coach_voice = Renderer(Voice())
    stack.callback(coach_voice.close)
    person_voice = Renderer(Voice(id=_person_voice(script, coach_voice), rate=PERSON_WORDS_A_MINUTE))
    stack.callback(person_voice.close)
    coach_voice.start()
    person_voice.start()  # while the model loads
    model = SpeechModel()
    table = phrases.load(lists=phrases.lists_of(catalog))
    sentences = Sentences(coach_voice, RATE, disk, limit=_HELD)
    voices = Voices(Sentences(person_voice, RATE, disk).get)
    voices.prepare(script)
    noise = None if script.noise is None else _noise(script)
    room = Room(script.room, noise=noise, snr_db=script.snr_db, coach_sample=sentences.get(_TYPICAL), seed=seed)
    store = Store(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="floorcoach-"))), _cannot_keep)
    stack.callback(store.close)
    store.open_journal(folder / "journal.jsonl", {"simulated": True, "seed": seed})
    recording = stack.enter_context(wav.Writer(folder / "session.wav", RATE, channels=2))
    person = Person(script.turns, seed)
    memory = Memory() if script.new else Memory(person=screened(catalog))
    state = new_state(catalog, load_wording(), memory)
    ears = partial(Ears, model, table, inline=True)
    world = World(Coach(state, ears, table, sentences, store), room, person, voices, _recorder(recording))
    stack.callback(world.close)
    return world, person


def _person_voice(script: Script, coach_voice: Renderer) -> str | None:
    """The voice of the person: the script's, else ours on eSpeak, else the engine's own."""
    espeak = coach_voice.identity.startswith("espeak")
    return script.voice or (PERSON_VOICE if espeak else None)


def _noise(script: Script) -> Any:
    assert script.noise is not None
    try:
        return wav.read(script.noise).mono(RATE)
    except AssistantError as error:
        raise SimulationError(f"{script.source}: {error}", code="noise") from error


def _cannot_keep(error: StorageError) -> None:
    raise error  # what a live session survives, a demo has no reason to go on without


def _recorder(file: wav.Writer) -> Callable[[Sound], None]:
    def record(sound: Sound) -> None:
        file.write(np.stack([sound.coach, sound.microphone / np.float32(32767)], axis=1))

    return record


def _run(world: World, on_progress: Callable[[int, State], None]) -> bool:
    """Run the session; True if it was interrupted."""
    try:
        world.run(lambda ms: on_progress(ms, world.session.state))
    except KeyboardInterrupt:
        return True
    return False


def _report(folder: Path, routine: Routine, world: World, person: Person, interrupted: bool, began: float) -> Report:
    world.chronicle.write_transcript(folder / "transcript.txt")
    result = score(world.chronicle.said, world.chronicle.accepted, RATE)
    with Recording(folder / "session.wav") as recording:
        latencies = latencies_ms(recording, result.understood, world.delay)
    summary = {
        "routine": world.plan.routine.id if world.plan else routine.id,
        "completed": bool(world.record.get("completed", False)),
        "commands": result.counts,
        "latency_ms": {"p50": percentile(latencies, 0.5), "p95": percentile(latencies, 0.95)},
        "worked_s": _worked_s(world),
        "planned_work_s": planned_work_s(world.plan) if world.plan else 0.0,
        "session_s": world.clock.now() / 1000,
        "wall_s": round(time.monotonic() - began, 2),
        "peak_rss_mb": peak_rss_mb(),
    }
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return Report(folder, summary, interrupted, len(person.unsaid))


def _worked_s(world: World) -> float:
    """As the history would keep it; of a session that was broken off, what had been done."""
    run = world.session.state.run
    if run is None:
        return float(world.record.get("worked_s", 0.0))
    return (sum(bout.worked_ms for bout in run.bouts) + run.worked) / 1000


def planned_work_s(plan: Plan) -> float:
    """The work a plan prescribes, without rests and shifts."""
    steps = ((step.dose.sets * step.dose.spots, bout_s(step.exercise, step.dose)) for step in plan.steps)
    return round(sum(times * seconds for times, seconds in steps), 3)


def peak_rss_mb() -> float | None:
    """The most memory this process ever held; None on Windows, which does not tell. (What the system tells of
    children counts ours once more: a child begins as a copy.)"""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)
