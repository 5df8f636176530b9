"""Spoken sentences that are kept, in memory and on disk, so that the second time nothing has to be rendered.

The disk is a convenience: where it is full, read-only or damaged the cache silently lives in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import zlib
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.audio.resample import resampled, to_float
from assistant.speaking.loudness import Speech
from assistant.speaking.renderer import Renderer
from assistant.speaking.voice import Voice

FORMAT = 2  # raise it when trimming or loudness change
DISK_LIMIT = 200_000_000  # bytes: four times what all routines say
MEMORY_LIMIT = 8_000_000  # samples, 32 MB: three minutes at 44 kHz
_MAGIC = b"floorcoach speech\n"
_CHECK_EVERY = 64  # writes between two looks at the size on disk


class Disk:
    """A folder of rendered sentences, one file each, at most `limit` bytes together."""

    def __init__(self, folder: Path, limit: int = DISK_LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._writes = 0

    def read(self, key: str) -> Speech | None:
        """The sentence, or None: absent, damaged (then removed) or unreadable."""
        path = self._path(key)
        try:
            speech = _decoded(path.read_bytes())
        except OSError:
            return None
        with suppress(OSError):
            if speech is None:
                path.unlink()
            else:
                os.utime(path)  # used now: the oldest go first
        return speech

    def write(self, key: str, speech: Speech) -> None:
        """Keep the sentence if that is possible: it is there whole, or not at all."""
        self._replace(self._path(key), _encoded(speech))
        if self._writes % _CHECK_EVERY == 0:
            self._prune()
        self._writes += 1

    def note(self, name: str, text: str) -> None:
        """Keep a short text beside the sentences."""
        self._replace(self._folder / name, text.encode())

    def noted(self, name: str) -> str | None:
        try:
            return (self._folder / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key[2:]}.speech"

    def _replace(self, path: Path, content: bytes) -> None:
        beside = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(content)
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def _prune(self) -> None:
        """Down to four fifths of the limit when it is exceeded, least recently used first."""
        with suppress(OSError):
            files = sorted((s.st_mtime, s.st_size, p) for p in self._folder.glob("*/*") for s in [p.stat()])
            excess = sum(size for _, size, _ in files) - self._limit
            if excess <= 0:
                return
            excess += self._limit // 5
            for _, size, path in files:
                if excess <= 0:
                    break
                path.unlink(missing_ok=True)
                excess -= size


class Sentences:
    """Sentences as samples at `rate` Hz: from memory, from disk, or rendered.

    `cached` answers at once; `get` may take as long as the renderer does. Safe for several threads as long as only
    one of them calls `get`.
    """

    def __init__(self, renderer: Renderer, rate: int, disk: Disk | None = None, *, limit: int | None = None) -> None:
        """`limit`: samples to hold in memory (MEMORY_LIMIT)."""
        self.rate = rate
        self._renderer = renderer
        self._disk = disk
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, NDArray[np.float32]] = OrderedDict()  # the oldest first
        self._limit = MEMORY_LIMIT if limit is None else limit
        self._held = 0  # samples in it
        self.use(renderer.voice)

    @property
    def voice(self) -> Voice:
        return self._speaks[0]

    def use(self, voice: Voice) -> None:
        """Speak with this voice from now on; what is being rendered is still of the one before."""
        # The engine's version is part of the key, and known only once it has loaded. Until then the one of the last
        # session serves, so that the first words need not wait.
        self._speaks = (voice, self._disk.noted(_note(voice)) if self._disk else None)

    def cached(self, text: str) -> NDArray[np.float32] | None:
        """float32[n] if it need not be rendered."""
        voice, identity = self._speaks
        if identity is None:
            return None
        key = _key(voice, identity, text)
        known = self._memory.get(key)
        if known is None and self._disk is not None:
            speech = self._disk.read(key)
            known = None if speech is None else self._keep(key, speech)
        return known

    def get(self, text: str) -> NDArray[np.float32]:
        """float32[n]; rendered if need be. SpeakingError if that fails."""
        known = self.cached(text)
        if known is not None:
            return known
        speaks = voice, before = self._speaks
        self._renderer.use(voice)
        speech = self._renderer.render(text)
        identity = self._renderer.identity
        if identity != before:
            if self._speaks is speaks:
                self._speaks = (voice, identity)
            if self._disk is not None:
                self._disk.note(_note(voice), identity)
        key = _key(voice, identity, text)
        if self._disk is not None:
            self._disk.write(key, speech)
        return self._keep(key, speech)

    def start(self) -> None:
        """Begin to load the engine, without waiting for it."""
        self._renderer.start()

    def close(self) -> None:
        """End the engine."""
        self._renderer.close()

    def _keep(self, key: str, speech: Speech) -> NDArray[np.float32]:
        samples = resampled(to_float(speech.samples), speech.rate, self.rate)
        samples.setflags(write=False)
        with self._lock:
            replaced = self._memory.pop(key, None)
            self._memory[key] = samples
            self._held += samples.size - (0 if replaced is None else replaced.size)
            while self._held > self._limit and len(self._memory) > 1:
                _, oldest = self._memory.popitem(last=False)
                self._held -= oldest.size
        return samples


def _note(voice: Voice) -> str:
    """Where the version of its engine is noted."""
    return f"engine-{voice.engine or 'default'}"


def _key(voice: Voice, identity: str, text: str) -> str:
    engine = identity.split()[0]
    parts = [FORMAT, identity, sorted(voice.for_engine(engine).items()), voice.shift(engine), text]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _encoded(speech: Speech) -> bytes:
    body = speech.samples.astype("<i2").tobytes()
    return _MAGIC + f"{speech.rate} {len(body)} {zlib.crc32(body)}\n".encode() + body


def _decoded(content: bytes) -> Speech | None:
    """The sentence, or None if anything about the file is wrong."""
    if not content.startswith(_MAGIC):
        return None
    header, _, body = content[len(_MAGIC) :].partition(b"\n")
    try:
        rate, size, checksum = map(int, header.split())
    except ValueError:
        return None
    if size != len(body) or checksum != zlib.crc32(body) or rate <= 0:
        return None
    return Speech(np.frombuffer(body, "<i2").astype(np.int16), rate)
