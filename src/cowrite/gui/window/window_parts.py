"""WindowParts: from the page to the buttons and panels around it, and back, by one key.

Runs on the GUI thread. Tab writes a tab on the page, so without this nobody would leave it by the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget


class WindowParts(QObject):
    """The parts of one window that take the keyboard, in the order in which one reads them.

    Args:
        window: the window.
        parts: gives all of its parts, also those that are not seen now.
    """

    def __init__(self, window: QWidget, parts: Callable[[], Sequence[QWidget]]) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts

    def go(self, step: int) -> None:
        """Puts the keyboard on the next part that is seen, or with -1 on the one before."""
        parts = [part for part in self._parts() if part.isVisible() and _first(part) is not None]
        focused = self._window.focusWidget()
        inside = [at for at, part in enumerate(parts) if part is focused or (focused and part.isAncestorOf(focused))]
        if parts and (first := _first(parts[((inside or [-step])[-1] + step) % len(parts)])):
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _first(part: QWidget) -> QWidget | None:
    """The first thing in a part that takes the keyboard, as one reads."""
    # WORKAROUND PySide: what `nextInFocusChain` gives goes with the widget that was asked, and all that Qt has made in
    # it counts as deleted then; one of them may be the window.
    found = {each: QRect(each.mapTo(part, QPoint()), each.size()) for each in (part, *part.findChildren(QWidget))}
    takers = {each: place for each, place in found.items() if _takes_keyboard(each)}
    if not takers or part in takers:
        return part if takers else None
    highest = min(takers.values(), key=QRect.top)
    row = {each: place for each, place in takers.items() if place.top() <= highest.bottom()}
    is_mirrored = part.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return min(row, key=lambda each: -row[each].right() if is_mirrored else row[each].left())


def _takes_keyboard(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()
