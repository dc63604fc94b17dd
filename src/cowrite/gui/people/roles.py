"""The five roles in words, and a box in which one is chosen.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QComboBox, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cowrite.gui.widgets.dialog_parts import scroll_past
from cowrite_server.wire.protocol import Role

NAMES = {
    Role.OWNER: "Owner",
    Role.EDITOR: "Editor",
    Role.SUGGESTER: "Suggester",
    Role.COMMENTER: "Commenter",
    Role.VIEWER: "Viewer",
}
MAY = {
    Role.OWNER: "Writes, invites people and decides what they may do",
    Role.EDITOR: "Writes and changes everything in the text",
    Role.SUGGESTER: "Reads, comments, and suggests changes that others accept or reject",
    Role.COMMENTER: "Reads and comments",
    Role.VIEWER: "Reads, and changes nothing",
}


_OPENING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RoleBox(QComboBox):
    """Lets one role be chosen; each is explained in the list. `chosen(role)` when a person chose another one."""

    chosen = Signal(object)

    def __init__(self, who: str) -> None:
        super().__init__()
        self._who = who
        view = QListView(self)
        self.setView(view)
        view.setItemDelegate(_TwoLines(view))
        for role, name in NAMES.items():
            self.addItem(name, role.value)
            self.setItemData(self.count() - 1, MAY[role], Qt.ItemDataRole.ToolTipRole)
            self.setItemData(self.count() - 1, f"{name}: {MAY[role]}", Qt.ItemDataRole.AccessibleTextRole)
        view.setMinimumWidth(_list_width(self))
        scroll_past(self)
        self.activated.connect(lambda _row: self._explain())
        self.activated.connect(lambda _row: self.chosen.emit(self.role))
        self._explain()

    @property
    def role(self) -> Role:
        """The role that is shown."""
        return Role(self.currentData())

    def show_role(self, role: Role) -> None:
        """Shows this one; emits nothing."""
        self.setCurrentIndex(self.findData(role.value))
        self._explain()

    def show_who(self, who: str) -> None:
        """Whose role it is, for screen readers."""
        self._who = who
        self._explain()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Space open the list; a role is taken there with Enter, and never by a key in passing."""
        if event.key() in _OPENING:
            self.showPopup()
        elif event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _explain(self) -> None:
        self.setAccessibleName(f"Role of {self._who}")
        # On Linux Qt gives a box its value as its name, so that whose role it is would not be said.
        self.setAccessibleDescription(f"Role of {self._who}: {MAY[self.role]}")
        self.setToolTip(MAY[self.role])


class _TwoLines(QStyledItemDelegate):
    """A name, and below it what it means."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines of text and some air."""
        return QSize(120, 2 * option.fontMetrics.height() + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws what the style draws behind, then both lines."""
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        whole.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, whole, painter, option.widget)
        model: QAbstractItemModel = index.model()
        line = option.fontMetrics.height()
        box = option.rect.adjusted(10, 6, -10, -6)
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        painter.save()
        strong = QFont(option.font)
        strong.setWeight(QFont.Weight.DemiBold)
        painter.setFont(strong)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(QRect(box.left(), box.top(), box.width(), line), align, str(model.data(index)))
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        means = str(model.data(index, Qt.ItemDataRole.ToolTipRole))
        painter.drawText(QRect(box.left(), box.top() + line + 2, box.width(), line), align, means)
        painter.restore()


def _list_width(box: QComboBox) -> int:
    return max(box.fontMetrics().horizontalAdvance(sentence) for sentence in MAY.values()) + 44
