"""RankedForm: options that one puts in order.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QVBoxLayout

from cowrite.core.sessions.polls import Ballot, Poll
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.reading_sides import SidedDelegate
from cowrite.gui.look.theme import set_look
from cowrite.gui.session.ballot_form import BallotForm, Within
from cowrite.gui.session.poll_words import within_spoken, within_words
from cowrite.gui.widgets.dialog_parts import note

HIGHEST = 420  # device-independent pixels of a list; what is longer is scrolled
_OPTION = Qt.ItemDataRole.UserRole


class RankedForm(BallotForm):
    """Options in order, as many as one likes."""

    def __init__(self, poll: Poll, ballot: Ballot, within: Within) -> None:
        super().__init__()
        self._list = _Ranking()
        self._list.setAccessibleName("Your order")
        self._list.setToolTip(with_keys("Space ticks an idea or takes its tick away, Alt+Up and Alt+Down move it"))
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._list.setWordWrap(True)
        self._list.setItemDelegate(SidedDelegate(self._list))
        set_look(self._list, surface="field")
        words = {option.id: option.text for option in poll.options}
        ranked = [id for id in ballot.ranking if id in words]
        for id in (*ranked, *(id for id in words if id not in ranked)):
            item = QListWidgetItem(words[id])
            below = within_words(within.get(id, ()))
            item.setData(_OPTION, (id, words[id], below))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, within_spoken(below))
            # Between others it can be dropped, and on none: Qt would put it behind all of them.
            item.setFlags((item.flags() | Qt.ItemFlag.ItemIsUserCheckable) & ~Qt.ItemFlag.ItemIsDropEnabled)
            item.setCheckState(Qt.CheckState.Checked if id in ranked else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._number()
        self._list.itemChanged.connect(lambda _item: self._tell())
        self._list.moved.connect(self._tell)
        self._list.model().rowsMoved.connect(lambda *_: self._tell())
        self.setFocusProxy(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        how = "Tick what you would choose, and put the best first: Space ticks, Alt+Up moves up."
        column.addWidget(note(with_keys(how)))
        column.addWidget(self._list)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def ballot(self) -> Ballot:
        """See `BallotForm.ballot`."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return Ballot(ranking=tuple(item.data(_OPTION)[0] for item in items if _is_in(item)))

    def _tell(self) -> None:
        self._number()
        self.changed.emit(self.ballot())

    def _number(self) -> None:
        with QSignalBlocker(self._list):
            rank = 0
            for row in range(self._list.count()):
                item = self._list.item(row)
                rank += _is_in(item)
                _, words, below = item.data(_OPTION)
                item.setText("\n".join(filter(None, (f"{rank}.  {words}" if _is_in(item) else words, below))))
                item.setData(
                    Qt.ItemDataRole.AccessibleTextRole,
                    f"{words}, number {rank}" if _is_in(item) else f"{words}, not taken",
                )
        self._list.viewport().update()


class _Ranking(QListWidget):
    """A list as high as its rows, which move with Alt and the arrows."""

    moved = Signal()

    def doItemsLayout(self) -> None:
        """Rows that wrap in another way take another height."""
        super().doItemsLayout()
        beside = self.height() - self.viewport().height()
        height = min(HIGHEST, self.contentsSize().height() + beside)
        if height != self.height():
            self.setFixedHeight(height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down move the row that is marked."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if not (event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps):
            super().keyPressEvent(event)
            return
        row = self.currentRow()
        to = row + steps[Qt.Key(event.key())]
        if row >= 0 and 0 <= to < self.count():
            self.insertItem(to, self.takeItem(row))
            self.setCurrentRow(to)
            self.moved.emit()


def _is_in(item: QListWidgetItem) -> bool:
    return item.checkState() is Qt.CheckState.Checked
