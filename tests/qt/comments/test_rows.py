"""The rows in which comments are shown."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QScrollArea
from pytestqt.qtbot import QtBot

from cowrite.core.comments.comments import MOST_WORDS
from cowrite.gui.changes.panel import ChangesPanel
from cowrite.gui.comments.form import CommentForm
from cowrite.gui.comments.panel import CommentsPanel
from cowrite.gui.comments.row import RemarkRow, ThreadRow
from cowrite.gui.comments.values import RemarkShown, ThreadListed, ThreadShown
from cowrite.gui.look.theme import named
from cowrite.gui.widgets.wrapping_label import WrappingLabel
from helpers.letters import set_letters


def test_a_name_stands_beside_its_avatar_where_one_reads_from_right_to_left(qtbot: QtBot) -> None:
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        row = RemarkRow(RemarkShown("1", "Yes.", "Ada", "#c4314b"), named("light"))
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    qtbot.addWidget(row)
    assert row.name.alignment() & Qt.AlignmentFlag.AlignRight


@pytest.mark.parametrize("size", [9, 20])
def test_in_whatever_letters_what_is_in_the_panel_is_no_wider_than_it(qtbot: QtBot, size: int) -> None:
    said = RemarkShown("1", "Which wall?", "Maximilian Freiherr von Guttenberg", "#c4314b", is_mine=True)
    for panel in (comments := CommentsPanel(named("light")), ChangesPanel(named("light"))):
        qtbot.addWidget(panel)
        set_letters(panel, size)
        panel.resize(panel.minimumWidth(), 600)
        panel.show()
        for threads in ((), (ThreadShown("1", "Herbs along the wall", False, False, (said,)),)):
            comments.show_threads(listed(*threads), "")
            area = panel.findChild(QScrollArea)
            qtbot.waitUntil(lambda area=area: area.widget().width() <= area.viewport().width())
        assert panel.width() == panel.minimumWidth()
    row = comments.row("1")
    assert row is not None
    for act in (lambda: comments.open_form("Herbs"), row.reply.click):
        act()
        area = comments.findChild(QScrollArea)
        qtbot.waitUntil(lambda area=area: area.widget().minimumSizeHint().width() <= area.viewport().width())


def test_a_comment_that_is_longer_than_others_would_see_is_not_sent_and_that_is_said(qtbot: QtBot) -> None:
    form, sent = CommentForm("Your comment", "Comment"), []
    qtbot.addWidget(form)
    form.sent.connect(sent.append)
    for letters in (MOST_WORDS + 1, MOST_WORDS):
        form.field.setPlainText("x" * letters)
        QTest.keyClick(form.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        is_too_long = letters > MOST_WORDS
        assert (form._too_long.text() == "", len(sent)) == ((not is_too_long), int(not is_too_long))


def listed(*threads: ThreadShown) -> list[ThreadListed]:
    return [ThreadListed(each.id, each.is_resolved, partial(replace, each)) for each in threads]


def discussion(replies: int) -> ThreadShown:
    said = [RemarkShown(str(number), f"Reply {number}", "Bo", "#2f5fd0") for number in range(replies + 1)]
    return ThreadShown("0", "Herbs along the wall", False, False, tuple(said))


def ids(row: ThreadRow) -> list[str]:
    return [each.remark.id for each in row.remarks]


def test_of_a_long_discussion_its_comment_and_the_latest_replies_are_shown_and_earlier_ones_on_demand(
    qtbot: QtBot,
) -> None:
    row = ThreadRow(discussion(24), named("light"))
    qtbot.addWidget(row)
    assert ids(row) == ["0", *map(str, range(15, 25))]
    earlier = row._latest.button
    assert (earlier.text(), earlier.accessibleName()) == (
        "Show earlier · 14",
        "Show earlier replies, 14 are not shown",
    )
    row.show_thread(discussion(26), may_comment=True)
    assert ids(row) == ["0", *map(str, range(15, 27))], "none goes because somebody writes"
    earlier.click()
    assert ids(row) == ["0", *map(str, range(5, 27))]
    earlier.click()
    assert ids(row) == [str(number) for number in range(27)]
    assert earlier.isHidden()


def test_an_earlier_reply_that_somebody_goes_to_is_shown(qtbot: QtBot) -> None:
    panel = CommentsPanel(named("light"))
    qtbot.addWidget(panel)
    panel.show_threads(listed(discussion(24)), "")
    panel.show_remark("3")
    panel.go_on({}, {"5": "Another wording"})
    row = panel.row("0")
    assert row is not None
    assert ids(row) == ["0", "3", "5", *map(str, range(15, 25))]


def test_a_discussion_that_is_only_read_has_no_fields(qtbot: QtBot) -> None:
    row = ThreadRow(discussion(2), named("light"))
    qtbot.addWidget(row)
    assert row.findChildren(QPlainTextEdit) == []
    row.show()
    row.reply.click()
    row.remarks[1].more.menu().actions()[0].trigger()
    fields = sorted(row.findChildren(QPlainTextEdit), key=lambda field: field.mapTo(row, QPoint()).y())
    assert [field.accessibleName() for field in fields] == ["Your words", "Reply"]
    assert fields[1].mapTo(row, QPoint()).y() < row.settle.mapTo(row, QPoint()).y()


def test_a_label_works_out_a_height_once_until_its_words_or_letters_change(qtbot: QtBot, monkeypatch) -> None:
    asked: list[int] = []
    work_out = WrappingLabel._height_for
    monkeypatch.setattr(
        WrappingLabel, "_height_for", lambda label, width: asked.append(width) or work_out(label, width)
    )
    label = WrappingLabel("Herbs along the wall")
    qtbot.addWidget(label)
    line = label.heightForWidth(400)
    assert label.heightForWidth(400) == line
    assert asked == [400]
    label.setText("Herbs along the wall " * 9)
    several = label.heightForWidth(400)
    assert several > line
    set_letters(label, 30)
    assert label.heightForWidth(400) > several
    label.setContentsMargins(0, 50, 0, 0)
    assert label.heightForWidth(400) > several + 50


def thread(id: int) -> ThreadShown:
    return ThreadShown(str(id), f"Words {id}", False, False, (RemarkShown(str(id), "Why?", "Bo", "#2f5fd0"),))


def test_what_one_reads_in_the_panel_stays_in_its_place_while_others_comment_above_it(qtbot: QtBot) -> None:
    panel = CommentsPanel(named("light"))
    qtbot.addWidget(panel)
    panel.resize(320, 400)
    panel.show()
    shown = [thread(id) for id in range(10, 20)]
    panel.show_threads(listed(*shown), "")
    area = panel.findChild(QScrollArea)
    bar = area.verticalScrollBar()
    read = panel.row("14")
    qtbot.waitUntil(lambda: read.y() > 400 and bar.maximum() >= read.y())
    panel.row("10").quote.setFocus()  # goes meanwhile
    bar.setValue(read.y() - 30)
    for threads in (
        [thread(1), *shown],
        [thread(1), *shown[3:]],
        [*map(thread, range(5)), *shown[4:], *map(thread, range(20, 24))],
    ):
        before = read.y()
        panel.show_threads(listed(*threads), "")
        qtbot.waitUntil(lambda before=before: read.y() != before)
        for _turn in range(5):
            QApplication.processEvents()
        assert read.y() - bar.value() == 30
