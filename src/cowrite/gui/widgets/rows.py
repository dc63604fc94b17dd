"""Rows: what a column shows of several things of one kind, each in a row that stays with it.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=QWidget)


class Rows(Generic[Key, Row]):
    """Rows of a column, each known by a number or an id; those that stay keep the keyboard."""

    def __init__(self, column: QVBoxLayout) -> None:
        """None yet.

        Args:
            column: begins with the rows.
        """
        self._column = column
        self._rows: dict[Key, Row] = {}

    def __iter__(self) -> Iterator[Row]:
        """All rows in their order."""
        return iter(self._rows.values())

    def get(self, key: Key) -> Row | None:
        """The row that is known by it; None where there is none."""
        return self._rows.get(key)

    def place(self, order: Sequence[Key], make: Callable[[Key], Row]) -> list[Row]:
        """Puts rows in this order, makes those that are new, and takes away those that are left; gives them. They can
        have the keyboard at once: the layout itself would show them later, and lay all of them out for each."""
        parent = self._column.parentWidget()
        whole = parent.layout() if parent is not None else None
        if whole is not None:
            whole.setEnabled(False)
        try:
            return self._place(order, make)
        finally:
            if whole is not None:
                whole.setEnabled(True)

    def _place(self, order: Sequence[Key], make: Callable[[Key], Row]) -> list[Row]:
        for gone in self._rows.keys() - set(order):
            row = self._rows.pop(gone)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, key in enumerate(order):
            is_new = key not in self._rows
            row = self._rows[key] = make(key) if is_new else self._rows[key]
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
            if is_new:
                row.show()
        self._rows = {key: self._rows[key] for key in order}
        return [self._rows[key] for key in order]
