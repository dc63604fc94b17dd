"""What the model wrote, in pieces of the draft: differences in UTF-16 units, rich text, and where words stand.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cowrite.assist.text.difference import Rewording
from cowrite.core.document.document import Document
from cowrite.core.text.footnotes import text_of
from cowrite.core.text.offsets import utf16_of_code_point
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import SOFT_BREAK, Line, Span, lines_of, utf16_length
from cowrite.core.text.table import Table, with_tables
from cowrite.core.writing.line import depth, heading_level, line_at, list_kind
from cowrite.core.writing.lines import in_code
from cowrite.core.writing.passages import Passage, Rewrite
from cowrite.gui.assistant.values import Alteration, Difference


def pieces(text: str, rewrites: Sequence[Rewrite]) -> Difference:
    """A passage in pieces: what stays, and what would change."""
    found: list[str | Alteration] = []
    behind = 0
    for place, one in enumerate(rewrites):
        if one.start > behind:
            found.append(cut(text, behind, one.start))
        found.append(Alteration(place, cut(text, one.start, one.stop), one.text))
        behind = one.stop
    rest = cut(text, behind, utf16_length(text))
    return (*found, rest) if rest else tuple(found)


def in_units(text: str, found: Sequence[Rewording]) -> tuple[Rewrite, ...]:
    """A difference in UTF-16 units; it counts in code points of the text."""
    result, units, behind = [], 0, 0
    for each in found:
        units += utf16_length(text[behind : each.start])
        start, units = units, units + utf16_length(each.old)
        result.append(Rewrite(start, units, each.new))
        behind = each.end
    return tuple(result)


def code_in(document: Document, start: int, stop: int) -> list[tuple[int, int]]:
    """Where the lines of code stand in a stretch, in its own UTF-16 units; none where all of it is code."""
    found: list[tuple[int, int]] = []
    is_all = True
    at = start
    while at < stop:
        line = line_at(document, at)
        if in_code(document, at):
            found.append((at - start, min(line.end, stop) - start))
        elif line.end > at:
            is_all = False
        at = line.end + 1
    return [] if is_all else found


def cut(text: str, start: int, stop: int) -> str:
    """A part of a text by UTF-16 units."""
    if text.isascii():
        return text[start:stop]
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * stop].decode("utf-16-le", "surrogatepass")


def spans_of(text: str) -> list[Span]:
    """What the model wrote as rich text: lists and headings as such."""
    from cowrite.convert.markdown.reader import from_markdown

    return list(from_markdown(text.strip()))


def without_signs(text: str) -> str:
    """What the model wrote as a page would show it: no signs of Markdown, but bullets, boxes and numbers."""
    from cowrite.convert.plain_text import to_text

    return to_text(lines_of(spans_of(text))).rstrip("\n")


def for_reading(lines: Iterable[Line]) -> str:
    """Rich text as the jobs that write about it read it: a blank line between paragraphs, headings and lists with
    their marks, code between fences, each row of a table as a line with | between its cells, footnotes in brackets, no
    pictures."""
    found: list[str] = []
    was_item = is_code = False
    for part in with_tables(lines):
        line = Line(()) if isinstance(part, Table) else part
        words = _of_table(part) if isinstance(part, Table) else _words(line).replace(SOFT_BREAK, "\n")
        was_code, is_code = is_code, bool(line.attributes.get("code-block"))
        if is_code != was_code:
            found.append(("\n\n```" if found else "```") if is_code else "\n```")
        if is_code:
            found.append(f"\n{words}")
            was_item = False
            continue
        words = words.strip()
        if not words:
            continue
        level, kind = heading_level(line.attributes), list_kind(line.attributes)
        is_item = kind is not None
        head = f"{'#' * level} " if level else ""
        mark = f"{'  ' * depth(line.attributes)}- " if is_item else head
        if found:
            found.append("\n" if is_item and was_item else "\n\n")
        found.append(f"{mark}{words}")
        was_item = is_item
    return "".join([*found, "\n```"] if is_code else found)


def _of_table(table: Table) -> str:
    return "\n".join(" | ".join(_words(cell).replace(SOFT_BREAK, " ") for cell in row) for row in table.rows)


def _words(line: Line) -> str:
    return "".join(_told(span) for span in line.spans)


def _told(span: Span) -> str:
    if span.embed is None:
        return span.text
    note = text_of(span.embed)
    return f" ({note})" if note else ""


def standing(document: Document, read: ReadText, words: str, near: int) -> Passage | None:
    """The words of a quote where they stand now, nearest to a position; None where they stand no more.

    Args:
        document: the draft.
        read: its text as it is read now.
        words: the quote; they may have been changed since the model was asked.
        near: where they stood in it, in code points.
    """
    place = nearest(read.text, words, near)
    return None if place is None else Passage(document, *read.place(*place))


def nearest(text: str, words: str, near: int) -> tuple[int, int] | None:
    """Where words stand in a text, nearest to a position (code points), in UTF-16 units; None where it has them not."""
    behind, before = text.find(words, near), text.rfind(words, 0, near + len(words))
    found = [at for at in (behind, before) if at >= 0]
    if not found:
        return None
    start = utf16_of_code_point(text, min(found, key=lambda at: abs(at - near)))
    return start, start + utf16_length(words)
