"""The fields of a decision: what is too long for them, what is typed in them and undone, and days."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QTableView, QWidget

from cowrite.gui.decisions.day_field import DayPopup
from cowrite.gui.decisions.fields import ShortenedLine
from helpers.copies import copy_of
from helpers.decision_desk import CTRL

Key = Qt.Key


def test_what_is_longer_than_its_line_begins_where_it_begins_ends_in_dots_and_is_read_whole_under_the_pointer(desk):
    desk.go_to(desk.add("What?"))
    assert desk.card.rule.toolTip() == "How is it decided?"
    rule = "Consent: nobody objects for a reason that would do harm"
    desk.decisions.put(desk.card.shown, rule=rule)
    assert desk.card.rule.toolTip() == rule
    assert desk.card.rule.accessibleName() == "Rule"

    desk.tab_to("Decider")
    field, name = desk.card.decider, "Wolfeschlegelsteinhausenbergerdorff " * 2 + "senior"
    desk.type(name)
    desk.press(Key.Key_Tab)
    assert field.toolTip() == name
    assert field.cursorPosition() == 0

    desk.tab_to("Rule")
    desk.press(Key.Key_A, CTRL)
    desk.type("everybody agrees in the end")
    desk.press(Key.Key_Tab)
    assert desk.card.rule.lineEdit().cursorPosition() == 0

    desk.decisions.put(desk.card.shown, decider="the gardening committee and the mayor")
    desk.draft.window.resize(820, 760)
    desk.tab_to("Question")  # nobody writes in them
    for line in (field, desk.card.rule.lineEdit()):
        assert dots_at(line) == ["right"], line.text()


@pytest.mark.parametrize("window", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize(
    ("words", "side"), [("everybody agrees in the end", "right"), ("כולם מסכימים בסופו של דבר", "left")]
)
def test_the_dots_of_a_line_stand_where_its_words_go_on_whichever_way_the_window_is_read(qtbot, words, side, window):
    around = QWidget()
    qtbot.addWidget(around)
    around.setLayoutDirection(window)
    line = ShortenedLine(words, around)
    line.resize(120, line.sizeHint().height())
    line.setCursorPosition(0)
    assert dots_at(line) == [side]


def dots_at(line: QLineEdit) -> list[str]:
    """At which ends of what is painted within its frame there is nothing higher than a dot."""
    image, frame = line.grab().toImage(), 5
    ground = image.pixelColor(image.width() // 2, frame)
    columns = range(frame, image.width() - frame)
    rows = range(frame, image.height() - frame)
    high = {x: sum(image.pixelColor(x, y) != ground for y in rows) for x in columns}
    inked = [x for x in columns if high[x]]
    return [side for side, end in (("left", inked[:4]), ("right", inked[-4:])) if max(high[x] for x in end) <= 3]


def test_a_burst_of_typing_is_one_step_of_undo_and_leaving_a_field_or_a_pause_begins_another(desk):
    desk.go_to(desk.add("What?"))
    desk.tab_to("Context")
    desk.type("The bed is empty")
    desk.tab_to("Decider")
    desk.type("Ada")
    assert (desk.shown.context, desk.shown.decider) == ("The bed is empty", "Ada")

    desk.undo()
    assert (desk.shown.context, desk.shown.decider) == ("The bed is empty", "")
    desk.undo()
    assert desk.shown.context == ""
    assert desk.card.fields["context"].toPlainText() == ""
    desk.press(Key.Key_Y, CTRL)
    assert desk.shown.context == "The bed is empty"

    desk.new()
    desk.type("What")
    desk.tab_to("Context")
    desk.press(Key.Key_Backtab)
    desk.type("?")
    assert desk.shown.question == "What?"
    desk.undo()
    assert desk.shown.question == "What"

    desk.tab_to("Context")
    desk.type("The bed")
    desk.draft.decisions.flow._burst.timeout.emit()
    desk.type(" is empty")
    desk.undo()
    assert desk.shown.context == "The bed"


def test_two_people_type_in_one_field_and_both_keep_their_place_also_between_spaces_at_which_no_line_breaks(desk):
    id = desk.add("What?", outcome="We plant herbs")
    desk.go_to(id)
    field = desk.card.fields["outcome"]
    field.setFocus()
    desk.press(Key.Key_End)
    mate = copy_of(desk.draft.document)
    desk.type(" and")
    mate.entries("decisions").change(id, {"outcome": "Tomorrow we plant herbs"})
    desk.draft.document.apply_remote(mate.state())
    desk.type(" mint")

    assert field.toPlainText() == desk.shown.outcome == "Tomorrow we plant herbs and mint"

    id = desk.add("a\u00a0b\u00a0c")
    desk.go_to(id)
    field = desk.card.fields["question"]
    field.setFocus()
    cursor = field.textCursor()
    cursor.setPosition(2)
    field.setTextCursor(cursor)
    desk.decisions.put(id, context="x")
    desk.type("d")
    assert desk.shown.question == "a\u00a0db\u00a0c"


def test_a_day_that_is_none_is_not_taken(desk):
    desk.go_to(desk.add("What?"))
    desk.tab_to("Review on")
    desk.type("2027-02-30")
    assert desk.shown.review_on == ""
    assert desk.card.review_on.property("tone") == "problem"

    desk.press(Key.Key_Backspace)
    desk.press(Key.Key_Backspace)
    desk.type("28")
    assert desk.shown.review_on == "2027-02-28"
    assert not desk.card.review_on.property("tone")
    for typed, goes_on, day in (
        ("2027. 03. 01.", Key.Key_Return, "2027-03-01"),
        ("2027.3.2", Key.Key_Tab, "2027-03-02"),
    ):
        desk.card.review_on.selectAll()
        desk.type(typed)
        desk.press(goes_on)
        assert (desk.shown.review_on, desk.card.review_on.text()) == (day, day)
    assert not desk.card.review_on.property("tone")


def test_a_day_is_chosen_in_a_calendar_by_keys_and_taken_back_at_once(desk):
    desk.go_to(desk.add("What?", review_on="2027-02-28"))
    desk.tab_to("Review on")
    desk.press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, DayPopup)
    assert "Review on" in popup.accessibleName()
    view = popup.calendar.findChild(QTableView)
    QTest.keyClick(view, Key.Key_Down)
    QTest.keyClick(view, Key.Key_Return)
    assert desk.shown.review_on == "2027-03-07"
    desk.until(lambda: QApplication.activePopupWidget() is None and desk.card.review_on.hasFocus())
    desk.press(Key.Key_Z, CTRL)
    desk.until(lambda: desk.card.review_on.text() == desk.shown.review_on == "2027-02-28")
    desk.press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = QApplication.activePopupWidget()
    QTest.keyClick(popup.calendar.findChild(QTableView), Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert desk.shown.review_on == "2027-02-28"
    desk.card.review_on.choose()
    next(each for each in QApplication.activePopupWidget().findChildren(QPushButton) if each.text() == "No day").click()
    assert desk.shown.review_on == ""
    desk.card.review_on.choose()
    desk.card.show_read_only(True)
    next(each for each in QApplication.activePopupWidget().findChildren(QPushButton) if each.text() == "Today").click()
    assert desk.card.review_on.text() == desk.shown.review_on == ""
    desk.press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert QApplication.activePopupWidget() is None
