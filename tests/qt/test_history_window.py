"""The window of a document's history: words, colours, keys, sizes; what it shows while there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QDateTime, QPoint, QSizeF, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.bridge.image_store import Absence
from cowrite.core.document import Document
from cowrite.core.earlier import open_earlier
from cowrite.core.origin import Origin
from cowrite.core.updates import EMPTY_UPDATE
from cowrite.gui.clipboard import records_of_mime
from cowrite.gui.earlier_page import Stretch
from cowrite.gui.history import moment_slider, moments_list
from cowrite.gui.history.moment_words import (
    NOBODY,
    Author,
    MomentRow,
    RowName,
    told,
)
from cowrite.gui.history.moments_list import PLACE_ROLE
from cowrite.gui.history.name_dialog import NameDialog
from cowrite.gui.history.window import NARROW, HistoryWindow
from cowrite.gui.swatches import PEOPLE
from cowrite.gui.theme import named
from helpers.assisted import record
from helpers.colours import colours
from helpers.drafts import draft
from helpers.mnemonics import doubled

ADA, BEN = Author(1, "Ada", PEOPLE[1].light), Author(2, "Ben", PEOPLE[0].light)
SOMEBODY = Author(None, "Somebody", NOBODY)
NOW = QDateTime(2026, 3, 4, 15, 0, 0)  # a Wednesday
DAY = 24 * 60


class NoImages:
    def put(self, content: bytes, media_type: str) -> str:
        raise AssertionError("history takes no images")

    def image(self, name: str) -> QImage | None:
        return None

    def size(self, name: str) -> QSizeF | None:
        return None

    def absence(self, name: str) -> Absence:
        return Absence.COMING

    def original(self, name: str) -> None:
        return None


def row(minutes: int, *who: Author, added: int = 0, removed: int = 0, length: int = 0) -> MomentRow:
    """A moment that ended so many minutes ago."""
    ended = NOW.addSecs(-60 * minutes)
    return MomentRow(ended.addSecs(-60 * length), ended, who, added, removed)


ROWS = (
    row(DAY + 55, ADA, added=30),
    row(60, ADA, BEN, added=120, removed=8, length=7),
    row(5, BEN, added=4),
)


@pytest.fixture(params=["light", "dark"])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[HistoryWindow]:
    parent = QWidget()
    qtbot.addWidget(parent)
    window = HistoryWindow("Plan", named(request.param), 1.0, NoImages(), parent)
    window.resize(1180, 860)
    window.show_moments(ROWS, NOW)
    window.show_at(1)
    window.show()
    yield window  # its parent, which nobody else holds, stays until then
    parent.close()


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
    assert window.slider.accessibleDescription() == told(rows[2997], NOW)
    assert 0 < len(worded) < 300
    assert painted == [1]


def test_the_keyboard_begins_on_the_way_through_the_moments_or_at_the_only_one(window, qtbot):
    assert window.focusWidget() is window.slider
    parent = QWidget()
    qtbot.addWidget(parent)
    other = HistoryWindow("Plan", named("light"), 1.0, NoImages(), parent)
    other.resize(1180, 860)
    other.show()
    other.show_moments(ROWS[:1], NOW)
    assert other.focusWidget() is other.moments


def named_rows(name: str = "Sent to Ben") -> tuple[MomentRow, ...]:
    """The moments, of which the one in the middle has a name."""
    return (ROWS[0], replace(ROWS[1], name=RowName(name, BEN, NOW.addSecs(-1800))), ROWS[2])


def show(window: HistoryWindow, document: Document, *stretches: tuple[int, int, Author], before: bytes | None) -> None:
    window.show_earlier(open_earlier(document.state(), before), [Stretch(*each) for each in stretches])


def test_what_is_copied_from_a_moment_takes_the_record_of_the_assistant_along(window):
    document = draft("Once upon")
    with document.edit(Origin.ASSIST, record=record("r1")) as edit:
        edit.insert(9, " a time")
    show(window, document, before=None)
    window.page.copy_text()
    data = QGuiApplication.clipboard().mimeData()
    assert data is not None
    assert records_of_mime(data) == (record("r1"),)


def test_what_is_copied_from_a_moment_is_the_text_as_it_was_suggested(window):
    document = draft("We ")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "plant", {"deletion": "change:1"})
        edit.insert(8, "grow", {"insertion": "change:1"})
    show(window, document, before=None)
    window.page.copy_text()
    assert QGuiApplication.clipboard().text() == "We grow"


# Words


def test_what_is_said_above_the_page_is_read_out_once_however_often_the_moments_are_looked_at(window, heard) -> None:
    for sentence in ("You may look.", "You may look.", "", "You may look."):
        window.show_notice("information", sentence)
    assert heard == ["You may look."] * 2


def test_a_name_is_said_before_all_else_with_who_gave_it_and_when(window: HistoryWindow) -> None:
    rows = named_rows("<b>Sent</b>")
    assert told(rows[1], NOW).startswith("“<b>Sent</b>”, named by Ben today at ")
    assert "named" not in told(rows[0], NOW)
    window.show_moments(rows, NOW)
    window.show_at(1)
    shown = [each.accessibleName() for each in window.findChildren(QLabel)]
    assert "“<b>Sent</b>”" in shown
    assert any("named by Ben today at " in each for each in shown)
    assert window.slider.accessibleDescription().startswith("“<b>Sent</b>”")
    index = window.moments.currentIndex()
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == told(rows[1], NOW)
    assert window.moments.sizeHintForIndex(index).height() > window.moments.sizeHintForRow(1)


def test_the_list_is_narrowed_to_named_versions_and_gone_through_by_keys(window: HistoryWindow, qtbot: QtBot) -> None:
    assert not window.only_named.isVisible()  # there are none
    rows = (*named_rows(), replace(row(1, ADA), name=RowName("Final", ADA, NOW)))
    window.show_moments(rows, NOW)
    window.show_at(3)
    QTest.mouseClick(window.only_named, Qt.MouseButton.LeftButton, pos=QPoint(8, window.only_named.height() // 2))
    model = window.moments.model()
    places = [model.index(line, 0).data(PLACE_ROLE) for line in range(model.rowCount())]
    assert places == [-1, 3, 1]
    assert window.moments.currentIndex().data(PLACE_ROLE) == 3
    with qtbot.waitSignal(window.moment_wanted) as wanted:
        QTest.keyClick(window.moments, Qt.Key.Key_Down)
    assert wanted.args == [1]
    window.show_at(2)  # which is not listed
    assert not window.moments.currentIndex().isValid()
    with qtbot.waitSignal(window.moment_wanted) as wanted:
        QTest.keyClick(window.moments, Qt.Key.Key_Down)
    assert wanted.args == [3]
    window.show_moments(ROWS, NOW)  # the names are gone
    assert window.moments.model().rowCount() == 5
    assert not window.only_named.isVisible()


@pytest.mark.parametrize("part", ["page", "slider", "moments"])
def test_arrows_with_ctrl_go_from_one_named_version_to_the_next(window: HistoryWindow, qtbot: QtBot, part: str) -> None:
    rows = (*named_rows(), replace(row(1, ADA), name=RowName("Final", ADA, NOW)))
    window.show_moments(rows, NOW)
    for at, which, wanted in ((0, Qt.Key.Key_Right, 1), (1, Qt.Key.Key_Right, 3), (3, Qt.Key.Key_Left, 1)):
        window.show_at(at)
        with qtbot.waitSignal(window.moment_wanted) as told_:
            QTest.keyClick(getattr(window, part), which, Qt.KeyboardModifier.ControlModifier)
        assert told_.args == [wanted]
    for at, which in ((3, Qt.Key.Key_Right), (1, Qt.Key.Key_Left)):
        window.show_at(at)
        with qtbot.assertNotEmitted(window.moment_wanted):
            QTest.keyClick(getattr(window, part), which, Qt.KeyboardModifier.ControlModifier)


def test_what_can_be_done_about_a_name_is_offered_with_the_reason_where_it_cannot(
    window: HistoryWindow, qtbot: QtBot
) -> None:
    window.allow_naming("", renames=True)
    assert (window.name.text(), window.name.accessibleName()) == ("Rename…", "Rename")
    with qtbot.waitSignal(window.name.clicked):
        window.name.click()
    window.allow_naming("You are offline.", renames=False)
    assert (window.name.text(), window.name.isEnabled()) == ("Name…", False)
    assert window.name.toolTip() == window.name.accessibleDescription() == "You are offline."
    with qtbot.waitSignal(window.since.toggled) as wanted:
        window.since.click()
    assert wanted.args == [True]
    window.show_compared("", "“Sent to Ben”, today at 14:00")
    assert window.head.when.accessibleName() == "Since “Sent to Ben”, today at 14:00"
    assert window.since.isChecked()
    window.show_compared("")
    assert not window.since.isChecked()


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
    buttons = (window.compare, window.since, window.copy, window.name, window.restore, window.end)
    qtbot.waitUntil(lambda: all(each.mapTo(window, each.rect().topRight()).x() < 480 for each in buttons))
    font.setPointSize(2 * size)
    window.head.when.setFont(font)
    for width in range(480, 1900, 20):  # of two, the time is more than what a button says beside its drawing
        window.head.fit(width, is_full=True)
        words = sum(each.fontMetrics().horizontalAdvance(each.text()) for each in buttons)
        left = width - window.head.minimumWidth() - words
        assert not words or left >= window.head.when.fontMetrics().horizontalAdvance("Today 12:00")
    window.resize(1900, 700)
    qtbot.waitUntil(lambda: all(each.text() for each in buttons))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_gives_a_name_and_stays_until_that_is_done(qtbot: QtBot, theme: str) -> None:
    dialog = NameDialog(named(theme), "", "It stands for now.", 100)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.give.isEnabled()
    assert not dialog.take.isVisible()
    assert doubled(["&Name of the version", dialog.give.text(), dialog.take.text()]) == []
    QTest.keyClicks(dialog.name, "  Sent ")
    with qtbot.waitSignal(dialog.name_wanted) as wanted:
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert wanted.args == ["Sent"]
    assert dialog.isVisible()
    assert not dialog.give.isEnabled()
    dialog.show_problem("You are offline.")
    assert dialog.message.isVisible()
    assert dialog.give.isEnabled()
    QTest.keyClicks(dialog.name, "!")
    assert not dialog.message.isVisible()
    again = NameDialog(named(theme), "Sent", "It stands for then.", 100)
    qtbot.addWidget(again)
    again.show()
    assert not again.give.isEnabled()  # it is called so already
    with qtbot.waitSignal(again.name_wanted) as wanted:
        again.take.click()
    assert wanted.args == [""]


# Who is who


# Colours


def test_only_what_the_moment_added_is_underlined_also_within_one_authors_text(window: HistoryWindow) -> None:
    show(window, draft("We meet on Monday."), (0, 18, ADA), before=draft("").state())
    theme = window.page._theme
    image = window.page.viewport().grab().toImage()
    seen = colours(image)
    assert theme.tint(ADA.color, strong=True) in seen
    assert theme.tint(ADA.color) not in seen
    show(window, draft("We meet on Monday."), (0, 18, ADA), before=None)
    image = window.page.viewport().grab().toImage()
    seen = colours(image)
    assert theme.tint(ADA.color) in seen
    assert {theme.tint(ADA.color, strong=True), theme.person(ADA.color)}.isdisjoint(seen)


def test_of_a_single_author_only_what_the_moment_added_has_their_colour(window: HistoryWindow) -> None:
    page, theme = window.page, window.page._theme
    window.show_moments(ROWS[:1], NOW)
    document = draft("Old words.")
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(10, " New ones.")
    show(window, document, (0, 20, ADA), before=before)
    seen = colours(page.viewport().grab().toImage())
    assert theme.tint(ADA.color) not in seen
    assert theme.tint(ADA.color, strong=True) in seen


def test_text_that_runs_from_right_to_left_is_tinted_where_it_stands(window: HistoryWindow) -> None:
    show(window, draft("يجلب ليلى Musik"), (0, 15, BEN), before=None)
    page = window.page
    image = page.viewport().grab().toImage()
    tint = page._theme.tint(BEN.color)
    columns = [x for x in range(image.width()) if any(image.pixelColor(x, y).name() == tint for y in range(120))]
    line = page.document().firstBlock().layout().lineAt(0).naturalTextRect()
    left = page.document().rootFrame().frameFormat().leftMargin()
    assert abs(columns[0] - (left + line.left())) < 4
    assert abs(columns[-1] - (left + line.right())) < 4
    assert columns[0] > page.viewport().width() / 2


def test_the_page_names_who_wrote_what_is_pointed_at(window: HistoryWindow) -> None:
    show(window, draft("Ada Ben x"), (0, 4, ADA), (4, 7, BEN), before=None)
    assert [window.page.author_at(at) for at in (0, 3, 4, 6, 7)] == [ADA, ADA, BEN, BEN, None]


def test_what_was_added_far_below_comes_into_view(window: HistoryWindow) -> None:
    lines = [f"line {number}" for number in range(200)]
    document = draft(*lines)
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.length - 1, " new")
    show(window, document, (0, document.length, ADA), before=before)
    assert window.page.verticalScrollBar().value() > 1000


def test_the_page_keeps_its_margins_and_its_text_stays_within_them(window: HistoryWindow, qtbot: QtBot) -> None:
    for words in (20, 4000, 20):
        show(window, draft("word " * words), before=EMPTY_UPDATE)
        for width in (1180, 640, 900):
            window.resize(width, 600)
            QTest.qWait(0)
            page = window.page
            assert page.document().textWidth() == page.viewport().width()
            assert page.document().rootFrame().frameFormat().leftMargin() >= 16


# Keys and sizes


@pytest.mark.parametrize("part", ["page", "slider", "moments"])
@pytest.mark.parametrize(
    ("key", "wanted"), [(Qt.Key.Key_Left, 0), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 2)]
)
def test_arrows_home_and_end_go_through_the_moments(window: HistoryWindow, qtbot: QtBot, part, key, wanted) -> None:
    with qtbot.waitSignal(window.moment_wanted) as told_:
        QTest.keyClick(getattr(window, part), key)
    assert told_.args == [wanted]


def test_up_and_down_in_the_list_step_over_the_days(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.moment_wanted) as told_:
        QTest.keyClick(window.moments, Qt.Key.Key_Down)
    assert told_.args == [0]
    headings = [window.moments.model().index(line, 0) for line in range(window.moments.model().rowCount())]
    assert [index.data() for index in headings if index.data(PLACE_ROLE) < 0] == ["Today", "Yesterday"]


def test_space_plays_and_pauses(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.play.toggled) as told_:
        QTest.keyClick(window.page, Qt.Key.Key_Space)
    assert told_.args == [True]
    window.foot.show_playing(True)
    assert window.play.accessibleName() == "Pause (Space)"


def test_a_click_on_the_slider_goes_there(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.moment_wanted) as told_:
        QTest.mouseClick(window.slider, Qt.MouseButton.LeftButton, pos=QPoint(window.slider.width() - 3, 20))
    assert told_.args == [2]


def test_what_is_shown_was_not_wanted(window: HistoryWindow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.moment_wanted):
        window.show_at(2)
        window.show_moments((*ROWS, row(1, ADA)), NOW)
        window.show_at(3)
    assert window.count.text() == "4 of 4"
    assert window.slider.accessibleDescription() == told(row(1, ADA), NOW)


def test_a_narrow_window_gives_its_room_to_the_page(window: HistoryWindow) -> None:
    assert window.moments.isVisible()
    window.resize(NARROW - 100, 600)
    assert not window.moments.isVisible()
    assert window.slider.isVisible()
    assert window.minimumSizeHint().width() <= 420


def test_a_narrow_window_has_the_list_in_the_place_of_the_page(window: HistoryWindow, qtbot: QtBot) -> None:
    window.show_moments(named_rows(), NOW)
    assert not window.list.isVisible()
    window.resize(NARROW - 250, 600)
    window.list.click()
    assert window.moments.isVisible()
    assert window.only_named.isVisible()
    assert not window.page.isVisible()
    qtbot.waitUntil(lambda: window.moments.width() > window.width() - 20)
    QTest.keyClick(window.moments, Qt.Key.Key_Down)
    assert window.moments.isVisible()
    place = window.moments.visualRect(window.moments.model().index(1, 0)).center()
    with qtbot.waitSignal(window.moment_wanted) as wanted:
        QTest.mouseClick(window.moments.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == [2]
    assert window.page.isVisible()
    assert not window.moments.isVisible()
    window.list.click()
    QTest.keyClick(window.moments, Qt.Key.Key_Escape)
    assert window.page.isVisible()
    window.list.click()
    window.resize(NARROW, 600)
    assert window.page.isVisible()
    assert window.moments.isVisible()
    qtbot.waitUntil(lambda: window.moments.width() < NARROW / 2)


def test_a_name_that_looks_like_markup_is_shown_sign_by_sign(window: HistoryWindow) -> None:
    window.show_moments([row(5, Author(1, "Ada <b>Byron</b>", ADA.color))], NOW)
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
    assert not any(part.isVisible() for part in (window.page, window.slider, window.restore, window.copy))


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
    window.legend.show_authors(many)
    lines = [each for each in window.legend.findChildren(QWidget) if each.accessibleName().startswith("Writer ")]
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
    there = window.moments.visualRect(window.moments.currentIndex()).center()
    menu = asked_for_menu(window.moments, there)
    entries = {action.text().replace("&", ""): action for action in menu.actions()}
    assert list(entries) == ["Since then", "Name…", "Copy text", "Restore…"]
    assert (entries["Name…"].isEnabled(), entries["Name…"].toolTip()) == (False, "You are offline.")
    with qtbot.waitSignal(window.restore.clicked):
        entries["Restore…"].trigger()
    menu.close()
    show(window, draft("Once upon a time"), before=None)
    menu = asked_for_menu(window.page, QPoint(40, 40))
    entries = {action.text().replace("&", ""): action for action in menu.actions()}
    assert list(entries) == ["Copy text", "Select all", "Restore…"]
    entries["Select all"].trigger()
    assert window.page.textCursor().selectedText() == "Once upon a time"
    with qtbot.waitSignal(window.restore.clicked):
        entries["Restore…"].trigger()
    menu.close()
