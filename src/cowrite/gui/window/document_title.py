"""DocumentTitle: what a document is called, beside the tabs of its views, and changed there.

Runs on the GUI thread. Where the window has no room for some letters beside the tabs, its own title has to do.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QWidget

from cowrite.core.text.direction import from_left
from cowrite.gui.look.theme import set_look
from cowrite.gui.widgets.elided_button import ElidedButton
from cowrite.gui.widgets.tips import tip_of

LEAST = 12  # letters of a title for which there has to be room
FIELD = 32  # letters of the field in which it is changed, at least


class DocumentTitle(QWidget):
    """A button with the title; pressed, it is a field in its place that Enter or leaving it takes and Escape drops."""

    renamed = Signal(str)
    """Another title, which is not empty."""
    left = Signal()
    """The person is done, and the keyboard is to be somewhere else."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._begun = ""  # what the field began with
        self._room = 0
        self._field: QLineEdit | None = None  # most titles are never changed here
        self.button = ElidedButton("")
        set_look(self.button, kind="title")
        self.button.clicked.connect(self._begin)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.button)

    def show_title(self, title: str) -> None:
        """Says what the document is called."""
        self._title = title
        self.button.setText(title.replace("&", "&&"))
        self.button.setAccessibleName(f"Title: {title}")
        self.button.setToolTip(tip_of(from_left(f"{title}\nClick to give this document another title (F2)")))
        self.show_room(self._room)

    def show_room(self, room: int) -> None:
        """Takes so much of the width that is left beside the tabs as it needs, or nothing where that is too little.

        Args:
            room: the width that is left, in device-independent pixels.
        """
        self._room = room
        letter = self.fontMetrics().averageCharWidth()
        self.setVisible(bool(self._title) and room >= LEAST * letter)
        self.setMaximumWidth(max(0, room))
        if self._field is not None:
            self._field.setFixedWidth(min(max(FIELD * letter, self.button.width()), max(0, room)))

    def keep(self) -> None:
        """Takes what is typed in the field; the document is about to be closed."""
        self._end(takes=True)

    def minimumSizeHint(self) -> QSize:
        """It asks for no height that the tabs have not."""
        return QSize(0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in the field leaves the title as it was; whoever goes elsewhere than to its menu has changed it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._end(takes=False)
            self.left.emit()
            return True
        in_menu = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
        is_left = isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in in_menu
        if is_left and self.window().isActiveWindow():
            self._end(takes=True)
        return False

    # Inside

    def _begin(self) -> None:
        """Puts a field in the place of the button."""
        self._begun = self._title
        field = self._field = QLineEdit(self._title, self)
        field.setAccessibleName("Title of the document")
        field.installEventFilter(self)
        field.returnPressed.connect(self._take)
        self._row.addWidget(field)
        self.show_room(self._room)
        self.button.hide()
        field.show()
        field.selectAll()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        self._end(takes=True)
        self.left.emit()

    def _end(self, *, takes: bool) -> None:
        field, self._field = self._field, None
        if field is None:
            return
        field.removeEventFilter(self)
        title = " ".join(field.text().split())
        field.hide()
        field.deleteLater()
        self.button.show()
        if takes and title and title not in (self._begun, self._title):  # a teammate may have given it another one
            self.renamed.emit(title)
