"""FittedTables: keeps the columns of a page's tables as wide as what is in them asks for.

Runs on the GUI thread. Columns that became wider and narrower with each letter would take the words away from under
the caret: a table is fitted when nothing has been written in it for a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextDocument, QTextTable

from cowrite.bridge.page.shown_tables import ShownTables
from cowrite.bridge.page.table_formats import letters
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.table import row_id

PAUSE = 400  # milliseconds


class FittedTables(QObject):
    """Fits the tables of one QTextDocument.

    Args:
        text: the widget's document.
        tables: those in it.
        formats: how they look.
        quietly: while it lasts, what happens to the text concerns its look only.
        parent: Qt parent.
    """

    about_to_fit = Signal()
    """Lines may get another place."""
    fitted = Signal()
    """They have it."""

    def __init__(
        self,
        text: QTextDocument,
        tables: ShownTables,
        formats: TextFormats,
        quietly: Callable[[], AbstractContextManager[None]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._tables = tables
        self._formats = formats
        self._quietly = quietly
        self._changed: set[int] | None = set()  # Qt's numbers of tables; None for all
        self._timer = single_shot(self, self.fit, PAUSE)

    def detach(self) -> None:
        """Leaves the tables as they are from now on."""
        self._timer.stop()

    def show_width(self, width: float) -> None:
        """Has all tables fit a page whose text is so wide, in device-independent pixels."""
        room = letters(width, self._formats.em)
        if room != self._formats.table_room:
            self._formats.table_room = room
            if self._formats.has_tables:
                self._changed = None
                self._timer.start()

    def fit(self) -> None:
        """Fits the tables that have changed."""
        changed = self._changed
        self.about_to_fit.emit()
        with self._quietly():
            for table in list(self._tables.all()) if changed is None else map(self._text.object, changed):
                if isinstance(table, QTextTable):
                    self._tables.fit(table)
        self._changed = set()
        self._timer.stop()
        self.fitted.emit()

    def look(self, at: int) -> None:
        """Has the table fitted that stands where something has changed, if one does.

        Args:
            at: there, in UTF-16 units.
        """
        if self._changed is None:
            return
        block = self._text.findBlock(at)
        if row_id(self._formats.line_attributes(block.blockFormat())):
            for table in self._tables.all():
                if table.firstPosition() <= block.position() <= table.lastPosition():
                    self._changed.add(table.objectIndex())
                    self._timer.start()
