"""Short fields of a decision, in as many columns as have room."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.decisions.day_field import DayField
from cowrite.gui.decisions.facts import Facts
from cowrite.gui.look.theme import LOOSE, set_look
from cowrite.gui.widgets.wrapping_row import FRAMELESS


def test_facts_stand_in_fewer_columns_where_it_is_narrow(qtbot: QtBot) -> None:
    fields = [QLineEdit() for _ in range(5)]
    facts = Facts([(str(number), (field,)) for number, field in enumerate(fields)])
    card = QWidget()  # what has no parent keeps the width that its columns have
    qtbot.addWidget(card)
    facts.setParent(card)
    card.show()
    for columns in (3, 2, 1):
        facts.resize(columns * (facts.minimumSizeHint().width() + LOOSE), 400)
        QApplication.processEvents()
        assert len({field.mapTo(facts, QPoint()).x() for field in fields}) == columns
        assert all(facts.rect().contains(field.mapTo(facts, field.rect().bottomRight())) for field in fields)


def test_the_words_of_a_button_below_a_field_begin_where_the_field_does(qtbot: QtBot) -> None:
    field, below = QLineEdit(), QPushButton("Look back")
    set_look(below, kind="quiet")
    facts = Facts([("Review on", (field, below))])
    qtbot.addWidget(facts)
    facts.resize(400, 200)
    facts.show()
    assert below.x() + FRAMELESS == field.x()
    assert below.width() < field.width()


def test_a_field_for_a_day_has_room_for_how_one_is_written_with_letters_of_any_size(qtbot: QtBot) -> None:
    beside = set()
    for points in (9, 18):
        field = DayField("Review on")
        qtbot.addWidget(field)
        font = field.font()
        font.setPointSize(points)
        field.setFont(font)
        beside.add(field.sizeHint().width() - field.fontMetrics().horizontalAdvance(field.placeholderText()))
    assert len(beside) == 1
