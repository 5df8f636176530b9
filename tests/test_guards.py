"""The guards of this test suite do guard."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from network_guard import NetworkRefusedError

TESTS = Path(__file__).resolve().parent


def test_no_connection_leaves_the_machine() -> None:
    with pytest.raises(NetworkRefusedError, match="example"):
        socket.getaddrinfo("www.example.org", 80)
    with socket.socket() as there, pytest.raises(NetworkRefusedError, match=r"192\.0\.2\.1"):
        there.connect(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as there, pytest.raises(NetworkRefusedError):
        there.sendto(b"hello", ("192.0.2.1", 80))


def test_not_even_to_this_machine() -> None:
    with socket.socket() as there, pytest.raises(NetworkRefusedError):
        there.connect(("127.0.0.1", 9))


def test_but_to_a_server_of_the_test_s_own(loopback: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as there:
        assert there.getpeername() == server.getsockname()


def test_children_are_guarded_too() -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "NetworkRefusedError" in result.stderr


def test_every_test_has_a_home_of_its_own() -> None:
    home = Path.home()
    assert list(home.iterdir()) == []
    assert Path(os.environ["FLOORCOACH_HOME"]).is_relative_to(home)


@pytest.mark.parametrize(("reason", "outcome"), [("no model here", "1 failed"), ("platform: not there", "1 skipped")])
def test_a_skip_is_a_failure(tmp_path: Path, reason: str, outcome: str) -> None:
    shutil.copy(TESTS / "conftest.py", tmp_path)
    shutil.copytree(TESTS / "no_network", tmp_path / "no_network")
    (tmp_path / "test_it.py").write_text(f"import pytest\n\ndef test_it():\n    pytest.skip({reason!r})\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(tmp_path)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert outcome in result.stdout
