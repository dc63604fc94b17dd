"""HeadingsPanel: the headings of a draft beside its page, one below the other.

Runs on the GUI thread. It is told the headings and says to which one the person wants to go.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from cowrite.core.writing.headings import Heading
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.key_names import and_key, with_keys
from cowrite.gui.look.theme import LOOSE, MARGIN, set_look
from cowrite.gui.widgets.dialog_parts import note
from cowrite.gui.widgets.tips import tip_of

WIDTH = 240  # device-independent pixels
STEP = 14  # by which a heading stands in behind the one above it in rank
_EMPTY = with_keys(
    "No line is a heading yet. Press Ctrl+Alt+1 in a line, or begin it with # and a space, to make it one."
)


class HeadingsPanel(QFrame):
    """The headings of one draft."""

    appeared = Signal()
    closed = Signal()
    left = Signal()
    """Escape gives the keyboard back to the page."""
    chosen = Signal(int)
    """The number of the heading to which the person wants to go, from 0."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QTreeWidgetItem] = []
        self._shown: tuple[tuple[int, str], ...] = ()
        self.setAccessibleName("Headings")
        set_look(self, surface="panel", leads=True)
        self.setMinimumWidth(180)
        heading = QLabel("Headings")
        set_look(heading, role="heading")
        self._close = icon_button("x", "Close the headings")
        self._close.clicked.connect(self.closed)
        self._empty = note(_EMPTY)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self._tree = tree = QTreeWidget()
        tree.setObjectName("headings")
        tree.setAccessibleName("Headings")
        tree.setHeaderHidden(True)
        tree.setIndentation(STEP)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.setExpandsOnDoubleClick(False)
        tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.itemClicked.connect(self._choose)
        tree.itemActivated.connect(self._choose)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, LOOSE, LOOSE, LOOSE)
        column.addLayout(head)
        column.addWidget(self._empty)
        column.addWidget(tree, 1)
        self.show_headings(())

    def sizeHint(self) -> QSize:
        """Wide enough for a few words."""
        return QSize(WIDTH, 400)

    def show_key(self, key: str) -> None:
        """Names the key by which it is shown and closed; an empty one for none."""
        self._close.setToolTip(and_key(self._close.accessibleName(), key))

    def show_headings(self, found: Sequence[Heading]) -> None:
        """Shows these, in this order, each below the last one of a higher rank."""
        shown = tuple((heading.level, heading.text) for heading in found)
        self._empty.setVisible(not shown)
        self._tree.setVisible(bool(shown))
        if shown == self._shown:
            return
        before, current = self._shown, self._tree.currentItem()
        number = self._items.index(current) if current is not None else -1
        top = self._tree.verticalScrollBar().value()
        self._shown = shown
        with QSignalBlocker(self._tree):
            self._tree.clear()
            self._items = []
            above: list[tuple[int, QTreeWidgetItem]] = []
            for level, text in shown:
                while above and above[-1][0] >= level:
                    above.pop()
                item = QTreeWidgetItem(above[-1][1] if above else self._tree, [text])
                item.setToolTip(0, tip_of(text))
                above.append((level, item))
                self._items.append(item)
            self._tree.expandAll()
            if shown and number >= 0:
                same = (each for each, heading in enumerate(shown) if heading == before[number])
                number = min(same, key=lambda each: abs(each - number), default=min(number, len(shown) - 1))
                self._tree.setCurrentItem(self._items[number])
            self._tree.doItemsLayout()
            self._tree.verticalScrollBar().setValue(top)

    def show_current(self, number: int) -> None:
        """Marks the heading under which the caret stands; none for -1."""
        if self._tree.hasFocus():
            return
        if number >= 0:
            self._tree.setCurrentItem(self._items[number])
        else:
            self._tree.setCurrentIndex(QModelIndex())

    def take_keyboard(self) -> None:
        """Puts the keyboard on the headings, where any are seen."""
        if self._tree.isVisible():
            self._tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Tells that it is seen now."""
        super().showEvent(event)
        self.appeared.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(self._items.index(item))
