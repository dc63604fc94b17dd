"""Tables as those of a Word document (ECMA-376 part 1, 17.4), with thin lines and as wide as the text.

Rows that are shorter than others have empty cells at their end. A row with little in it stands on one page. A row all
of which is suggested to come in or to go is tracked as a row, and a cell as a cell. Where only the break of a cell is
suggested and not all of its words, Word has no such change: it would take the words along. They are written as they are
suggested then, and the cell stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from docx.oxml import OxmlElement

from cowrite.convert.docx.elements import new_element
from cowrite.convert.docx.tracked_changes import TrackedChanges
from cowrite.core.text.richtext import SOFT_BREAK, Line, Span, plain_text
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.text.table import Table, runs_from_right, widest_with_room

TWIPS = 1440  # of an inch
TABLE_STYLE = "Table Grid"
MOST_COLUMNS = 63
"""Word takes no file that has a table with more."""
MARGIN, ROOM = 108, 40  # twips beside and above the words of a cell
_LETTER, _PIXEL = 140, 15  # twips of one
_BESIDE = 2 * MARGIN + 20  # twips of a column that its margins and lines take
_LEAST = 3 * _LETTER + _BESIDE
_SHORT, _LINE = 600, 60  # letters of a cell that is never on two pages; for how many a line break counts
_LONGEST_WORD, _LONGEST_ROW = 20, 40  # letters of a column, as far as there is room


@dataclass(frozen=True, slots=True)
class WordCell:
    """A cell that is being written.

    Attributes:
        line: what is in it.
        element: takes its paragraph.
        width: of the room for that, in inches.
        marks: what is suggested of it, with its row or alone.
    """

    line: Line
    element: Any
    width: float
    marks: Mapping[str, str]


class WordTable:
    """A table that is being written, without its words.

    Args:
        table: it.
        width: of the text around it, in inches.
        style: the id of Word's style for tables with lines.
        changes: the tracked changes of the document.
        width_of: how wide a picture is, in pixels.

    Attributes:
        element: to be put into the document.
    """

    def __init__(
        self, table: Table, width: float, style: str, changes: TrackedChanges, width_of: Callable[[Span], int]
    ) -> None:
        self._table = table
        self._changes = changes
        self._widths = _widths(table, round(width * TWIPS), width_of)
        self._margin = min(MARGIN, min(self._widths) // 6)
        self.element: Any = OxmlElement("w:tbl")
        self.element.append(properties := OxmlElement("w:tblPr"))
        properties.append(new_element("tblStyle", val=style))
        if runs_from_right(table):
            properties.append(OxmlElement("w:bidiVisual"))
        properties.append(new_element("tblW", w=sum(self._widths), type="dxa"))
        properties.append(new_element("tblInd", w=self._margin, type="dxa"))  # counted from the words of the first cell
        if any(table.widths):
            properties.append(new_element("tblLayout", type="fixed"))
        properties.append(margins := OxmlElement("w:tblCellMar"))
        for side, room in (("top", ROOM), ("left", self._margin), ("bottom", ROOM), ("right", self._margin)):
            margins.append(new_element(side, w=room, type="dxa"))
        properties.append(new_element("tblLook", val="0020" if table.has_head else "0000"))
        self.element.append(grid := OxmlElement("w:tblGrid"))
        for each in self._widths:
            grid.append(new_element("gridCol", w=each))

    def rows(self) -> Iterator[list[WordCell]]:
        """Begins each row in turn; gives its cells."""
        for at, row in enumerate(self._table.rows):
            self.element.append(element := OxmlElement("w:tr"))
            of_cells = [_of_all(cell) for cell in row]
            of_row = {name: id for name, id in of_cells[0].items() if all(each.get(name) == id for each in of_cells)}
            properties = OxmlElement("w:trPr")
            if all(map(_is_short, row)):
                properties.append(OxmlElement("w:cantSplit"))
            if at == 0 and self._table.has_head:
                properties.append(OxmlElement("w:tblHeader"))
            self._changes.track_within(properties, of_row)
            if len(properties):
                element.append(properties)
            cells: list[WordCell] = []
            for column, width in enumerate(self._widths):
                element.append(cell := OxmlElement("w:tc"))
                cell.append(own := OxmlElement("w:tcPr"))
                own.append(new_element("tcW", w=width, type="dxa"))
                if column >= len(row):
                    cell.append(OxmlElement("w:p"))
                    continue
                marks = of_cells[column]
                self._changes.track_cell(own, {name: id for name, id in marks.items() if name not in of_row})
                cells.append(WordCell(row[column], cell, (width - 2 * self._margin) / TWIPS, marks))
            yield cells


def _of_all(cell: Line) -> Mapping[str, str]:
    """What is suggested of all that is in a cell and of its break."""
    words = [span.attributes for span in cell.spans if span.text]
    return {name: id for name, id in suggested_part(cell.attributes).items() if all(name in each for each in words)}


def _is_short(cell: Line) -> bool:
    """Whether a cell is so low for certain that a page can hold the whole row."""
    words = plain_text(cell.spans)
    return all(span.embed is None for span in cell.spans) and len(words) + _LINE * words.count(SOFT_BREAK) <= _SHORT


class _Room(NamedTuple):
    """How much room a column has to have, in twips, with what is beside its words.

    Attributes:
        words: for its longest word, if that is none of the very long.
        pictures: for its pictures besides.
        rows: for its longest row besides, if that is not very long.
    """

    words: int
    pictures: int
    rows: int

    def with_cell(self, cell: Line, width_of: Callable[[Span], int]) -> _Room:
        """The room with which there is enough for a cell, too."""
        rows = plain_text(cell.spans).split(SOFT_BREAK)
        word = max(map(len, re.split(r"\s", " ".join(rows))))
        words = max(self.words, _LETTER * min(word, _LONGEST_WORD) + _BESIDE)
        sizes = (_PIXEL * width_of(span) + _BESIDE for span in cell.spans if span.embed is not None)
        pictures = max((words, self.pictures, *sizes))
        longest = _LETTER * min(max(map(len, rows)), _LONGEST_ROW) + _BESIDE
        return _Room(words, pictures, max(pictures, self.rows, longest))


def _widths(table: Table, width: int, width_of: Callable[[Span], int]) -> list[int]:
    """How wide the columns are, in twips: as somebody has made them, or as they need it for their longest words, for
    their pictures and by how much is in them.

    Args:
        table: it.
        width: of all of them.
        width_of: how wide a picture is, in pixels.
    """
    rooms = [_Room(_LEAST, _LEAST, _LEAST)] * table.columns
    for row in table.rows:
        for column, cell in enumerate(row):
            rooms[column] = rooms[column].with_cell(cell, width_of)
    words, pictures, rows = (list(each) for each in zip(*rooms, strict=True))
    widest = widest_with_room(words, width)
    base, wanted = [0] * len(rooms), [min(word, round(widest)) for word in words]
    if sum(rows) <= width:
        wanted = rows
    elif sum(pictures) < width:
        base, wanted = pictures, rows
    elif sum(words) < width:
        base, wanted = words, pictures
    shares = [each - least for each, least in zip(wanted, base, strict=True)]
    rest = width - sum(base)
    natural = [least + rest * share // sum(shares) for least, share in zip(base, shares, strict=True)]
    parts = [round(part) for part in table.divided(natural)]
    parts[-1] += width - sum(parts)
    return parts
