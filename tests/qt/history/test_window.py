"""The window of a document's history: words, keys, sizes; what it shows while there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from operator import attrgetter
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.history import playing
from cowrite.gui.history import moment_slider, moments_list
from cowrite.gui.history.moment_words import Author, MomentRow, told
from cowrite.gui.history.moments_list import PLACE_ROLE
from cowrite.gui.history.window import NARROW, HistoryWindow
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import named
from helpers.drafts import draft
from helpers.history_window import ADA, NOW, ROWS, NoImages, history_window, named_rows, row, show
from helpers.seats import NO_KEYS


@pytest.fixture
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[HistoryWindow]:
    yield from history_window(named(getattr(request, "param", "light")), qtbot)


@pytest.mark.parametrize("window", ["light", "dark"], indirect=True)
def test_of_thousands_of_moments_only_those_in_sight_are_put_into_words_and_bars_are_painted_once(
    window: HistoryWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded, painted = list[MomentRow](), list[int]()
    for module in (moments_list, moment_slider):
        monkeypatch.setattr(module, "told", lambda row, now: worded.append(row) or told(row, now))
    parts = moment_slider.MomentSlider._parts
    monkeypatch.setattr(moment_slider.MomentSlider, "_parts", lambda slider: painted.append(1) or parts(slider))
    rows = [row(5 * number, ADA, added=number) for number in reversed(range(3000))]
    window.show_moments(rows, NOW)
    for place in (2999, 2998, 2997):
        window.show_at(place)
        window.grab()
    assert window.foot.slider.accessibleDescription() == told(rows[2997], NOW)
    assert 0 < len(worded) < 300
    assert painted == [1]


def test_the_keyboard_begins_on_the_way_through_the_moments_or_at_the_only_one(window, qtbot):
    assert window.focusWidget() is window.foot.slider
    parent = QWidget()
    qtbot.addWidget(parent)
    other = HistoryWindow("Plan", named("light"), 1.0, NoImages(), parent)
    other.resize(1180, 860)
    other.show()
    other.show_moments(ROWS[:1], NOW)
    assert other.focusWidget() is other.side.moments
    assert not other.foot.play.isEnabled()  # there is nothing to go through


def test_what_is_said_above_the_page_is_read_out_once_however_often_the_moments_are_looked_at(window, heard) -> None:
    for sentence in ("You may look.", "You may look.", "", "You may look."):
        window.show_notice("information", sentence)
    assert heard == ["You may look."] * 2


@pytest.mark.parametrize("size", [9, 20])
def test_however_large_letters_are_the_window_can_be_made_narrow_and_its_buttons_stay_in_it(
    window: HistoryWindow, qtbot: QtBot, size: int
) -> None:
    font = QFont(window.font())
    font.setPointSize(size)
    window.setFont(font)
    window.offer_comparison("yesterday")
    window.allow_naming("", renames=True)
    window.resize(480, 700)
    qtbot.waitUntil(lambda: window.width() == 480)
    head = window.head
    buttons = (head.compare, head.since, head.copy, head.name, head.restore, head.end)
    qtbot.waitUntil(lambda: all(each.mapTo(window, each.rect().topRight()).x() < 480 for each in buttons))
    qtbot.waitUntil(lambda: head.when.text() == head.when.accessibleName())  # all of it
    font.setPointSize(2 * size)
    window.head.when.setFont(font)
    for width in range(480, 1900, 20):  # of two, the time is more than what a button says beside its drawing
        window.head.fit(width, is_full=True)
        words = sum(each.fontMetrics().horizontalAdvance(each.text()) for each in buttons)
        left = width - window.head.minimumWidth() - words
        assert not words or left >= window.head.when.fontMetrics().horizontalAdvance("Today 12:00")
    window.resize(1900, 700)
    qtbot.waitUntil(lambda: all(each.text() for each in buttons))


# Keys and sizes


def test_arrows_home_and_end_go_through_the_moments(window: HistoryWindow, qtbot: QtBot) -> None:
    keys = {Qt.Key.Key_Left: 0, Qt.Key.Key_Right: 2, Qt.Key.Key_Home: 0, Qt.Key.Key_End: 2}
    for part, (key, wanted) in product(("page", "foot.slider", "side.moments"), keys.items()):
        window.show_at(1)
        with qtbot.waitSignal(window.moment_wanted) as told_:
            QTest.keyClick(attrgetter(part)(window), key)
        assert told_.args == [wanted], (part, key)


def test_up_and_down_in_the_list_step_over_the_days(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.moment_wanted) as told_:
        QTest.keyClick(window.side.moments, Qt.Key.Key_Down)
    assert told_.args == [0]
    headings = [window.side.moments.model().index(line, 0) for line in range(window.side.moments.model().rowCount())]
    assert [index.data() for index in headings if index.data(PLACE_ROLE) < 0] == ["Today", "Yesterday"]


def test_space_plays_and_pauses(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.foot.play.toggled) as told_:
        QTest.keyClick(window.page, Qt.Key.Key_Space)
    assert told_.args == [True]
    window.foot.show_playing(True)
    assert window.foot.play.accessibleName() == "Pause (Space)"


def test_thousands_of_moments_are_gone_through_in_long_steps_to_the_last(window, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(playing, "PLAY_PAUSE", 0)
    timeline = SimpleNamespace(moments=range(3000), at=2999, opened=object(), problem=None)
    shown: list[int] = []

    def go_to(index: int) -> None:
        timeline.at = index
        shown.append(index)

    playing.Playing(window.foot, lambda: timeline, go_to, window)
    window.foot.play.click()
    qtbot.waitUntil(lambda: not window.foot.play.isChecked())
    assert (shown[0], shown[-1]) == (0, 2999)
    assert playing.MOST_SHOWN / 2 < len(shown) <= playing.MOST_SHOWN + 1


def test_a_click_on_the_slider_goes_there(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.moment_wanted) as told_:
        QTest.mouseClick(window.foot.slider, Qt.MouseButton.LeftButton, pos=QPoint(window.foot.slider.width() - 3, 20))
    assert told_.args == [2]


def test_dragging_the_slider_leads_through_the_moments_under_the_pointer_until_it_is_let_go(
    window: HistoryWindow,
) -> None:
    slider, wanted, left = window.foot.slider, list[int](), Qt.MouseButton.LeftButton
    window.moment_wanted.connect(wanted.append)
    window.moment_wanted.connect(window.show_at)  # as whoever opened it does
    begin, middle, end = QPoint(3, 20), QPoint(slider.width() // 2, 20), QPoint(slider.width() - 3, 20)

    def move(to: QPoint, button: Qt.MouseButton) -> None:
        place = QPointF(to)
        event = QMouseEvent(QEvent.Type.MouseMove, place, place, Qt.MouseButton.NoButton, button, NO_KEYS)
        QApplication.sendEvent(slider, event)

    QTest.mousePress(slider, left, pos=end)
    for place in (middle, begin, middle):
        move(place, left)
    QTest.mouseRelease(slider, left, pos=middle)
    move(end, Qt.MouseButton.NoButton)
    assert wanted == [2, 1, 0, 1]


def test_what_is_shown_was_not_wanted(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.moment_wanted):
        window.show_at(2)
        window.show_moments((*ROWS, row(1, ADA)), NOW)
        window.show_at(3)
    assert window.foot.count.text() == "4 of 4"
    assert window.foot.slider.accessibleDescription() == told(row(1, ADA), NOW)


def test_a_narrow_window_gives_its_room_to_the_page(window: HistoryWindow) -> None:
    assert window.side.moments.isVisible()
    window.resize(NARROW - 100, 600)
    assert not window.side.moments.isVisible()
    assert window.foot.slider.isVisible()
    assert window.minimumSizeHint().width() <= 420


def test_a_narrow_window_has_the_list_in_the_place_of_the_page(window: HistoryWindow, qtbot: QtBot) -> None:
    window.show_moments(named_rows(), NOW)
    assert not window.foot.list.isVisible()
    window.resize(NARROW - 250, 600)
    window.foot.list.click()
    assert window.side.moments.isVisible()
    assert window.side.only_named.isVisible()
    assert not window.page.isVisible()
    qtbot.waitUntil(lambda: window.side.moments.width() > window.width() - 20)
    QTest.keyClick(window.side.moments, Qt.Key.Key_Down)
    assert window.side.moments.isVisible()
    place = window.side.moments.visualRect(window.side.moments.model().index(1, 0)).center()
    with qtbot.waitSignal(window.moment_wanted) as wanted:
        QTest.mouseClick(window.side.moments.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == [2]
    assert window.page.isVisible()
    assert not window.side.moments.isVisible()
    window.foot.list.click()
    QTest.keyClick(window.side.moments, Qt.Key.Key_Escape)
    assert window.page.isVisible()
    window.foot.list.click()
    window.resize(NARROW, 600)
    assert window.page.isVisible()
    assert window.side.moments.isVisible()
    qtbot.waitUntil(lambda: window.side.moments.width() < NARROW / 2)


def test_a_name_that_looks_like_markup_is_shown_sign_by_sign(window: HistoryWindow) -> None:
    window.show_moments([row(5, Author(1, "Ada <b>Byron</b>", ADA.colour))], NOW)
    window.show_at(0)
    (label,) = [each for each in window.findChildren(QLabel) if "<b>Byron</b>" in each.text()]
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(label.text())


def test_every_button_has_a_name_and_a_tooltip(window: HistoryWindow) -> None:
    for each in window.findChildren(QAbstractButton):
        assert each.accessibleName()
        assert each.toolTip()


# Nothing to show


def test_without_moments_there_is_nothing_to_drag_or_to_restore(window: HistoryWindow) -> None:
    window.show_moments((), NOW)
    window.show_message("history", "Nothing has been written yet.", [("share", "Share…")])
    assert window.message.isVisible()
    assert not any(
        part.isVisible() for part in (window.page, window.foot.slider, window.head.restore, window.head.copy)
    )


def test_the_answer_to_a_message_is_told_once_and_an_earlier_answer_is_gone(
    window: HistoryWindow, qtbot: QtBot
) -> None:
    window.show_message("history", "One.", [("share", "Share…")])
    window.show_message("circle-alert", "Two.", [("again", "Try again")])
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.message.findChildren(QPushButton)))
    (button,) = [each for each in window.message.findChildren(QPushButton) if each.isVisible()]
    with qtbot.waitSignal(window.message.answered) as told_:
        button.click()
    assert told_.args == ["again"]


def test_a_moment_that_takes_long_to_open_is_said_to_be_opened_until_it_is(window: HistoryWindow, qtbot: QtBot) -> None:
    show(window, draft("one"), before=None)
    window.show_loading()
    assert not window._busy.isVisible()
    qtbot.waitUntil(window._busy.isVisible)
    assert window.page.toPlainText() == "one"
    show(window, draft("two"), before=None)
    assert not window._busy.isVisible()


def test_however_many_have_written_each_of_the_authors_has_a_line(window: HistoryWindow, qtbot: QtBot) -> None:
    many = [Author(number, f"Writer {number}", PEOPLE[number % len(PEOPLE)].light) for number in range(30)]
    window.side.legend.show_authors(many)
    lines = [each for each in window.side.legend.findChildren(QWidget) if each.accessibleName().startswith("Writer ")]
    assert len(lines) == 30
    qtbot.waitUntil(lambda: lines[-1].y() >= 29 * lines[-1].fontMetrics().height())


def asked_for_menu(part: QAbstractScrollArea, at: QPoint) -> QMenu:
    """The menu that comes up where a part of the window is clicked with the right button."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, part.viewport().mapToGlobal(at))
    QApplication.sendEvent(part.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_menus_of_a_moment_and_of_its_page_offer_what_can_be_done(window: HistoryWindow, qtbot: QtBot) -> None:
    window.head.allow_since("")
    window.allow_naming("You are offline.", renames=False)
    window.head.allow_restoring("")
    there = window.side.moments.visualRect(window.side.moments.currentIndex()).center()
    menu = asked_for_menu(window.side.moments, there)
    entries = {action.text().replace("&", ""): action for action in menu.actions()}
    assert list(entries) == ["Since then", "Name…", "Copy text", "Restore…"]
    assert (entries["Name…"].isEnabled(), entries["Name…"].toolTip()) == (False, "You are offline.")
    with qtbot.waitSignal(window.head.restore.clicked):
        entries["Restore…"].trigger()
    menu.close()
    show(window, draft("Once upon a time"), before=None)
    menu = asked_for_menu(window.page, QPoint(40, 40))
    entries = {action.text().replace("&", ""): action for action in menu.actions()}
    assert list(entries) == ["Copy text", "Select all", "Restore…"]
    entries["Select all"].trigger()
    assert window.page.textCursor().selectedText() == "Once upon a time"
    with qtbot.waitSignal(window.head.restore.clicked):
        entries["Restore…"].trigger()
    menu.close()


def test_in_a_low_window_the_authors_leave_room_for_the_moments(window: HistoryWindow, qtbot: QtBot) -> None:
    authors = [Author(at, f"Author {at}", PEOPLE[at % len(PEOPLE)].light) for at in range(10)]
    window.show_moments([row(60 * at, *authors, added=at) for at in reversed(range(12))], NOW)
    side = window.side
    window.resize(1000, 1000)
    qtbot.waitUntil(lambda: side.height() > 700)
    high = side.legend._area.height()
    window.resize(1000, 560)
    qtbot.waitUntil(lambda: side.height() < 500)
    qtbot.waitUntil(lambda: side.legend._area.height() <= side.height() // 3 < high)
    assert side.moments.height() > 2 * side.moments.sizeHintForRow(1)
