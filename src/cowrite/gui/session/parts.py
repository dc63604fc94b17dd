"""Parts that the pages of a session have in common.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cowrite.bridge.page.taking_over import plain_text, show_plain
from cowrite.bridge.single_shot import single_shot
from cowrite.gui.widgets.tall_field import TallField

PAUSE = 800  # milliseconds without a key after which what was written is kept


class Paragraph(TallField):
    """Text that is kept when the person has left it, or has paused: `finished`."""

    finished = Signal()

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(name, tip, parent=parent)
        self._pause = single_shot(self, self.finished, PAUSE)
        self.left.connect(self._pause.stop)
        self.left.connect(self.finished)
        self.textChanged.connect(self._pause.start)

    def text(self) -> str:
        """All of it."""
        return plain_text(self.document())

    def show_text(self, text: str) -> None:
        """Shows another text, which nobody has written here: it cannot be undone here either."""
        self.setUndoRedoEnabled(False)
        show_plain(self.document(), text)
        self.setUndoRedoEnabled(True)
        self._pause.stop()

    @property
    def is_kept(self) -> bool:
        """Whether nothing has been written since it was `finished`."""
        return not self._pause.isActive()
