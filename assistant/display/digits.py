"""Large digits made of blocks, to be read from the floor."""

from __future__ import annotations

_FONT = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ":": (" ", "#", " ", "#", " "),
}
_ROWS = 5
_CELL = 2
"""Columns of one cell: a terminal's character is about twice as high as wide."""


def clock(ms: int) -> str:
    """`ms` as minutes and seconds, a started second counting whole: what is left is never shown as less."""
    seconds = -(-max(ms, 0) // 1000)
    return f"{seconds // 60}:{seconds % 60:02}"


def big(text: str, width: int, height: int, block: str = "█") -> list[str]:
    """`text` (digits and colons) in lines of blocks, as large as `width` x `height` characters allow.

    Where not even the smallest size fits it is the text itself.
    """
    glyphs = [_FONT[letter] for letter in text]
    cells = sum(len(glyph[0]) for glyph in glyphs) + len(glyphs) - 1
    size = min(width // (cells * _CELL), height // _ROWS)
    if size < 1:
        return [text]
    lines = []
    for row in range(_ROWS):
        line = " ".join(glyph[row] for glyph in glyphs)
        wide = "".join((block if cell == "#" else " ") * (_CELL * size) for cell in line)
        lines += [wide] * size
    return lines
