"""WholeTables: rows of tables that have a cell too many, or one too few, where people add and delete rows and columns
at the same moment.

Runs on the document's thread; positions are UTF-16 units. The cells of a column that is added say so, and which column
it is (ADDED). So each copy can tell:

- A row of which only such empty cells are left was deleted by somebody who had not seen that column. It goes: every
  copy takes it out, which comes to the same.
- Such empty cells that stand apart from their row, because somebody has put a row in between, go back to it.
- A row that lacks such a column was made, or brought back by undo, by somebody who had not seen it. The copy that has
  written the row gives it a cell. Where nothing else is left of the column, every copy takes that out again.

Whatever has words stays. A document without added columns costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.document.mending import Mender
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import ADDED, DELETION, INSERTION, TABLE, Attributes, Delete, Insert, Op
from cowrite.core.text.table import added_column, is_added, is_given, row_id, standing
from cowrite.core.writing.line import LineHere, line_at
from cowrite.core.writing.tables import TableHere, table_at

MOST_STEPS = 1_000
"""Of a change with more steps no tables are looked at."""

_Row = Sequence[LineHere]
_CELL = frozenset({TABLE, ADDED})


class _Step(NamedTuple):
    """What makes a row whole: a cell that comes in at a place, or units that go there."""

    at: int
    units: int
    cell: Attributes


class WholeTables(Mender):
    """The tables of one document.

    Args:
        document: it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._have_added = False  # there are cells of added columns, or have been
        self._have_given = False  # there are some that were given to rows, or have been
        self._have_met = False  # others have brought some since this document is open
        self._is_mending = False

    def after(self, change: Change) -> tuple[Op, ...]:
        """A change was made, and everybody has been told: rows are made whole if others have made it, or undo, by the
        steps that this gives."""
        lines = change.ops if change.may_bring(TABLE, ADDED) else ()
        came = [op.span.attributes for op in lines if isinstance(op, Insert) and "\n" in op.span.text]
        self._note(came, change.origin)
        if not self._may_mend(change):
            return ()
        if change.origin is Origin.UNDO:
            come = {row_id(each) for each in came}
        else:
            come = {added_column(each) for each in came if is_added(each) and not is_given(each)}
        found = {(step.at, step.units, added_column(step.cell)): step for step in self._found(change.ops, come - {""})}
        return self._put(sorted(found.values(), key=lambda step: (step.at, step.units)))

    def _note(self, came: Sequence[Attributes], origin: Origin) -> None:
        """Takes note of which kinds of cells there are, by those that have come in."""
        brings_added = any(ADDED in each for each in came)
        self._have_added = self._have_added or brings_added
        self._have_given = self._have_given or any(map(is_given, came))
        self._have_met = self._have_met or (origin is Origin.REMOTE and brings_added)

    def _may_mend(self, change: Change) -> bool:
        """Whether rows are to be made whole after a change."""
        document = self._document
        if not document.mends or document.suggester is not None or self._is_mending:
            return False
        if not self._have_added or len(change.ops) > MOST_STEPS:
            return False
        # An undo of what was all done here leaves rows whole.
        return change.origin is Origin.REMOTE or (change.origin is Origin.UNDO and self._have_met)

    def _put(self, steps: Sequence[_Step]) -> tuple[Op, ...]:
        """Takes steps, which are in the order of the text."""
        if not steps:
            return ()
        self._is_mending = True
        try:
            with self._document.edit(Origin.MENDING, directly=True) as edit:
                # In reverse, what stands where a cell comes in goes before that; several cells in one place keep their
                # order.
                for step in reversed(steps):
                    edit.delete(step.at, step.units)
                    if step.cell:
                        edit.insert(step.at, "\n", step.cell)
        finally:
            self._is_mending = False
        return tuple(edit.ops)

    def _found(self, ops: Sequence[Op], come: Set[str]) -> Iterator[_Step]:
        """What is to be done where steps may have brought or taken cells.

        Args:
            ops: the steps.
            come: the rows that undo has brought back, or the columns that others have added.
        """
        document, found = self._document, list[range]()
        for number, op in enumerate(ops, 1):
            brings = isinstance(op, Insert) and "\n" in op.span.text and not _CELL.isdisjoint(op.span.attributes)
            if not brings and not isinstance(op, Delete):
                continue
            at = moved(op.at, tuple(ops[number:]), Stick.LEFT)
            begins_line = at > 0 and document.rope.rfind("\n", at) == at - 1
            for place in (at, at - 1) if begins_line else (at,):
                if any(place in table for table in found):
                    continue
                line = line_at(document, place)
                if not row_id(line.attributes):
                    # Yjs says where a row begins, and with the row that has gone.
                    if is_added(line.attributes) and line.is_empty and line.end + 1 < document.length:
                        yield _Step(line.start, 1, {})
                elif brings or self._have_given or is_added(line.attributes):
                    table = table_at(document, place)
                    if table is not None:
                        found.append(range(table.start, table.stop))
                        yield from self._steps(table, come)

    def _steps(self, table: TableHere, come: Set[str]) -> list[_Step]:
        """What makes the rows of a table whole; see `_found`."""
        columns = table.columns
        whole = [row for row in table.rows if len(row) == columns]
        found: list[_Step] = []
        rests = [row for row in table.rows if len(row) < columns and _is_rest(row)]
        others = {row_id(row[0].attributes): row for row in reversed(table.rows) if row not in rests}
        lacking = {
            id: list(self._lacking(row, whole[0], come))
            for id, row in others.items()
            if len(row) < columns and self._is_own(row[0])
        }
        for row in table.rows:
            twice = list(_twice(row))
            if twice:
                found += twice
            elif row in rests:
                found.append(_Step(row[0].start, row[-1].end + 1 - row[0].start, {}))
                id = row_id(row[0].attributes)
                found += self._parted(others.get(id, ()), row, lacking.get(id, ()))
            elif len(row) < columns and self._is_own(row[0]):
                found += self._lacking(row, whole[0], come)
        return found or list(_needless(table.rows))

    def _lacking(self, row: _Row, whole: _Row, come: Set[str]) -> Iterator[_Step]:
        """The cells that a row lacks of added columns, if it lacks nothing else."""
        known = {added_column(cell.attributes) for cell in row}
        columns = [added_column(cell.attributes) for cell in whole]
        lacking = [number for number, column in enumerate(columns) if column and column not in known]
        if len(row) + len(lacking) != len(whole) or come.isdisjoint([row_id(row[0].attributes), *columns]):
            return
        goes = all(DELETION in self._document.rope.attributes_at(cell.end) for cell in row)
        for before, number in enumerate(lacking):
            place = number - before
            if goes and INSERTION in self._document.rope.attributes_at(whole[number].end):
                continue  # as where such a column is suggested while the row is suggested to go
            at = row[place].start if place < len(row) else row[-1].end + 1
            beside = row[min(place, len(row) - 1)].attributes
            yield self._given(at, beside, whole[number])

    def _parted(self, row: _Row, rest: _Row, lacking: Sequence[_Step]) -> Iterator[_Step]:
        """What gives back to a row the cells which a row that somebody has put in beside it at the same moment has
        parted from it, but for those that it gets as it lacks them. Where several copies do so, see `_twice`."""
        known = {added_column(cell) for cell in (*(each.attributes for each in row), *(each.cell for each in lacking))}
        for cell in rest if row else ():
            if added_column(cell.attributes) not in known:
                at = row[0].start if cell.start < row[0].start else row[-1].end + 1
                yield self._given(at, row[0].attributes, cell)

    def _given(self, at: int, beside: Attributes, like: LineHere) -> _Step:
        """The cell that comes into the row of another cell, of the column of a third one; suggested as that is."""
        look = self._document.rope.attributes_at(like.end)
        suggested = {INSERTION: look[INSERTION]} if INSERTION in look else {}
        given = {TABLE: row_id(beside), ADDED: f"++{added_column(like.attributes)}"}
        return _Step(at, 0, {**standing(beside), **given, **suggested})

    def _is_own(self, cell: LineHere) -> bool:
        """Whether this copy has written a cell, or brought it back."""
        id = self._document.anchor(cell.end, Stick.RIGHT).id
        return id is not None and id.client == self._document.client_id


def _twice(row: _Row) -> Iterator[_Step]:
    """The empty cells of columns that a row has already: where the row goes in which one has come, it is in the row
    above."""
    known = set[str]()
    for cell in row:
        column = added_column(cell.attributes)
        if column in known and cell.is_empty and is_added(cell.attributes):
            yield _Step(cell.start, 1, {})
        known |= {column} - {""}


def _is_rest(row: _Row) -> bool:
    """Whether nothing but empty cells of added columns is in a row, or in a part of one."""
    return all(cell.is_empty and is_added(cell.attributes) for cell in row)


def _needless(rows: Sequence[_Row]) -> Iterator[_Step]:
    """The empty cells that were given to rows, of columns of which nothing else is left."""
    columns = [{added_column(cell.attributes): cell for cell in row} for row in rows]
    for column in {added_column(cell.attributes) for row in rows for cell in row if is_given(cell.attributes)}:
        cells = [row[column] for row in columns if column in row]
        if len(cells) < len(rows) and all(cell.is_empty and is_given(cell.attributes) for cell in cells):
            yield from (_Step(cell.start, 1, {}) for cell in cells)
