"""The same files are found however Floorcoach was installed: wheel, editable install, plain checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LOOK = """
import json, sys
add = sys.argv[1]
if add.endswith("site-packages"):
    import site
    site.addsitedir(add)
else:
    sys.path.insert(0, add)
import assistant
from assistant.resources import language, resource
print(json.dumps({
    "package": assistant.__file__,
    "routines": str(resource("routines")),
    "voice_models": str(resource("voice_models")),
    "language": str(language()),
}))
"""


def look(add: Path) -> dict[str, Path]:
    """Where a Python that knows nothing but the folder `add` finds Floorcoach's files."""
    result = subprocess.run(
        [sys.executable, "-E", "-S", "-c", LOOK, str(add)], capture_output=True, text=True, check=True, cwd="/"
    )
    found = {name: Path(path) for name, path in json.loads(result.stdout).items()}
    assert (found["routines"] / "mid_back_full.yaml").is_file()
    assert (found["routines"] / "exercises" / "open_book.yaml").is_file()
    assert (found["voice_models"] / "en-us-small" / "am" / "final.mdl").is_file()
    assert (found["language"] / "phrases.yaml").is_file()
    assert (found["language"] / "wording.yaml").is_file()
    return found


def pip(*args: str) -> None:
    options = ["--quiet", "--no-index", "--no-deps", "--no-warn-script-location"]
    command = [sys.executable, "-m", "pip", "install", *options, *args]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (built,) = folder.glob("*.whl")
    return built


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    expected = {f"assistant/{name}" for name in files(ROOT / "assistant")}
    for folder in ("routines", "voice_models"):
        expected |= {f"assistant/bundled/{folder}/{name}" for name in files(ROOT / folder)}
    assert {name for name in names if name.startswith("assistant/")} == expected
    others = {name.split("/", 1)[1] for name in names if not name.startswith("assistant/")}
    assert others == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
        "licenses/NOTICE",
    }


def test_a_wheel_finds_its_own_copies(wheel: Path, tmp_path: Path) -> None:
    pip("--target", str(tmp_path), str(wheel))
    found = look(tmp_path)
    assert all(path.is_relative_to(tmp_path) for path in found.values())
    assert (tmp_path / "bin" / "coach").is_file()


def test_an_editable_install_finds_the_checkout_s(tmp_path: Path) -> None:
    # --ignore-installed: else pip takes away the `coach` of the environment that runs the tests
    pip("--ignore-installed", "--no-build-isolation", "--prefix", str(tmp_path), "--editable", str(ROOT))
    (site,) = tmp_path.rglob("site-packages")
    found = look(site)
    assert found["routines"] == ROOT / "routines"
    assert found["voice_models"] == ROOT / "voice_models"


def test_a_checkout_finds_its_own() -> None:
    found = look(ROOT)
    assert found["routines"] == ROOT / "routines"
    assert found["language"].is_relative_to(ROOT)
