"""Where the examining is done: at once, or in a thread of its own. Results come back in the order of the jobs."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
_JOB, _ASIDE = 0, 1  # urgency, the lower first


class Inline(Generic[Job, Result]):
    """Does each job as it is submitted."""

    def __init__(self, work: Callable[[Job], Result]) -> None:
        self._work = work
        self._results: list[Result] = []

    def submit(self, job: Job) -> None:
        self._results.append(self._work(job))

    def take(self) -> list[Result]:
        """The results there are."""
        results, self._results = self._results, []
        return results

    def aside(self, work: Callable[[], None]) -> None:
        """What only saves time later is left undone here."""

    @property
    def busy(self) -> bool:
        """Whether results are outstanding."""
        return bool(self._results)

    def drain(self) -> None:
        """Wait until every job is done."""

    def close(self) -> None:
        """Take no more jobs."""


class Threaded(Generic[Job, Result]):
    """Does the jobs in a thread, which is the only one to call `work`. An error of a job is raised by `take`."""

    def __init__(self, work: Callable[[Job], Result]) -> None:
        self._work = work
        self._tasks: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()  # tasks of equal urgency keep their order
        self._done: queue.Queue[Result | Exception] = queue.Queue()
        self._open = 0
        self._thread = threading.Thread(target=self._run, name="verifier", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        self._open += 1
        self._put(_JOB, lambda: self._done.put(self._outcome(job)))

    def aside(self, work: Callable[[], None]) -> None:
        """Do `work` in the thread when no job waits; it has no result, and its errors are those of the next job."""

        def quietly() -> None:
            with suppress(Exception):
                work()

        self._put(_ASIDE, quietly)

    def take(self) -> list[Result]:
        """The results there are by now."""
        results: list[Result] = []
        while not self._done.empty():
            result = self._done.get_nowait()
            self._open -= 1
            if isinstance(result, Exception):
                raise result
            results.append(result)
        return results

    @property
    def busy(self) -> bool:
        """Whether results are outstanding."""
        return self._open > 0

    def drain(self) -> None:
        """Wait until every job is done."""
        self._tasks.join()

    def close(self) -> None:
        """Finish the job at hand and end the thread. Once is enough, twice does no harm."""
        if self._thread.is_alive():
            self._put(_JOB, None)
            self._thread.join()

    def _put(self, urgency: int, task: Callable[[], None] | None) -> None:
        self._tasks.put((urgency, next(self._numbers), task))

    def _run(self) -> None:
        while (task := self._tasks.get()[2]) is not None:
            task()
            self._tasks.task_done()

    def _outcome(self, job: Job) -> Result | Exception:
        try:
            return self._work(job)
        except Exception as error:  # for the thread that takes the results
            return error
