"""ProposalsStrip: says quietly that some notes look alike. It does nothing by itself.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

from cowrite.gui.ideas.outline import Alike
from cowrite.gui.look.theme import MARGIN, SPACING, TIGHT, set_look
from cowrite.gui.widgets.dialog_parts import button
from cowrite.gui.widgets.elided_line import ElidedLine
from cowrite.gui.widgets.tips import tip_of

LETTERS = 40
"""Letters of what looks alike that have room beside what can be done, or that stands below."""


class ProposalsStrip(QWidget):
    """One proposal after the other."""

    group_wanted = Signal(object)
    """Alike: make them a group."""
    dismissed = Signal(object)
    """Alike: never again."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Notes that look alike")
        self._alike: list[Alike] = []
        self._at = 0
        self._words = ElidedLine()
        set_look(self._words, role="muted")
        self.group = button("Group", "Make them a group; one undo takes it back", is_long=True)
        self.group.clicked.connect(lambda: self.group_wanted.emit(self._alike[self._at]))
        self.dismiss = QPushButton("Dismiss")
        self.dismiss.setToolTip("Do not propose this again")
        self.dismiss.clicked.connect(lambda: self.dismissed.emit(self._alike[self._at]))
        self.other = button("Another", "Show another proposal", is_long=True)
        self.other.clicked.connect(self._go_on)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        self._whole.setSpacing(SPACING)
        self._whole.addWidget(self._words, 1)
        self._answers = QHBoxLayout()
        self._answers.setSpacing(SPACING)
        for each in (self.group, self.dismiss, self.other):
            self._answers.addWidget(each)
        self._answers.addStretch(0)
        self._whole.addLayout(self._answers)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where few words have room beside what can be done, they stand above it."""
        super().resizeEvent(event)
        self._turn()

    def show_alike(self, alike: Sequence[Alike]) -> None:
        """Shows these; the one that is shown stays where it is among them."""
        shown = self._alike[self._at].notes if self._alike else ()
        self._alike = list(alike)
        self._at = next((at for at, each in enumerate(self._alike) if each.notes == shown), 0)
        self._show()

    def _turn(self) -> None:
        room = self._whole.contentsRect().width() - self._answers.sizeHint().width()
        wanted = LETTERS * self.fontMetrics().averageCharWidth()
        way = QBoxLayout.Direction.LeftToRight if room > wanted else QBoxLayout.Direction.TopToBottom
        self._whole.setDirection(way)

    def _go_on(self) -> None:
        self._at = (self._at + 1) % len(self._alike)
        self._show()

    def _show(self) -> None:
        if not self._alike:
            self.hide()
            return
        each = self._alike[self._at]
        texts = " · ".join(f"“{text}”" for text in each.texts[:3])
        more = f" and {len(each.texts) - 3} more" if len(each.texts) > 3 else ""
        words = f"{len(each.notes)} notes look alike: {texts}{more}"
        self._words.show_text(words)
        self._words.setToolTip(tip_of("\n".join(each.texts)))
        title = each.title.replace("&", "&&")  # it is people's words and has no letter for a key
        self.group.setText(f"Group as “{title}”")
        self.group.setToolTip(tip_of(f"Make them a group, “{each.title}”; one undo takes it back"))
        self.group.setAccessibleName(f"Group as {each.title}: {words}")
        self.dismiss.setAccessibleName(f"Dismiss: {words}")
        self.other.setText(f"Another ({self._at + 1} of {len(self._alike)})")
        self.other.setVisible(len(self._alike) > 1)
        self._turn()
        self.show()
