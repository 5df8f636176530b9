"""`coach add`: what is taken, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.authoring import incoming
from assistant.catalog.load import load
from assistant.cli import main
from assistant.dialogue.wording import Wording
from assistant.language.wording import load_wording
from assistant.listening import phrases
from assistant.listening.model import SpeechModel
from assistant.resources import resource
from assistant.storage.places import data_dir

EXERCISE = """\
id: side_swing
say: Side Swing
region: [mid_back]
planes: [lateral_tilt]
position: side_lying
kit: {need: [mat]}
sides: each
side_means: lying_on
switch_s: 8
mode: reps
dose: {reps: 5}
rep: [{name: lift, s: 3, breath: in}, {name: lower, s: 3, breath: out}]
script:
  setup: ["Lie on your {side} with your head on your arm."]
  move: ["Lift your {other} arm to the ceiling.", "Lower it again."]
  short: On your {side}, lift and lower your {other} arm.
  exit: Arm down, head down
  switch: Turn over, {side} arm below now
  why: Lifting an arm may help the ribs open.
swaps: [{when: no_floor, use: seated_side_bend}]
"""
ROUTINE = """\
id: little_swing
title: Little Swing
summary: A swing on the floor, to and fro
names: [swing time]
minutes: {first: 1.9, familiar: 1.7}
difficulty: gentle
type: mobility
regions: [mid_back]
kit: {need: [mat]}
why: [Ribs like to be moved., A little every day may help.]
blocks:
  - {id: floor, say: Floor, enter: {gate: ready, say: [Come down to the floor.]}, items: [side_swing]}
"""
PHRASES = """\
language: en
intents:
  next:
    data:
      - sentences: ["(carry|move) forward"]
  resume:
    data:
      - sentences: [off we go again]
        requires_context: {phase: [paused]}
"""
WORDING = "good_bye: Until tomorrow.\nmore_routines: Say {teach:what routines are there} for others.\n"

PACK = {
    "little_swing.yaml": ROUTINE,
    "exercises/side_swing.yaml": EXERCISE,
    "phrases.yaml": PHRASES,
    "wording.yaml": WORDING,
    "LICENSE": "Public domain.\n",
}
Files = dict[str, "str | bytes"]
Said = Callable[[], tuple[str, str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def read() -> tuple[str, str]:
        out, err = capsys.readouterr()
        return out, err

    return read


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return SpeechModel()


@pytest.fixture(autouse=True)
def _one_model(monkeypatch: pytest.MonkeyPatch, model: SpeechModel) -> None:
    """The real model, loaded once: it takes longer than everything else."""
    monkeypatch.setattr("assistant.listening.model.SpeechModel", lambda: model)


def folder(path: Path, files: Files) -> Path:
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(path: Path, files: Files, around: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(around + name, content)
    return path


def own_files() -> list[str]:
    """Everything in the data directory, the remains of a failed addition included."""
    return sorted(str(path.relative_to(data_dir())) for path in data_dir().rglob("*") if path.is_file())


# -- taken ----------------------------------------------------------------------------------------------------


def test_a_pack_brings_routines_exercises_phrases_and_wording(tmp_path: Path, said: Said) -> None:
    assert main(["add", str(folder(tmp_path / "Evening Pack", PACK))]) == 0
    out, err = said()
    assert err == ""
    assert out.splitlines() == [
        "Added the routine Little Swing, 1.9 minutes: A swing on the floor, to and fro.",
        "Added the exercise Side Swing.",
        "Added phrases.",
        "Added wording.",
        f"In {data_dir() / 'packs' / 'evening_pack'}",
        "Say: start little swing routine. Or: coach start little_swing",
    ]
    assert own_files() == sorted(f"packs/evening_pack/{name}" for name in PACK)
    assert load().routines["little_swing"].blocks[0].items[0].use == "side_swing"
    table = phrases.load(lists=phrases.lists_of(load()))
    assert table.parse("carry forward", "working") == phrases.Parsed("next")
    assert table.parse("carry forward", "idle") is None  # only where "next" counts
    assert table.parse("off we go again", "paused") == phrases.Parsed("resume")
    parsed = table.parse("start swing time", "idle")
    assert parsed is not None
    assert parsed.slots == {"routine": "little_swing"}
    assert load_wording().texts["good_bye"] == ("Until tomorrow.",)
    assert main(["check"]) == 0
    assert main(["rehearse", "little swing"]) == 0
    assert "Lie on your" in said()[0]


def test_a_zip_with_a_folder_around_it_and_other_files(tmp_path: Path, said: Said) -> None:
    files: Files = {**PACK, "cover.png": b"\x89PNG", ".git/config": "x", "deep/er/notes.yaml": "a: b"}
    archive = zipped(tmp_path / "swing-1.0.zip", files, "swing-main/")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("__MACOSX/swing-main/._little_swing.yaml", b"\0\5")
    assert main(["add", str(archive)]) == 0
    assert own_files() == sorted(f"packs/swing_1_0/{name}" for name in PACK)
    assert "Little Swing" in said()[0]


def test_routines_in_a_folder_of_their_own(tmp_path: Path, said: Said) -> None:
    files: Files = {"routines/little_swing.yaml": ROUTINE, "exercises/side_swing.yaml": EXERCISE}
    assert main(["add", str(zipped(tmp_path / "swing.zip", files))]) == 0
    assert "little_swing" in load().routines


def test_single_files_find_each_other(tmp_path: Path, said: Said) -> None:
    folder(tmp_path, PACK)
    assert main(["add", str(tmp_path / "exercises" / "side_swing.yaml")]) == 0
    assert main(["add", str(tmp_path / "little_swing.yaml")]) == 0
    assert own_files() == ["routines/exercises/side_swing.yaml", "routines/little_swing.yaml"]
    assert "little_swing" in load().routines


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path, said: Said) -> None:
    files: Files = {name: b"\xef\xbb\xbf" + str(text).replace("\n", "\r\n").encode() for name, text in PACK.items()}
    assert main(["add", str(folder(tmp_path / "pack", files))]) == 0
    assert "little_swing" in load().routines


def test_nothing_is_overwritten_unless_told_to(tmp_path: Path, said: Said) -> None:
    pack = folder(tmp_path / "pack", PACK)
    assert main(["add", str(pack)]) == 0
    folder(pack, {"little_swing.yaml": ROUTINE.replace("to and fro", "fro and to")})
    said()
    assert main(["add", str(pack)]) == 1
    assert "is there already: give --replace" in said()[1]
    assert load().routines["little_swing"].summary.endswith("to and fro")
    (pack / "wording.yaml").unlink()
    assert main(["add", "--replace", str(pack)]) == 0
    assert load().routines["little_swing"].summary.endswith("fro and to")
    assert own_files() == sorted(f"packs/pack/{name}" for name in PACK if name != "wording.yaml")


def test_a_faulty_replacement_leaves_the_old_one(tmp_path: Path, said: Said) -> None:
    pack = folder(tmp_path / "pack", PACK)
    assert main(["add", str(pack)]) == 0
    before = own_files()
    folder(pack, {"little_swing.yaml": ROUTINE.replace("gentle", "gentel")})
    assert main(["add", "--replace", str(pack)]) == 1
    assert own_files() == before
    assert "little_swing" in load().routines


# -- faults -----------------------------------------------------------------------------------------------------


def spoiled(name: str, old: str, new: str) -> Files:
    assert old in str(PACK[name])
    return {**PACK, name: str(PACK[name]).replace(old, new, 1)}


FAULTY: dict[str, tuple[Files, str]] = {
    "the schema": (spoiled("little_swing.yaml", "gentle", "gentel"), "little_swing.yaml:6: 'difficulty' is 'gentel'"),
    "the linter": (spoiled("exercises/side_swing.yaml", "may help", "heals"), "promises a cure"),
    "a missing swap": (
        spoiled("exercises/side_swing.yaml", "swaps: [{when: no_floor, use: seated_side_bend}]", ""),
        "It needs the floor, and no swap says what to do without",
    ),
    "a swap that is not there": (
        spoiled("exercises/side_swing.yaml", "use: seated_side_bend", "use: seated_slide_bend"),
        "(did you mean 'seated_side_bend'?)",
    ),
    "a cycle of swaps": (
        spoiled("exercises/side_swing.yaml", "use: seated_side_bend", "use: side_swing"),
        "no chain of at most 2 swaps leads to a move",
    ),
    "a shipped id": (
        {**PACK, "exercises/open_book.yaml": EXERCISE.replace("side_swing", "open_book").replace("Side Swing", "Book")},
        f"The exercise 'open_book' is already in {resource('routines') / 'exercises' / 'open_book.yaml'}",
    ),
    "a shipped name": (spoiled("little_swing.yaml", "swing time", "lunch break"), "belongs to the routine"),
    "a name nobody hears": (
        {
            **PACK,
            "little_swing.yaml": ROUTINE.replace("Little Swing", "Zqxv").replace("names: [swing time]", "names: []"),
        },
        "The speech model cannot hear zqxv",
    ),
    "aliases that explode": (
        {**PACK, "bomb.yaml": "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n"},
        "bomb.yaml:1: Anchors and aliases",
    ),
    "another encoding": ({**PACK, "little_swing.yaml": ROUTINE.encode("utf-16")}, "not UTF-8"),
    "another encoding, one letter": (
        {**PACK, "little_swing.yaml": ROUTINE.replace("to and", "à").encode("latin-1")},
        "not UTF-8",
    ),
    "nothing in it": ({**PACK, "little_swing.yaml": ""}, "little_swing.yaml:1: The file is empty."),
    "deep nesting": ({**PACK, "deep.yaml": "[" * 5000}, "deep.yaml:1: The values are nested more than 20 deep."),
    "an unknown command": (
        spoiled("phrases.yaml", "  next:", "  nexxt:"),
        "There is no command 'nexxt' (did you mean 'next'?)",
    ),
    "lists of its own": (
        {**PACK, "phrases.yaml": PHRASES + "lists: {x: {values: [a]}}\n"},
        "phrases.yaml:10: The key 'lists'",
    ),
    "an unknown list": (spoiled("phrases.yaml", "off we go again", '"go to {place}"'), "There is no list '{place}'"),
    "an unknown rule": (spoiled("phrases.yaml", "off we go again", "off <we> go"), "There is no rule '<we>'"),
    "a phase not its own": (
        spoiled("phrases.yaml", "[paused]", "[idle]"),
        "'resume' cannot be said in the phase 'idle'",
    ),
    "an open bracket": (
        spoiled("phrases.yaml", "off we go again", '"off (we go"'),
        "phrases.yaml:6: A sentence is no template",
    ),
    "a template that explodes": (
        spoiled("phrases.yaml", "off we go again", '"' + "[so] " * 20 + 'go on"'),
        "More than 12 choices",
    ),
    "a phrase that means something": (spoiled("phrases.yaml", "off we go again", "end session"), "means 'end' already"),
    "a phrase that sounds like another": (
        spoiled("phrases.yaml", "off we go again", "ent session"),
        "sounds like",
    ),
    "a phrase of one syllable": (spoiled("phrases.yaml", "off we go again", "go"), "'go' has one syllable"),
    "a phrase the coach says": (
        spoiled("phrases.yaml", '"(carry|move) forward"', "sit tall"),
        "is said by the coach in",
    ),
    "a phrase nobody hears": (spoiled("phrases.yaml", "off we go again", "zqxv gwrk"), "cannot hear gwrk, zqxv"),
    "too short for an idle room": (
        {**PACK, "phrases.yaml": "intents: {list: {data: [{sentences: [all of them]}]}}\n"},
        "at least 4 syllables when idle",
    ),
    "an unknown text": (
        spoiled("wording.yaml", "good_bye", "goodbye"),
        "There is no text 'goodbye' (did you mean 'good_bye'?)",
    ),
    "safety": (spoiled("wording.yaml", "good_bye: Until tomorrow.", "danger: Go on."), "'danger' is about safety"),
    "a command not taught": (
        spoiled("wording.yaml", "{teach:what routines are there}", "what routines are there"),
        "must teach what routines are there",
    ),
    "a slot it is not given": (spoiled("wording.yaml", "Until tomorrow.", "Until {day}."), "is not given {day}"),
    "a command in the wording": (spoiled("wording.yaml", "Until tomorrow.", "We pause here."), "'pause' is a command"),
    "wording of another kind": (spoiled("wording.yaml", "Until tomorrow.", "{a: b}"), "'good_bye' needs a sentence"),
    "wording that is a list": ({**PACK, "wording.yaml": "- a\n"}, "wording.yaml:1: The file maps names to sentences"),
    "phrases that are a list": ({**PACK, "phrases.yaml": "- a\n"}, "phrases.yaml:1: There are no 'intents'"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_faulty_pack_is_told_with_its_places_and_changes_nothing(tmp_path: Path, said: Said, case: str) -> None:
    files, sentence = FAULTY[case]
    pack = folder(tmp_path / "pack", files)
    assert main(["add", str(pack)]) == 1
    out, err = said()
    assert out == ""
    assert sentence in err
    assert all(line.startswith((f"{pack}{os.sep}", "coach: ")) for line in err.splitlines())
    assert err.splitlines()[-1].startswith(f"coach: {pack} is not added: ")
    assert own_files() == []
    assert ".adding-" not in err
    assert main(["check", str(pack)]) == 1 or "already in" in sentence or "model cannot hear zqxv" in sentence
    shipped = load()
    assert "little_swing" not in shipped.routines


def test_faults_of_a_single_file_are_told_at_its_own_place(tmp_path: Path, said: Said) -> None:
    file = folder(tmp_path, spoiled("exercises/side_swing.yaml", "may help", "heals")) / "exercises" / "side_swing.yaml"
    assert main(["add", str(file)]) == 1
    assert said()[1].startswith(f"{file}:19: 'heals' promises a cure")
    assert own_files() == []


def test_a_shipped_id_is_refused_even_when_replacing(tmp_path: Path, said: Said) -> None:
    file = tmp_path / "neck.yaml"
    file.write_text((resource("routines") / "neck.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["add", "--replace", str(file)]) == 1
    assert f"{file}:2: The routine 'neck' is already in {resource('routines') / 'neck.yaml'}" in said()[1]


# -- refused as a whole ---------------------------------------------------------------------------------------


def evil_name(name: str) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        archive = path / "pack.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for good, content in PACK.items():
                file.writestr(good, content)
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            file.writestr(info, ROUTINE)
        return archive

    return make


def link_in_zip(path: Path) -> Path:
    archive = zipped(path / "pack.zip", PACK)
    with zipfile.ZipFile(archive, "a") as file:
        info = zipfile.ZipInfo("passwords.yaml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    return archive


def link_in_folder(path: Path) -> Path:
    pack = folder(path / "pack", PACK)
    (path / "secret.yaml").write_text("a: b")
    (pack / "secret.yaml").symlink_to(path / "secret.yaml")
    return pack


def linked_folder(path: Path) -> Path:
    folder(path / "elsewhere", {"side_swing.yaml": EXERCISE})
    pack = folder(path / "pack", {"little_swing.yaml": ROUTINE})
    (pack / "exercises").symlink_to(path / "elsewhere")
    return pack


def pipe(path: Path) -> Path:
    pack = folder(path / "pack", PACK)
    os.mkfifo(pack / "endless.yaml")
    return pack


def bomb(path: Path) -> Path:
    """A hundred megabytes of zeros in a hundred kilobytes."""
    return zipped(path / "pack.zip", {**PACK, "bomb.yaml": bytes(100_000_000)})


def liar(path: Path) -> Path:
    """It states a small size for what is large."""
    archive = bomb(path)
    content = bytearray(archive.read_bytes())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        if content[at + 46 : at + 55] == b"bomb.yaml":
            struct.pack_into("<I", content, at + 24, 100)
        at += 4
    archive.write_bytes(content)
    return archive


def many_small(path: Path) -> Path:
    return zipped(path / "pack.zip", {f"exercises/a{n}.yaml": "#" * 100_000 for n in range(250)})


def encrypted(path: Path) -> Path:
    archive = zipped(path / "pack.zip", PACK)
    content = bytearray(archive.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    archive.write_bytes(content)
    return archive


def truncated(path: Path) -> Path:
    archive = zipped(path / "pack.zip", PACK)
    archive.write_bytes(archive.read_bytes()[:-400])
    return archive


def damaged(path: Path) -> Path:
    archive = path / "pack.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("little_swing.yaml", ROUTINE)
    archive.write_bytes(archive.read_bytes().replace(b"Little Swing", b"Little Swong"))
    return archive


def unusual(path: Path) -> Path:
    archive = path / "pack.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("little_swing.yaml", ROUTINE)
    return archive


def twice(path: Path) -> Path:
    return zipped(path / "pack.zip", {"little_swing.yaml": ROUTINE, "Little_Swing.yaml": ROUTINE})


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "up and out": (evil_name("../../evil.yaml"), "the name '../../evil.yaml' leads out of it"),
    "up and out, deeper": (evil_name("exercises/../../evil.yaml"), "leads out of it"),
    "absolute": (evil_name("/etc/evil.yaml"), "the name '/etc/evil.yaml' leads out of it"),
    "a drive": (evil_name("C:evil.yaml"), "leads out of it"),
    "backslashes": (evil_name("..\\evil.yaml"), "leads out of it"),
    "a link in a zip": (link_in_zip, "passwords.yaml is a link"),
    "a link": (link_in_folder, "secret.yaml is a link"),
    "a linked folder": (linked_folder, "exercises is a link"),
    "a pipe": (pipe, "endless.yaml is a link or no plain file"),
    "a zip bomb": (bomb, "bomb.yaml is larger than 1 MB"),
    "a zip that lies": (liar, ""),
    "too much in all": (many_small, "it holds more than 20 MB"),
    "too many files": (
        lambda path: zipped(path / "pack.zip", {f"a{n}.yaml": "" for n in range(501)}), "it holds more than 500 files"
    ),
    "too many entries": (
        lambda path: zipped(path / "pack.zip", {f"a{n}.txt": "" for n in range(5001)}), "it holds more than 5000 files"
    ),
    "a huge archive": (
        lambda path: folder(path, {"pack.zip": bytes(5_000_001)}) / "pack.zip", "it is larger than 5 MB"
    ),
    "ten megabytes of YAML": (
        lambda path: folder(path, {"big.yaml": "# " + "x" * 10_000_000}) / "big.yaml", "big.yaml is larger than 1 MB"
    ),
    "encrypted": (encrypted, "is encrypted"),
    "cut off": (truncated, "the ZIP is damaged"),
    "damaged": (damaged, "the ZIP is damaged"),
    "no zip at all": (lambda path: folder(path, {"pack.zip": "hello"}) / "pack.zip", "the ZIP is damaged"),
    "packed in an unusual way": (unusual, "packed in an unusual way"),
    "one name in two cases": (twice, "twice"),
    "an empty folder": (lambda path: folder(path / "pack", {"notes.txt": "x"}), "it holds no routine, no exercise"),
    "an empty zip": (lambda path: zipped(path / "pack.zip", {}), "it holds no routine, no exercise"),
    "another kind of file": (lambda path: folder(path, {"pack.tar": "x"}) / "pack.tar", "it is neither a YAML file"),
    "phrases alone": (lambda path: folder(path, PACK) / "phrases.yaml", "phrases.yaml belongs to a pack"),
    "no name": (lambda path: zipped(path / "___.zip", PACK), "give it a name of letters"),
}  # fmt: skip


@pytest.fixture
def only_here(tmp_path: Path) -> Iterator[Path]:
    """A folder; afterwards, nothing but it and what was in it may be there."""
    inside = tmp_path / "in" / "side"
    inside.mkdir(parents=True)
    yield inside
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]
    assert sorted(path.name for path in inside.parent.iterdir()) == ["side"]


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_harm_is_refused_in_one_sentence(only_here: Path, said: Said, case: str) -> None:
    make, sentence = REFUSED[case]
    source = make(only_here)
    assert main(["add", str(source)]) == 1
    out, err = said()
    assert out == ""
    assert err.startswith(f"coach: {source} is not added: ")
    assert sentence in err
    assert err.count("\n") == 1
    assert own_files() == []


def test_a_bomb_is_never_unpacked_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = zipfile.ZipExtFile.read

    def read(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        asked.append(-1 if n is None else n)
        return real(self, n)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", read)
    assert main(["add", str(bomb(tmp_path))]) == 1
    assert 0 < max(asked) <= incoming.MAX_BYTES + 1
    assert min(asked) > 0


def test_a_data_directory_that_cannot_be_written(tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLOORCOACH_HOME", str(tmp_path / "file"))
    assert main(["add", str(folder(tmp_path / "pack", PACK))]) == 1
    assert "cannot be written" in said()[1]


def test_a_failure_while_taking_over_leaves_the_old_pack(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = folder(tmp_path / "pack", PACK)
    assert main(["add", str(pack)]) == 0
    before = own_files()
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name.startswith(".adding-") and not self.name.endswith("-old"):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    assert main(["add", "--replace", str(pack)]) == 1
    assert "No space left on device" in said()[1]
    assert own_files() == before


def test_nothing_to_add_is_wrong_use(tmp_path: Path, said: Said) -> None:
    with pytest.raises(SystemExit) as left:
        main(["add", str(tmp_path / "nowhere")])
    assert left.value.code == 2
    assert "there is no file or folder" in said()[1]


def test_what_is_shipped_is_what_packs_are_held_against(said: Said) -> None:
    shipped = load_wording(resource("routines").parent / "assistant" / "language" / "en" / "wording.yaml")
    assert isinstance(shipped, Wording)
    assert load_wording().texts == shipped.texts
