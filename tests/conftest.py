"""What every test gets: no network, no one's home, and no way to hide a missing part behind a skip."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import coverage
import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent / "no_network"))

import network_guard  # from the folder added above; child processes load it through sitecustomize

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("floorcoach", deadline=None)  # a busy machine is no fault of the code under test
settings.load_profile("floorcoach")


@pytest.fixture(scope="session", autouse=True)
def _no_ones_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the person's is read or written, by fixtures that several tests share neither."""
    with pytest.MonkeyPatch.context() as patch:
        _live_in(tmp_path_factory.mktemp("home"), patch)
        yield


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a home of its own."""
    _live_in(tmp_path_factory.mktemp("home"), monkeypatch)


def _live_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("HOME", str(home))
    patch.setenv("FLOORCOACH_HOME", str(home / "floorcoach"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        patch.setenv(name, str(home / name.lower()))
    folder = str(Path(network_guard.__file__).parent)
    patch.setenv("PYTHONPATH", os.pathsep.join([folder, str(ROOT)]))


@pytest.fixture
def loopback() -> Iterator[None]:
    """For a test that owns a server on this machine: connections to 127.0.0.1 and ::1 pass."""
    network_guard.loopback_allowed = True
    yield
    network_guard.loopback_allowed = False


@pytest.fixture
def pseudo_terminal() -> Iterator[tuple[int, int]]:
    """(outer, inner): what is written to the one is read from the other, which is a terminal."""
    try:
        outer, inner = os.openpty()
    except (AttributeError, OSError):  # Windows, or a chroot without /dev/pts
        pytest.skip("platform: there are no pseudo-terminals here")
    yield outer, inner
    os.close(inner)
    os.close(outer)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Only the tests of the dialogue count for its coverage: the others take half as long without being watched."""
    watching = coverage.Coverage.current()
    if watching is None or item.path.parent.name == "dialogue":
        return (yield)
    watching.stop()
    try:
        return (yield)
    finally:
        watching.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip is a failure: it hides a missing part. Only "platform: ..." may skip."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "platform:" not in reason:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, which hides a missing part. {reason}"
    return report
