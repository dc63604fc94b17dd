"""OwnNotes: one's own notes below the pad, which one changes and takes away there.

Runs on the GUI thread.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyleOptionViewItem,
    QWidget,
)

from cowrite.gui.look.icons import icon
from cowrite.gui.look.reading_sides import SidedDelegate
from cowrite.gui.look.theme import set_look
from cowrite.gui.session.values import PadNote

_ID, _TEXT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
"""Roles of a row: the id of its note, and the text that was shown."""
LIST = 96  # least height, in device-independent pixels


class OwnNotes(QListWidget):
    """The newest first: `changed(id, the text that was shown, the new one)`, `removal_wanted(list of ids)`,
    `retyped(id, what stands in the place of its text, that text)` while one is changed, with nothing once it is not
    any more."""

    changed = Signal(str, str, str)
    removal_wanted = Signal(list)
    retyped = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self._notes: tuple[PadNote, ...] = ()
        self.itemChanged.connect(self._tell_changed)
        self.setAccessibleName("Your notes")
        self.setToolTip("Enter or F2 changes a note, Delete takes it away")
        self._changing = ""  # the id of the note that is, or was last
        delegate = _FieldDelegate(self)
        delegate.typed.connect(self._tell_retyped)
        delegate.closeEditor.connect(self._end)
        self.setItemDelegate(delegate)
        self.setWordWrap(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        set_look(self, surface="field")

    def sizeHint(self) -> QSize:
        """A few lines; it grows into what room there is."""
        return QSize(super().sizeHint().width(), LIST)

    def keep(self) -> None:
        """Keeps what is typed into a note."""
        field = self.field
        if field is not None:
            self.commitData(field)
            self.closeEditor(field, QAbstractItemDelegate.EndEditHint.NoHint)
            self._end()

    @property
    def field(self) -> QLineEdit | None:
        """Where a note is being changed; None while none is."""
        fields = self.viewport().findChildren(QLineEdit)  # one that was left may not be gone yet
        return fields[-1] if fields and self.state() is QAbstractItemView.State.EditingState else None

    def retype(self, id: str, words: str) -> None:
        """Begins to change a note, with these words in its place."""
        for item in map(self.item, range(self.count())):
            if item.data(_ID) == id and item.flags() & Qt.ItemFlag.ItemIsEditable:
                self.setCurrentItem(item)
                self.editItem(item)
                if self.field is not None:
                    self.field.setText(words)

    def show_notes(self, notes: tuple[PadNote, ...]) -> None:
        """Lists these; one that is being changed is left alone, and what is marked stays so."""
        if notes == self._notes or self.state() is QAbstractItemView.State.EditingState:
            return
        self._notes = notes
        chosen = {item.data(_ID) for item in self.selectedItems()}
        place = self.currentRow()
        here = self.currentItem().data(_ID) if place >= 0 else ""
        with QSignalBlocker(self):
            self.clear()
            for own in reversed(notes):
                item = QListWidgetItem(own.text)
                item.setData(_ID, own.id)
                item.setData(_TEXT, own.text)
                if not own.is_locked:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                if own.is_late:
                    item.setIcon(icon("history", "warning"))
                marks = {"late": own.is_late, "locked": own.is_locked}
                if said := [words for words, is_so in marks.items() if is_so]:
                    item.setToolTip(f"This note is {' and '.join(said)}")
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join([own.text, *said]))
                self.addItem(item)
            rows = {self.item(row).data(_ID): row for row in range(self.count())}
            # Where that is gone, the one in its place.
            self.setCurrentRow(rows.get(here, max(0, min(place, self.count() - 1))))
            for id in chosen & rows.keys():
                self.item(rows[id]).setSelected(True)

    def _tell_changed(self, item: QListWidgetItem) -> None:
        before, text = item.data(_TEXT), item.text().strip()
        if text and text != before:
            item.setData(_TEXT, text)
            self._notes = ()  # it may not have become what stands there, and is to be listed again
            self.changed.emit(item.data(_ID), before, text)
        elif not text:
            item.setText(before)

    def _tell_retyped(self, note: QListWidgetItem, words: str) -> None:
        self._changing = note.data(_ID)
        self.retyped.emit(self._changing, words, note.data(_TEXT))

    def _end(self) -> None:
        """What stood in the place of a note is the note now, or gone."""
        self.retyped.emit(self._changing, "", "")

    def event(self, event: QEvent) -> bool:
        """Has F2 before the menus of the window do."""
        is_f2 = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2 and not event.modifiers()
        if is_f2 and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter changes, Delete takes away."""
        if self.state() is QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            ids = [item.data(_ID) for item in self.selectedItems()]
            if ids:
                self.removal_wanted.emit(ids)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.editItem(self.currentItem())
        else:
            super().keyPressEvent(event)


class _FieldDelegate(SidedDelegate):
    """Rows that are changed in a field: `typed(the row, what stands in the field)`."""

    typed = Signal(object, str)

    def __init__(self, rows: OwnNotes) -> None:
        super().__init__(rows)
        self._rows = rows

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Tells of each letter."""
        field = super().createEditor(parent, option, index)
        if isinstance(field, QLineEdit):
            field.textChanged.connect(partial(self.typed.emit, self._rows.itemFromIndex(index)))
        return field
