"""Fields in which several people type: what a teammate writes appears in place, and the caret stays where it was.

Runs on the GUI thread. Their undo is that of the view: what one takes back is one's own act, not the field's.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from cowrite.bridge.page.taking_over import plain_text, show_plain
from cowrite.core.text.direction import begins_from_right
from cowrite.gui.widgets.tall_field import TallField
from cowrite.gui.widgets.tips import tip_of

_OF_THE_VIEW = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class WrittenField(TallField):
    """Text of any number of lines, as high as it needs to be.

    Args:
        name: what it is for, as it is read out.
        hint: what stands in it while it is empty.
    """

    typed = Signal(str, int)
    """All of the text, after the person has changed it, and where the caret is then, in characters."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name, hint)
        self._is_telling = True
        self.setPlaceholderText(hint)
        self.setUndoRedoEnabled(False)
        self.textChanged.connect(self._on_text)

    def show_text(self, text: str) -> None:
        """Shows what the text is now, whoever wrote it; emits nothing."""
        self._is_telling = False
        show_plain(self.document(), text)
        self._is_telling = True

    def event(self, event: QEvent) -> bool:
        """Leaves undo to the view."""
        return not _is_left_to_the_view(event) and super().event(event)

    def _on_text(self) -> None:
        if self._is_telling:
            text = plain_text(self.document())
            self.typed.emit(text, len(_before(text, self.textCursor().position())))


class ShortenedLine(QLineEdit):
    """One line of text, of which one sees the beginning while one does not write in it, with dots where it goes on."""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A long text shows how it begins."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.setCursorPosition(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints as much of the text as there is room for; Qt would cut it off."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        place = place.marginsRemoved(self.textMargins()).adjusted(2, 0, -2, 0)  # QLineEdit keeps two pixels free
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(option.palette.text().color())
        # As QLineEdit has it, the text begins where it is read from, in whatever direction the window is read.
        from_right = begins_from_right(self.text())
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if from_right else Qt.LayoutDirection.LeftToRight)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, shown)


class LineField(ShortenedLine):
    """One line of text.

    Args:
        name: what it is for, as it is read out.
        hint: what stands in it while it is empty.
    """

    typed = Signal(str)
    """The text, after the person has changed it."""

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setToolTip(hint)
        self.textEdited.connect(self.typed)
        self.textChanged.connect(lambda text: self.setToolTip(tip_of(text) or hint))

    def show_text(self, text: str) -> None:
        """Shows what the text is now; emits nothing."""
        if text != self.text():
            at = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(min(at, len(text)) if self.hasFocus() else 0)

    def event(self, event: QEvent) -> bool:
        """Leaves undo to the view."""
        return not _is_left_to_the_view(event) and super().event(event)


def _is_left_to_the_view(event: QEvent) -> bool:
    """Whether a field is asked for a key that it does not take; the event says so then."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    is_left = any(event.matches(key) for key in _OF_THE_VIEW)
    if is_left:
        event.ignore()
    return is_left


def _before(text: str, units: int) -> str:
    """What stands before a position in UTF-16 units."""
    return text[:units] if text.isascii() else text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
