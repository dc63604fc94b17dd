"""IdeasTree: the list itself, with keys of its own.

Runs on the GUI thread. It says which command was asked for; the view carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QLineEdit, QTreeView, QWidget

from cowrite.core.board.items import COLOURS
from cowrite.gui.ideas.commands import painting
from cowrite.gui.ideas.delegate import IdeaDelegate
from cowrite.gui.ideas.item_model import IdeasModel
from cowrite.gui.ideas.note_field import NoteField
from cowrite.gui.ideas.outline import Branch, Kind, Row
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.keyboard.usual_key import usual_key
from cowrite.gui.look.theme import TIGHT, Theme, set_look, worn

BESIDE = 9  # device-independent pixels before the words that say what is asked, and after them
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_NONE = Qt.KeyboardModifier.NoModifier

KEYS: Mapping[tuple[Qt.KeyboardModifier, Qt.Key], str] = {
    (_NONE, Qt.Key.Key_Return): "edit",
    (_NONE, Qt.Key.Key_Enter): "edit",
    (_NONE, Qt.Key.Key_F2): "edit",
    (_NONE, Qt.Key.Key_N): "new",
    (_NONE, Qt.Key.Key_Insert): "new",
    (_NONE, Qt.Key.Key_Delete): "remove",
    (_NONE, Qt.Key.Key_Backspace): "remove",
    (_CTRL, Qt.Key.Key_G): "group",
    (_CTRL | _SHIFT, Qt.Key.Key_G): "ungroup",
    (_ALT, Qt.Key.Key_G): "move",
    (_NONE, Qt.Key.Key_F): "frame",
    (_NONE, Qt.Key.Key_M): "merge",
    (_SHIFT, Qt.Key.Key_M): "split",
    (_NONE, Qt.Key.Key_L): "link",
    (_NONE, Qt.Key.Key_K): "lock",
    (_SHIFT, Qt.Key.Key_K): "unlock",
    (_NONE, Qt.Key.Key_Space): "details",
    (_NONE, Qt.Key.Key_A): "adopt",
    (_NONE, Qt.Key.Key_D): "decide",
    (_NONE, Qt.Key.Key_V): "vote",
    (_NONE, Qt.Key.Key_E): "expand",
    (_CTRL | _SHIFT, Qt.Key.Key_N): "next_unseen",
    (_CTRL, Qt.Key.Key_D): "duplicate",
    **{(_NONE, Qt.Key(Qt.Key.Key_1 + at)): painting(colour) for at, colour in enumerate(COLOURS)},
}
"""What the list's own keys ask for."""


class IdeasTree(QTreeView):
    """Groups and notes."""

    asked = Signal(str)
    """A command, by a name of KEYS."""
    left_upwards = Signal()
    """The person goes up from the first row."""

    def __init__(self, model: IdeasModel, theme: Theme) -> None:
        super().__init__()
        self._is_dressed = False  # while it is
        self.setObjectName("ideas")
        self.setAccessibleName("Ideas")
        self.setModel(model)
        self.ideas = model
        self.delegate = IdeaDelegate(self, theme)
        self.setItemDelegate(self.delegate)
        self.setHeaderHidden(True)
        # A header that is not there takes no room, and yet has all rows measured whenever Qt dresses it.
        self.header().geometriesChanged.disconnect()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(worn().metrics.sign + TIGHT)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else each height asks for a width
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    @property
    def current_row(self) -> Row | None:
        """The row that has the keyboard."""
        return self.ideas.row_at(self.currentIndex())

    def selected_rows(self) -> list[Row]:
        """The selected rows, from top to bottom; without any the current one."""
        chosen = {row.id for row in map(self.ideas.row_at, self.selectedIndexes()) if row is not None}
        rows = [row for row in self.ideas.rows() if row.id in chosen]
        current = self.current_row
        return rows or ([current] if current is not None else [])

    def selected_notes(self) -> list[str]:
        """The ids of the selected notes; a selected group stands for its notes."""
        ids: dict[str, None] = {}
        for row in self.selected_rows():
            if row.kind is not Kind.GROUP:
                ids[row.id] = None
                continue
            index = self.ideas.index_of(row.id)
            inner = (self.ideas.row_at(self.ideas.index(at, 0, index)) for at in range(self.ideas.rowCount(index)))
            ids |= dict.fromkeys(each.id for each in inner if each is not None)
        return list(ids)

    def go_to(self, id: str) -> bool:
        """Makes what has this id the current row, alone; False where it is not shown."""
        index = self.ideas.index_of(id)
        if not index.isValid():
            return False
        self._fold_out(index.parent())
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)
        return True

    def show_from(self, ids: Sequence[str]) -> None:
        """Makes the first row that has one of these ids the current one, and shows what comes from there on."""
        wanted = set(ids)
        row = next((row for row in self.ideas.rows() if row.id in wanted), None)
        if row is not None and self.go_to(row.id):
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtTop)

    def go_to_row(self, place: int) -> None:
        """Makes the row at a place the current one, counted from the top; the last one where there are fewer."""
        rows = [row.id for row in self.ideas.rows()]
        if rows:
            self.go_to(rows[min(place, len(rows) - 1)])

    def go_on(self, step: int) -> None:
        """Goes to the next note, or with -1 to the one before; behind the last one comes the first."""
        notes = [row.id for row in self.ideas.rows() if row.kind is not Kind.GROUP]
        current = self.current_row
        if notes:
            at = notes.index(current.id) if current is not None and current.id in notes else -min(step, 0) - 1
            self.go_to(notes[(at + step) % len(notes)])

    def show_outline(self, branches: Sequence[Branch]) -> None:
        """Shows an outline in the place of the one that is shown, with groups that are new folded out.

        What is in sight stays where it is. Where a teammate took the current row away, the one in its place is current;
        nothing else is selected.
        """
        known = {row.id for row in self.ideas.rows() if row.kind is Kind.GROUP}
        place, held = self._place_of_current(), self._held_place()
        self.ideas.show_outline(branches)
        for branch in branches:
            if branch.row.id not in known:
                self.expand(self.ideas.index_of(branch.row.id))
        self._hold_place(held)
        if place >= 0 and not self.currentIndex().isValid():
            self.go_to_row(place)

    def keep(self) -> None:
        """Keeps what is typed into a row."""
        for field in self.viewport().findChildren(NoteField):
            self.commitData(field)
            self.closeEditor(field, IdeaDelegate.EndEditHint.NoHint)

    def show_look(self, theme: Theme, zoom: float) -> None:
        """Takes another look or size."""
        self.delegate.show_look(theme, zoom)
        self.scheduleDelayedItemsLayout()

    def ask_title(self, proposed: str, label: str, take: Callable[[str], object]) -> None:
        """Asks for a title at the current row; nothing is called where the person gives up."""
        row = self.visualRect(self.currentIndex())
        rect = row if row.isValid() else self.viewport().rect()
        field = _TitleField(self.viewport(), proposed, label)
        # All of the row, so that no half of a note looks out behind it.
        top, room = max(0, rect.y()), self.viewport().height()
        height = min(rect.bottom() + 1, room) - top if rect is row else 0
        field.setGeometry(rect.x(), top, rect.width(), max(height, field.sizeHint().height() + 8))
        field.taken.connect(take)
        field.finished.connect(self.setFocus)
        field.show()
        field.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        """Has the list's own keys before the menus of the window do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _asked(event):
            event.accept()
            return True
        self._is_dressed = event.type() == QEvent.Type.StyleChange
        try:
            return super().event(event)
        finally:
            self._is_dressed = False

    def doItemsLayout(self) -> None:
        """Measures all rows, and once for all the times that Qt dresses the list anew when it takes another look."""
        if self._is_dressed:
            self.scheduleDelayedItemsLayout()
        else:
            super().doItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list's own keys; everything else moves and selects."""
        name = _asked(event)
        if name:
            self.asked.emit(name)
        elif event.key() == Qt.Key.Key_Up and not event.modifiers() and self._is_first(self.currentIndex()):
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """No input method is at work here: it would make words of the letters that are commands."""
        return False if query == Qt.InputMethodQuery.ImEnabled else super().inputMethodQuery(query)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; one finds with Ctrl+F."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other heights."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def menu_place(self, at: QPoint | None = None) -> QPoint:
        """Where a menu opens that was asked for at a place in the list, or by a key."""
        if at is not None and self.indexAt(at).isValid():
            return self.viewport().mapToGlobal(at)
        rect = self.visualRect(self.currentIndex())
        return self.viewport().mapToGlobal(rect.center() if rect.isValid() else QPoint(20, 20))

    def _place_of_current(self) -> int:
        current = self.current_row
        rows = [row.id for row in self.ideas.rows()]
        return rows.index(current.id) if current is not None and current.id in rows else -1

    def _held_place(self) -> tuple[str, int] | None:
        """The row that is to stay where it is, and where that is: what is being edited, else the current row where it
        is in sight, else the first that is."""
        whole = self.viewport().rect()
        top = self.indexAt(QPoint(whole.width() // 2, 1))
        for index in (self.ideas.index_of(self.delegate.edited), self.currentIndex(), top):
            row, rect = self.ideas.row_at(index), self.visualRect(index)
            if row is not None and rect.isValid() and (rect.intersects(whole) or row.id == self.delegate.edited):
                return row.id, rect.top()
        return None

    def _hold_place(self, held: tuple[str, int] | None) -> None:
        """Scrolls so that a row is where it was, and folds out what is around it now."""
        index = self.ideas.index_of(held[0]) if held is not None else QModelIndex()
        self._fold_out(index.parent())
        if held is not None and index.isValid():
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - held[1])

    def _fold_out(self, index: QModelIndex) -> None:
        while index.isValid():
            self.expand(index)
            index = index.parent()

    def _is_first(self, index: QModelIndex) -> bool:
        return not index.isValid() or not self.indexAbove(index).isValid()


class _TitleField(QLineEdit):
    """Asks for one line over the list, before which it says for what; Escape gives up, and so does going elsewhere
    before anything was typed."""

    taken = Signal(str)
    finished = Signal()

    def __init__(self, parent: QWidget, proposed: str, label: str) -> None:
        super().__init__(proposed, parent)
        self.setAccessibleName(label)
        self.setPlaceholderText(label)
        self.selectAll()
        self._is_over = False
        self._asked = QLabel(f"{label}:", self)
        set_look(self._asked, role="muted")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Says what is asked where that leaves room for a title."""
        super().resizeEvent(event)
        wide, high = self._asked.sizeHint().width() + BESIDE, self.height()
        has_room = 2 * wide < self.width()
        self._asked.setVisible(has_room)
        from_right = self.isRightToLeft()
        self._asked.setGeometry(self.width() - wide if from_right else BESIDE, 0, wide - BESIDE, high)
        before = wide if has_room else 0
        self.setTextMargins(0 if from_right else before, 0, before if from_right else 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the title."""
        if event.key() in ENTERS:
            if self.text().strip():
                self._end(self.text().strip())
        elif event.key() == Qt.Key.Key_Escape:
            self._end("")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Takes what was typed, and gives up what was proposed alone."""
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # its own menu, by which one pastes a title
        if not self._is_over and self.window().isActiveWindow():
            self._end(self.text().strip() if self.isModified() else "", is_left=True)

    def _end(self, title: str, *, is_left: bool = False) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.hide()
        if not is_left:  # the keyboard stays where the person has gone
            self.finished.emit()
        if title:
            self.taken.emit(title)
        self.deleteLater()


def _asked(event: QKeyEvent) -> str:
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return KEYS.get((held, usual_key(event)), "")
