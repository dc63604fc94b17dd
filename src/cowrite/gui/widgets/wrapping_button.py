"""WrappingButton: a row that can be pressed, with text that takes as many lines as it needs.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from cowrite.gui.look.icons import Drawing
from cowrite.gui.look.theme import SPACING, TIGHT, set_look, worn
from cowrite.gui.widgets.dialog_parts import plain_label


class WrappingButton(QPushButton):
    """A button whose text takes as many lines as it needs.

    Args:
        text: what it says.
        icon_name: the drawing before that.
        kind: "row", or "quote" on a card, which has a frame already.
    """

    def __init__(self, text: str, icon_name: str, kind: str = "row") -> None:
        super().__init__()
        self.setAutoDefault(False)
        set_look(self, kind=kind)
        picture = Drawing(worn().metrics.sign, icon_name)
        self._label = plain_label(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING, TIGHT, SPACING, TIGHT)
        row.setSpacing(SPACING)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        for part in (picture, self._label):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_enabled(self, on: bool) -> None:
        """Lets it be pressed or not."""
        self.setEnabled(on)
        set_look(self._label, role="" if on else "muted")

    def hasHeightForWidth(self) -> bool:
        """It takes as many lines as its text needs."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its text at this width."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else super().heightForWidth(width)

    def sizeHint(self) -> QSize:
        """Qt asks the button's own text, which is empty."""
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """It may be narrow."""
        return QSize(80, self.heightForWidth(max(self.width(), 80)))
