"""The log of decisions: searching, narrowing, months, and what is read out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QStylePainter

from cowrite.core.decisions.decisions import Status
from cowrite.gui.decisions.log import DecisionLog, in_lines
from cowrite.gui.decisions.values import Row, by_month, matching, month
from helpers.copies import copy_of
from helpers.decision_desk import CTRL, row

Key = Qt.Key


def test_the_log_is_searched_by_all_words_of_all_fields():
    rows = [row("a", words="What to plant\nHerbs, because cheap"), row("b", words="What to paint, don’t we?")]

    assert [each.id for each in matching(rows, "plant CHEAP", "all")] == ["a"]
    assert [each.id for each in matching(rows, "what", "all")] == ["a", "b"]
    assert [each.id for each in matching(rows, "we don't", "all")] == ["b"]


@pytest.mark.parametrize(
    ("kind", "ids"),
    [("all", "abcd"), ("accepted", "b"), ("due", "c"), ("stale", "d"), ("proposed", "acd"), ("rejected", "")],
)
def test_the_log_is_narrowed_to_a_status_and_to_what_needs_a_look(kind, ids):
    rows = [row("a"), row("b", status="Accepted"), row("c", is_due=True), row("d", is_stale=True)]

    assert "".join(each.id for each in matching(rows, "", kind)) == ids


def test_the_timeline_has_the_newest_month_first():
    rows = [row("a", day="2026-10-02"), row("b", day="2026-11-01"), row("c", day="2026-10-30"), row("d", day="")]

    assert [(name, [each.id for each in group]) for name, group in by_month(rows)] == [
        ("November 2026", ["b"]), ("October 2026", ["c", "a"]), ("Without a date", ["d"]),
    ]  # fmt: skip
    assert month("2026-13-01") == "Without a date"


def test_of_several_decisions_of_one_day_the_newest_is_at_the_top(qtbot):
    log = DecisionLog()
    qtbot.addWidget(log)
    log.show_rows([row("a", day="2026-11-01"), row("b", day="2026-11-02"), row("c", day="2026-11-02")])
    assert log.ids() == ["c", "b", "a"]

    log.order.setCurrentIndex(log.order.findData("oldest"))
    assert log.ids() == ["a", "b", "c"]
    log.order.setCurrentIndex(log.order.findData("timeline"))
    assert log.ids() == ["c", "b", "a"]


def test_searching_and_choosing_in_the_log_by_keyboard_and_by_month_over_headings(desk):
    for question in ("Who waters?", "What do we plant?", "What do we paint?"):
        desk.add(question, decided_on="2026-11-01")
    desk.draft.brainstorming.show("decisions")
    desk.press(Key.Key_F, CTRL)
    desk.type("plant")
    assert [desk.decisions.get(id).question for id in desk.view.log.ids()] == ["What do we plant?"]

    desk.view.log.list.setFocus()
    desk.press(Key.Key_Down)
    desk.press(Key.Key_Return)
    assert desk.shown.question == "What do we plant?"
    assert desk.focus.accessibleName() == "Outcome"

    for id in [each.id for each in desk.decisions.all()]:
        desk.decisions.remove(id)
    days = ("2026-09-01", "2026-10-01", "2026-11-01")
    for day in days:
        desk.add(day, decided_on=day)
    log = desk.view.log
    log.search.clear()
    log.order.setCurrentIndex(log.order.findData("timeline"))
    words = [log.list.item(at).text() for at in range(log.list.count())]
    assert words == [
        "November 2026", "2026-11-01", "October 2026", "2026-10-01", "September 2026", "2026-09-01",
    ]  # fmt: skip
    log.list.setCurrentRow(1)
    log.list.setFocus()
    desk.press(Key.Key_Down)
    assert desk.shown.question == "2026-10-01"


def test_the_menu_of_a_decision_in_the_log_offers_what_its_card_does(desk):
    desk.add("What do we plant?", outcome="Herbs.")
    desk.go_to(desk.add("Who waters?", outcome="Bo."))
    listed = desk.view.log.list
    (row,) = [listed.item(at) for at in range(listed.count()) if listed.item(at).text() == "What do we plant?"]
    there = listed.visualItemRect(row).center()
    QTest.mousePress(listed.viewport(), Qt.MouseButton.RightButton, pos=there)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, there, listed.viewport().mapToGlobal(there))
    QApplication.sendEvent(listed.viewport(), asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text().replace("&", "") for action in menu.actions()] == [
        "Accept", "Reject", "Put into the draft", "Remove\tDel",
    ]  # fmt: skip
    menu.actions()[0].trigger()
    menu.close()
    assert desk.shown.outcome == "Herbs."
    assert desk.shown.status is Status.ACCEPTED


def test_the_marks_of_a_line_have_as_many_lines_of_their_own_as_they_need(qtbot):
    log = DecisionLog()
    qtbot.addWidget(log)
    plain = Row("d:1", "What?", "Herbs.", "Accepted", "2026-01-01")
    log.show_rows([plain, replace(plain, id="d:2", is_due=True, is_stale=True, succession="To be superseded")])
    log.resize(300, 400)
    log.show()
    metrics = log.list.fontMetrics()
    marked, unmarked = (log.list.visualItemRect(log.list.item(at)).height() for at in range(2))
    assert marked == unmarked + 2 * metrics.height()

    words = ("To be superseded", "Due for review", "Evidence changed")
    narrow, wide = metrics.horizontalAdvance(words[0]) + 10, metrics.horizontalAdvance(" · ".join(words))
    assert in_lines(words, narrow, metrics) == list(words)
    assert in_lines(words, wide, metrics) == [" · ".join(words)]
    assert in_lines((), wide, metrics) == []


def test_a_teammates_decision_appears_without_moving_the_person_and_is_read_out_with_its_marks(desk):
    desk.go_to(desk.add("mine"))
    desk.tab_to("Context")
    mate = copy_of(desk.draft.document)
    fields = {"status": "accepted", "outcome": "x", "decided_on": "2026-01-01", "review_on": "2026-02-01"}
    mate.entries("decisions").add("decision:mate", {"question": "theirs", "created": 5, **fields})
    desk.draft.document.apply_remote(mate.state())

    assert "decision:mate" in desk.view.log.ids()
    assert desk.shown.question == "mine"
    assert desk.focus.accessibleName() == "Context"
    listed = desk.view.log.list
    spoken = [listed.item(at).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(listed.count())]
    assert "theirs, Accepted, 2026-01-01, due for review" in spoken


def test_where_the_log_is_narrow_what_it_shows_ends_in_dots(qtbot, monkeypatch):
    log = DecisionLog()
    qtbot.addWidget(log)
    log.resize(log.minimumSizeHint().width(), 300)
    log.show()
    said: list[str] = []
    monkeypatch.setattr(QStylePainter, "drawControl", lambda _painter, _part, option: said.append(option.currentText))
    log.filter.grab()
    assert said
    assert all(words.endswith("…") and log.filter.currentText().startswith(words[:-1]) for words in said)


def test_where_all_is_mirrored_the_head_is_as_far_from_its_edges(desk):
    view = desk.view
    desk.go_to(desk.add("What?"))
    left = view.new.mapTo(view, view.new.rect().topLeft()).x()
    beside = view.width() - left - view.new.width()
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    desk.until(lambda: view.new.mapTo(view, view.new.rect().topLeft()).x() < view.width() // 2)
    assert view.new.mapTo(view, view.new.rect().topLeft()).x() == beside > 0
    assert view.tabs.mapTo(view, view.tabs.rect().topRight()).x() == view.width() - 1


def test_what_is_found_begins_at_the_top_or_with_the_one_that_is_shown(qtbot):
    log = DecisionLog()
    qtbot.addWidget(log)
    log.show_rows([row(f"d:{at}", question=f"{'Even' if at % 2 else 'Odd'} {at}", day=f"2026-01-{at:02}",
                       words=f"{'Even' if at % 2 else 'Odd'} {at}") for at in range(1, 29)])  # fmt: skip
    log.resize(300, 400)
    log.show()
    log.show_current("d:2")
    bar = log.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    log.search.setText("even")
    assert bar.value() == 0
    assert log.current() == ""
    log.search.clear()
    log.show_current("d:2")
    log.order.setCurrentIndex(log.order.findData("oldest"))
    log.order.setCurrentIndex(log.order.findData("newest"))
    assert log.list.viewport().rect().contains(log.list.visualItemRect(log.list.currentItem()))
    assert bar.value() > 0


def test_a_line_without_an_outcome_leaves_no_room_for_one(qtbot):
    log = DecisionLog()
    qtbot.addWidget(log)
    log.show_rows([Row("d:1", "What?", "Herbs.", "Accepted", "2026-01-01"), Row("d:2", "Who?", "", "Proposed", "")])
    log.show()
    heights = {log.list.visualItemRect(log.list.item(at)).height() for at in range(2)}
    assert max(heights) - min(heights) == log.list.fontMetrics().height()
