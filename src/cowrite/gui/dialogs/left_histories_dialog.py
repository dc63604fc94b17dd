"""LeftHistoriesDialog: the histories on this computer whose documents are nowhere to be found.

Runs on the GUI thread. Shows what it is told and says what is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from cowrite.gui.look.theme import set_look
from cowrite.gui.look.times import date
from cowrite.gui.widgets.dialog_parts import Message, dialog_column, last_row, resize_for_letters
from cowrite.gui.widgets.tips import tip_of

if TYPE_CHECKING:
    from cowrite.sync.history_folder import KeptHistory

ABOUT = (
    "Histories whose documents are neither in the list of all documents nor where they were last. A document may come "
    "back, from the trash or with its drive, and then has its history again."
)
LOOKING, NOTHING = "Looking for the documents…", "Every history here has its document."
UNNAMED = "…"  # until it is known what a document is called
_ID, _TITLE, _FACTS = (Qt.ItemDataRole.UserRole + number for number in range(3))


class LeftHistoriesDialog(QDialog):
    """The histories.

    Args:
        parent: the window before which it stands.
    """

    open_wanted = Signal(str)
    """The last state of a document is to be opened as a new one; its id."""
    remove_wanted = Signal(str)
    """The history of a document is to go; its id."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Histories without a document")
        about = QLabel(ABOUT)
        about.setWordWrap(True)
        set_look(about, role="muted")
        self._items: dict[str, QListWidgetItem] = {}  # by the ids of the documents; there may be thousands
        self.list = QListWidget()
        self.list.setAccessibleName("Histories without a document")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self.list, surface="field")
        self.message = Message()
        self.anew = QPushButton("Open as a new document")
        self.anew.setAccessibleName("Open the last state as a new document")
        self.anew.setToolTip("Start a new document with the last state of this one; its history stays here")
        self.remove = QPushButton("Remove…")
        self.remove.setAccessibleName("Remove the history")
        self.remove.setToolTip("Delete this history for good")
        self.end = QPushButton("Close")
        self.end.setAccessibleName("Close")
        self.end.setToolTip("Close this window")
        self.end.setDefault(True)
        column = dialog_column(self)
        for part in (about, self.list, self.message):
            column.addWidget(part, 1 if part is self.list else 0)
        below = last_row(self.end, first=self.anew)
        below.insertWidget(1, self.remove)
        column.addLayout(below)
        self.list.currentItemChanged.connect(lambda _item, _before: self._follow())
        self.anew.clicked.connect(lambda: self.open_wanted.emit(self.current))
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.current))
        self.end.clicked.connect(self.accept)
        self.show_sentence(LOOKING, "waiting")
        self._follow()
        resize_for_letters(self, QSize(520, 460))

    @property
    def current(self) -> str:
        """The id of the document that is chosen; empty where none is."""
        row = self.list.currentRow()
        return "" if row < 0 else str(self.list.item(row).data(_ID))

    def title_of(self, document: str) -> str:
        """What the document of an id is called here."""
        item = self._items.get(document)
        return "" if item is None else str(item.data(_TITLE))

    def show_sentence(self, sentence: str, tone: str) -> None:
        """Says how it stands."""
        self.message.show_sentence(sentence, tone)

    def show_histories(self, histories: Sequence[KeptHistory]) -> None:
        """Lists these, the last one first; what they are called is told later."""
        self.list.clear()
        self._items.clear()
        for each in sorted(histories, key=lambda each: -each.written):
            item = self._items[each.document] = QListWidgetItem(self.list)
            size = self.locale().formattedDataSize(each.bytes, 0, QLocale.DataSizeFormat.DataSizeSIFormat)
            item.setData(_ID, each.document)
            item.setData(_FACTS, f"last written on {date(each.written)} · {size}")
            self.show_title(each.document, UNNAMED)
        self._tell()

    def show_title(self, document: str, title: str) -> None:
        """Names one of them."""
        if (item := self._items.get(document)) is not None:
            item.setData(_TITLE, title)
            item.setText(f"{title}\n{item.data(_FACTS)}")
            item.setToolTip(tip_of(title))

    def show_removed(self, document: str) -> None:
        """One of them is gone."""
        if (item := self._items.pop(document, None)) is not None:
            self.list.takeItem(self.list.row(item))
            self._tell()

    def _tell(self) -> None:
        self.show_sentence("" if self.list.count() else NOTHING, "ok")
        if self.list.count() and self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
            self.list.setFocus()
        self._follow()

    def _follow(self) -> None:
        for button in (self.anew, self.remove):
            button.setEnabled(bool(self.current))
