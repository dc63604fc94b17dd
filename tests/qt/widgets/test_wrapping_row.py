"""Rows that wrap where they have no room, in both directions of reading."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.look.theme import set_look
from cowrite.gui.widgets.elided_button import ElidedButton
from cowrite.gui.widgets.wrapping_row import FRAMELESS, WrappingRow, reaching, row_of


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    holder = QWidget()
    qtbot.addWidget(holder)
    return holder


def boxes(
    holder: QWidget, width: int, *, mirrored: bool = False, is_nested: bool = False
) -> tuple[WrappingRow, list[QLabel]]:
    if mirrored:
        holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    labels = [QLabel(str(number), holder) for number in range(3)]
    for number, label in enumerate(labels):
        label.setFixedSize(100, 20 + 20 * number)
    row = row_of(*labels, spacing=10)
    if is_nested:
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(row)
    else:
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


def test_at_the_end_short_rows_stand_where_lines_end(holder: QWidget) -> None:
    row = row_of(*(QLabel(str(number), holder) for number in range(2)), spacing=10, at_end=True)
    for label in holder.findChildren(QLabel):
        label.setFixedSize(100, 20)
    holder.setLayout(row)
    holder.resize(400, 300)
    holder.show()
    assert [label.x() for label in holder.findChildren(QLabel)] == [190, 300]


def test_what_expands_takes_what_is_left_of_its_row(holder: QWidget) -> None:
    field, label = QLineEdit(holder), QLabel(holder)
    label.setFixedSize(100, 20)
    holder.setLayout(row_of(field, label, spacing=10))
    holder.resize(600, 300)
    holder.show()
    assert (field.width(), label.x()) == (490, 500)


def test_a_row_that_may_not_wrap_is_no_narrower_than_all_of_it(holder: QWidget) -> None:
    row, _ = boxes(holder, 400)
    row.let_wrap(False)
    assert row.minimumSize().width() == 320


def test_what_is_wider_than_the_place_is_made_narrower_where_it_can_be(holder: QWidget) -> None:
    long = ElidedButton("Show those that nobody has opened")
    holder.setLayout(row_of(long, spacing=10))
    holder.resize(150, 100)
    holder.show()
    assert long.width() == 150


@pytest.mark.parametrize("is_nested", [False, True])
def test_a_row_is_as_high_as_its_parts_are_now_and_looks_at_them_once_for_each_width(
    holder: QWidget, monkeypatch: pytest.MonkeyPatch, is_nested: bool
) -> None:
    row, labels = boxes(holder, 215, is_nested=is_nested)
    assert row.heightForWidth(215) == 40 + 10 + 60
    labels[0].setFixedSize(100, 90)
    QApplication.processEvents()
    assert row.heightForWidth(215) == 90 + 10 + 60
    labels[2].hide()
    QApplication.processEvents()
    assert row.heightForWidth(215) == 90
    looks = []
    monkeypatch.setattr(WrappingRow, "_rows", lambda _row, width: looks.append(width) or [])
    assert row.heightForWidth(215) == 90
    row.heightForWidth(214)
    row.heightForWidth(214)
    assert looks == [214]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("at_end", [False, True])
def test_a_button_without_a_frame_has_its_words_in_line_with_what_stands_above_and_is_never_cut_off(
    holder: QWidget, *, mirrored: bool, at_end: bool
) -> None:
    if mirrored:
        holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    column = QVBoxLayout(holder)
    reply = QPushButton("Reply", holder)
    set_look(reply, kind="quiet")
    column.addLayout(row_of(reply, spacing=2, at_end=at_end))
    holder.resize(300, 100)
    holder.show()
    for around in (12, 4):
        column.setContentsMargins(around, 0, around, 0)
        QApplication.processEvents()
        column.activate()
        beside = holder.width() - reply.geometry().right() - 1 if mirrored is not at_end else reply.x()
        assert beside == max(0, around - FRAMELESS)


@pytest.mark.parametrize("mirrored", [False, True])
def test_such_a_button_is_in_line_also_in_a_part_of_a_column(holder: QWidget, *, mirrored: bool) -> None:
    if mirrored:
        holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    part = QWidget()
    inside = QVBoxLayout(part)
    words = QLabel("What could be done, in so many words that they wrap where there is little room.")
    words.setWordWrap(True)
    add = QPushButton()
    set_look(add, kind="quiet")
    inside.addWidget(words)
    inside.addLayout(row_of(add, spacing=2))
    above = QLabel(words.text())
    above.setWordWrap(True)
    column = QVBoxLayout(holder)
    column.setContentsMargins(24, 0, 24, 0)
    column.addWidget(above)
    column.addLayout(reaching(part))
    column.addStretch(1)
    holder.resize(200, 400)
    holder.show()
    QApplication.processEvents()
    assert words.mapTo(holder, QPoint(0, 0)).x() == above.x()
    assert words.size() == above.size()
    at = add.mapTo(holder, QPoint(0, 0)).x()
    assert (at + add.width() - FRAMELESS == above.x() + above.width()) if mirrored else (at + FRAMELESS == above.x())
    assert part.rect().contains(add.geometry())
