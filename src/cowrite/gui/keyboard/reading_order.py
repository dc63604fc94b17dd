"""ReadingOrder: a scrolled column in which the Tab key goes as one reads.

Runs on the GUI thread. The window puts the columns in it in order before Tab comes to them from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QWidget

from cowrite.gui.keyboard.tab_order import reach_in_order


class ReadingOrder(QScrollArea):
    """A scrolled column in which Tab goes from control to control as one reads, whenever each of them was made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)

    def put_in_order(self) -> None:
        """Has Qt come to the controls in this order too: it would come in, and back, by those that were made late."""
        inner = self.widget()
        if inner is not None:
            reach_in_order(*stops(inner))

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, Qt's names
        """Goes on within the column; Qt knows the way out of it."""
        here, inner = QApplication.focusWidget(), self.widget()
        at = next_stop(stops(inner) if inner is not None else [], here, 1 if next else -1)
        if at is None:
            return super().focusNextPrevChild(next)
        at.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        self.ensureWidgetVisible(at)
        return True


def next_stop(controls: Sequence[QWidget], here: QWidget | None, step: int) -> QWidget | None:
    """The control that comes next; None at the end, or where the keyboard is nowhere among them."""
    places = [at for at, stop in enumerate(controls) if here is not None and (stop is here or stop.isAncestorOf(here))]
    at = places[0] + step if places else -1
    return controls[at] if 0 <= at < len(controls) else None


def stops(widget: QWidget) -> list[QWidget]:
    """All controls below a widget that take the keyboard by Tab, in the order of the layouts."""
    if not widget.isVisible() or not widget.isEnabled():
        return []
    if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value:
        return [widget]
    if isinstance(widget, QScrollArea):
        inner = widget.widget()
        return [] if inner is None else stops(inner)
    layout = widget.layout()
    return [] if layout is None else _below(layout)


def _below(layout: QLayout) -> list[QWidget]:
    found: list[QWidget] = []
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, below = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            found += stops(widget)
        elif below is not None:
            found += _below(below)
    return found
