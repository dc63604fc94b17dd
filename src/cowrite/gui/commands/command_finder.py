"""CommandFinder: a command by a few of its words, to do it without knowing in which menu it is.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cowrite.gui.commands.actions import Actions
from cowrite.gui.commands.draft_actions import OTHER_WORDS
from cowrite.gui.commands.menus import placed, plain
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, set_look, worn
from cowrite.gui.widgets.dialog_parts import Message, resize_on_screen
from cowrite.gui.widgets.list_search import ListSearch
from cowrite.gui.widgets.painted_row import paint_ground, write_line
from cowrite.gui.widgets.tips import tip_of

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
PAD = 12  # device-independent pixels before the words of a row
LINE = 30  # of a row, at least
ICON, GAP = 18, 10  # device-independent pixels: a drawing, and the room behind it
LETTERS = 62  # so wide is the dialog


class Command(NamedTuple):
    """What can be done.

    Attributes:
        id: of its action.
        text: what it is called.
        menu: where it is, as in "Format, Paragraph style".
        keys: which do it; empty for none.
        tip: what it does, without a full stop.
        also: other words by which people look for it.
        is_on: whether it can be done now.
        why_not: why it cannot, as far as that is known.
    """

    id: str
    text: str
    menu: str
    keys: str
    tip: str
    also: str = ""
    is_on: bool = True
    why_not: str = ""

    @property
    def spoken(self) -> str:
        """All of it, for who reads by ear."""
        return ", ".join(filter(None, (self.text, self.menu, self.keys, "" if self.is_on else "not now")))


def commands_of(actions: Actions, ids: Container[str] | None = None) -> list[Command]:
    """The commands of a window, in the order of its menus.

    Args:
        actions: of the window.
        ids: of those that are wanted; None for all.
    """
    found = []
    for spec, menu in placed():
        if ids is not None and spec.id not in ids:
            continue
        action = actions[spec.id]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        on = action.isEnabled()
        also = OTHER_WORDS.get(spec.id, "")
        found.append(Command(spec.id, plain(action.text()), menu, keys, spec.tip, also, on, actions.why_off(spec.id)))
    return found


def found_by(commands: Sequence[Command], text: str) -> list[Command]:
    """Those in whose name, menu or sentence each of the words is, or with which one of their other words begins.

    First comes what can be done now: what is called so, then what begins so, then what has all words in its name.
    """
    looked_for = text.casefold().strip()
    words = looked_for.split()

    def has_all(place: str, also: str = "") -> bool:
        return all(word in place.casefold() or f" {word}" in f" {also}" for word in words)

    def rank(command: Command) -> tuple[bool, ...]:
        name = command.text.casefold()
        return (not command.is_on, name != looked_for, not name.startswith(looked_for), not has_all(name))

    found = (each for each in commands if has_all(f"{each.text} {each.menu} {each.tip}", each.also))
    return sorted(found, key=rank) if words else list(found)


class CommandFinder(QDialog):
    """The dialog.

    Args:
        commands: all that there are.
        parent: the window whose commands they are.
    """

    chosen = Signal(str)
    """The id of the command that the person wants done; the dialog is closed then."""

    def __init__(self, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        self.setWindowTitle("Find a command")
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setItemDelegate(CommandRow(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its keys work in the field above it
        set_look(self.list, surface="field")
        tip = "Type a few words; Up and Down choose a command, Enter runs it"
        self.search = ListSearch(self.list, "Find a command", "What do you want to do?", tip)
        self.message = Message("What the command does")
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, LOOSE)
        column.setSpacing(SPACING)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.message)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.search.returnPressed.connect(self._choose)
        self.list.itemClicked.connect(lambda _item: self._choose())
        self.list.currentItemChanged.connect(lambda item, _before: self._show_chosen(item))
        width = LETTERS * self.fontMetrics().averageCharWidth() + 2 * PAD
        resize_on_screen(self, QSize(width, 440))
        self._fill()

    def _fill(self) -> None:
        self.list.clear()
        for command in found_by(self._commands, self.search.text()):
            item = QListWidgetItem(command.text, self.list)
            item.setData(ROW_ROLE, command)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, command.spoken)
            item.setToolTip(tip_of(command.tip))
        self.list.setCurrentRow(0)
        if not self.list.count():
            self.message.show_sentence(f"No command has “{self.search.text().strip()}” in its words.", "ok")

    def _show_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            command: Command = item.data(ROW_ROLE)
            say(self.search, command.spoken)
            reason = f": {command.why_not[0].lower()}{command.why_not[1:].rstrip('.')}" if command.why_not else ""
            self.message.show_sentence(f"{command.tip}." if command.is_on else f"Not possible now{reason}.", "ok")

    def _choose(self) -> None:
        if self.list.currentRow() >= 0 and self.list.currentItem().data(ROW_ROLE).is_on:
            id = self.list.currentItem().data(ROW_ROLE).id
            self.accept()
            self.chosen.emit(id)


class CommandRow(QStyledItemDelegate):
    """Paints a command with its icon, if its list has icons, then the menu in which it is, and its keys at the end of
    the line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line with some air, and as wide as the command with its keys."""
        command: Command = index.data(ROW_ROLE)
        words = option.fontMetrics.horizontalAdvance(command.text) + option.fontMetrics.horizontalAdvance(command.keys)
        room = words + 4 * PAD + (ICON + GAP if index.data(Qt.ItemDataRole.DecorationRole) is not None else 0)
        return QSize(room, max(LINE, option.fontMetrics.height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of the chosen one, and the words."""
        command: Command = index.data(ROW_ROLE)
        theme, metrics = worn(), QFontMetrics(option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, QRectF(option.rect), option)
        box = option.rect.adjusted(PAD, 0, -PAD, 0)
        keys = metrics.horizontalAdvance(command.keys)
        ink = theme.text if command.is_on else theme.muted
        write_line(
            painter, box.adjusted(box.width() - keys - 1, 0, 0, 0), command.keys, option.font, theme.muted, option
        )
        box.adjust(0, 0, -keys - PAD, 0)
        drawing: QIcon | None = index.data(Qt.ItemDataRole.DecorationRole)
        if drawing is not None:
            place = QRect(box.left(), box.center().y() - ICON // 2, ICON, ICON)
            drawing.paint(painter, QStyle.visualRect(option.direction, option.rect, place))
            box.setLeft(box.left() + ICON + GAP)
        write_line(painter, box, command.text, option.font, ink, option)
        box.setLeft(box.left() + metrics.horizontalAdvance(command.text) + PAD)
        if box.width() > 2 * PAD:
            write_line(painter, box, command.menu, option.font, theme.muted, option)
        painter.restore()
