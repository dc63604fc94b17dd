"""PlacePopup: asks into which group or frame notes go; a few letters find it.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from cowrite.core.text.search import compiled, has_all
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import SPACING, TIGHT, set_look
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.popup_place import open_at

_ID = Qt.ItemDataRole.UserRole


class PlacePopup(QFrame):
    """A field over the places that there are; what is typed narrows them, and names a new one.

    Args:
        what: they are: "group" or "frame".
        places: id and title of each.
        parent: what it belongs to.
    """

    chosen = Signal(str)
    """The id of a place; empty for none."""
    new_wanted = Signal(str)
    """The title of a place that is not there yet; empty to be asked for."""

    def __init__(self, what: str, places: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(f"Move to {what}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_look(self, surface="panel")
        self._what, self._places = what, places
        self.field = QLineEdit()
        self.field.setPlaceholderText(f"Move to {what}…")
        self.field.setAccessibleName(f"Letters of the {what}’s title")
        self.field.textChanged.connect(self._fill)
        self.list = QListWidget()
        self.list.setAccessibleName(f"{what.capitalize()}s")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item: self._take())
        column_in(self, self.field, self.list, around=SPACING, spacing=TIGHT)
        self.setFocusProxy(self.field)
        self._fill("")

    def sizeHint(self) -> QSize:
        """Wide enough for a title, and as high as the places are, of which many are scrolled."""
        return QSize(max(280, super().sizeHint().width()), min(360, 90 + 30 * (len(self._places) + 2)))

    def open_at(self, place: QPoint) -> None:
        """Opens at a point of the desktop, and takes the keyboard."""
        open_at(self, place)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go through the places, Enter takes one."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            count = max(1, self.list.count())
            self.list.setCurrentRow((self.list.currentRow() + step) % count)
            self._tell()
        elif event.key() in ENTERS:
            self._take()
        else:
            super().keyPressEvent(event)

    def _fill(self, typed: str) -> None:
        wanted = [compiled(word) for word in typed.split()]
        self.list.clear()
        for id, title in self._places:
            if has_all(wanted, title):
                self._add(title, id)
        if not wanted:
            self._add(f"No {self._what}", "")
        title = typed.strip()
        if title not in [known for _, known in self._places]:
            self._add(f"New {self._what} “{title}”" if title else f"New {self._what}…", None)
        self.list.setCurrentRow(0)
        if typed:
            self._tell()

    def _tell(self) -> None:
        """Has a screen reader know what is chosen, for the keyboard stays in the field."""
        words = self.list.currentItem().text()
        self.field.setAccessibleDescription(words)
        say(self.field, words)

    def _add(self, text: str, id: str | None) -> None:
        item = QListWidgetItem(text)
        item.setData(_ID, id)
        self.list.addItem(item)

    def _take(self) -> None:
        id = self.list.currentItem().data(_ID)
        typed = self.field.text().strip()
        self.close()
        if id is None:
            self.new_wanted.emit(typed)
        else:
            self.chosen.emit(id)
