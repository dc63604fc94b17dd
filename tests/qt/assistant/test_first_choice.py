"""The question whether the assistant may work here."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.first_choice import FirstChoice
from cowrite.gui.assistant.values import NO_ENGINE
from cowrite.gui.widgets.wrapping_label import WrappingLabel
from helpers.assistant_desk import buttons, shown
from helpers.letters import set_letters


@pytest.fixture
def offer(qtbot: QtBot) -> FirstChoice:
    offer = FirstChoice()
    qtbot.addWidget(offer)
    offer.resize(1000, 80)
    offer.show()
    return offer


@pytest.mark.parametrize(("button", "on"), [("Turn on", True), ("Keep off", False)])
def test_one_press_chooses(offer: FirstChoice, qtbot: QtBot, button: str, on: bool) -> None:
    with qtbot.waitSignal(offer.chosen) as chosen:
        next(each for each in offer.findChildren(QPushButton) if each.text() == button).click()
    assert chosen.args == [on]


def test_it_says_where_the_model_runs_and_that_nothing_leaves(offer: FirstChoice) -> None:
    words = " ".join(label.text() for label in offer.findChildren(QLabel))
    assert "runs only on this computer" in words
    assert "Nothing you write leaves it." in words
    assert "in Preferences and in the Assistant menu" in words


def test_where_the_model_runs_elsewhere_it_says_that_text_goes_there(qtbot: QtBot) -> None:
    offer = FirstChoice("models.example.org")
    qtbot.addWidget(offer)
    offer.show()
    assert "with a language model at models.example.org." in shown(offer)
    assert "is sent there" in offer.accessibleName()
    assert "leaves it" not in shown(offer)


def test_where_there_is_no_engine_it_says_so_before_somebody_turns_it_on(qtbot: QtBot) -> None:
    for has_engine in (True, False):
        offer = FirstChoice(has_engine=has_engine)
        qtbot.addWidget(offer)
        offer.show()
        assert (NO_ENGINE in shown(offer)) is not has_engine
        assert "Turn on" in buttons(offer)


@pytest.mark.parametrize(("size", "width"), [(10, 640), (16, 640), (16, 900)])
def test_in_any_width_its_words_have_all_the_room_that_they_need(qtbot: QtBot, size: int, width: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setFont(QFont(window.font().family(), size))
    column = QVBoxLayout(window)
    column.addWidget(QWidget(), 1)
    column.addWidget(offer := FirstChoice())
    window.resize(width, 400)
    window.show()
    for label in offer.findChildren(WrappingLabel):
        if label.isVisible():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_escape_keeps_it_off(offer: FirstChoice, qtbot: QtBot) -> None:
    with qtbot.waitSignal(offer.chosen) as chosen:
        qtbot.keyClick(offer, Qt.Key.Key_Escape)
    assert chosen.args == [False]


def test_in_a_narrow_window_the_answers_go_under_the_words(offer: FirstChoice, qtbot: QtBot) -> None:
    on = next(each for each in offer.findChildren(QPushButton) if each.text() == "Turn on")
    words = next(label for label in offer.findChildren(QLabel) if "language model" in label.text())
    assert on.x() > words.geometry().right()
    offer.resize(400, 200)
    qtbot.waitUntil(lambda: on.y() > words.geometry().bottom())


@pytest.mark.parametrize("width", [420, 800])
def test_in_a_low_window_its_words_are_scrolled_and_its_answers_stay_whole(qtbot: QtBot, width: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    set_letters(window, 20)
    column = QVBoxLayout(window)
    page = QWidget()
    page.setMinimumHeight(100)
    column.addWidget(page, 1)
    column.addWidget(offer := FirstChoice())
    window.resize(width, 290)
    window.show()
    qtbot.waitUntil(lambda: window.size() == QSize(width, 290) and page.height() >= 100)
    for answer in offer.findChildren(QPushButton):
        assert answer.height() >= answer.sizeHint().height()
        assert offer.rect().contains(QRect(answer.mapTo(offer, QPoint()), answer.size()))
    for label in offer.findChildren(WrappingLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
