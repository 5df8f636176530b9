"""The linter: each fault by a pack that fails for that reason alone, at the right line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.authoring.review import command_words
from assistant.catalog.lint import lint
from assistant.errors import CatalogError
from assistant.resources import resource

Pack = Callable[..., Path]
COMMANDS = frozenset({"stop", "pause", "next", "ready", "go back", "repeat"})
EX, RO = "side_swing.yaml", "little.yaml"

SIDED = "your {side} with your head on your arm.\n  move:\n    - Lift your {other} arm"
UNSIDED = "your left with your head on your arm.\n  move:\n    - Lift your right arm"

# file, what is replaced, by what, a part of the message, a text on the faulty line
CASES = [
    pytest.param(EX, "  exit: Arm down, head down\n", "", "'exit' is missing", "script:", id="no exit"),
    pytest.param(
        EX, "Arm down, head down", "Put your arm down and your head down", "at most 6", "exit:", id="long exit"
    ),
    pytest.param(EX, "  - Heavy hip", "  - Let your hip be heavy as a stone", "at most 6", "heavy as", id="long cue"),
    pytest.param(
        EX,
        "  - Heavy hip",
        "  - {say: Let your hip be heavy as a stone, at: mid}",
        "at most 6",
        "heavy as",
        id="long cue 2",
    ),
    pytest.param(
        EX,
        "Lower it again.",
        "Lower it again " + "and again " * 9 + "until done.",
        "at most 20",
        "and again",
        id="long line",
    ),
    pytest.param(
        EX, "    - Lower it again.", "    - Lower it. Then rest.", "Two sentences", "Lower it.", id="two sentences"
    ),
    pytest.param(
        EX, "    - Lower it again.", "    - Lower it.\n    - Rest.\n    - Smile.", "at most 3", "move:", id="long move"
    ),
    pytest.param(EX, SIDED, UNSIDED, "No sentence of setup and move", "script:", id="no side"),
    pytest.param(
        EX,
        "On your {side}, lift and lower your {other} arm",
        "Lift and lower",
        "short text",
        "short:",
        id="no side in short",
    ),
    pytest.param(
        EX,
        "Turn over, {side} arm below now",
        "Turn over, other arm below",
        "does not name",
        "switch:",
        id="no side in switch",
    ),
    pytest.param(
        EX,
        "Turn over, {side} arm below now",
        "Turn over, {side} one below",
        "no part of the body",
        "switch:",
        id="bodiless switch",
    ),
    pytest.param(
        EX, "  switch: Turn over, {side} arm below now\n", "", "'switch' is missing", "script:", id="no switch"
    ),
    pytest.param(EX, "switch_s: 8", "switch_s: 1", "Saying it takes", "switch:", id="switch too long for its slot"),
    pytest.param(
        EX, "name: lift, s: 3", "name: lift, s: 0.2", "Saying it takes", "name: lift", id="part too long for its slot"
    ),
    pytest.param(EX, "{side} with", "{sede} with", "token {sede} is unknown", "sede", id="unknown token"),
    pytest.param(EX, "Lower it again", "Lower it to {teach:tuesday}", "no command", "tuesday", id="teaches no command"),
    pytest.param(EX, "Lower it again", "Lower it and pause", "'pause' is a command", "and pause", id="command word"),
    pytest.param(
        EX, "Lower it again", "Let it go back", "'go back' is a command", "go back", id="command of two words"
    ),
    pytest.param(EX, "Lower it again", "Wind it down", "read in two ways", "Wind", id="look-alike word"),
    pytest.param(EX, "Lower it again", "Lower it 5 times", "numbers as words", "5 times", id="digits"),
    pytest.param(EX, "may help the ribs open", "fixes the ribs", "promises a cure", "fixes", id="cure claim"),
    pytest.param(
        EX, "swaps:\n  - {when: no_floor, use: seated_side_bend}\n", "", "no swap says", "id: side_swing", id="no swap"
    ),
    pytest.param(
        EX,
        "use: seated_side_bend",
        "use: open_sesame",
        "'open_sesame' does not exist",
        "open_sesame",
        id="unknown swap",
    ),
    pytest.param(EX, "use: seated_side_bend", "use: side_swing", "no chain", "swaps:", id="swap to itself"),
    pytest.param(
        EX,
        "half as high, dose: {reps: 3}",
        "half as high, dose: {hold_s: 3}",
        "not counted in hold_s",
        "half as",
        id="foreign level dose",
    ),
    pytest.param(
        EX,
        "say: half as high, dose: {reps: 3}",
        "say: half as high, use: floor_angel",
        "other sides",
        "half as",
        id="level changes sides",
    ),
    pytest.param(EX, "id: side_swing", "id: side_swung", "name both alike", "id: side_swung", id="id unlike file"),
    pytest.param(
        EX,
        "position: side_lying",
        "position: sidelying",
        "did you mean 'side_lying'",
        "position:",
        id="unknown position",
    ),
    pytest.param(EX, "mode: reps", "mode: reps\ncolour: red", "'colour' is unknown", "colour", id="unknown key"),
    pytest.param(EX, "dose: {reps: 5}", "dose: {reps: five}", "a whole number", "dose:", id="wrong type"),
    pytest.param(EX, "dose: {reps: 5}", "dose: {hold_s: 5}", "'reps' is missing", "dose:", id="dose without its kind"),
    pytest.param(EX, "say: Side Swing", "say: Side Swing\nsay: Swing", "twice", "say: Swing", id="key twice"),
    pytest.param(EX, "cues:\n", "cues: [\n", "not valid YAML", "", id="no YAML"),
    pytest.param(
        EX, "tag: shoulder_pain", "tag: sholder_pain", "did you mean 'shoulder_pain'", "sholder", id="unknown tag"
    ),
    pytest.param(
        EX, "do: limit, say: Lift it halfway.", "do: swap", "'use' is missing", "shoulder_pain", id="swap without use"
    ),
    pytest.param(
        RO, "items: [side_swing]", "items: [side_swig]", "did you mean 'side_swing'", "side_swig", id="unknown exercise"
    ),
    pytest.param(RO, "dose: {reps: 3}", "dose: {hold_s: 3}", "not counted in hold_s", "wall_angel", id="foreign dose"),
    pytest.param(
        RO, "minutes: {first: 3.5", "minutes: {first: 9", "minutes are promised", "minutes:", id="broken promise"
    ),
    pytest.param(RO, "{reps: 3}", "{rips: 3}", "did you mean 'reps'", "wall_angel", id="unknown dose"),
    pytest.param(RO, "id: little", "id: small", "name both alike", "id: small", id="routine unlike file"),
    pytest.param(RO, "Stand up slowly.", "Stand {up slowly.", "missing its other half", "{up", id="half a brace"),
    pytest.param(RO, "need: [mat, wall]", "need: [mat]", "uses wall", "wall_angel", id="kit untold"),
    pytest.param(
        RO,
        '      gate: ready\n      say: ["Stand',
        '      say: ["Stand',
        "write gate: ready",
        "    enter:",
        id="no gate",
    ),
    pytest.param(RO, "  - Ribs like to be moved.\n", "", "two or three sentences", "why:", id="thin why"),
    pytest.param(
        RO, "round_rest_s: 10", "round_rest_s: 1", "rest between rounds", "round_say:", id="round words too long"
    ),
    pytest.param(RO, "kind: circuit", "kind: straight", "Only a circuit", "rounds:", id="rounds of no circuit"),
    pytest.param(RO, "  - id: wall\n", "  - id: floor\n", "there twice", "  - id: floor", id="block twice"),
    pytest.param(
        RO,
        "title: Little Swing",
        "title: Lunch Break",
        "belongs to the routine 'lunch_break'",
        "title:",
        id="name taken",
    ),
    pytest.param(
        RO, "Stand up slowly.", "Stand up and say ready.", "'ready' is a command", "say ready", id="command in bridge"
    ),
    pytest.param(
        RO, "Stand up slowly.", "Stand with your {side} foot.", "belong to exercises", "{side}", id="side in bridge"
    ),
]


def others(folder: Path) -> list[str]:
    """The messages about the folder's routine, but for its minutes, which blocks of another length break."""
    return [fault.message for fault in lint([folder / RO], COMMANDS) if "minutes are promised" not in fault.message]


@pytest.mark.parametrize(("file", "old", "new", "message", "where"), CASES)
def test_each_fault_is_found_at_its_line(pack: Pack, file: str, old: str, new: str, message: str, where: str) -> None:
    folder = pack(file, old, new)
    faults = [fault for fault in lint([folder], COMMANDS) if fault.file.name == file]
    assert len(faults) == 1, [str(fault) for fault in faults]
    assert message in faults[0].message
    line = faults[0].file.read_text(encoding="utf-8").splitlines()[faults[0].line - 1]
    assert where in line


def test_the_pack_itself_is_faultless(pack: Pack) -> None:
    assert lint([pack()], COMMANDS) == []


def test_a_swap_may_lead_to_a_chair_in_two_steps(pack: Pack) -> None:
    assert lint([pack(EX, "use: seated_side_bend", "use: desk_melt")], COMMANDS) == []


def test_swaps_that_lead_in_a_circle(pack: Pack) -> None:
    folder = pack(EX, "swaps:\n", "swaps:\n  - {when: no_mat, use: side_swing_too}\n")
    (there,) = folder.rglob(EX)
    back = (
        there.read_text()
        .replace("id: side_swing", "id: side_swing_too")
        .replace("use: side_swing_too", "use: side_swing")
    )
    (there.parent / "side_swing_too.yaml").write_text(back)
    told = [fault.message for fault in lint([folder], COMMANDS) if "circle" in fault.message]
    assert told == [
        "The swaps for no_mat go round in a circle: side_swing, side_swing_too, side_swing.",
        "The swaps for no_mat go round in a circle: side_swing_too, side_swing, side_swing_too.",
    ]


def test_a_swap_to_itself_is_a_circle_too(pack: Pack) -> None:
    folder = pack(EX, "swaps:\n", "swaps:\n  - {when: no_mat, use: side_swing}\n")
    assert ["in a circle: side_swing, side_swing." in fault.message for fault in lint([folder], COMMANDS)] == [True]


def test_a_command_word_may_be_taught(pack: Pack) -> None:
    assert lint([pack(RO, "Stand up slowly.", "Stand up and say {teach:ready}.")], COMMANDS) == []


def test_all_faults_come_at_once(pack: Pack) -> None:
    folder = pack(EX, "exit: Arm down, head down", "exit: Stop")
    routine = folder / RO
    routine.write_text(routine.read_text().replace("need: [mat, wall]", "need: [mat]"))
    assert [fault.file.name for fault in lint([folder], COMMANDS)] == [EX, RO]


UP_AND_DOWN = """blocks:
  - {id: one, say: One, items: [wall_angel, side_swing, wall_peel]}
"""
FLOOR_WALL_FLOOR = """blocks:
  - {id: one, say: One, enter: {gate: ready}, items: [side_swing]}
  - {id: two, say: Two, enter: {gate: ready}, items: [wall_angel]}
  - {id: three, say: Three, enter: {gate: ready}, items: [side_swing]}
"""
NEEDLESS_GATE = """blocks:
  - {id: one, say: One, enter: {gate: ready}, items: [wall_angel, side_swing]}
"""


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (UP_AND_DOWN, "more than once in this block"),
        (FLOOR_WALL_FLOOR, "gather what lies down"),
        (NEEDLESS_GATE, "stays on its level"),
    ],
)
def test_needless_ways_up_and_down(pack: Pack, blocks: str, message: str) -> None:
    folder = pack()
    routine = folder / RO
    text = routine.read_text()
    routine.write_text(text[: text.index("blocks:")] + blocks)
    (found,) = others(folder)
    assert message in found


def test_a_single_file_is_checked_with_what_ships(pack: Pack) -> None:
    file = pack(EX, "Heavy hip", "Pause a bit") / "exercises" / EX
    (fault,) = lint([file], COMMANDS)
    assert "'pause'" in fault.message


def test_an_edited_copy_stands_in_for_the_shipped_file(tmp_path: Path) -> None:
    text = (resource("routines") / "exercises" / "open_book.yaml").read_text(encoding="utf-8")
    copy = tmp_path / "open_book.yaml"
    copy.write_text(text.replace("Knees stay stacked", "Knees stop"), encoding="utf-8")
    (fault,) = lint([copy], COMMANDS)
    assert fault.file == copy
    assert "'stop' is a command" in fault.message


def test_sides_in_a_move_without_sides(tmp_path: Path) -> None:
    text = (resource("routines") / "exercises" / "wall_angel.yaml").read_text(encoding="utf-8")
    copy = tmp_path / "wall_angel.yaml"
    copy.write_text(text.replace("as far as it stays easy", "to your {side}"), encoding="utf-8")
    (fault,) = lint([copy], COMMANDS)
    assert "only for sides: each" in fault.message


def test_a_file_that_is_no_content(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello\n")
    (fault,) = lint([file], COMMANDS)
    assert str(fault) == f"{file}:1: the file is 'hello': it must be keys and values."


def test_a_folder_without_content_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no routine file"):
        lint([tmp_path], COMMANDS)


def test_what_ships_is_faultless() -> None:
    assert lint([resource("routines")], command_words()) == []


def test_command_words_are_those_obeyed_while_scripts_are_read() -> None:
    words = command_words()
    assert {"stop", "pause", "ready", "next", "go back", "continue", "make it easier"} <= words
    assert words.isdisjoint({"other", "same", "three", "yes", "left side", "back", "left", "down", "hold"})
