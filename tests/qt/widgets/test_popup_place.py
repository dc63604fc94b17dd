"""Where a popup opens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame
from pytestqt.qtbot import QtBot

from cowrite.gui.widgets.popup_place import open_at, open_beside

SIZE = QSize(200, 100)


@pytest.fixture
def popup(qtbot: QtBot) -> QFrame:
    popup = QFrame()
    qtbot.addWidget(popup)
    popup.setFixedSize(SIZE)
    return popup


def test_a_popup_opens_below_what_it_belongs_to(popup):
    around = QRect(30, 40, 50, 20)
    open_beside(popup, around)
    assert popup.isVisible()
    assert (popup.pos().x(), popup.pos().y() > around.bottom()) == (30, True)


@pytest.mark.parametrize("corner", ["topLeft", "topRight", "bottomLeft", "bottomRight"])
def test_all_of_a_popup_is_on_the_screen_and_beside_what_it_belongs_to(popup, corner):
    screen = QGuiApplication.primaryScreen().availableGeometry()
    around = QRect(QPoint(), QSize(20, 10))
    around.moveCenter(getattr(screen, corner)())
    open_beside(popup, around)
    shown = QRect(popup.pos(), popup.size())
    assert screen.contains(shown)
    assert not shown.intersects(around)


@pytest.mark.parametrize("place", [QPoint(-500, -500), QPoint(9_000, 9_000)])
def test_all_of_a_popup_is_on_the_screen_though_its_window_is_dragged_out_of_it(popup, place):
    open_at(popup, place)
    assert QGuiApplication.primaryScreen().availableGeometry().contains(QRect(popup.pos(), popup.size()))
