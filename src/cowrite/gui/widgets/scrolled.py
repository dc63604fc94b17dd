"""What scrolls in a dialog, with its scroll bar in the room around the dialog's parts, so that fields end where the
buttons below them do.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QScrollArea, QVBoxLayout, QWidget

from cowrite.gui.look.theme import LOOSE
from cowrite.gui.widgets.dialog_parts import AROUND


class Scrolled(QScrollArea):
    """What is scrolled up and down where it is higher than its place, from one side of a dialog to the other.

    Args:
        inside: what scrolls; its layout gets the room to the sides of it.
        name: for screen readers.
    """

    def __init__(self, inside: QWidget, name: str) -> None:
        super().__init__()
        self._inside = inside
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setWidget(inside)
        self.verticalScrollBar().rangeChanged.connect(self._keep_width)
        self._keep_width(0, 0)

    def _keep_width(self, _least: int, most: int) -> None:
        """Has the scroll bar stand in the margin beside what is in it, which ends where the button below does."""
        layout = self._inside.layout()
        if layout is None:
            return
        margins, bar = layout.contentsMargins(), self.verticalScrollBar().sizeHint().width() if most else 0
        left, _top, right, _bottom = AROUND
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        margins.setLeft(left - bar * mirrored)
        margins.setRight(right - bar * (not mirrored))
        layout.setContentsMargins(margins)


def lay_out_scrolled(
    dialog: QWidget, above: Sequence[QWidget], name: str, form: QFormLayout, *more: QWidget
) -> QVBoxLayout:
    """Lays out a dialog with a form that scrolls.

    Args:
        dialog: it.
        above: the parts above the form.
        name: of the form, for screen readers.
        form: it.
        more: parts that scroll with it, below it.

    Returns:
        What the parts below that stand in.
    """
    inside = QWidget()
    inner = QVBoxLayout(inside)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.addLayout(form)
    for part in more:
        inner.addWidget(part)
    inner.addStretch(1)
    left, top, right, bottom = AROUND
    whole, first, last = QVBoxLayout(dialog), QVBoxLayout(), QVBoxLayout()
    whole.setContentsMargins(0, top, 0, bottom)
    whole.setSpacing(LOOSE)
    for column in (first, last):
        column.setContentsMargins(left, 0, right, 0)
        column.setSpacing(LOOSE)
    whole.addLayout(first)
    for part in above:
        first.addWidget(part)
    whole.addWidget(Scrolled(inside, name), 1)
    whole.addLayout(last)
    return last
