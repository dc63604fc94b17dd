"""FirstChoice: whether the assistant may work here, asked once and calmly.

Runs on the GUI thread. It lies below the page and stands in nobody's way: whoever writes on has not chosen, and is
not asked again in this window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cowrite.gui.assistant.values import NO_ENGINE, offer_words
from cowrite.gui.dialog_parts import button, note, plain_label
from cowrite.gui.icons import pixmap
from cowrite.gui.theme import Theme, set_look

NARROW = 620  # device-independent pixels below which the answers go under the words
LETTERS = 60  # so many letters that fit are the same to larger ones

CHANGEABLE = "You can change this at any time, in Preferences and in the menu Assistant."


class FirstChoice(QFrame):
    """`chosen(on)`.

    Args:
        theme: how it looks.
        place: the host at which the model runs; empty for this computer.
        has_engine: whether there is what it runs on.
    """

    chosen = Signal(bool)

    def __init__(self, theme: Theme, place: str = "", has_engine: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        offer = f"cowrite can suggest text {offer_words(place)}"
        self.setAccessibleName(offer)
        set_look(self, surface="offer")
        self._icon = QLabel()
        self._icon.setFixedSize(22, 22)
        words = plain_label(offer)
        words.setAccessibleName(offer)
        changeable = note(CHANGEABLE)
        lacking = plain_label(NO_ENGINE)
        lacking.setHidden(has_engine)
        set_look(lacking, tone="offline")
        self._on = button("Turn on", "Let cowrite suggest text with a language model", "primary" if has_engine else "")
        self._off = button("Keep off", "Write without suggestions; nothing runs")
        self._on.clicked.connect(lambda: self.chosen.emit(True))
        self._off.clicked.connect(lambda: self.chosen.emit(False))
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(words)
        said.addWidget(lacking)
        said.addWidget(changeable)
        answers = QHBoxLayout()
        answers.setSpacing(8)
        answers.addWidget(self._on)
        answers.addWidget(self._off)
        answers.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(12)
        self._row.addLayout(said, 1)
        self._row.addLayout(answers)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.metrics.margin, 12, theme.metrics.margin, 12)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._row, 1)
        self.show_theme(theme)

    def show_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._icon.setPixmap(pixmap("sparkles", theme.accent_text, 22, self.devicePixelRatioF()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the answers go under the words."""
        super().resizeEvent(event)
        narrow = self.width() < max(NARROW, LETTERS * self.fontMetrics().averageCharWidth())
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape keeps it off."""
        if event.key() == Qt.Key.Key_Escape:
            self.chosen.emit(False)
        else:
            super().keyPressEvent(event)
