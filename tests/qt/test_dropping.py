"""Text that is dropped on a page, or dragged within it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QTextEdit

from helpers.drafts import lines
from helpers.seats import CTRL

Key = Qt.Key
BULLET = {"list": "bullet"}


def test_text_dropped_on_the_page_comes_in_where_it_was_dropped(sit):
    seat = sit("one two three")
    seat.editor.set_caret(4, 0)
    data = seat.editor.createMimeDataFromSelection()
    target = seat.place(8)
    event = QDropEvent(
        QPointF(target), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    seat.editor.dropEvent(event)
    assert seat.document.text() == "one two one three\n"
    assert seat.shown() + "\n" == seat.document.text()


@pytest.mark.parametrize("style", [{}, BULLET])
def test_what_is_dropped_comes_in_once_and_goes_with_one_undo(sit, style):
    seat = sit(("hello world", style))
    data = QMimeData()
    data.setText("X")
    seat.editor.dropEvent(
        QDropEvent(
            QPointF(seat.place(5)),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert seat.document.text() == "helloX world\n"
    assert seat.shown() == "helloX world"
    seat.press(Key.Key_Z, CTRL)
    assert (seat.document.text(), seat.shown()) == ("hello world\n", "hello world")


def test_text_that_is_dragged_within_the_page_is_moved_as_one_step(sit, monkeypatch):
    seat = sit("one two three", ("item", BULLET))
    seat.editor.set_caret(4, 0)
    data = seat.editor.createMimeDataFromSelection()

    def as_qt_drops(editor: QTextEdit, event: QDropEvent) -> None:
        place = editor.cursorForPosition(event.position().toPoint())
        place.beginEditBlock()
        editor.textCursor().removeSelectedText()
        editor.setTextCursor(place)
        editor.insertFromMimeData(event.mimeData())
        place.endEditBlock()

    monkeypatch.setattr(QTextEdit, "dropEvent", as_qt_drops)
    seat.editor.dropEvent(
        QDropEvent(
            QPointF(seat.place(18)),
            Qt.DropAction.MoveAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert lines(seat.document) == ["two three", ("itemone ", BULLET)]
    assert seat.shown() == "two three\nitemone "
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["one two three", ("item", BULLET)]
