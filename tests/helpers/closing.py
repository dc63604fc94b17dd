"""What closing brings: the question about a draft that cannot be written, and the end of everything."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from cowrite.app.draft.draft import Draft
from helpers.desk import Desk


def question(draft: Draft) -> QMessageBox | None:
    """What the person is asked about closing."""
    boxes = [box for box in draft.window.findChildren(QMessageBox) if box.isVisible()]
    return boxes[0] if boxes else None


def answer(draft: Draft, text: str) -> None:
    """Gives one of the answers."""
    box = question(draft)
    assert box is not None
    next(button for button in box.buttons() if button.text() == text).click()


def close_and_answer(draft: Draft, text: str) -> None:
    """Closes the window of a draft that cannot be saved, and gives one of the answers."""
    assert not draft.window.close()
    answer(draft, text)


class Quits:
    """Stands for the end of Qt's event loop."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        monkeypatch.setattr(app, "quit", self._quit, raising=True)
        app.setQuitOnLastWindowClosed(False)

    def _quit(self) -> None:
        self.count += 1
