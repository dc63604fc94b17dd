"""NameList: the names that are offered while somebody writes one.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtWidgets import QListWidgetItem, QPlainTextEdit

from cowrite.gui.page.line_list import LineList

MOST_ROWS = 6  # that are seen at once


class NameList(LineList):
    """Names at the line of a field in which one is written.

    Args:
        field: where it is written; in a window.
    """

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field, "People to mention", MOST_ROWS)

    @property
    def names(self) -> list[str]:
        """What it shows."""
        return [self.item(row).text() for row in range(self.count())]

    @property
    def chosen(self) -> str:
        """The name that a key takes."""
        return self.currentItem().text()

    def show_names(self, names: list[str], at: int) -> None:
        """Shows these, the first one chosen.

        Args:
            names: at least one.
            at: where the mention begins in the field (UTF-16 units).
        """
        if names != self.names:
            self.clear()
            for name in names:
                self.addItem(QListWidgetItem(name))
            self.setCurrentRow(0)
        self.show_at(at)
