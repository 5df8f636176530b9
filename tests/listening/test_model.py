"""A bad model is a sentence, never a crash."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import vosk

from assistant.errors import ListeningError
from assistant.listening import model as models
from assistant.listening import phones, transcriber
from assistant.listening.model import SpeechModel
from assistant.listening.model_files import check_sizes, verify_sums


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A model folder to be spoiled."""
    folder = tmp_path / "model"
    shutil.copytree(models.default_folder(), folder)
    return folder


FOLDERS = pytest.mark.parametrize(
    "folder",
    [models.default_folder(), transcriber.default_folder(), phones.default_folder()],
    ids=lambda folder: folder.name,
)


def test_a_warning_of_vosk_is_not_for_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    model = SpeechModel()
    vosk.KaldiRecognizer(model._model, models.RATE, '["next", "flibbertigib"]')
    assert capfd.readouterr() == ("", "")


@FOLDERS
def test_the_model_is_what_its_sums_say(folder: Path) -> None:
    assert verify_sums(folder) >= (2 if folder == phones.default_folder() else 5)


@FOLDERS
def test_every_file_of_the_model_is_listed(folder: Path) -> None:
    listed = {line.split(maxsplit=1)[1].removeprefix("./") for line in (folder / "SIZES").read_text().splitlines()}
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert present - listed == {"SIZES", "SHA256SUMS"}


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _foreign(folder: Path) -> None:
    (folder / "SIZES").unlink()


def _truncated(folder: Path) -> None:
    (folder / "am" / "final.mdl").write_bytes(b"short")


def _incomplete(folder: Path) -> None:
    (folder / "graph" / "Gr.fst").unlink()


def _garbled(folder: Path) -> None:
    (folder / "SIZES").write_text("what\n")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_remove, "There is no speech model at"),
        (_empty, "holds no speech model"),
        (_foreign, "holds no speech model"),
        (_truncated, "am/final.mdl"),
        (_incomplete, "graph/Gr.fst"),
        (_garbled, "SIZES"),
    ],
)
def test_a_spoilt_model_is_refused_with_the_way_out(copy: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(copy)
    with pytest.raises(ListeningError, match=says) as refused:
        SpeechModel(copy)
    assert "restore voice_models/" in str(refused.value)


def test_sums_find_what_sizes_cannot(copy: Path) -> None:
    path = copy / "ivector" / "final.mat"
    path.write_bytes(bytes(reversed(path.read_bytes())))
    check_sizes(copy)
    with pytest.raises(ListeningError, match=r"ivector/final\.mat"):
        verify_sums(copy)


def test_what_would_crash_the_library_is_refused(model: SpeechModel) -> None:
    with pytest.raises(ListeningError, match="no phrase"):
        model.recogniser([])
    with pytest.raises(ListeningError, match="xyzzyq"):
        model.recogniser(["ready", "xyzzyq"])


def test_it_knows_words_and_the_unknown_one(model: SpeechModel) -> None:
    assert model.knows("ready")
    assert model.knows("[unk]")
    assert not model.knows("snowboy")
