"""Parts that dialogs have in common."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.decisions.picker import DecisionPicker
from cowrite.gui.history.name_dialog import NameDialog
from cowrite.gui.look.theme import TIGHT, Theme, named
from cowrite.gui.people.join_dialog import JoinDialog
from cowrite.gui.templates.save_template_dialog import SaveTemplateDialog
from cowrite.gui.widgets.dialog_parts import AROUND, resize_for_letters
from cowrite.gui.widgets.line_dialog import LineDialog


def with_letters(points: float) -> QDialog:
    dialog = QDialog()
    font = QFont(dialog.font())
    font.setPointSizeF(points)
    dialog.setFont(font)
    return dialog


@pytest.mark.parametrize(("points", "size"), [(6, QSize(400, 300)), (9, QSize(400, 300)), (18, QSize(800, 600))])
def test_a_dialog_is_as_much_larger_as_its_letters_and_never_smaller(qtbot: QtBot, points: float, size: QSize) -> None:
    dialog = with_letters(points)
    qtbot.addWidget(dialog)
    resize_for_letters(dialog, QSize(400, 300))
    assert dialog.size() == size


def test_a_dialog_with_large_letters_is_no_larger_than_its_screen(qtbot: QtBot) -> None:
    dialog = with_letters(40)
    qtbot.addWidget(dialog)
    resize_for_letters(dialog, QSize(1000, 800))
    room = dialog.screen().availableSize()
    assert dialog.width() <= room.width()
    assert dialog.height() < room.height()


def test_all_that_is_in_the_picker_of_decisions_stands_between_the_same_two_edges(
    qtbot: QtBot, dress: Callable[[Theme], None]
) -> None:
    dress(named("light"))
    above = QWidget()
    qtbot.addWidget(above)
    picker = DecisionPicker(above)
    picker.show()
    QApplication.processEvents()
    ends = [(picker.log.search, picker.log.search), (picker.log.filter, picker.log.order), (picker.new, picker.insert)]
    for first, last in ends:
        assert first.mapTo(picker, QPoint()).x() == AROUND[0]
        assert picker.width() - last.mapTo(picker, QPoint(last.width(), 0)).x() == AROUND[2]


def asking(above: QWidget) -> list[QDialog]:
    return [
        LineDialog("Link", "Address", "", "Make link", above, also="Text"),
        SaveTemplateDialog("Minutes", has_suggested=False, parent=above),
        NameDialog("Friday", "Ada", above),
        JoinDialog("Ada", "#c4314b", parent=above),
    ]


def test_in_each_dialog_words_stand_as_close_above_their_field_and_buttons_as_far_below_the_rest(
    qtbot: QtBot, dress: Callable[[Theme], None]
) -> None:
    dress(named("light"))
    above = QWidget()
    qtbot.addWidget(above)
    asked = set()
    for dialog in asking(above):
        dialog.show()
        QApplication.processEvents()
        for label in dialog.findChildren(QLabel):
            field = label.buddy()
            if field is not None:
                top, bottom = (each.mapTo(dialog, QPoint()).y() for each in (field, label))
                asked.add(top - bottom - label.height())
        ends = [each for each in dialog.findChildren(QPushButton) if each.isVisible()]
        lowest = max(each.mapTo(dialog, QPoint(0, each.height())).y() for each in ends)
        assert dialog.height() - lowest == AROUND[3], dialog
    assert asked == {TIGHT}
