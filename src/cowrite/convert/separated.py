"""Rows of comma-separated values (RFC 4180), also with other separators.

Runs anywhere, without I/O. A program for tables takes a cell that begins with one of `= + - @` for a formula and works
it out, which is a way to attack whoever opens the file. Such a cell gets an apostrophe before it, by which these
programs know text; reading takes it away again, so that nothing is lost on the way there and back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence

from cowrite.convert.cell_lines import BOLD, add_table
from cowrite.convert.errors import NotRows
from cowrite.convert.normal import spans_from
from cowrite.convert.plain_text import from_text
from cowrite.core.text.richtext import Line, Span, lines_of
from cowrite.core.text.table import may_be, row_of

SEPARATORS = ",;\t"
_NAMED_SEPARATOR = re.compile(r"sep=([,;|\t])[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)
"""A first line by which some programs for tables know the separator."""
_FIRST = 10_000  # characters in which the first row is looked for
_REASONS = (
    ("unexpected end", "a quotation mark is not closed there"),
    ("expected after", "something follows a closing quotation mark"),
    ("field larger", "a cell in it is too long"),
)
"""What Python's reader says, and words for people."""
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")  # the wide ones are formulas too, where one writes Japanese or Chinese
_GUARDED = re.compile("'+[=+\\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[^\w\s]?\s*\d[\d\s.,:/-]*\W?")
"""A number, an amount, a day or a time, as no column is called."""


def unquoted_row(text: str) -> str:
    """What of the first row of a text stands outside quotation marks."""
    return re.sub(r'"(?:[^"]|"")*"', "", text).split("\n", 1)[0]


def separator_in(text: str) -> str:
    """The separator that stands most often in the first row; a comma where there is none."""
    row = unquoted_row(text)
    return max(SEPARATORS, key=lambda separator: (row.count(separator), -SEPARATORS.index(separator)))


def rows_in(text: str, separator_of: Callable[[str], str] = separator_in) -> tuple[list[list[str]], str]:
    """The rows of a table that say anything, and their separator.

    Args:
        text: of a file.
        separator_of: gives the separator of a text that does not name it, from what it begins with.

    Raises:
        NotRows: it is no table.
    """
    text = text.removeprefix("\ufeff")
    named = _NAMED_SEPARATOR.match(text)
    separator = named[1] if named else separator_of(text.lstrip()[:_FIRST])
    table = io.StringIO(text[named.end() :] if named else text, newline="")
    reader = csv.reader(table, delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        rows += (row for row in reader if any(cell.strip() for cell in row))
    except csv.Error as error:
        reason = next((words for sign, words in _REASONS if sign in str(error)), "it is not a row of a table")
        raise NotRows(reason, reader.line_num + bool(named)) from error
    return rows, separator


def from_separated(text: str, change: Callable[[str], None], separator: str = "") -> list[Span]:
    """A file of separated values as a table, whose first row is its head where it can be names of columns; where there
    is one column only, as lines.

    Args:
        text: of the file.
        change: is told that it is too large for a table, by a name.
        separator: what stands between two cells; empty for what the text shows.

    Raises:
        NotRows: it is no table.
    """
    rows, _ = rows_in(text, lambda beginning: separator or separator_in(beginning))
    columns = max(map(len, rows), default=0)
    if columns < 2:
        return from_text("\n".join(unguarded(cell) for row in rows for cell in row))
    if may_be(columns, len(rows)):  # else a short row would become as long as one of a million cells
        rows = [[*row, *[""] * (columns - len(row))] for row in rows]
    cells = [[_content(cell) for cell in row] for row in rows]
    if len(rows) > 1 and _is_head(rows[0]):
        cells[0] = [[Line(_bold(line.spans), line.attributes) for line in cell] for cell in cells[0]]
    lines: list[Line] = []
    add_table(lines, [row_of(row) for row in cells], change)
    return spans_from(lines)


def _is_head(row: Sequence[str]) -> bool:
    return all(name.strip() and not _NUMBER.fullmatch(name.strip()) for name in row)


def _content(cell: str) -> list[Line]:
    return lines_of(from_text(unguarded(cell).strip()))


def _bold(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(Span(span.text, {**span.attributes, **BOLD}) for span in spans)


def guarded(cell: str) -> str:
    """A cell that no program for tables works out."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What was in a cell before it was guarded."""
    return cell[1:] if _GUARDED.match(cell) else cell
