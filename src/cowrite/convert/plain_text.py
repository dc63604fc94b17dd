"""Rich text as plain text, for the clipboard and for .txt files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cowrite.convert.cells import with_plain_cells
from cowrite.convert.normal import is_divider, normal_lines
from cowrite.convert.numbering import label, numbers
from cowrite.convert.values import clean
from cowrite.core.richtext import EMBED_CHARACTER, SOFT_BREAK, Line, Span
from cowrite.core.table import row_id

IMAGE = "[image]"
DIVIDER = "---"
INDENT = "  "

_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


def to_text(lines: Iterable[Line]) -> str:
    """The words of a document, with what shows its structure: list marks and numbers, `> ` before quotes.

    Each line ends in "\\n"; so does each part of one that has line breaks inside. A row of a table is one line, with
    tabs between its cells.
    """
    lines = with_plain_cells(normal_lines(lines))
    rows = [*(row_id(line.attributes) for line in lines), ""]
    texts: list[str] = []
    for at, (line, number) in enumerate(zip(lines, numbers(lines), strict=True)):
        texts.append(_cell(line) if rows[at] else _line(line, number))
        texts.append("\t" if rows[at] and rows[at] == rows[at + 1] else "\n")
    return "".join(texts)


def from_text(text: str) -> list[Span]:
    """Each line of text as a paragraph; nothing in it is taken for markup."""
    if not text:
        return []
    parts = _LINE_END.split(text)
    if not parts[-1]:
        parts.pop()
    return [Span("\n".join(map(clean, parts)).replace(EMBED_CHARACTER, "") + "\n")]


def _cell(line: Line) -> str:
    return " ".join(re.split(f"[\t{SOFT_BREAK}]", _words(line)))


def _words(line: Line) -> str:
    return "".join(IMAGE if span.embed is not None else span.text for span in line.spans)


def _line(line: Line, number: int | None) -> str:
    if is_divider(line):
        return DIVIDER
    depth: int = line.attributes.get("indent", 0)
    kind = line.attributes.get("list")
    mark = f"{label(kind, depth, number)} " if kind else ""
    start = ("> " if line.attributes.get("blockquote") else "") + INDENT * depth
    return start + mark + _words(line).replace(SOFT_BREAK, "\n" + start + " " * len(mark))
