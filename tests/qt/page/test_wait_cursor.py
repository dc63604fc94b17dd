"""The cursor that says to wait while an act takes long."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from cowrite.core.text.richtext import Span
from cowrite.core.writing.replacing import Replacement
from cowrite.gui.widgets.wait_cursor import MANY, MUCH


@pytest.mark.parametrize("is_large", [True, False])
def test_the_cursor_says_to_wait_while_much_comes_and_goes_and_only_then(sit, is_large):
    seat = sit()
    said = []

    def note(_change: object) -> None:
        cursor = QGuiApplication.overrideCursor()
        said.append(cursor is not None and cursor.shape() is Qt.CursorShape.WaitCursor)

    seat.document.observe_changes(note)
    words = "ab " * (MUCH if is_large else 10)
    seat.editor.edits.insert_spans([Span(words)])
    seat.editor.undo_own()
    seat.editor.redo_own()
    places = range(0, 3 * MANY + 3 if is_large else 30, 3)
    seat.editor.edits.replace([Replacement(at, at + 2, (Span("c"),)) for at in places])
    assert said == [is_large] * 4
    assert QGuiApplication.overrideCursor() is None


@pytest.mark.parametrize("is_large", [True, False])
def test_the_cursor_says_to_wait_while_much_gets_another_look_and_only_then(sit, is_large):
    seat = sit()
    seat.editor.edits.insert_spans([Span("ab ab ab ab\n" * (MUCH // 10 if is_large else 10))])
    said = []

    def note(_change: object) -> None:
        cursor = QGuiApplication.overrideCursor()
        said.append(cursor is not None and cursor.shape() is Qt.CursorShape.WaitCursor)

    seat.document.observe_changes(note)
    formatting = seat.editor.formatting
    seat.editor.selectAll()
    look = formatting.look()
    for act in (
        lambda: formatting.toggle_inline("bold"),
        lambda: formatting.resize(1),
        lambda: formatting.set_style("heading_1"),
        lambda: formatting.toggle_list("unchecked"),
        formatting.tick,
        lambda: formatting.indent(1),
        lambda: formatting.set_side("center"),
        lambda: formatting.set_direction("rtl"),
        formatting.clear,
        lambda: formatting.paste_look(look),
    ):
        said.clear()
        seat.editor.selectAll()
        act()
        assert said
        assert set(said) == {is_large}
    assert QGuiApplication.overrideCursor() is None
