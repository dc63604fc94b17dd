"""Sides: the page of a document with what stands beside it: headings, people, comments, assistant.

Runs on the GUI thread. The page comes first: in a narrow window the people give way to it and to the other sides, and
of those the one that was asked for last stays. Whoever asks for the people there has them until there is room again.
None stays where the page and it need more than the window has: the window would grow, beyond the screen too.
"""

from __future__ import annotations

from collections.abc import Collection
from operator import itemgetter

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

PAGE = 420  # device-independent pixels that the page has at least before a side gives way


class Sides(QWidget):
    """The page and its sides.

    Args:
        page: takes all the room that is left.
        people: who is here.
        parent: what it is in.
    """

    left = Signal()
    """A side with the keyboard has gone; Qt would give that to the window's first part."""

    def __init__(self, page: QWidget, people: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._people = people
        self._sides: dict[str, QWidget] = {}  # besides the people, in their order from the page on
        self._wanted: list[str] = []  # the one that was asked for last in front
        self._aside: Collection[str] = ()
        self._wants_people = True
        self._insists_on_people = False
        self._is_focused = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(page, 1)
        self._row.addWidget(people)

    def add(self, name: str, side: QWidget, *, leads: bool = False) -> None:
        """Puts a side beside the page; `show_side` shows it.

        Args:
            name: of the side.
            side: it.
            leads: whether it stands where lines begin, and not where they end.
        """
        self._sides[name] = side
        self._row.insertWidget(0 if leads else self._row.count() - 1, side)
        self._fit()

    def all(self) -> list[QWidget]:
        """All of them, in the order in which they were added, and the people."""
        return [*self._sides.values(), self._people]

    def show_people(self, on: bool) -> None:
        """Shows the people, or no longer."""
        self._wants_people = on
        self._insists_on_people = on and self.isVisible()
        self._fit()

    def show_side(self, name: str, on: bool) -> None:
        """Shows another side, or no longer; it may be added later."""
        self._wanted = [name] * on + [each for each in self._wanted if each != name]
        self._fit()

    def set_aside(self, names: Collection[str]) -> None:
        """Shows no sides of these names for now, as beside what they are not about; all others that are wanted."""
        if names != self._aside:
            self._aside = names
            self._fit()

    def show_focus(self, on: bool) -> None:
        """Shows the page alone, or all that is wanted."""
        self._is_focused = on
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the page may be: the sides give way."""
        return QSize(self._page.minimumSizeHint().width(), super().minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """The page and its sides scroll: to be as high as all that is in them is no need of theirs."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other sides."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Another view may need more room, or less."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        least = self._page.minimumSizeHint().width()
        free = self.width() - least
        room = self.width() - max(PAGE, least)
        shown: list[str] = []
        for name in self._wanted:
            side = self._sides.get(name)
            if side is None or self._is_focused or name in self._aside:
                continue
            width = side.sizeHint().width()
            if room >= width or (not shown and free >= side.minimumWidth()):
                shown.append(name)
                room -= width
        is_crowded = room < self._people.sizeHint().width()
        self._insists_on_people = self._insists_on_people and is_crowded
        has_place = not is_crowded or (self._insists_on_people and not shown and free >= self._people.minimumWidth())
        sides = [(name in shown, side) for name, side in self._sides.items()]
        sides.append((self._wants_people and not self._is_focused and has_place, self._people))
        for on, side in sorted(sides, key=itemgetter(0)):  # the page is laid out once where one takes another's place
            self._show(side, on)

    def _show(self, side: QWidget, on: bool) -> None:
        focus = self.window().focusWidget()
        if not on and focus and side.isAncestorOf(focus):
            self.left.emit()
        side.setVisible(on)
