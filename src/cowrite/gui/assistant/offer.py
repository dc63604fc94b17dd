"""Offer: the question below a draft whether the assistant may work here, while it is asked.

Runs on the GUI thread. Who writes with nothing around the page does not see it meanwhile, nor who has the assistant's
panel open, which asks the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from cowrite.gui.keyboard.speaking import say

if TYPE_CHECKING:
    from cowrite.gui.assistant.first_choice import FirstChoice

OFFERED = "To turn it on or keep it off, go on with F6."


class Offer:
    """The question in one window.

    Args:
        column: the parts of the window from above to below; the question comes above the last of them.
        leave: takes the keyboard away from what is about to be gone.
    """

    def __init__(self, column: QVBoxLayout, leave: Callable[[], None]) -> None:
        self._column = column
        self._leave = leave
        self._question: FirstChoice | None = None
        self._is_focus = self._is_asked_beside = self._is_said = False

    @property
    def question(self) -> FirstChoice | None:
        """What is asked; None while nothing is."""
        return self._question

    def ask(self, place: str = "", has_engine: bool = True) -> FirstChoice:
        """Asks whether the assistant may work here, or at a host, and says where it cannot.

        Args:
            place: see `FirstChoice`.
            has_engine: likewise.
        """
        if self._question is None:
            from cowrite.gui.assistant.first_choice import FirstChoice

            self._question = FirstChoice(place, has_engine)
            self._column.insertWidget(self._column.count() - 1, self._question)
            self._show_or_hide(self._question)
        return self._question

    def remove(self) -> None:
        """Asks no longer."""
        if self._question is not None:
            self._hide(self._question)
            self._question.deleteLater()
            self._question, self._is_said = None, False

    def show_focus(self, on: bool) -> None:
        """Shows the question no longer, while nothing is shown around the page, or again."""
        self._is_focus = on
        if self._question is not None:
            self._show_or_hide(self._question)

    def show_panel(self, on: bool) -> None:
        """Shows the question no longer, while the assistant's panel is open, or again."""
        self._is_asked_beside = on
        if self._question is not None:
            self._show_or_hide(self._question)

    def _show_or_hide(self, question: FirstChoice) -> None:
        if self._is_focus or self._is_asked_beside:
            self._hide(question)
            return
        question.show()
        if not self._is_said:  # whoever hears it knows where it is from then on
            self._is_said = True
            say(question, f"{question.accessibleName()} {OFFERED}")

    def _hide(self, question: FirstChoice) -> None:
        window = question.window()
        if question.isAncestorOf(window.focusWidget() or window):
            self._leave()  # first: Qt would lead the keyboard to what happens to be next
        question.hide()
