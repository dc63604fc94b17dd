"""Text that is dropped on a page, or dragged within it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QTextEdit

from helpers.drafts import lines
from helpers.seats import CTRL
from helpers.suggesting import marked

Key = Qt.Key
BULLET = {"list": "bullet"}


def as_qt_moves(editor: QTextEdit, event: QDropEvent) -> None:
    """What Qt does with what is dragged within a page, while the mouse drags it."""
    place = editor.cursorForPosition(event.position().toPoint())
    place.beginEditBlock()
    editor.textCursor().removeSelectedText()
    editor.setTextCursor(place)
    editor.insertFromMimeData(event.mimeData())
    place.endEditBlock()


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

    monkeypatch.setattr(QTextEdit, "dropEvent", as_qt_moves)
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


def test_cells_that_are_dragged_while_one_suggests_are_suggested_to_be_empty_and_no_others(bo, monkeypatch):
    cells = ((text, {"table": "12"[place > 2]}) for place, text in enumerate("abcdef"))
    seat, _ = bo("above", *cells, "below")
    seat.editor.set_caret(14, 6)  # the first two columns
    move, button, held = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(seat.place(20)), move, seat.editor.createMimeDataFromSelection(), button, held)
    monkeypatch.setattr(event, "source", seat.editor.viewport)
    monkeypatch.setattr(QTextEdit, "dropEvent", as_qt_moves)
    seat.editor.dropEvent(event)
    assert event.isAccepted()  # else the system shows how what is dragged goes back
    assert marked(seat.document).startswith("above¶[-a-]¶[-b-]¶c¶[-d-]¶[-e-]¶f¶be{+")
    assert seat.document.text().endswith("a\nb\nd\ne\nlow\n")
    seat.press(Key.Key_Z, CTRL)
    assert marked(seat.document) == "above¶a¶b¶c¶d¶e¶f¶below"
