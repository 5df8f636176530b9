"""What script/setup asks, says and does not do, on machines that are pretended with a few small commands."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


class Machine:
    """A folder with script/setup in it and commands of its own, which write what they were called with to `log`."""

    def __init__(self, folder: Path) -> None:
        if os.name == "nt":
            pytest.skip("platform: the scripts are for POSIX systems")
        self.folder = folder
        self.log = folder / "log"
        self.log.touch()
        self.bin = folder / "bin"
        self.bin.mkdir()
        (folder / "script").mkdir()
        for script in ("setup", "start"):
            shutil.copy(ROOT / "script" / script, folder / "script")
        shutil.copy(ROOT / "pyproject.toml", folder)
        for tool in ("bash", "sh", "cat", "cksum", "dirname", "grep", "mkdir", "pwd"):
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)
        self.command("uname", 'case $1 in -s) echo Linux;; *) echo "Linux x86_64";; esac')
        self.command("id", "echo 1000")
        self.command("sudo", 'shift 2; exec sh -c "$1"')
        self.command("dpkg", "exit 1")
        self.command("apt-get", "exit 0")
        # a Python that can make an environment whose Python can run pip
        self.command(
            "python3",
            'case "$*" in *"-m venv"*) mkdir -p .venv/bin; [ -e .venv/bin/python ] || cat "$0" > .venv/bin/python;'
            " PATH=/bin:/usr/bin chmod +x .venv/bin/python;; esac",
        )

    def command(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.log}\n{script}\n')
        path.chmod(0o755)

    def setup(self, *args: str, script: str = "setup") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.folder / "script" / script), *args],
            env={"PATH": str(self.bin)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_rights_and_terminal_it_says_which_packages_and_how(machine: Machine) -> None:
    result = machine.setup()
    assert "libportaudio2 libasound2-plugins espeak-ng" in result.stderr
    assert "sudo sh -c 'apt-get update" in result.stderr
    assert not [call for call in machine.calls if call.startswith(("sudo", "apt-get"))], "nobody could answer"


def test_root_installs_without_asking(machine: Machine) -> None:
    machine.command("id", "echo 0")
    result = machine.setup("test")
    (install,) = (call for call in machine.calls if call.startswith("apt-get install"))
    assert install.endswith(
        "python3 python3-venv libportaudio2 libasound2-plugins espeak-ng pulseaudio pulseaudio-utils procps"
    )
    assert not [call for call in machine.calls if call.startswith("sudo")]
    assert result.returncode == 0, result.stderr
    assert any(call.endswith("--editable .[test,natural]") for call in machine.calls)


def test_what_is_there_is_not_installed_again(machine: Machine) -> None:
    machine.command("id", "echo 0")
    machine.command("dpkg", 'echo "Status: install ok installed"')
    machine.setup()
    assert not [call for call in machine.calls if call.startswith("apt-get")]


def test_fedora_installs_with_dnf(machine: Machine) -> None:
    machine.command("id", "echo 0")
    (machine.bin / "apt-get").unlink()
    machine.command("rpm", "exit 1")
    machine.command("dnf", "exit 0")
    assert machine.setup().returncode == 0
    assert "dnf install -y -q python3 portaudio alsa-plugins-pulseaudio espeak-ng" in machine.calls


def test_a_mac_with_python_needs_nothing_else(machine: Machine) -> None:
    machine.command("uname", 'case $1 in -s) echo Darwin;; *) echo "Darwin arm64";; esac')
    assert machine.setup().returncode == 0
    assert not [call for call in machine.calls if call.startswith(("apt-get", "dpkg", "sudo", "brew"))]


def test_the_second_run_does_nothing(machine: Machine) -> None:
    assert machine.setup().returncode == 0
    machine.log.write_text("")
    second = machine.setup()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert [call for call in machine.calls if not call.startswith("uname")] == []


def test_what_was_set_up_for_tests_is_ready_to_start(machine: Machine) -> None:
    machine.setup("test")
    machine.log.write_text("")
    machine.setup()
    assert not any("pip" in call for call in machine.calls)


def test_what_was_set_up_to_start_is_not_ready_for_tests(machine: Machine) -> None:
    machine.setup()
    machine.setup("test")
    assert any(call.endswith("--editable .[test,natural]") for call in machine.calls)


def test_start_sets_up_and_hands_its_arguments_over(machine: Machine) -> None:
    assert machine.setup().returncode == 0
    machine.command("coach", "echo listening")
    shutil.move(machine.bin / "coach", machine.folder / ".venv" / "bin" / "coach")
    result = machine.setup("mid_back_full", "--plain", script="start")
    assert result.stdout == "listening\n"
    assert machine.calls[-1] == "coach start --or-demo mid_back_full --plain"


def test_a_changed_pyproject_installs_again(machine: Machine) -> None:
    machine.setup()
    machine.log.write_text("")
    with (machine.folder / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    machine.setup()
    assert any("pip install" in call for call in machine.calls)


def test_a_failed_installation_is_tried_again(machine: Machine) -> None:
    machine.command("python3", machine.bin.joinpath("python3").read_text() + '\ncase "$*" in *pip*) exit 1;; esac')
    assert machine.setup().returncode == 1
    assert machine.setup().returncode == 1


def test_without_python_it_says_so(machine: Machine) -> None:
    machine.command("python3", "exit 1")
    result = machine.setup()
    assert result.returncode == 1
    assert "Python 3.10 or newer is missing" in result.stderr
