"""HistorySide: beside a document as it was, all its moments and who has written in them.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from cowrite.gui.history.authors_legend import AuthorsLegend
from cowrite.gui.history.moment_words import Author, MomentRow
from cowrite.gui.history.moments_list import MomentsList
from cowrite.gui.look.theme import BORDER, CLOSE, LOOSE, SPACING, TIGHT, set_look

WIDTH = 264  # device-independent pixels
LETTERS = 24  # that have room in a line of the list, also where they are large


class HistorySide(QWidget):
    """The list of moments, and the colours of their authors below it."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, surface="panel")
        self.setMinimumWidth(max(WIDTH, LETTERS * self.fontMetrics().averageCharWidth()))
        self.only_named = QCheckBox("Only &named versions")
        self.only_named.setAccessibleName("Only named versions")
        self.only_named.setToolTip("List only the moments that somebody has given a name")
        self.moments = MomentsList()
        self.legend = AuthorsLegend()
        self.only_named.toggled.connect(lambda on: self.moments.narrow(on=on))
        column = QVBoxLayout(self)
        column.setContentsMargins(BORDER, TIGHT, 0, 0)  # the border on the left
        column.setSpacing(0)
        above = QHBoxLayout()
        above.setContentsMargins(LOOSE, SPACING, SPACING, CLOSE)
        above.addWidget(self.only_named)
        column.addLayout(above)
        column.addWidget(self.moments, 1)
        column.addWidget(self.legend)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the height between the moments and their authors."""
        super().resizeEvent(event)
        self.legend.show_in(event.size().height())

    def show_moments(self, rows: Sequence[MomentRow], authors: Sequence[Author], now: QDateTime) -> None:
        """Lists these moments, oldest first, and their authors."""
        self.moments.show_moments(rows, now)
        is_named = any(row.name is not None for row in rows)
        if not is_named:
            self.only_named.setChecked(False)
        self.only_named.setVisible(is_named)
        self.legend.show_authors(sorted(authors, key=lambda author: author.member is None))
