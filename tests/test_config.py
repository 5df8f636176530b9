"""The settings file: what it may say, and where it says what it must not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import config
from assistant.config import Config, ConfigError
from assistant.errors import StorageError
from assistant.listening import verify
from assistant.speaking.voice import PITCH, WORDS_A_MINUTE
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


def test_the_schema_describes_every_setting_and_its_default() -> None:
    described = json.loads(config.SCHEMA.read_text("utf-8"))["properties"]
    defaults = {name: setting["default"] for name, setting in described.items() if "default" in setting}
    assert set(described) == set(Config.__dataclass_fields__)
    assert Config(**defaults) == Config()
    for setting in described.values():
        assert setting["description"].endswith(".")
        assert ("default" in setting) != ("examples" in setting)


def test_defaults_are_those_of_the_parts_they_set() -> None:
    assert (Config().rate, Config().pitch) == (WORDS_A_MINUTE, PITCH)


def test_the_written_file_changes_nothing_until_a_line_is_taken_in(tmp_path: Path) -> None:
    path = written(tmp_path, config.template())
    assert config.load(path) == Config()
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == f"# yaml-language-server: $schema={config.SCHEMA.as_uri()}"
    assert max(map(len, lines[2:])) <= 120
    path.write_text("\n".join(line.removeprefix("# ") if is_setting(line) else line for line in lines))
    assert config.load(path) == Config(voice="en-gb", microphone="Jabra", speaker="Jabra")


def is_setting(line: str) -> bool:
    return any(line.startswith(f"# {name}: ") for name in Config.__dataclass_fields__)


def test_writing_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.yaml"
    assert config.write(path)
    path.write_text("rate: 99\n")
    assert not config.write(path)
    assert path.read_text() == "rate: 99\n"


def test_what_is_kept_stands_in_the_file_and_the_rest_stays(tmp_path: Path) -> None:
    path = written(tmp_path, "# mine\nrate: 150  # just right\n\nmicrophone: 'Jabra #2'\n#volume: 3\n")
    config.keep(path, rate=170, volume=-6.0, voice="natural", pitch=60)
    assert path.read_text() == (
        "# mine\nrate: 170  # just right\n\nmicrophone: 'Jabra #2'\nvolume: -6.0\nvoice: natural\npitch: 60\n"
    )
    config.keep(path, microphone="USB: a #1")
    assert config.load(path) == Config(rate=170, volume=-6.0, voice="natural", pitch=60, microphone="USB: a #1")
    assert not list(tmp_path.glob("*.new"))


def test_what_is_taken_back_is_commented_out(tmp_path: Path) -> None:
    path = written(tmp_path, "voice: en-gb\nrate: 150\n")
    config.keep(path, voice=None, rate=150)
    assert path.read_text() == "# voice: en-gb\nrate: 150\n"


def test_what_is_as_it_was_needs_no_file() -> None:
    config.keep(rate=Config().rate, voice=None, volume=0)
    assert not config.default_path().exists()


def test_what_is_kept_without_a_file_makes_the_commented_one() -> None:
    config.keep(rate=170)
    text = config.default_path().read_text("utf-8")
    assert config.load() == Config(rate=170)
    assert len(text.splitlines()) == len(config.template().splitlines())


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    elsewhere, path = tmp_path / "dotfiles.yaml", tmp_path / "config.yaml"
    elsewhere.write_text("rate: 150\n")
    path.symlink_to(elsewhere)
    config.keep(path, rate=160)
    assert path.is_symlink()
    assert elsewhere.read_text() == "rate: 160\n"


@pytest.mark.parametrize("text", ["{rate: 150}\n", "rate:\n  150\n", '"rate": 150\n'])
def test_a_file_of_another_style_is_left_alone(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match="on its own line"):
        config.keep(path, rate=160)
    assert path.read_text() == text
    assert not list(tmp_path.glob("*.new"))


def test_a_faulty_file_is_not_touched(tmp_path: Path) -> None:
    path = written(tmp_path, "rate: fast\n")
    with pytest.raises(ConfigError, match="rate"):
        config.keep(path, rate=160)
    assert path.read_text() == "rate: fast\n"


def test_a_folder_that_takes_no_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        config.keep(tmp_path / "file" / "config.yaml", rate=160)


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
            r"config\.yaml:2: The key 'microfone' is unknown \(did you mean 'microphone'\?\)",
        ),
        ("zebra: 1\n", r"config\.yaml:1: The key 'zebra' is unknown\."),
        ("rate: fast\n", r"config\.yaml:1: 'rate' is 'fast': it must be a whole number\."),
        ("rate: true\n", "must be a whole number"),
        ("rate: 2000\n", "'rate' is 2000: it must be at most 300"),
        ("rate: 2\n", "'rate' is 2: it must be at least 80"),
        ("volume: .nan\n", "must be a number"),
        ("plain: maybe\n", "'plain' is 'maybe': it must be true or false"),
        ("strictness: very\n", "take one of relaxed, normal, strict"),
        ("speaker: [a, b]\n", "'speaker' is .* it must be text"),
        ("voice: ''\n", "'voice'.*empty"),
        ("rate: 150\nrate: 160\n", r"config\.yaml:2: The key 'rate' is there twice"),
        ("- rate\n", r"config\.yaml:1: .* must be keys and values"),
        ("voice: a\nrate: [\n", r"config\.yaml:\d: This is not valid YAML"),
        ("voice: \x00\n", "This is not valid YAML"),
        ("voice: !!python/object:os.system x\n", r"config\.yaml:1: The tag .* is not taken"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        config.load(written(tmp_path, text))


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8 text"):
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
    described = json.loads(config.SCHEMA.read_text("utf-8"))["properties"]
    assert tuple(described["strictness"]["enum"]) == verify.STRICTNESS
