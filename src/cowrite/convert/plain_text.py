"""Rich text as plain text, for the clipboard and for .txt files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cowrite.convert.cells import with_plain_cells
from cowrite.convert.footnotes import Footnotes
from cowrite.convert.normal import is_divider, normal_lines, spans_from
from cowrite.convert.numbering import label, numbers
from cowrite.convert.values import clean
from cowrite.core.text.richtext import EMBED_CHARACTER, PAGE_BREAK, SOFT_BREAK, Line, Span, plain_text
from cowrite.core.text.table import row_id

IMAGE = "[image]"
DIVIDER = "---"
INDENT = "  "
FORM_FEED = "\f"

_LINE_END = re.compile("\r\n|[\n\r\v\x85\u2028\u2029]")


def to_text(lines: Iterable[Line]) -> str:
    """The words of a document, with what shows its structure: list marks and numbers, `> ` before quotes.

    Each line ends in "\\n"; so does each part of one that has line breaks inside. A row of a table is one line, with
    tabs between its cells. A page begins with a form feed. A footnote's reference is its number in brackets, and what
    it says stands at the end.
    """
    lines = with_plain_cells(normal_lines(lines))
    rows = [*(row_id(line.attributes) for line in lines), ""]
    footnotes = Footnotes()
    texts: list[str] = []
    for at, (line, number) in enumerate(zip(lines, numbers(lines), strict=True)):
        texts.append(FORM_FEED if PAGE_BREAK in line.attributes else "")
        texts.append(_cell(line, footnotes) if rows[at] else _line(line, number, footnotes))
        texts.append("\t" if rows[at] and rows[at] == rows[at + 1] else "\n")
    texts += ["\n"] if footnotes.words else []
    for number, words in enumerate(footnotes.words, 1):
        texts.append(_indented(f"[{number}] ", plain_text(words)) + "\n")
    return "".join(texts)


def from_text(text: str) -> list[Span]:
    """Each line of text as a paragraph, with a form feed before each page; nothing in it is taken for markup."""
    if not text:
        return []
    parts = _LINE_END.split(text)
    if not parts[-1]:
        parts.pop()
    if FORM_FEED in text:
        return spans_from(line for part in parts for line in _lines(part))
    return [Span("\n".join(map(clean, parts)).replace(EMBED_CHARACTER, "") + "\n")]


def _lines(text: str) -> Iterator[Line]:
    """A line of text, in which pages may begin."""
    for number, part in enumerate(text.split(FORM_FEED)):
        if part or number or text == part:
            words = clean(part).replace(EMBED_CHARACTER, "")
            yield Line((Span(words),) if words else (), {PAGE_BREAK: True} if number else {})


def _cell(line: Line, footnotes: Footnotes) -> str:
    return " ".join(re.split(f"[\t{SOFT_BREAK}]", _words(line, footnotes)))


def _words(line: Line, footnotes: Footnotes) -> str:
    return "".join(span.text if span.embed is None else _embed(span, footnotes) for span in line.spans)


def _embed(span: Span, footnotes: Footnotes) -> str:
    number = footnotes.number(span)
    return f"[{number}]" if number else IMAGE


def _indented(start: str, text: str) -> str:
    """Text behind a mark, each further line of it indented as much."""
    return start + text.replace(SOFT_BREAK, "\n" + " " * len(start))


def _line(line: Line, number: int | None, footnotes: Footnotes) -> str:
    if is_divider(line):
        return DIVIDER
    depth: int = line.attributes.get("indent", 0)
    kind = line.attributes.get("list")
    mark = f"{label(kind, depth, number)} " if kind else ""
    start = ("> " if line.attributes.get("blockquote") else "") + INDENT * depth
    return start + mark + _words(line, footnotes).replace(SOFT_BREAK, "\n" + start + " " * len(mark))
