"""TextPanel: a panel beside the page that tells of places in the text.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from cowrite.gui.card_parts import Column
from cowrite.gui.elided_label import ElidedLabel
from cowrite.gui.icons import icon, icon_button
from cowrite.gui.reading_order import ReadingOrder
from cowrite.gui.theme import Theme, set_look

WIDTH = 320  # device-independent pixels
LETTERS = 26  # that have room in a line, also where they are large


class TextPanel(QFrame):
    """A heading with a button that closes the panel, and below it what scrolls.

    Args:
        name: what it shows.
        rows_name: what each of its rows is, for who hears the window.
        close_name: what its button to close says.
    """

    closed = Signal()
    left = Signal()
    """Escape gives the keyboard back to the page."""
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, name: str, rows_name: str, close_name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        set_look(self, surface="panel")
        self.setMinimumWidth(260)
        self._heading = ElidedLabel()
        self._heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._heading.show_text(name)
        set_look(self._heading, role="heading")
        self._close = icon_button("x", close_name, theme)
        self._close.clicked.connect(self.closed)
        self._area = ReadingOrder()
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setAccessibleName(rows_name)

    def sizeHint(self) -> QSize:
        """Wide enough for a sentence."""
        return QSize(max(WIDTH, LETTERS * self.fontMetrics().averageCharWidth()), 400)

    def show_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._close.setIcon(icon("x", theme))

    def event(self, event: QEvent) -> bool:
        """Undo and redo here concern what the panel shows, and not what is written on the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._undoing(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the page; undo and redo take back and bring back an act on what the panel shows."""
        undoing = self._undoing(event)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif undoing is not None:
            undoing.emit()
        else:
            super().keyPressEvent(event)

    def _undoing(self, event: QKeyEvent) -> SignalInstance | None:
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.undo_wanted
        return self.redo_wanted if event.matches(QKeySequence.StandardKey.Redo) else None

    def _has_keyboard(self, row: QWidget) -> bool:
        focused: QWidget | None = self.window().focusWidget()
        return focused is not None and row.isAncestorOf(focused)

    def _scroll_to(self, row: QWidget, margin: int = 8) -> None:
        """Brings a row into sight as soon as it has its place: it may just have been made, and others may just go.

        Args:
            row: it.
            margin: device-independent pixels above and below it that are in sight as well.
        """
        QTimer.singleShot(0, row, lambda: self._area.ensureWidgetVisible(row, 0, margin))

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
            left = set(rows)
            bar.setValue(next((row.y() - at for row, at in seen if row in left), bar.value()))

        if top:
            QTimer.singleShot(0, self, go_back)  # as soon as all have their places

    def _lay_out_panel(self, column: QVBoxLayout, tools: list[QWidget], below: QLayout) -> None:
        """Puts the parts in their places.

        Args:
            column: what scrolls.
            tools: what stands beside the heading, before the button that closes.
            below: what stands under the heading.
        """
        column.setContentsMargins(12, 0, 12, 12)
        column.setSpacing(10)
        column.addStretch(1)
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 8, 0)
        top.setSpacing(2)
        top.addWidget(self._heading, 1)
        for each in (*tools, self._close):
            top.addWidget(each)
        below.setContentsMargins(12, 0, 12, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 14, 0, 0)  # the border on the left
        whole.setSpacing(10)
        whole.addLayout(top)
        whole.addLayout(below)
        whole.addWidget(self._area, 1)
        inside = Column()
        self._area.setWidget(inside)
        inside.setLayout(column)
