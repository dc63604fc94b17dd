"""CommentForm: the field in which a comment or a reply is written.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from cowrite.core.comments.comments import MOST_WORDS
from cowrite.core.comments.mentions import Names
from cowrite.gui.comments.naming import KnownNames, Naming
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.look.reading_sides import stand_on_side
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.widgets.dialog_parts import Message, button
from cowrite.gui.widgets.tall_field import text_height
from cowrite.gui.widgets.wrapping_row import row_of

LEAST_LINES, MOST_LINES = 2, 8  # that the field shows; what is longer scrolls


class CommentForm(QWidget):
    """`sent(text)` by its button or Ctrl+Enter, `left()` by Cancel or Escape; what stands in it stays until `clear`.

    Args:
        name: what the field is for, as it is read out and as it says while it is empty.
        verb: what the button says.
        names: gives those of the people who can be mentioned.
    """

    sent = Signal(str)
    left = Signal()

    def __init__(self, name: str, verb: str, names: KnownNames = Names) -> None:
        super().__init__()
        key = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
        self.field = _Field(name, names)
        self.send = button(verb, f"{verb} ({key})", "primary")
        self._cancel = button("Cancel", "Close without sending (Esc)")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.field)
        self._too_long = Message("Why it cannot be sent")
        column.addWidget(self._too_long)
        column.addLayout(row_of(self.send, self._cancel, spacing=SPACING))
        self.field.textChanged.connect(self._show_sendable)
        self.field.sent.connect(self._send)
        self.field.left.connect(self.left)
        self.send.clicked.connect(self._send)
        self._cancel.clicked.connect(self.left)
        self._show_sendable()

    def text(self) -> str:
        """What stands in it, without empty lines around it."""
        return self.field.toPlainText().strip()

    def open(self, text: str = "") -> None:
        """Shows it with the keyboard in it; a text takes the place of what stands there."""
        if text:
            self.field.setPlainText(text)
            self.field.selectAll()
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Empties it and takes it away."""
        self.field.clear()
        self.hide()

    def _send(self) -> None:
        if self.send.isEnabled():
            self.sent.emit(self.text())

    def _show_sendable(self) -> None:
        length = len(self.text())
        self.send.setEnabled(0 < length <= MOST_WORDS)
        if length > MOST_WORDS or self._too_long.text():
            why_not = f"At most {MOST_WORDS:,} characters have room here, and these are {length:,}."
            self._too_long.show_sentence(why_not if length > MOST_WORDS else "", "problem")


class _Field(QPlainTextEdit):
    """Plain text of some lines, as high as it needs to be."""

    sent = Signal()
    left = Signal()

    def __init__(self, name: str, names: KnownNames) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setToolTip(name)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_look(self, surface="field")
        self.textChanged.connect(lambda: stand_on_side(self))
        self.textChanged.connect(self._fit)
        self.naming = Naming(self, names)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends, Escape leaves."""
        is_enter = event.key() in ENTERS
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Escape here is no command of the window, and Tab no way out of the field while names are offered."""
        if isinstance(event, QKeyEvent):
            is_command = event.type() == QEvent.Type.ShortcutOverride
            if (is_command and event.key() == Qt.Key.Key_Escape) or (
                event.type() == QEvent.Type.KeyPress and self.naming.takes(event)
            ):
                event.accept()
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever is elsewhere is offered no names."""
        super().focusOutEvent(event)
        self.naming.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width means other lines."""
        super().resizeEvent(event)
        self._fit()
        self.naming.place()

    def _fit(self) -> None:
        margins = self.contentsMargins()
        self.setFixedHeight(text_height(self, LEAST_LINES, MOST_LINES) + margins.top() + margins.bottom())
