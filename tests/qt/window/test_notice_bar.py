"""Notices: said above the page, answered by a button, never in the way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.bare_draft.notices import DraftNotices
from cowrite.gui.look.icons import Drawing
from cowrite.gui.widgets.wrapping_label import WrappingLabel
from cowrite.gui.window.notice_bar import LOOKS, Answer, Notice, NoticeBar
from cowrite.gui.window.status_strip import StatusStrip
from cowrite.sync.rights import Rights
from cowrite.sync.status import Kind, Status
from cowrite_server.wire.protocol import Close, Role
from helpers.letters import set_letters

DAMAGED = Notice(
    "damaged", "problem", "The file “Plan.cowrite” is damaged at its end.", (Answer("restore", "Restore"),)
)
EPOCH = Notice("epoch", "warning", "This document was rebuilt.", (Answer("keep", "Keep mine"),), dismissable=False)


@pytest.fixture
def bar(qtbot: QtBot) -> NoticeBar:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.resize(800, 100)
    return bar


def row(bar: NoticeBar, notice: Notice) -> QWidget:
    (found,) = [
        each.parentWidget()
        for each in bar.findChildren(QLabel)
        if each.text() == notice.sentence and not each.parentWidget().isHidden()
    ]
    return found


def buttons(bar: NoticeBar, notice: Notice) -> list[str]:
    return [each.accessibleName() for each in row(bar, notice).findChildren(QAbstractButton) if not each.isHidden()]


def test_without_notices_the_bar_takes_no_room(bar: NoticeBar) -> None:
    assert bar.isHidden()
    bar.show_notice(DAMAGED)
    assert not bar.isHidden()
    bar.remove("damaged")
    assert bar.isHidden()
    bar.remove("never shown")


def test_a_notice_is_read_out_when_it_comes_with_its_answers_and_when_it_comes_again(bar, heard) -> None:
    bar.show_notice(DAMAGED)
    bar.reword("damaged", "The file “Plan.cowrite” is damaged.")
    bar.show_notice(DAMAGED)
    assert heard == [f"{DAMAGED.sentence} Restore"] * 2


def test_the_latest_notice_is_on_top(bar: NoticeBar) -> None:
    bar.show_notice(DAMAGED)
    bar.show_notice(EPOCH)
    assert bar.ids() == ["epoch", "damaged"]
    bar.adjustSize()
    assert row(bar, EPOCH).y() < row(bar, DAMAGED).y()


def test_an_answer_says_which_notice_and_which_button_and_leaves_the_rest_to_the_caller(
    bar: NoticeBar, qtbot: QtBot
) -> None:
    bar.show_notice(DAMAGED)
    with qtbot.waitSignal(bar.answered) as answered:
        row(bar, DAMAGED).findChildren(QAbstractButton)[0].click()
    assert answered.args == ["damaged", "restore"]
    assert bar.ids() == ["damaged"]


def test_a_notice_can_be_dismissed_by_button_and_by_escape(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notice(DAMAGED)
    (close,) = [each for each in row(bar, DAMAGED).findChildren(QAbstractButton) if "Dismiss" in each.accessibleName()]
    with qtbot.waitSignal(bar.dismissed) as dismissed:
        close.click()
    assert dismissed.args == ["damaged"]
    bar.show_notice(DAMAGED)
    with qtbot.waitSignal(bar.dismissed):
        qtbot.keyClick(row(bar, DAMAGED), Qt.Key.Key_Escape)
    assert bar.ids() == []


def test_a_notice_that_needs_an_answer_cannot_be_dismissed(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notice(EPOCH)
    assert buttons(bar, EPOCH) == ["Keep mine"]
    with qtbot.assertNotEmitted(bar.dismissed):
        qtbot.keyClick(row(bar, EPOCH), Qt.Key.Key_Escape)
    assert bar.ids() == ["epoch"]


def test_the_same_notice_again_replaces_the_old_one_in_its_place(bar: NoticeBar) -> None:
    bar.show_notice(DAMAGED)
    bar.show_notice(EPOCH)
    again = Notice("damaged", "problem", "The file is damaged in two places.")
    bar.show_notice(again)
    assert bar.ids() == ["epoch", "damaged"]
    bar.adjustSize()
    assert row(bar, again).y() > row(bar, EPOCH).y()


def test_a_long_sentence_wraps_and_is_shown_whole(bar: NoticeBar) -> None:
    long = Notice("long", "problem", "Everything up to Tuesday can be read. " * 8, (Answer("a", "Restore"),))
    bar.show_notice(long)
    heights = []
    for width in (420, 1200):
        bar.resize(width, 100)
        heights.append(bar.sizeHint().height())
    assert heights[0] > heights[1]


def test_a_file_name_that_looks_like_markup_is_shown_as_it_is(bar: NoticeBar) -> None:
    bar.show_notice(Notice("odd", "information", "“<b>x</b>” is in the trash."))
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in bar.findChildren(QLabel) if label.text())


@pytest.mark.parametrize("kind", LOOKS)
def test_each_kind_has_an_icon_and_a_ground_of_its_own(bar: NoticeBar, kind: str) -> None:
    bar.show_notice(Notice(kind, kind, "A sentence."))
    (found,) = bar.findChildren(Drawing)
    assert found.name == LOOKS[kind][0]
    assert found.parentWidget().property("notice") == kind
    assert len({icon for icon, _ in LOOKS.values()}) == len(LOOKS)


def test_beside_its_answers_too_a_sentence_has_all_the_lines_that_it_needs(qtbot: QtBot) -> None:
    window, bar = QWidget(), NoticeBar()
    qtbot.addWidget(window)
    window.setFont(QFont(window.font().family(), 16))
    column = QVBoxLayout(window)
    column.addWidget(bar)
    column.addWidget(QWidget(), 1)
    answers = (Answer("copy", "Save a copy elsewhere…"), Answer("again", "Try again"))
    bar.show_notice(Notice("full", "problem", "The disk is full. " * 10, answers))
    window.resize(640, 480)
    window.show()
    (sentence,) = bar.findChildren(WrappingLabel)
    assert sentence.height() >= sentence.heightForWidth(sentence.width())


def test_where_a_window_has_no_room_for_all_notices_they_are_scrolled_and_none_is_cut(qtbot: QtBot) -> None:
    window, bar, page = QWidget(), NoticeBar(), QWidget()
    qtbot.addWidget(window)
    window.setFont(QFont(window.font().family(), 16))
    column = QVBoxLayout(window)
    column.addWidget(bar)
    page.setMinimumHeight(200)
    column.addWidget(page, 1)
    answers = (Answer("copy", "Save a copy elsewhere…"), Answer("again", "Try again"))
    for number in range(12):
        bar.show_notice(Notice(str(number), "problem", "The disk is full. " * 6, answers))
    window.resize(640, 480)
    window.show()
    qtbot.waitUntil(lambda: bar.height() < bar.sizeHint().height())
    sentences = bar.findChildren(WrappingLabel)
    assert len(sentences) == 12
    assert all(each.height() >= each.heightForWidth(each.width()) for each in sentences)
    again = [each for each in bar.findChildren(QPushButton) if each.text() == "Try again"]
    assert all(each.height() >= each.sizeHint().height() for each in again)
    assert page.height() >= 200


def test_the_answers_of_all_notices_end_at_one_edge(bar: NoticeBar) -> None:
    bar.show_notice(DAMAGED)
    bar.show_notice(EPOCH)
    bar.show()
    answers = [each for each in bar.findChildren(QPushButton) if each.text()]
    edges = {each.mapTo(bar, each.rect().topRight()).x() for each in answers}
    assert (len(answers), len(edges)) == (2, 1)


def test_whoever_writes_keeps_the_keyboard_when_a_notice_comes(qtbot: QtBot) -> None:
    window, bar, field = QWidget(), NoticeBar(), QLineEdit()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(bar)
    column.addWidget(field)
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    bar.show_notice(DAMAGED)
    QApplication.processEvents()
    assert window.isActiveWindow()
    assert field.hasFocus()


def test_in_a_narrow_window_its_answers_go_below_each_other(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    set_letters(bar, 20)
    answers = (Answer("copy", "Save a copy elsewhere…"), Answer("again", "Try again"))
    bar.show_notice(Notice("full", "problem", "The disk is full. " * 4, answers))
    bar.resize(480, 400)
    bar.show()
    one, other = (each for each in bar.findChildren(QPushButton) if each.text())
    qtbot.waitUntil(lambda: other.y() > one.y())
    for each in (one, other):
        assert bar.rect().contains(each.mapTo(bar, each.rect().bottomRight()))


def test_that_a_link_was_withdrawn_is_said_once_and_not_with_each_letter_that_waits(bar, heard, qtbot) -> None:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    notices, withdrawn = DraftNotices(bar, strip), Status.closed(Close.WITHDRAWN, 0)
    for waiting in range(3):
        notices.show_status(withdrawn._replace(waiting=waiting))
    assert len([said for said in heard if "Try again" in said]) == 1
    next(each for each in bar.findChildren(QAbstractButton) if each.toolTip() == "Dismiss this notice").click()
    notices.show_status(withdrawn._replace(waiting=3))
    assert bar.ids() == []
    for status in (Status(Kind.CONNECTING), withdrawn):
        notices.show_status(status)
    assert bar.ids() == ["closed"]
    notices.show_offline(3)
    assert bar.ids() == []  # nothing is tried while the person wants no connection


def test_what_one_might_do_is_not_said_to_whoever_is_not_let_in_any_more(bar: NoticeBar, qtbot: QtBot) -> None:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    notices = DraftNotices(bar, strip)
    notices.show_rights(Rights.of(Role.COMMENTER))
    notices.show_status(Status(Kind.OFFLINE))
    assert bar.ids() == ["role"]
    notices.show_status(Status.closed(Close.WITHDRAWN, 0))
    assert bar.ids() == ["closed"]
