"""FootnoteField: the card in which what a footnote says is read and written, at its reference.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import SPACING, TIGHT, Theme, set_look
from cowrite.gui.page.footnote_words import FootnoteWords
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.elided_label import ElidedLabel

WRITE, READ = "What the footnote says", "Nothing is said here"
GONE = "Taken out; typing brings it back"
_STAYS = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class FootnoteField(QFrame):
    """The card of one footnote.

    Args:
        parent: the viewport of the page.
        theme: how it looks.
    """

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        set_look(self, surface="card", floats=True)
        self._name = ElidedLabel()
        self._name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        set_look(self._name, role="muted")
        self.words = FootnoteWords(theme)
        self.remove = QToolButton()
        self.remove.setText("Remove")
        self.remove.setToolTip("Take this footnote out of the text")
        self.remove.setAccessibleName("Remove the footnote")
        self.remove.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # or a click beside the words would lead to the page
        self.setFocusProxy(self.words)
        for part in (self.words, self.remove):
            part.installEventFilter(self)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self.remove)
        column_in(self, head, self.words, around=(SPACING, TIGHT, SPACING, SPACING), spacing=TIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever goes elsewhere is done; a menu over the card or another window is not elsewhere."""
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            is_here = self.isAncestorOf(self.window().focusWidget() or self.window())
            if is_here or event.reason() in _STAYS:
                self.words.written.emit()
            else:
                self.words.left.emit(False)
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and watched is self.remove and cast(QKeyEvent, event).key() == Qt.Key.Key_Escape:
            self.words.left.emit(True)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What words and button leave is nothing for the page behind; Enter presses the button."""
        if event.key() in ENTERS and self.remove.hasFocus():
            self.remove.click()
        event.accept()

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Tab leads from the words to what removes the note and back; the page, in which the card is, would keep it."""
        other = self.remove if self.window().focusWidget() is self.words else self.words
        if other.isVisibleTo(self):
            other.setFocus(Qt.FocusReason.TabFocusReason if onward else Qt.FocusReason.BacktabFocusReason)
        return True

    def show_number(self, number: int) -> None:
        """Says which footnote it is."""
        self._name.show_text(f"Footnote {number}")
        self.words.setAccessibleName(f"Footnote {number}")

    def show_gone(self) -> None:
        """Says that somebody else has taken it out of the text."""
        if self._name.text() != GONE:
            say(self.words, GONE)
        self._name.show_text(GONE)
        self.words.setAccessibleName(GONE)

    def fit(self, width: int, room: int) -> None:
        """Takes a width, and the height that its words need in it, or less where there is no room for it."""
        self.words.setFixedHeight(self.words.height_for(width - 2 * SPACING))
        lacks = self.sizeHint().height() - room
        if lacks > 0:
            self.words.setFixedHeight(max(self.words.height() - lacks, self.words.line_height))
        self.resize(width, self.sizeHint().height())

    def show_read_only(self, on: bool) -> None:
        """Whether what it says can be read only."""
        self.words.setReadOnly(on)
        self.words.setPlaceholderText(READ if on else WRITE)
        self.remove.setVisible(not on)
