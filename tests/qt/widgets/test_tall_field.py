"""Fields that are as high as their text: all of it is in sight, whatever letters it has."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cowrite.gui.comments.form import MOST_LINES, CommentForm
from cowrite.gui.widgets.tall_field import TallField
from helpers.letters import set_letters

TEXTS = {
    "letters": "word",
    "scripts": "كيف أشجار 字字",
    "emoji": "so 👩‍👩‍👧 it is",
}


@pytest.fixture
def place(desk, qtbot) -> QWidget:
    """In an application that is dressed as it is for people."""
    place = QWidget()
    qtbot.addWidget(place)
    QVBoxLayout(place)
    place.resize(300, 700)
    place.show()
    return place


def put(place: QWidget, part: QWidget, field: QPlainTextEdit, line: str, lines: int) -> None:
    """Writes so many lines, the caret behind the last letter."""
    place.layout().addWidget(part)
    place.layout().addStretch(1)
    field.setPlainText("\n".join([line] * (lines - 1) + [""]) if lines > 1 else "")
    field.moveCursor(field.textCursor().MoveOperation.End)
    field.insertPlainText(line)
    field.ensureCursorVisible()
    QApplication.processEvents()  # the layout gives it its height


@pytest.mark.parametrize("points", [9.0, 11.5])
def test_a_tall_field_shows_its_first_line_while_one_writes_in_its_last(place, points):
    place.setStyleSheet(f"QPlainTextEdit {{ font-size: {points}pt }}")
    for (kind, line), lines in product(TEXTS.items(), (1, 2, 5, 12)):
        field = TallField("Outcome", "What was decided")
        put(place, field, field, line, lines)
        assert field.firstVisibleBlock().blockNumber() == 0, (kind, lines)
        assert field.verticalScrollBar().maximum() == 0, (kind, lines)
        field.setParent(None)


@pytest.mark.parametrize("points", [9.0, 11.5, 16.0])
def test_a_field_of_one_line_is_as_high_as_any_other_field_beside_it(place, points):
    tall, line = TallField("Question", "What is to be decided"), QLineEdit("word")
    for field in (tall, line):
        set_letters(field, points)
    put(place, tall, tall, "word", 1)
    place.layout().addWidget(line)
    QApplication.processEvents()
    assert abs(tall.height() - line.height()) <= 1  # a line of text is higher than whole pixels of its font


@pytest.mark.parametrize("lines", [1, 2, MOST_LINES])
def test_a_comment_that_fits_is_written_without_a_scroll_bar(place, lines):
    form = CommentForm("Your comment", "Comment")
    field = form.findChild(QPlainTextEdit)
    put(place, form, field, TEXTS["letters"], lines)
    assert not field.verticalScrollBar().isVisible()
    field.appendPlainText("word\n" * MOST_LINES)
    assert field.verticalScrollBar().maximum() > 0
