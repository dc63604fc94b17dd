"""HeadingsPanel: the headings of a draft beside its page, one below the other.

Runs on the GUI thread. It is told the headings and says to which one the person wants to go.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from cowrite.core.writing.headings import Heading
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import LOOSE, MARGIN
from cowrite.gui.widgets.dialog_parts import note
from cowrite.gui.widgets.side_panel import SidePanel
from cowrite.gui.widgets.tips import tip_of

WIDTH = 240  # device-independent pixels
STEP = 14  # by which a heading stands in behind the one above it in rank
_EMPTY = with_keys(
    "No line is a heading yet. Press Ctrl+Alt+1 in a line, or begin it with # and a space, to make it one."
)


class HeadingsPanel(SidePanel):
    """The headings of one draft."""

    appeared = Signal()
    chosen = Signal(int)
    """The number of the heading to which the person wants to go, from 0."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Headings", parent, least=180, width=WIDTH, leads=True)
        self._items: list[QTreeWidgetItem] = []
        self._shown: tuple[tuple[int, str], ...] = ()
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
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, 0, LOOSE, LOOSE)
        column.addWidget(self._empty)
        column.addWidget(tree, 1)
        self._lay_out_head().addLayout(column, 1)
        self.show_headings(())

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

    def _choose(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(self._items.index(item))
