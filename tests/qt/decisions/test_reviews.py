"""Reviews and actions: what comes back on its day, and what was agreed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QAbstractButton

from cowrite.app.decisions import decisions as draft_decisions
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Status
from cowrite.core.decisions.reviews import Finding
from cowrite.gui.decisions.view import ACTIONS, LOG
from helpers.called import the
from helpers.decision_desk import DecisionDesk
from helpers.desk import notices

Key = Qt.Key


def test_a_review_asks_whether_it_held_and_sets_the_next_day_and_can_come_before_its_day(desk):
    id = desk.add("What?", status=Status.ACCEPTED, outcome="x", review_on="2026-01-01")
    desk.go_to(id)
    assert desk.card.review.question.text() == "It is due for review. Did it hold?"
    desk.tab_to("What has been seen since")
    desk.type("They grow")
    desk.push("It held, as this review finds")

    (review,) = desk.shown.reviews
    assert (review.finding, review.note, review.by) == (Finding.HELD, "They grow", "Ada")
    assert desk.shown.review_on > review.on
    assert "It held (Ada). They grow" in desk.card.review.past.text()

    desk.go_to(desk.add("And what?", status=Status.ACCEPTED, outcome="x", review_on="2026-01-01"))
    desk.tab_to("Next look back on")
    desk.press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.type("2999-01-01")
    desk.add("What else?")  # while others write
    desk.push("It held, as this review finds")
    assert desk.shown.review_on == "2999-01-01"

    desk.go_to(desk.add("Who?", status=Status.ACCEPTED, outcome="x", review_on="2999-01-01"))
    assert desk.card.review.asked.isHidden()
    desk.push("Say whether the decision has held")
    assert desk.focus.accessibleName() == "What has been seen since"
    desk.push("It changed, as this review finds")
    assert [review.finding for review in desk.shown.reviews] == [Finding.CHANGED]
    assert desk.card.review.asked.isHidden()


def test_what_one_begins_to_note_of_a_decision_is_noted_of_no_other_and_undone_by_letters(desk):
    one, other = (desk.add(name, status=Status.ACCEPTED, outcome="x", review_on="2026-01-01") for name in ("1", "2"))
    desk.go_to(one)
    desk.tab_to("What has been seen since")
    desk.type("They grow")
    desk.go_to(other)
    assert desk.card.review.note.text() == ""
    desk.go_to(one)
    assert desk.card.review.note.text() == "They grow"

    desk.tab_to("What has been seen since")
    desk.type("!")
    desk.undo()
    assert desk.card.review.note.text() == "They grow"
    assert {each.id for each in desk.decisions.all()} == {one, other}


def test_the_notice_of_what_is_due_comes_on_opening_leads_there_and_goes_with_the_last_review(tmp_path, qtbot):
    desk = DecisionDesk(tmp_path / "home", qtbot, "words")
    for question in ("one", "two", "three"):
        day = "2026-01-01" if question != "three" else "2999-01-01"
        desk.add(question, status=Status.ACCEPTED, outcome="x", review_on=day)
    over = desk.add("over", status=Status.ACCEPTED, outcome="x", review_on="2026-01-01")
    desk.add("new", status=Status.ACCEPTED, outcome="x", supersedes=over)
    assert "due" not in notices(desk.draft)
    path = desk.draft.path
    assert desk.draft.window.close()

    desk.draft = desk.desk.open(path)
    assert "\n2 decisions are due for review." in f"\n{notices(desk.draft)}"
    assert desk.draft.brainstorming._brainstorm is None
    desk.draft.window.notices.answered.emit("reviews", "show")

    assert desk.draft.window.views.name == "decisions"
    assert sorted(desk.decisions.get(id).question for id in desk.view.log.ids()) == ["one", "two"]
    assert desk.shown.question in ("one", "two")
    assert desk.draft.window.close()

    desk.draft = desk.desk.open(path)
    bar = desk.draft.window.notices
    due = [each.id for each in desk.decisions.all() if each.question in ("one", "two")]
    for id, left in zip(due, (["reviews"], []), strict=True):
        desk.go_to(id)
        desk.card.review.answers["held"].click()
        assert bar.ids() == left
        assert not left or "One decision is due for review." in notices(desk.draft)
    desk.leave()


def test_a_decision_is_said_to_be_due_on_its_day_where_the_window_has_stayed_open_since(desk, monkeypatch):
    desk.go_to(desk.add("What?", status=Status.ACCEPTED, outcome="x", review_on="2999-01-02"))

    def begins(day: str) -> None:
        noon = QDateTime.fromString(f"{day}T12:00:00", Qt.DateFormat.ISODate).toMSecsSinceEpoch()
        monkeypatch.setattr(desk.brainstorm, "clock", lambda: noon)
        monkeypatch.setattr(draft_decisions, "today", lambda: day)
        desk.draft.decisions._day_timer.timeout.emit()

    begins("2999-01-01")
    assert "due" not in notices(desk.draft)
    assert desk.card.review.asked.isHidden()
    begins("2999-01-02")
    assert "One decision is due for review." in notices(desk.draft)
    assert desk.card.review.question.text() == "It is due for review. Did it hold?"
    desk.draft.window.notices.remove("reviews")
    begins("2999-01-03")
    assert notices(desk.draft) == ""  # nothing else is due


def test_an_action_is_agreed_ticked_off_and_listed_by_keyboard(desk):
    desk.go_to(desk.add("What?"))
    desk.push("Add what somebody will do")
    desk.type("it is Monday")
    desk.tab_to("Action 1")
    desk.type("I water")
    desk.tab_to("Who does action 1")
    desk.type("Ada")
    desk.tab_to("By when action 1 is to be done")
    desk.type("2026-01-01")

    (action,) = desk.decisions.actions.all()
    assert (action.when, action.what, action.owner, action.due) == ("it is Monday", "I water", "Ada", "2026-01-01")
    assert action.decision == desk.card.shown
    assert not desk.card.action_rows.column.rows[0].overdue.isHidden()

    desk.view.show_page("actions")
    assert desk.view.tabs.tabText(ACTIONS) == "Actions (1)"
    (row,) = desk.view.action_page.rows.column.rows
    row.done.setFocus()
    desk.press(Key.Key_Space)
    assert desk.decisions.actions.all()[0].is_done
    assert desk.view.tabs.tabText(ACTIONS) == "Actions"
    assert not desk.view.action_page.rows.column.rows


def test_the_list_of_actions_begins_with_the_most_urgent_leads_to_the_decision_and_has_one_added(desk):
    id = desk.add("What do we plant?")
    desk.decisions.actions.add(Action("", "later", due="2999-01-01", decision=id))
    desk.decisions.actions.add(Action("", "some day"))
    desk.decisions.actions.add(Action("", "now", due="2026-01-01"))
    desk.draft.brainstorming.show("decisions")
    assert desk.view.tabs.tabText(ACTIONS) == "Actions (3)"
    assert not desk.view.action_page.rows.column.rows  # nobody sees them yet
    desk.view.show_page("actions")

    rows = desk.view.action_page.rows.column.rows
    assert [row.what.text() for row in rows] == ["now", "later", "some day"]
    assert [row.overdue.isHidden() for row in rows] == [False, True, True]
    rows[1]._decision.click()
    assert desk.card.shown == id
    assert desk.view.tabs.currentIndex() == LOG

    done = desk.decisions.actions.add(Action("", "over", is_done=True))
    desk.go_to(done)
    assert desk.view.tabs.currentIndex() == ACTIONS
    assert desk.focus.text() == "over"

    the(desk.view.action_page, QAbstractButton, "Add an action").setFocus()
    desk.press(Key.Key_Space)
    desk.type("I call the bank")
    assert "I call the bank" in [action.what for action in desk.decisions.actions.all()]


def test_what_is_typed_on_in_an_action_that_a_teammate_ticks_off_ticks_no_other(desk):
    first, _ = (desk.decisions.actions.add(Action("", words, created=at)) for at, words in enumerate(("one", "two"), 1))
    desk.go_to(first)
    desk.press(Key.Key_End)
    desk.type(" a")
    desk.decisions.actions.change(replace(desk.decisions.actions.all()[0], is_done=True))
    desk.type(" b")
    assert [(each.what, each.is_done) for each in desk.decisions.actions.all()] == [("one a", True), ("two", False)]


def test_typing_in_an_action_is_one_step_and_a_tick_another(desk):
    id = desk.decisions.actions.add(Action("", ""))
    desk.draft.brainstorming.show("decisions")
    desk.view.show_page("actions")
    (row,) = desk.view.action_page.rows.column.rows
    row.what.setFocus()
    desk.type("water")
    row.done.setFocus()
    desk.press(Key.Key_Space)

    desk.undo()
    (action,) = desk.decisions.actions.all()
    assert (action.what, action.is_done) == ("water", False)
    desk.undo()
    assert [(each.id, each.what) for each in desk.decisions.actions.all()] == [(id, "")]
