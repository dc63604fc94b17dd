"""FirstChoice: whether the assistant may work here, asked once and calmly.

Runs on the GUI thread. It lies below the page and stands in nobody's way: whoever writes on has not chosen, and is
not asked again in this window.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout

from cowrite.gui.assistant.values import NO_ENGINE, offer_words
from cowrite.gui.look.icons import Drawing
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, set_look, worn
from cowrite.gui.widgets.dialog_parts import button, note, plain_label
from cowrite.gui.widgets.rows_area import RowsArea
from cowrite.gui.widgets.wrapping_row import row_of

NARROW = 620  # device-independent pixels below which the answers go under the words
LINES = 2  # of its words that a window shows at least
LETTERS = 60  # so many letters that fit are the same to larger ones

CHANGEABLE = "You can change this at any time, in Preferences and in the Assistant menu."


class FirstChoice(QFrame):
    """`chosen(on)`.

    Args:
        place: the host at which the model runs; empty for this computer.
        has_engine: whether there is what it runs on.
    """

    chosen = Signal(bool)

    def __init__(self, place: str = "", has_engine: bool = True) -> None:
        super().__init__()
        offer = f"cowrite can suggest text {offer_words(place)}"
        self.setAccessibleName(offer)
        set_look(self, surface="offer")
        words = plain_label(offer)
        words.setAccessibleName(offer)
        changeable = note(CHANGEABLE)
        lacking = plain_label(NO_ENGINE)
        set_look(lacking, tone="offline")
        self._on = button("Turn on", "Let cowrite suggest text with a language model", "primary" if has_engine else "")
        self._off = button("Keep off", "Write without suggestions; nothing runs")
        self._on.clicked.connect(lambda: self.chosen.emit(True))
        self._off.clicked.connect(lambda: self.chosen.emit(False))
        said = RowsArea("What is offered", 2, LINES * self.fontMetrics().lineSpacing())
        said.fill([words, *([] if has_engine else [lacking]), changeable])
        self._answers = row_of(self._on, self._off, spacing=SPACING)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(LOOSE)
        self._row.addWidget(said, 1)
        self._row.addLayout(self._answers)
        row = self._whole = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, LOOSE, MARGIN, LOOSE)
        row.setSpacing(LOOSE)
        row.addWidget(Drawing(worn().metrics.icon + 4, "sparkles", "accent_text"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._row, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the answers go under the words; in a low one the words are scrolled, and not they."""
        super().resizeEvent(event)
        narrow = self.width() < max(NARROW, LETTERS * self.fontMetrics().averageCharWidth())
        self._answers.let_wrap(narrow)
        beside = Qt.AlignmentFlag.AlignVCenter
        self._row.setAlignment(self._answers, Qt.AlignmentFlag(0) if narrow else beside)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Qt would take the height that it wants for the least that it needs."""
        return False

    def sizeHint(self) -> QSize:
        """As high as its words and answers in this width."""
        return QSize(super().sizeHint().width(), self._whole.totalHeightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """As high as some of the words and the answers in this width."""
        return QSize(super().minimumSizeHint().width(), self._whole.minimumHeightForWidth(self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape keeps it off."""
        if event.key() == Qt.Key.Key_Escape:
            self.chosen.emit(False)
        else:
            super().keyPressEvent(event)
