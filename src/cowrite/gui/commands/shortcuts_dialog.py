"""All keyboard shortcuts, by the menu in which their commands are, and what gives a command a key of one's own.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from cowrite.gui.commands.action_specs import ActionSpec
from cowrite.gui.commands.actions import Actions
from cowrite.gui.commands.menus import placed, plain
from cowrite.gui.commands.own_keys import OwnKeys, given, holder, refusal, words_of
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import LOOSE, set_look
from cowrite.gui.widgets.dialog_parts import Message, button, dialog_column, last_row, note, resize_for_letters
from cowrite.gui.widgets.search_field import as_search_field

_ID = Qt.ItemDataRole.UserRole
_HOW = "Choose a command to give it a key of your own."
_PASSED_ON = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter})
_HOLDING = frozenset(
    {
        *(Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_unknown),
        *(Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Menu),
    }
)
"""What is held with another key, or is none that a command could have."""

Keys = Sequence[tuple[str, str]]
"""What is done, and by which keys."""


class ShortcutsDialog(QDialog):
    """Lists the keys of a window's commands; those of the commands can be chosen.

    Args:
        actions: the window's; the list follows their keys.
        of_the_view: the keys of the view that is shown, which stay as they are.
        parent: the window that it belongs to.
    """

    chosen = Signal(object)
    """OwnKeys: all own keys, once the person has given a command one or taken it away."""

    def __init__(self, actions: Actions, of_the_view: Keys, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._sections: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self._pressed = QKeySequence()  # which another command has, until the person says whose it is
        self.setWindowTitle("Keyboard shortcuts")
        self.setMinimumSize(320, 320)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find a command or a key")
        self.search.setAccessibleName("Find a command or a key")
        as_search_field(self.search)
        self.tree = _tree(self)
        self.field = KeyField(self)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setBuddy(self.field)
        self.take = button("", "Give the key to this command, in place of the one that has it", "primary")
        self.usual = button("&Usual keys", "Leave this command the keys that it usually has")
        self._row = QWidget(self)
        self._how = note(_HOW)
        self.message = Message("What came of the key")
        self.all_usual = button("&All usual keys", "Take all keys of your own away")
        self._lay_out()
        self._fill(of_the_view)
        self.search.textChanged.connect(self._find)
        self.tree.currentItemChanged.connect(lambda _now, _before: self._show_chosen())
        self.tree.itemActivated.connect(lambda _item, _column: self.field.setFocus())
        self.field.pressed.connect(self._press)
        self.take.clicked.connect(lambda: self._give(self._pressed))
        self.usual.clicked.connect(lambda: self._give(None))
        self.all_usual.clicked.connect(self._give_all_back)
        self._show_chosen()
        self._show_keys()
        self.search.setFocus()
        resize_for_letters(self, QSize(480, 640))

    @property
    def _id(self) -> str:
        """Of the command that is chosen; empty for none."""
        item = self.tree.currentItem()
        return item.data(0, _ID) or "" if item is not None and not item.isHidden() else ""

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(LOOSE)
        row.addWidget(self.field, 1)
        row.addWidget(self.usual)
        column = self._column = dialog_column(self)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self._how)
        column.addWidget(self._label)
        column.addWidget(self._row)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)  # Enter is for the list
        close.rejected.connect(self.reject)
        said = QHBoxLayout()
        said.setSpacing(LOOSE)
        said.addWidget(self.message, 1)
        said.addWidget(self.take)
        column.addLayout(said)
        column.addLayout(last_row(close, first=self.all_usual))

    def _fill(self, of_the_view: Keys) -> None:
        if of_the_view:
            section = _section(self.tree, "In this view")
            self._sections.append((section, [_row(section, text, with_keys(keys), "") for text, keys in of_the_view]))
        menus: dict[str, list[ActionSpec]] = {}
        for spec, menu in placed():  # "Word" says nothing without "Export"
            menus.setdefault(menu, []).append(spec)
        for menu, found in menus.items():
            section = _section(self.tree, menu)
            self._sections.append((section, [_row(section, plain(spec.text), "", spec.id) for spec in found]))
        self.tree.expandAll()

    def _show_keys(self) -> None:
        """Shows the keys that the commands have now."""
        for item in (item for _, rows in self._sections for item in rows):
            if id := item.data(0, _ID):
                is_own = id in self._actions.own_keys
                keys = self._actions[id].shortcuts()[: 2 if is_own else 1]
                item.setText(1, ", ".join(map(words_of, keys)))
                font = item.font(1)
                font.setBold(is_own)
                item.setFont(1, font)
                said = f"{item.text(0)}: {item.text(1) or 'no key'}{', your own' if is_own else ''}"
                item.setData(0, Qt.ItemDataRole.AccessibleTextRole, said)
        self.all_usual.setEnabled(bool(self._actions.own_keys))
        self.usual.setEnabled(self._id in self._actions.own_keys)

    def _find(self, text: str) -> None:
        words = text.casefold().split()
        found = False
        for section, rows in self._sections:
            for item in rows:
                said = f"{item.text(0)} {section.text(0)} {item.text(1)}".casefold()
                item.setHidden(not all(word in said for word in words))
            section.setHidden(all(item.isHidden() for item in rows))
            found = found or not section.isHidden()
        self._show_chosen()
        if not found:
            self.message.show_sentence(f"Nothing has “{text.strip()}” in its words or keys.", "ok")

    def _show_chosen(self) -> None:
        """Offers another key for the command that is chosen."""
        is_some = bool(self._id)
        for part in (self._label, self._row):
            part.setVisible(is_some)
        self._how.setVisible(not is_some)
        self.take.hide()
        self.message.show_sentence("", "ok")
        self.field.clear()
        if is_some:
            self._label.setText(f"A &key of your own for “{self._name(self._id)}”")
            self.usual.setEnabled(self._id in self._actions.own_keys)
            self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """Shows the command that is chosen, though what came below the list takes room from it."""
        self._column.activate()
        if (item := self.tree.currentItem()) is not None:
            self.tree.scrollToItem(item)

    def _press(self, key: QKeySequence) -> None:
        """Gives the command a key that is free; asks first where another command has it."""
        self.take.hide()
        own, why_not = self._actions.own_keys, refusal(key, self._id, self._actions.own_keys)
        if why_not:
            self.message.show_sentence(why_not, "bad")
            return
        other = holder(key, own)
        if other is None or other.id == self._id:
            self._give(key)
            return
        self.message.show_sentence(f"{words_of(key)} is for “{plain(other.text)}”.", "ok")
        self.take.setText(f"Give it to “{self._name(self._id)}”")
        self.take.setAccessibleName(self.take.text())
        self._pressed = key
        self.take.show()
        self._keep_in_sight()

    def _give(self, key: QKeySequence | None) -> None:
        id = self._id
        self.take.hide()
        self._choose(given(self._actions.own_keys, id, key))
        keys = self._actions[id].shortcuts()
        name = self._name(id)
        done = f"“{name}” has {' and '.join(map(words_of, keys))} now." if keys else f"“{name}” has no key now."
        self.message.show_sentence(done, "ok")
        self._keep_in_sight()

    def _give_all_back(self) -> None:
        self._choose({})
        self._show_chosen()
        self.message.show_sentence("All commands have their usual keys again.", "ok")

    def _choose(self, own: OwnKeys) -> None:
        self.chosen.emit(own)
        self._show_keys()

    def _name(self, id: str) -> str:
        return plain(self._actions[id].text())


class KeyField(QLineEdit):
    """Takes one key with what is held: `pressed(QKeySequence)`, and shows it."""

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setPlaceholderText("Press the key")
        self.setAccessibleName("A key of your own: press it")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def event(self, event: QEvent) -> bool:
        """Keeps every key from the window's commands."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not _is_passed_on(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Takes the key; those by which one leaves the field or the dialog do that."""
        if _is_passed_on(event):
            event.ignore()
        elif event.key() and event.key() not in _HOLDING:  # Qt has 0 for keys that it does not know
            held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
            key = QKeySequence(int(held.value) | event.key())
            self.setText(words_of(key))
            self.pressed.emit(key)


def _is_passed_on(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return event.key() in _PASSED_ON and held == Qt.KeyboardModifier.NoModifier


def _tree(parent: QWidget) -> QTreeWidget:
    tree = QTreeWidget(parent)
    tree.setColumnCount(2)
    tree.setHeaderHidden(True)
    tree.setAccessibleName("Keyboard shortcuts")
    tree.setRootIsDecorated(False)
    tree.setItemsExpandable(False)
    tree.setIndentation(12)
    tree.setUniformRowHeights(True)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    set_look(tree, surface="field")
    return tree


def _section(tree: QTreeWidget, title: str) -> QTreeWidgetItem:
    section = QTreeWidgetItem(tree, [title])
    section.setFirstColumnSpanned(True)
    section.setFlags(Qt.ItemFlag.ItemIsEnabled)
    font = section.font(0)
    font.setBold(True)
    section.setFont(0, font)
    return section


def _row(section: QTreeWidgetItem, text: str, keys: str, id: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem(section, [text, keys])
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    item.setData(0, _ID, id)
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{text}: {keys}")
    return item
