"""TextPanel: a panel beside the page that tells of places in the text.

Runs on the GUI thread.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QVBoxLayout, QWidget

from cowrite.gui.keyboard.reading_order import ReadingOrder
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, Theme, set_look
from cowrite.gui.widgets.card_parts import Column
from cowrite.gui.widgets.first_rows import FirstRows
from cowrite.gui.widgets.rows import Rows
from cowrite.gui.widgets.side_panel import SidePanel
from cowrite.gui.widgets.wrapping_row import row_of

WIDTH = 320  # device-independent pixels
LETTERS = 32  # that have room in a line, also where they are large
FIRST = 15
"""How many rows are shown at first, and how many more each time; one takes ten to twenty milliseconds to make."""


class TextRow(QFrame):
    """A card that tells of one place in the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, surface="card")

    def show_current(self, on: bool) -> None:
        """Shows whether the caret stands there."""
        set_look(self, surface="card", current=on)

    @abstractmethod
    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""


Row = TypeVar("Row", bound=TextRow)


class TextPanel(SidePanel, Generic[Row]):
    """A panel in which rows scroll.

    Args:
        name: what it shows.
        rows_name: what its rows are, for who hears the window.
        what: they are called on the button that shows more of them.
        theme: how it looks.
        parent: Qt parent.
    """

    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, name: str, rows_name: str, what: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, parent, least=260, width=WIDTH, letters=LETTERS)
        self._theme = theme
        self._current = ""
        self.first = FirstRows(what, FIRST, self._show_more)
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACING)
        self.rows: Rows[str, Row] = Rows(self._column)
        self._area = ReadingOrder()
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setAccessibleName(rows_name)

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        for row in self.rows:
            row.show_theme(theme)

    def show_current(self, id: str) -> None:
        """Highlights the row in whose place of the text the caret stands; none for an empty id."""
        if id == self._current:
            return
        before, self._current = self.row(self._current), id
        self._reach(id)
        if before is not None:
            before.show_current(False)
        if (now := self.row(id)) is not None:
            now.show_current(True)
            self._scroll_to(now)

    def row(self, id: str) -> Row | None:
        """The row of an id, where it is shown."""
        return self.rows.get(id)

    def take_keyboard(self, id: str = "") -> None:
        """Puts the keyboard on a row, or where the person can go on."""
        self._reach(id)
        part = self._part_for(self.row(id) or next(iter(self.rows), None))
        part.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll_to(part)  # what is new has no place yet

    def event(self, event: QEvent) -> bool:
        """Undo and redo here concern what the panel shows, and not what is written on the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._undoing(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the page; undo and redo take back and bring back an act on what the panel shows."""
        undoing = self._undoing(event)
        if undoing is not None:
            undoing.emit()
        else:
            super().keyPressEvent(event)

    def _undoing(self, event: QKeyEvent) -> SignalInstance | None:
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.undo_wanted
        return self.redo_wanted if event.matches(QKeySequence.StandardKey.Redo) else None

    @abstractmethod
    def _show(self) -> None:
        """Shows the rows that are to be shown, see `first`."""

    @abstractmethod
    def _ids(self) -> set[str]:
        """Those of all rows, shown or not."""

    @abstractmethod
    def _part_for(self, row: Row | None) -> QWidget:
        """What gets the keyboard that comes to a row, or to the panel while there is none."""

    def _reach(self, id: str) -> None:
        """Has a row shown, where it is one of those that are not shown yet."""
        if id and self.row(id) is None and id in self._ids():
            self.first.keep(id)
            self._show()

    def _show_more(self, first: str) -> None:
        self._show()
        self.take_keyboard(first)

    def _has_keyboard(self, row: QWidget) -> bool:
        focused: QWidget | None = self.window().focusWidget()
        return focused is not None and row.isAncestorOf(focused)

    def _scroll_to(self, row: QWidget, margin: int = 8) -> None:
        """Brings a row into sight as soon as it has its place: it may just have been made, and others may just go.

        Args:
            row: it.
            margin: device-independent pixels above and below it that are in sight as well.
        """

        def scroll() -> None:
            self._give_places()
            self._area.ensureWidgetVisible(row, 0, margin)

        QTimer.singleShot(0, row, scroll)

    def _give_places(self) -> None:
        """Has the rows in the places that Qt would give them in a few turns of the event loop; before, it squeezes them
        into the height that they had together."""
        QApplication.sendEvent(self._area, QEvent(QEvent.Type.LayoutRequest))
        self._parts.activate()

    def _stay(self, rows: Iterable[QWidget]) -> None:
        """Has what is in sight stay in its place, whatever is about to come or go above it; at the top what comes is in
        sight.

        Args:
            rows: those that the panel shows, and then those that it will.
        """
        bar = self._area.verticalScrollBar()
        top = bar.value()
        seen = [(row, row.y() - top) for row in rows if row.geometry().bottom() > top]

        def go_back() -> None:
            self._give_places()
            left = set(rows)
            bar.setValue(next((row.y() - at for row, at in seen if row in left), bar.value()))

        if top:
            QTimer.singleShot(0, self, go_back)

    def _lay_out_panel(self, column: QVBoxLayout, tools: list[QWidget], below: QLayout) -> None:
        """Puts the parts in their places.

        Args:
            column: what scrolls, before the rows.
            tools: what stands beside the heading, before the button that closes.
            below: what stands under the heading.
        """
        self._parts = column
        column.setContentsMargins(LOOSE, 0, LOOSE, LOOSE)
        column.setSpacing(SPACING)
        column.addLayout(self._column)
        column.addLayout(row_of(self.first.button, spacing=0))
        column.addStretch(1)
        below.setContentsMargins(MARGIN, 0, MARGIN, 0)
        whole = self._lay_out_head(*tools)
        whole.addLayout(below)
        whole.addWidget(self._area, 1)
        inside = Column()
        self._area.setWidget(inside)
        inside.setLayout(column)
