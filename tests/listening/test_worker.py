"""Both places where examining is done keep the same promises."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from assistant.listening.worker import Inline, Threaded

Worker = Inline[int, int] | Threaded[int, int]
Make = Callable[[Callable[[int], int]], Worker]


@pytest.fixture(params=[Inline, Threaded])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    made: list[Worker] = []

    def new(work: Callable[[int], int]) -> Worker:
        made.append(request.param(work))
        return made[-1]

    yield new
    for worker in made:
        worker.close()


def test_results_come_in_the_order_of_the_jobs(make: Make) -> None:
    worker = make(lambda job: job * job)
    for job in range(20):
        worker.submit(job)
    worker.drain()
    assert worker.take() == [job * job for job in range(20)]
    assert worker.take() == []
    assert not worker.busy


def test_it_is_busy_until_results_are_taken(make: Make) -> None:
    worker = make(lambda job: job)
    assert not worker.busy
    worker.submit(1)
    assert worker.busy
    worker.drain()
    assert worker.busy
    worker.take()
    assert not worker.busy


def test_closing_twice_does_no_harm(make: Make) -> None:
    worker = make(lambda job: job)
    worker.close()
    worker.close()


def test_an_error_reaches_whoever_takes_the_results() -> None:
    worker: Threaded[int, float] = Threaded(lambda job: 1 / job)
    worker.submit(0)
    worker.submit(2)
    worker.drain()
    with pytest.raises(ZeroDivisionError):
        worker.take()
    assert worker.take() == [0.5]
    worker.close()


def test_the_thread_is_the_only_one_that_works() -> None:
    names: list[str] = []
    worker: Threaded[int, None] = Threaded(lambda job: names.append(threading.current_thread().name))
    worker.submit(1)
    worker.submit(2)
    worker.close()
    assert names == ["verifier", "verifier"]


def test_what_can_wait_is_done_when_no_job_waits() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def work(job: str) -> None:
        begun.set()
        go_on.wait(10)
        done.append(job)

    worker: Threaded[str, None] = Threaded(work)
    worker.submit("first")
    begun.wait(10)
    worker.aside(lambda: done.append("aside"))
    worker.submit("second")
    go_on.set()
    worker.drain()
    assert done == ["first", "second", "aside"]
    assert worker.take() == [None, None]
    worker.close()


def test_what_fails_aside_does_not_end_the_thread() -> None:
    worker: Threaded[int, int] = Threaded(lambda job: job)
    worker.aside(lambda: 1 / 0)
    worker.drain()
    worker.submit(7)
    worker.drain()
    assert worker.take() == [7]
    worker.close()
