"""PageTables: what keys and commands do to the tables of a page.

Runs on the GUI thread. What becomes of rows and columns is in `core.writing.table_commands`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QLocale

from cowrite.core.text.table import WHOLE, limit_passed, row_id
from cowrite.core.writing import lines, table_commands, tables
from cowrite.core.writing.line import line_at
from cowrite.core.writing.places import shifted
from cowrite.core.writing.sorting import sort, sorted_rows
from cowrite.gui.page.cell_order import cell_order
from cowrite.gui.page.cells import column_edges
from cowrite.gui.page.comments import PageComments
from cowrite.gui.page.formatting import Formatting
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.text_page import TextPage

_NARROWEST = 5  # to so many times the room beside the words of a cell a column can be made: about a letter has room
_NOT_SUGGESTED = "Rows cannot be sorted while you suggest changes: each that moves would stand here twice."


class _Columns(NamedTuple):
    """The columns of a table that is shown.

    Attributes:
        widths: of each, in thousandths of the table.
        here: the number of the one that was asked for.
        least: to how many thousandths one can be made.
    """

    widths: list[float]
    here: int
    least: int


class PageTables:
    """The tables of one page.

    Args:
        page: it.
        formatting: of its text.
        next_letters: what is typed next on it.
        comments: go along with rows that are sorted.
    """

    def __init__(
        self, page: TextPage, formatting: Formatting, next_letters: NextLetters, comments: PageComments
    ) -> None:
        self._page = page
        self._formatting = formatting
        self._next_letters = next_letters
        self._comments = comments
        self._draft = page.draft

    @property
    def is_selected(self) -> bool:
        """Whether several cells are selected, or a table with what stands beside it."""
        start, stop = self._page.selection()
        return start != stop and tables.deletable(self._draft, start, stop) != [(start, stop - start)]

    # Commands

    def insert(self, rows: int, columns: int) -> None:
        """Puts an empty table in the place of the selection."""
        start, stop = self._page.selection()
        self._do(lambda: table_commands.insert_table(self._draft, start, stop, rows, columns))

    def add_row(self, *, below: bool) -> None:
        """Puts an empty row above or below that of the caret."""
        if self._may_grow(rows=1):
            self._do(lambda: table_commands.insert_row(self._draft, self._at(), below=below))

    def add_column(self, *, behind: bool) -> None:
        """Puts an empty column before or behind that of the caret."""
        if self._may_grow(columns=1):
            self._do(lambda: table_commands.insert_column(self._draft, self._at(), behind=behind))

    def toggle_head(self) -> None:
        """Makes the words of the first row bold, or no longer; where there are none, what is typed there next."""
        table = tables.table_at(self._draft, self._at())
        if table is None or self._page.isReadOnly():
            return
        row = table.rows[0]
        anchor, head = self._page.caret()
        if all(cell.is_empty for cell in row):
            self._page.set_caret(row[0].start)
            self._formatting.toggle_inline("bold")
            return
        with self._draft.steps.apart():
            self._page.set_caret(row[-1].end, row[0].start, scroll=False)
            self._formatting.toggle_inline("bold")
            self._page.set_caret(head, anchor, scroll=False)

    def delete_rows(self) -> None:
        """Takes out the selected rows, or that of the caret."""
        self._do(lambda: table_commands.delete_rows(self._draft, *self._page.selection()))

    def delete_columns(self) -> None:
        """Takes out the selected columns, or that of the caret."""
        self._do(lambda: table_commands.delete_columns(self._draft, *self._page.selection()))

    def delete(self) -> None:
        """Takes out the table of the caret."""
        self._do(lambda: table_commands.delete_table(self._draft, self._at()))

    def sort(self, *, descending: bool) -> None:
        """Sorts the rows by the column of the caret, which stays in its cell; the comments on them go along."""
        page, draft = self._page, self._draft
        table = tables.table_at(draft, self._at())
        if table is None or page.isReadOnly():
            return
        if draft.suggester is not None:
            page.table_refused.emit(_NOT_SUGGESTED)
            return
        rows, at = sorted_rows(draft, table, cell_order(QLocale()), descending=descending), self._at()
        moving = [row for row in rows if not row.stays]
        if not moving:
            return
        standing = self._comments.standing(table.start, table.stop)
        sort(draft, table, rows)
        moved = {
            id: shifted(place, row.at - row.start)
            for row in moving
            for id, place in standing.items()
            if row.start <= place[0] and place[1] <= row.stop
        }
        if moved:
            self._comments.moved(moved)
        page.set_caret(next(row.at + at - row.start for row in rows if row.start <= at < row.stop))

    # How wide columns are

    def move_line(self, at: int, to: float) -> None:
        """Puts the line left of a cell elsewhere, for everybody.

        Args:
            at: a position in the cell, in UTF-16 units.
            to: the new place, in thousandths of the table, from its left.
        """
        shown = self._columns(at)
        if shown is not None and shown.here > 0:
            self._divide(at, shown, shown.here - 1, to - sum(shown.widths[: shown.here - 1]))

    def widen(self, by: int) -> None:
        """Makes the column of the caret wider by so many thousandths of the table, or narrower; the one behind it, or
        before the last one, gives the room or takes it."""
        at = self._at()
        shown = self._columns(at)
        if shown is not None and len(shown.widths) > 1:
            is_last = shown.here == len(shown.widths) - 1
            left, more = (shown.here - 1, -by) if is_last else (shown.here, by)
            self._divide(at, shown, left, shown.widths[left] + more)

    def leave_widths(self, at: int | None = None) -> None:
        """Leaves it to what is in them how wide columns are.

        Args:
            at: a position in a cell, of whose column and the one before it this is done; None for all of the table of
                the caret.
        """
        place = self._at() if at is None else at
        if (shown := self._columns(place)) is not None:
            columns = range(len(shown.widths)) if at is None else (shown.here - 1, shown.here)
            self._set_widths(place, dict.fromkeys(columns))

    def _columns(self, at: int) -> _Columns | None:
        """The columns of the table at a position; None where none is shown."""
        cursor = self._page.textCursor()
        cursor.setPosition(at)
        table = cursor.currentTable()
        if not table:
            return None
        edges = column_edges(self._page, table)
        share = WHOLE / (edges[-1] - edges[0])
        least = _NARROWEST * table.format().toTableFormat().cellPadding()
        widths = [share * (right - left) for left, right in pairwise(edges)]
        return _Columns(widths, table.cellAt(at).column(), round(share * least))

    def _divide(self, at: int, shown: _Columns, left: int, width: float) -> None:
        """Makes a column so wide, in thousandths of the table, and gives the one behind it what is left of both."""
        table = tables.table_at(self._draft, at)
        if table is None or table.columns != len(shown.widths):
            return
        both = round(shown.widths[left] + shown.widths[left + 1])
        least = min(shown.least, both // 2)
        made = min(max(round(width), least), both - least)
        # What is stated may come to more or less than the whole: the others stay as they are seen.
        stay = {column: round(shown.widths[column]) for column, stated in enumerate(table.widths) if stated is not None}
        self._set_widths(at, {**stay, left: made, left + 1: both - made})

    def _set_widths(self, at: int, widths: Mapping[int, int | None]) -> None:
        """Makes columns so wide, as an undo step of its own; what is selected stays so."""
        if self._page.isReadOnly():
            return
        anchor, head = self._page.caret()
        with self._draft.steps.apart():
            table_commands.set_widths(self._draft, at, widths)
        self._page.set_caret(head, anchor, scroll=False)

    # Keys

    def press_tab(self, *, back: bool) -> bool:
        """Tab goes to the next cell and selects what is in it, from the last one to a new row; Shift+Tab goes back. In
        an empty cell of the same row one goes on in the look in which one wrote.

        Returns:
            Whether the caret is in a table; else nothing is done.
        """
        at = self._at()
        if not tables.in_table(self._draft, at):
            return False
        cell = tables.next_cell(self._draft, at, back=back)
        if cell is not None:
            is_on = (
                not back and cell.is_empty and row_id(cell.attributes) == row_id(line_at(self._draft, at).attributes)
            )
            carried = self._next_letters.carried_to_next_line() if is_on else None
            self._page.set_caret(cell.end, cell.start)
            if carried:
                self._next_letters.type_with(carried)
        elif not back and self._may_grow(rows=1):
            self._do(lambda: self._begin_row(at))
        return True

    def press_deleting(self, *, back: bool) -> bool:
        """What Backspace and Delete do to selected cells and where a cell ends, with Ctrl too; says whether they did
        that."""
        if self.clear_selected():
            return True
        start, stop = self._page.selection()
        if start != stop:
            return False
        caret = (tables.press_backspace if back else tables.press_delete)(self._draft, start)
        if caret is not None:
            self._page.set_caret(caret)
        return caret is not None

    def clear_selected(self) -> bool:
        """Empties the cells where several are selected, and puts the caret into the first; of a table that is selected
        with what stands beside it, it takes out as much as goes by itself. Says whether it does any of that."""
        if not self.is_selected:
            return False
        start, stop = self._page.selection()
        self._do(lambda: lines.delete(self._draft, start, stop))
        return True

    def make_room(self) -> None:
        """Does the same for what is written in their place, which is one undo step with it."""
        if self.is_selected and not self._page.isReadOnly():
            self._draft.steps.begin()
            self._page.set_caret(lines.delete(self._draft, *self._page.selection()))

    def _may_grow(self, *, rows: int = 0, columns: int = 0) -> bool:
        """Whether the table of the caret may have more rows or columns; where it may not, the person is told why."""
        table = tables.table_at(self._draft, self._at())
        if table is None or self._page.isReadOnly():
            return False
        reason = limit_passed(table.columns + columns, len(table.rows) + rows)
        if reason:
            self._page.table_refused.emit(f"This table can have no more {'rows' if rows else 'columns'}: {reason}.")
        return not reason

    def _begin_row(self, at: int) -> int:
        """Puts a row below that of a position; gives where its first cell is."""
        table = tables.table_at(self._draft, at)
        below = table_commands.insert_row(self._draft, at, below=True)
        return at if table is None else below - table.column

    def _do(self, act: Callable[[], int]) -> None:
        """Makes a change that is an undo step of its own, and puts the caret where it says."""
        if self._page.isReadOnly():
            return
        with self._draft.steps.apart():
            caret = act()
        self._page.set_caret(caret)

    def _at(self) -> int:
        return self._page.textCursor().position()
