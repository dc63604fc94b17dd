"""SourceField: where the text is that a task works on, and a place to paste one into.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QSizePolicy, QWidget

from cowrite.gui.assistant.values import Source
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.widgets.dialog_parts import column_in

LINES = 5  # of the field, at least
_WORDS = {
    Source.DRAFT: "In the draft",
    Source.PASTED: "In pasted text",
    Source.NOTES: "In the notes",
}


class SourceField(QWidget):
    """`changed()` when another source was chosen or the pasted text is another one."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sources: tuple[Source, ...] = ()
        self.box = QComboBox(self)
        called(self.box, "Where to look")
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.pasted = QPlainTextEdit(self)
        called(self.pasted, "Pasted text", "Text from elsewhere; it is not put into the draft")
        self.pasted.setPlaceholderText("Paste a transcript or any other text here")
        self.pasted.setTabChangesFocus(True)
        self.pasted.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_look(self.pasted, surface="field")
        column_in(self, self.box, self.pasted, spacing=SPACING)
        self.box.currentIndexChanged.connect(lambda _place: self._show())
        self.pasted.textChanged.connect(self.changed)
        self._show()

    @property
    def source(self) -> Source:
        """The source that is chosen."""
        return Source(self.box.currentData() or Source.DRAFT)

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Offers these; the chosen one stays chosen where it is still there."""
        if tuple(sources) == self._sources:
            return
        self._sources = tuple(sources)
        chosen = self.source
        with QSignalBlocker(self.box):
            self.box.clear()
            for source in sources:
                self.box.addItem(_WORDS[source], source.value)
            self.box.setCurrentIndex(max(0, self.box.findData(chosen.value)))
        self._show()

    def text(self) -> str:
        """What was pasted."""
        return self.pasted.toPlainText()

    def select(self, start: int, stop: int) -> None:
        """Shows a stretch of the pasted text (UTF-16 units), with the keyboard there."""
        cursor = QTextCursor(self.pasted.document())
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        self.pasted.setTextCursor(cursor)
        self.pasted.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pasted.ensureCursorVisible()

    def _show(self) -> None:
        self.setVisible(len(self._sources) > 1)
        self.pasted.setVisible(self.source is Source.PASTED)
        self.pasted.setFixedHeight(LINES * self.pasted.fontMetrics().lineSpacing() + 12)
        self.changed.emit()
