"""The rows in which comments are shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cowrite.gui.comments.row import RemarkRow
from cowrite.gui.comments.values import RemarkShown
from cowrite.gui.theme import named


def test_a_name_stands_beside_its_avatar_where_one_reads_from_right_to_left(qtbot: QtBot) -> None:
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        row = RemarkRow(RemarkShown("1", "Yes.", "Ada", "#c4314b"), named("light"))
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    qtbot.addWidget(row)
    assert row.name.alignment() & Qt.AlignmentFlag.AlignRight
