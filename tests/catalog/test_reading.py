"""The YAML reader: lines, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.catalog.reading import Document, read


def document(path: Path, content: str | bytes) -> Document:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found, faults = read(path)
    assert faults == []
    assert found is not None
    return found


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    found, faults = read(path)
    assert found is None
    (fault,) = faults
    return f"{fault.line}: {fault.message}"


def test_data_and_lines(tmp_path: Path) -> None:
    found = document(
        tmp_path / "a.yaml", "id: one\nscript:\n  setup:\n    - First.\n    - Second.\nn: {a: 1, b: 2.5}\n"
    )
    assert found.data == {"id": "one", "script": {"setup": ["First.", "Second."]}, "n": {"a": 1, "b": 2.5}}
    assert found.line("script", "setup", 1) == 5
    assert found.line("n", "b") == 6
    assert found.line("script", "move") == 2  # not there: what is around it
    assert found.line("nowhere") == 1


def test_words_stay_words(tmp_path: Path) -> None:
    found = document(tmp_path / "a.yaml", 'a: no\nb: on\nc: 12:30\nd: 2024-01-01\ne: 007\nf: "3"\ng: true\nh:\n')
    assert found.data == {
        "a": "no", "b": "on", "c": "12:30", "d": "2024-01-01", "e": "007", "f": "3", "g": True, "h": None,
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfid: one\r\nsay: Two\r\n", b"id: one\rsay: Two\r"])
def test_foreign_line_ends_and_byte_order_marks(tmp_path: Path, content: bytes) -> None:
    found = document(tmp_path / "a.yaml", content)
    assert found.data == {"id": "one", "say": "Two"}
    assert found.line("say") == 2


BOMB = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (c + 1, c + 1, c, c) for c in range(97, 120))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1: The file is empty"),
        (b"# only words\n", "1: The file is empty"),
        (b"x: " + b"a" * 1_000_001, "1: The file is larger than 1 MB"),
        (b"[" * 900_000, "1: The values are nested more than"),
        (b"- " * 400_000, "1: The values are nested more than"),
        (BOMB, "1: Anchors and aliases"),
        (b"a: &x [*x]\n", "1: Anchors and aliases"),
        (b"ok: 1\na: !!python/object:os.system [1]\n", "2: The tag"),
        ("id: näh\n".encode("latin-1"), "1: The file is not UTF-8"),
        ("id: one\n".encode("utf-16"), "1: The file is not UTF-8"),
        ("id: one\n".encode("utf-16-be"), "1: The file is not UTF-8"),
        ("id: one\n".encode("utf-32-le"), "1: The file is not UTF-8"),
        (b"id: one\nsay: [two\n", "3: This is not valid YAML"),
        (b"id: one\nsay: \x07\n", "2: This is not valid YAML"),
        (b"id: one\n---\nid: two\n", "2: One file holds one document"),
        (b"? [a, b]\n: 1\n", "1: A key is a single word"),
    ],
)
def test_refused(tmp_path: Path, content: bytes, message: str) -> None:
    assert refusal(tmp_path / "a.yaml", content).startswith(message)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    found, (fault,) = read(tmp_path / "none.yaml")
    assert found is None
    assert "cannot be read" in str(fault)


def test_each_doubled_key_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("id: one\nscript:\n  exit: Up\n  exit: Down\nid: two\n")
    _, faults = read(path)
    assert [(fault.line, "twice" in fault.message) for fault in faults] == [(4, True), (5, True)]
