"""Attention: has the desktop point to a draft's window for somebody who may be in another program.

Lives on the GUI thread. To one window at a time, until the person has come: where ten documents with something each are
opened at the start, one that flashes says as much as ten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft


class Attention(QObject):
    """Who is called, by all drafts of one application.

    Args:
        app: Qt's application object.
        parent: Qt parent.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._called: BareDraft | None = None
        app.applicationStateChanged.connect(self._come)

    def add(self, draft: BareDraft) -> None:
        """Minds what a draft asks for."""
        draft.attention_wanted.connect(self._call)
        draft.closed.connect(self._forget)
        draft.window.activated.connect(self._look)

    def _call(self, draft: BareDraft) -> None:
        if self._called in (None, draft):
            self._called = None if draft.window.isActiveWindow() else draft  # nobody comes to where they are
            QApplication.alert(draft.window)

    def _come(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._called = None

    def _look(self, _is_active: bool) -> None:
        if self._called is not None and self._called.window.isActiveWindow():
            self._called = None

    def _forget(self, draft: BareDraft) -> None:
        if self._called is draft:
            self._called = None
