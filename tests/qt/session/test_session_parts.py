"""Parts of a session's pages: rows that wrap, in both directions of reading, and text that teammates write along."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.session.parts import Paragraph, WrappingRow, row_of


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    holder = QWidget()
    qtbot.addWidget(holder)
    return holder


def boxes(holder: QWidget, width: int, *, mirrored: bool = False) -> tuple[WrappingRow, list[QLabel]]:
    if mirrored:
        holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    labels = [QLabel(str(number), holder) for number in range(3)]
    for number, label in enumerate(labels):
        label.setFixedSize(100, 20 + 20 * number)
    row = row_of(*labels, spacing=10)
    holder.setLayout(row)
    holder.resize(width, 300)
    holder.show()
    QApplication.processEvents()
    return row, labels


def test_where_there_is_room_all_stand_in_one_row_and_in_its_middle(holder: QWidget) -> None:
    row, labels = boxes(holder, 400)
    assert [label.x() for label in labels] == [0, 110, 220]
    assert [label.y() for label in labels] == [20, 10, 0]
    assert row.heightForWidth(400) == 60


def test_in_a_narrow_place_they_wrap(holder: QWidget) -> None:
    row, labels = boxes(holder, 215)
    assert [(label.x(), label.y()) for label in labels] == [(0, 10), (110, 0), (0, 50)]
    assert row.heightForWidth(215) == 40 + 10 + 60
    assert row.minimumSize().width() == 100


def test_from_right_to_left_the_first_stands_at_the_right(holder: QWidget) -> None:
    _, labels = boxes(holder, 400, mirrored=True)
    assert [label.x() for label in labels] == [300, 190, 80]


def test_what_is_hidden_takes_no_room(holder: QWidget) -> None:
    row, labels = boxes(holder, 400)
    labels[0].hide()
    QApplication.processEvents()
    assert labels[1].x() == 0
    assert row.sizeHint().width() == 210


def test_the_caret_stays_at_its_word_when_a_teammate_writes_before_it_and_undo_leaves_the_teammates_words(
    qtbot: QtBot,
) -> None:
    paragraph = Paragraph("Question", "What the session is about")
    qtbot.addWidget(paragraph)
    paragraph.show_text("Where do we eat?")
    paragraph.moveCursor(QTextCursor.MoveOperation.Start)
    assert paragraph.find("eat")
    paragraph.show_text("Tonight: Where do we eat?")
    assert paragraph.textCursor().selectedText() == "eat"
    paragraph.undo()
    assert paragraph.text() == "Tonight: Where do we eat?"
    assert paragraph.is_kept
