"""The settings file: what it may say, and where it says what it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import config
from assistant.config import Config, ConfigError
from assistant.listening import verify
from assistant.storage import places


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_there_are_defaults() -> None:
    assert config.load() == Config()


def test_the_file_in_the_configuration_folder_is_found() -> None:
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "config.yaml").write_text("rate: 170\n")
    assert config.load() == Config(rate=170)


def test_the_example_in_the_module_is_valid_and_complete(tmp_path: Path) -> None:
    assert config.__doc__
    example = config.__doc__.split("\n\n", 1)[1]
    settings = config.load(written(tmp_path, example))
    assert settings == Config(voice="english-us", rate=150, pitch=50, microphone="Jabra", speaker="Jabra")
    for name in Config.__dataclass_fields__:
        assert f"{name}:" in example


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "voice:\n"])
def test_an_empty_file_or_value_means_the_default(tmp_path: Path, text: str) -> None:
    assert config.load(written(tmp_path, text)) == Config()


def test_windows_files_are_read(tmp_path: Path) -> None:
    assert config.load(written(tmp_path, "\ufeffrate: 120\r\nplain: true\r\n")) == Config(rate=120, plain=True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "rate: 150\nmicrofone: USB\n",
            r"config\.yaml:2: there is no setting 'microfone'; did you mean 'microphone'",
        ),
        ("zebra: 1\n", r"config\.yaml:1: .* the settings are voice, rate"),
        ("rate: fast\n", r"config\.yaml:1: rate must be a number from 80 to 300, not 'fast'"),
        ("rate: true\n", "rate must be a number"),
        ("rate: 2000\n", "rate must be a number from 80 to 300"),
        ("volume: .nan\n", "volume must be a number"),
        ("plain: maybe\n", "plain must be true or false"),
        ("strictness: very\n", "strictness must be one of relaxed, normal, strict"),
        ("speaker: [a, b]\n", "speaker must be a text"),
        ("voice: ''\n", "voice must be a text"),
        ("- rate\n", r"config\.yaml:1: expected lines such as"),
        ("voice: a\nrate: [\n", r"config\.yaml:\d: this is not YAML"),
        ("voice: \x00\n", "this is not YAML"),
        ("voice: !!python/object:os.system x\n", r"config\.yaml:1: this is not YAML"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        config.load(written(tmp_path, text))


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path)


def test_all_folders_follow_floorcoach_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOORCOACH_HOME", str(tmp_path))
    folders = {places.config_dir(), places.data_dir(), places.cache_dir()}
    assert len(folders) == 3
    assert {folder.parent for folder in folders} == {tmp_path}


def test_without_floorcoach_home_they_are_the_platform_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLOORCOACH_HOME")
    assert places.config_dir().name == "floorcoach"
    assert places.config_dir().is_relative_to(Path.home())


def test_the_settings_know_every_strictness_of_the_ears() -> None:
    assert config.STRICTNESS == verify.STRICTNESS
