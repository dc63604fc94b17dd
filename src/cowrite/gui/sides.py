"""Sides: the page of a document with what stands beside it, people and assistant.

Runs on the GUI thread. The page comes first: in a narrow window the people give way to the assistant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

if TYPE_CHECKING:
    from cowrite.gui.assistant_panel import AssistantPanel

PAGE = 420  # device-independent pixels that the page has at least before the people give way


class Sides(QWidget):
    """The page and its sides.

    Args:
        page: takes all the room that is left.
        people: who is here.
    """

    def __init__(self, page: QWidget, people: QWidget) -> None:
        super().__init__()
        self._people = people
        self._assistant: AssistantPanel | None = None
        self._wanted = {"people": True, "assistant": False}
        self._is_focused = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(page, 1)
        self._row.addWidget(people)

    def add_assistant(self, assistant: AssistantPanel) -> None:
        """Puts the assistant beside the page."""
        self._assistant = assistant
        self._row.insertWidget(1, assistant)
        self._fit()

    def show_people(self, on: bool) -> None:
        """Shows the people, or no longer."""
        self._wanted["people"] = on
        self._fit()

    def show_assistant(self, on: bool) -> None:
        """Shows the assistant, or no longer."""
        self._wanted["assistant"] = on
        self._fit()

    def show_focus(self, on: bool) -> None:
        """Shows the page alone, or all that is wanted."""
        self._is_focused = on
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other sides."""
        super().resizeEvent(event)
        if self._assistant is not None:
            self._fit()

    def _fit(self) -> None:
        assistant = self._assistant
        shows_assistant = assistant is not None and self._wanted["assistant"] and not self._is_focused
        room = self.width() - PAGE - self._people.sizeHint().width()
        if assistant is not None:
            room -= assistant.sizeHint().width()
            assistant.setVisible(shows_assistant)
        crowded = shows_assistant and room < 0
        self._people.setVisible(self._wanted["people"] and not self._is_focused and not crowded)
