"""The view of decisions under a person's hands: made, written, accepted, found again, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from cowrite.core.board import Note, Place
from cowrite.core.decisions import Action, Argument, Choice, Decision, Status
from cowrite.core.document import Document
from cowrite.core.grounds import Ground
from cowrite.core.origin import Origin
from cowrite.core.polls import Ballot, Option, Poll, PollKind
from cowrite.core.reviews import Finding
from cowrite.gui.decisions.values import Row, by_month, matching, month
from cowrite.gui.theme import named
from helpers.decision_desk import CTRL, DecisionDesk
from helpers.desk import notices

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[DecisionDesk]:
    desk = DecisionDesk(tmp_path / "home", qtbot, "We plant herbs. We need water.")
    yield desk
    desk.leave()


# Making one


def test_a_decision_is_made_written_and_accepted_by_keyboard_alone(desk):
    desk.draft.editor.set_caret(0)
    desk.new()
    desk.type("What do we plant?")
    assert not desk.card.commands["accept"].isEnabled()
    desk.tab_to("Outcome")
    desk.type("Herbs.")
    desk.push("Accept the decision")

    decision = desk.shown
    assert (decision.question, decision.outcome, decision.status) == ("What do we plant?", "Herbs.", Status.ACCEPTED)
    assert desk.card.status.text() == "Accepted"


def test_accepting_says_what_it_still_needs(desk):
    desk.go_to(desk.add("What?"))
    assert desk.card.hindrance.text() == "To accept it: Write the outcome first, in your own words."
    assert not desk.card.hindrance.isHidden()

    desk.decisions.put(desk.card.shown, outcome="Herbs.")
    assert desk.card.hindrance.isHidden()


def test_a_selected_passage_becomes_the_evidence_of_a_new_decision(desk):
    desk.draft.editor.set_caret(15, 0)
    desk.new()

    assert [evidence.quote for evidence in desk.shown.evidence] == ["We plant herbs."]
    assert desk.focus.accessibleName() == "Question"


def test_a_decision_of_notes_has_them_as_options(desk):
    one, two = desk.brainstorm.write([Note("", "herbs", Place(0, 0)), Note("", "roses", Place(0, 0))])
    desk.draft.brainstorming.decisions.new_from([one, two])

    assert [box.text.text() for box in desk.card.options.boxes] == ["herbs", "roses"]
    assert desk.shown.notes == (one, two)


def test_a_decision_of_a_closed_vote_has_its_stances_and_dissent(desk):
    poll = desk.brainstorm.polls.open(Poll("", PollKind.CONSENT, "Herbs?", (Option("o:1", "herbs"),)))
    assert desk.draft.brainstorming.decisions.new_from([poll]) == ""
    assert "when it is closed" in notices(desk.draft)

    ballots = [Ballot(position="consent", voter="Ada"), Ballot(position="objection", reason="too dear", voter="Bo")]
    desk.brainstorm.polls.close(poll, ballots)
    desk.draft.brainstorming.decisions.new_from([poll])

    assert desk.card.fields["dissent"].toPlainText() == "Bo: objection, too dear"
    assert [(row.who.text(), row.position.currentText()) for row in desk.card.stances.rows] == [
        ("Ada", "consent"), ("Bo", "objection"),
    ]  # fmt: skip
    assert desk.card.stances.vote.text() == "The vote: consent: 1 · concern: 0 · objection: 1"


# Writing


def test_a_burst_of_typing_is_one_step_of_undo(desk):
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


def test_a_pause_begins_another_step_of_undo(desk):
    desk.go_to(desk.add("What?"))
    desk.tab_to("Context")
    desk.type("The bed")
    desk.draft.brainstorming.decisions._burst.timeout.emit()
    desk.type(" is empty")

    desk.undo()
    assert desk.shown.context == "The bed"


def test_two_people_type_in_one_field_and_both_keep_their_place(desk):
    id = desk.add("What?", outcome="We plant herbs")
    desk.go_to(id)
    field = desk.card.fields["outcome"]
    field.setFocus()
    desk.press(Key.Key_End)
    mate = Document(clock=lambda: 0)
    mate.apply_remote(desk.draft.document.state())
    desk.type(" and")
    mate.entries("decisions").change(id, {"outcome": "Tomorrow we plant herbs"})
    desk.draft.document.apply_remote(mate.state())
    desk.type(" mint")

    assert field.toPlainText() == desk.shown.outcome == "Tomorrow we plant herbs and mint"


def test_options_and_arguments_are_written_by_keyboard(desk):
    desk.go_to(desk.add("What?"))
    desk.push("Add an option")
    desk.type("Herbs")
    desk.push("Add what speaks for option 1")
    desk.type("cheap")
    desk.push("Add what speaks against option 1")
    desk.type("small")
    box = desk.card.options.boxes[0]
    box.chosen.setFocus()
    desk.press(Key.Key_Space)

    assert desk.shown.options == (Choice("Herbs", (Argument("cheap"),), (Argument("small"),), "", True),)
    box.arguments[0].kind.setFocus()
    desk.press(Key.Key_Down)
    assert desk.shown.options[0].cons == (Argument("cheap"), Argument("small"))


def test_an_argument_keeps_the_idea_that_it_comes_from(desk):
    option = Choice("Herbs", (Argument("cheap", "note:1"),), (), "note:2")
    desk.go_to(desk.add("What?", options=(option,)))
    desk.card.options.boxes[0].arguments[0].text.setFocus()
    desk.press(Key.Key_End)
    desk.type("!")

    assert desk.shown.options == (Choice("Herbs", (Argument("cheap!", "note:1"),), (), "note:2"),)


def test_stances_are_taken_down_by_name(desk):
    desk.go_to(desk.add("What?"))
    desk.push("Add what somebody said of it")
    desk.type("Bo")
    desk.tab_to("What person 1 says")
    desk.press(Key.Key_End)
    desk.tab_to("Reason of person 1")
    desk.type("too dear")

    assert desk.shown.stances == (Ballot(position="object", reason="too dear", voter="Bo"),)


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


def test_a_reader_can_change_nothing_and_go_everywhere(desk):
    id = desk.add("What?", outcome="Herbs.", options=(Choice("herbs"),), stances=(Ballot(position="agree"),))
    desk.decisions.add_action(Action("", "dig", decision=id))
    desk.go_to(id)
    desk.draft.window.show_read_only("You may read this document but not change it.")
    before = desk.draft.document.state()
    for name in ("Question", "Outcome", "Option 1", "Person 1", "Action 1"):
        desk.tab_to(name)
        desk.type("x")
    desk.view.log.list.setFocus()
    desk.press(Key.Key_Delete)
    desk.new()

    assert desk.draft.document.state() == before
    assert all(command.isHidden() for command in desk.card.commands.values())


# Status and links


def test_a_superseded_decision_and_its_successor_lead_to_each_other(desk):
    old = desk.add("What?", status=Status.ACCEPTED, outcome="Herbs.")
    desk.go_to(old)
    desk.push("Make a decision that takes its place")
    new = desk.card.shown
    assert new != old
    assert desk.shown.supersedes == old

    desk.push("Go to the decision whose place it takes")
    assert desk.card.shown == old
    assert desk.card.status.text() == "Superseded"
    desk.push("Go to the decision that took its place")
    assert desk.card.shown == new


def test_a_decision_is_removed_and_comes_back_with_undo(desk):
    one, two = desk.add("one", created=1000), desk.add("two", created=2000)
    desk.go_to(two)
    desk.view.log.list.setFocus()
    desk.press(Key.Key_Delete)
    assert desk.decisions.get(two) is None
    assert "Undo brings it back" in notices(desk.draft)
    assert desk.card.shown == one

    desk.undo()
    assert desk.decisions.get(two) is not None


# Evidence


def test_changed_evidence_shows_both_wordings_and_can_be_taken_as_it_is(desk):
    id = desk.add("What?", evidence=(desk.decisions.evidence(0, 15),))
    desk.go_to(id)
    (row,) = desk.card.passages.rows
    assert row.state.isHidden()

    desk.draft.editor.replace_range(3, 8, "never plant")
    desk.until(lambda: not row.state.isHidden())
    assert (row.quote.text(), row.now.text()) == ("“We plant herbs.”", "Now: “We never plant herbs.”")
    assert [item.is_stale for item in desk.draft.brainstorming.decisions.rows()] == [True]

    desk.push("Let the decision rest on the new wording of passage 1")
    assert row.quote.text() == "“We never plant herbs.”"
    assert row.state.isHidden()


def test_evidence_that_is_gone_says_so_and_keeps_its_words(desk):
    desk.go_to(desk.add("What?", evidence=(desk.decisions.evidence(0, 15),)))
    desk.draft.editor.replace_range(0, desk.draft.document.length - 1, "")
    (row,) = desk.card.passages.rows
    desk.until(lambda: row.state.text() == "No longer there" and not row.state.isHidden())

    assert row.quote.text() == "“We plant herbs.”"
    assert row.open.isHidden()


def test_evidence_leads_to_its_place_in_the_draft(desk):
    desk.go_to(desk.add("What?", evidence=(desk.decisions.evidence(3, 14),)))
    desk.push("Go to passage 1 in the draft")

    assert desk.draft.window.views.name == "draft"
    assert desk.draft.editor.textCursor().selectedText() == "plant herbs"


def test_a_passage_is_added_to_a_decision_that_is_there(desk):
    desk.go_to(desk.add("What?"))
    desk.push("Add what is selected in the draft as evidence")
    assert "Select a passage" in notices(desk.draft)
    desk.draft.editor.set_caret(15, 0)
    desk.push("Add what is selected in the draft as evidence")

    assert [each.quote for each in desk.shown.evidence] == ["We plant herbs."]


# The log


def row(id: str, **fields: object) -> Row:
    return replace(Row(id, id, "", "Proposed", "2026-11-01", words=id), **fields)


def test_the_log_is_searched_by_all_words_of_all_fields():
    rows = [row("a", words="What to plant\nHerbs, because cheap"), row("b", words="What to paint")]

    assert [each.id for each in matching(rows, "plant CHEAP", "all")] == ["a"]
    assert [each.id for each in matching(rows, "what", "all")] == ["a", "b"]


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


def test_searching_and_choosing_in_the_log_by_keyboard(desk):
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


def test_by_month_the_keyboard_steps_over_headings(desk):
    for day in ("2026-09-01", "2026-10-01", "2026-11-01"):
        desk.add(day, decided_on=day)
    desk.draft.brainstorming.show("decisions")
    log = desk.view.log
    log.order.setCurrentIndex(log.order.findData("timeline"))
    words = [log.list.item(at).text() for at in range(log.list.count())]
    assert words == [
        "November 2026", "2026-11-01", "October 2026", "2026-10-01", "September 2026", "2026-09-01",
    ]  # fmt: skip
    log.list.setCurrentRow(1)
    log.list.setFocus()
    desk.press(Key.Key_Down)
    assert desk.shown.question == "2026-10-01"


def test_each_line_of_the_log_is_read_out_with_its_marks(desk):
    desk.add("What?", status=Status.ACCEPTED, outcome="x", decided_on="2026-01-01", review_on="2026-02-01")
    desk.draft.brainstorming.show("decisions")

    item = desk.view.log.list.item(0)
    spoken = item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "What?, Accepted, 2026-01-01, due for review"


def test_a_teammates_decision_appears_without_moving_the_person(desk):
    desk.go_to(desk.add("mine"))
    desk.tab_to("Context")
    mate = Document(clock=lambda: 0)
    mate.apply_remote(desk.draft.document.state())
    mate.entries("decisions").add("decision:mate", {"question": "theirs", "created": 5})
    desk.draft.document.apply_remote(mate.state())

    assert "decision:mate" in desk.view.log.ids()
    assert desk.shown.question == "mine"
    assert desk.focus.accessibleName() == "Context"


# Review


def test_a_review_asks_whether_it_held_and_sets_the_next_day(desk):
    id = desk.add("What?", status=Status.ACCEPTED, outcome="x", review_on="2026-01-01")
    desk.go_to(id)
    assert desk.card.review.question.text() == "It is due for review. Did it hold?"
    desk.tab_to("What was seen since")
    desk.type("They grow")
    desk.push("It held, as this review finds")

    (review,) = desk.shown.reviews
    assert (review.finding, review.note, review.by) == (Finding.HELD, "They grow", "Ada")
    assert desk.shown.review_on > review.on
    assert "It held (Ada). They grow" in desk.card.review.past.text()


def test_a_decision_can_be_looked_at_before_its_day(desk):
    desk.go_to(desk.add("What?", status=Status.ACCEPTED, outcome="x", review_on="2999-01-01"))
    assert desk.card.review.asked.isHidden()
    desk.push("Say whether the decision has held")
    assert desk.focus.accessibleName() == "What was seen since"
    desk.push("It changed, as this review finds")

    assert [review.finding for review in desk.shown.reviews] == [Finding.CHANGED]
    assert desk.card.review.asked.isHidden()


def test_the_notice_of_what_is_due_comes_on_opening_and_leads_there(tmp_path, qtbot):
    desk = DecisionDesk(tmp_path / "home", qtbot, "words")
    for question in ("one", "two", "three"):
        day = "2026-01-01" if question != "three" else "2999-01-01"
        desk.add(question, status=Status.ACCEPTED, outcome="x", review_on=day)
    assert "due" not in notices(desk.draft)
    path = desk.draft.path
    assert desk.draft.window.close()

    desk.draft = desk.desk.open(path)
    assert "\n2 decisions are due for review." in f"\n{notices(desk.draft)}"
    assert not desk.draft.brainstorming.is_begun
    desk.draft.window.notices.answered.emit("reviews", "show")

    assert desk.draft.window.views.name == "decisions"
    assert sorted(desk.decisions.get(id).question for id in desk.view.log.ids()) == ["one", "two"]
    assert desk.shown.question in ("one", "two")
    desk.leave()


# Actions


def test_an_action_is_agreed_ticked_off_and_listed_by_keyboard(desk):
    desk.go_to(desk.add("What?"))
    desk.push("Add what somebody will do")
    desk.type("it is Monday")
    desk.tab_to("Action 1")
    desk.type("I water")
    desk.tab_to("Who does action 1")
    desk.type("Ada")
    desk.tab_to("Until when is action 1 done")
    desk.type("2026-01-01")

    (action,) = desk.decisions.actions()
    assert (action.when, action.what, action.owner, action.due) == ("it is Monday", "I water", "Ada", "2026-01-01")
    assert action.decision == desk.card.shown
    assert not desk.card.action_rows.rows[0].overdue.isHidden()

    desk.view.show_page("actions")
    assert desk.view.tabs.tabText(1) == "Actions (1)"
    (row,) = desk.view.action_page.rows.rows
    row.done.setFocus()
    desk.press(Key.Key_Space)
    assert desk.decisions.actions()[0].is_done
    assert desk.view.tabs.tabText(1) == "Actions"
    assert not desk.view.action_page.rows.rows


def test_the_list_of_actions_begins_with_the_most_urgent_and_leads_to_the_decision(desk):
    id = desk.add("What do we plant?")
    desk.decisions.add_action(Action("", "later", due="2999-01-01", decision=id))
    desk.decisions.add_action(Action("", "some day"))
    desk.decisions.add_action(Action("", "now", due="2026-01-01"))
    desk.draft.brainstorming.show("decisions")
    desk.view.show_page("actions")

    rows = desk.view.action_page.rows.rows
    assert [row.what.text() for row in rows] == ["now", "later", "some day"]
    assert [row.overdue.isHidden() for row in rows] == [False, True, True]
    rows[1]._decision.click()
    assert desk.card.shown == id
    assert desk.view.tabs.currentIndex() == 0


def test_an_action_is_gone_to_by_its_id_also_when_it_is_done(desk):
    desk.decisions.add_action(Action("", "first", due="2026-01-01"))
    id = desk.decisions.add_action(Action("", "second", is_done=True))
    desk.go_to(id)

    assert desk.view.tabs.currentIndex() == 1
    assert desk.focus.text() == "second"


def test_typing_in_an_action_is_one_step_and_a_tick_another(desk):
    id = desk.decisions.add_action(Action("", ""))
    desk.draft.brainstorming.show("decisions")
    desk.view.show_page("actions")
    (row,) = desk.view.action_page.rows.rows
    row.what.setFocus()
    desk.type("water")
    row.done.setFocus()
    desk.press(Key.Key_Space)

    desk.undo()
    (action,) = desk.decisions.actions()
    assert (action.what, action.is_done) == ("water", False)
    desk.undo()
    assert [(each.id, each.what) for each in desk.decisions.actions()] == [(id, "")]


# Lineage


def test_a_sentence_is_linked_to_an_idea_and_the_link_leads_there(desk, qtbot):
    note, other = desk.brainstorm.write(
        [Note("", "herbs need little water", Place(0, 0)), Note("", "roses", Place(0, 0))]
    )
    desk.go_to(desk.add("What?", outcome="Roses go. Herbs come, they need little water."))
    desk.until(lambda: desk.view.lineage.sentence.count() == 2)
    assert desk.shown.grounds == ()
    desk.tab_to("Sentence of the outcome")
    desk.press(Key.Key_Down)
    assert desk.view.lineage.idea.currentText() == "Likely: herbs need little water"
    desk.push("Link the sentence to the idea on which it rests")

    assert desk.shown.grounds == (Ground("Herbs come, they need little water.", (note,)),)
    assert desk.view.lineage.lines() == [
        "“Herbs come, they need little water.” rests on", "Note: herbs need little water",
    ]  # fmt: skip
    tree = desk.view.lineage.tree
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    with qtbot.waitSignal(desk.view.lineage.jumped) as jumped:
        desk.press(Key.Key_Return)
    assert jumped.args == [note]
    assert other not in jumped.args
    assert desk.draft.window.views.name == "board"

    desk.go_to(desk.card.shown)
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    desk.press(Key.Key_Delete)
    assert desk.shown.grounds == ()


def test_a_link_whose_sentence_was_reworded_says_so(desk):
    (note,) = desk.brainstorm.write([Note("", "herbs", Place(0, 0))])
    grounds = (Ground("We plant herbs.", (note,)),)
    desk.go_to(desk.add("What?", outcome="We plant roses.", grounds=grounds))

    desk.until(desk.view.lineage.lines)
    assert desk.view.lineage.lines()[0] == "“We plant herbs.” rests on (the sentence has changed)"


def test_a_note_in_the_list_of_ideas_says_which_sentence_rests_on_it(desk):
    (note,) = desk.brainstorm.write([Note("", "herbs", Place(0, 0))])
    id = desk.add("What?", outcome="We plant herbs.", grounds=(Ground("We plant herbs.", (note,)),))
    desk.draft.brainstorming.show("ideas")
    view = desk.draft.brainstorming.view("ideas")
    view.go_to(note)
    html = view.details._html(desk.brainstorm.visibility.note(note))

    assert f'href="{id}"' in html
    assert "What?</a> (“We plant herbs.”)" in html


# In the draft


def test_a_decision_is_put_into_the_draft_from_its_card_and_stays_live(desk):
    id = desk.add("What?", outcome="Herbs.")
    desk.go_to(id)
    desk.draft.editor.set_caret(15)
    desk.push("Put the decision into the draft, at the caret")

    assert desk.draft.window.views.name == "draft"
    assert [span.embed for span in desk.draft.document.spans() if span.embed] == [{"decision": id}]
    before = desk.draft.editor.grab().toImage()
    desk.decisions.put(id, outcome="Roses.")
    assert desk.draft.editor.grab().toImage() != before
    assert desk.draft.decisions.card(id).outcome == "Roses."

    desk.draft.editor.set_caret(16)
    desk.press(Key.Key_Return)
    assert desk.draft.window.views.name == "decisions"
    assert desk.card.shown == id


def test_the_menu_of_the_page_opens_the_decision_at_the_caret(desk):
    id = desk.add("What?")
    desk.draft.editor.set_caret(0)
    desk.draft.decisions.insert(id)
    desk.draft.editor.set_caret(0)
    (entry,) = [each for each in desk.draft.window.context_menu().actions() if each.text() == "Open decision"]
    entry.trigger()

    assert desk.draft.window.views.name == "decisions"
    assert desk.card.shown == id


def test_the_card_in_the_draft_says_when_its_evidence_changes(desk):
    id = desk.add("What?", outcome="Herbs.", evidence=(desk.decisions.evidence(0, 15),))
    desk.draft.editor.set_caret(desk.draft.document.length - 1)
    desk.draft.decisions.insert(id)
    before = desk.draft.editor.grab().toImage()
    card = desk.draft.editor.decisions._object.card
    assert not card(id).is_stale

    desk.draft.editor.replace_range(3, 8, "grow")
    desk.until(lambda: card(id).is_stale)
    assert desk.draft.editor.grab().toImage() != before


def test_insert_decision_asks_which_one_and_puts_it_at_the_caret(desk):
    desk.add("one", decided_on="2026-01-01")
    two = desk.add("two", decided_on="2026-02-01")
    picker = desk.draft.decisions.ask_insert()
    QTest.keyClick(picker.log.list, Key.Key_Return)

    assert [span.embed for span in desk.draft.document.spans() if span.embed] == [{"decision": two}]


def test_the_picker_makes_a_decision_where_there_is_none(desk):
    picker = desk.draft.decisions.ask_insert()
    assert not picker.insert.isEnabled()
    QTest.keyClick(picker.new, Key.Key_Space)

    (decision,) = desk.decisions.all()
    assert [span.embed for span in desk.draft.document.spans() if span.embed] == [{"decision": decision.id}]


# Looks and names


def test_every_control_has_a_name(desk):
    poll = desk.brainstorm.polls.open(Poll("", PollKind.CONSENT, "?", (Option("o:1", "x"),)))
    id = desk.add(
        "What?", status=Status.ACCEPTED, outcome="Herbs.", review_on="2026-01-01", poll=poll,
        options=(Choice("herbs", (Argument("cheap", "note:1"),), (), "note:1"),),
        stances=(Ballot(position="agree", voter="Bo"),), evidence=(desk.decisions.evidence(0, 15),),
    )  # fmt: skip
    desk.decisions.add_action(Action("", "dig", decision=id))
    desk.go_to(id)
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
    inside = (QComboBox, QAbstractItemView)
    nameless = [
        part
        for part in desk.view.findChildren(QWidget)
        if isinstance(part, kinds)
        and not isinstance(part.parent(), inside)
        and not isinstance(part.window(), QComboBox)
        and part.window() is desk.draft.window
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
        and part.focusPolicy() is not Qt.FocusPolicy.NoFocus
    ]

    assert nameless == []


def test_an_empty_view_offers_the_first_decision(desk):
    desk.draft.brainstorming.show("decisions")
    assert desk.focus is desk.view.empty_new
    desk.press(Key.Key_Space)

    assert len(desk.decisions.all()) == 1
    assert desk.focus.accessibleName() == "Question"


def test_theme_and_zoom_reach_every_part(desk):
    desk.go_to(desk.add("What?", options=(Choice("herbs"),)))
    before = desk.view.grab().toImage()
    desk.view.show_theme(named("dark"))
    desk.view.show_zoom(2.0)

    assert desk.view.grab().toImage() != before
    assert desk.card.fields["question"].font().pointSizeF() == pytest.approx(2 * desk.view._points)


def test_the_lineage_stands_beside_the_card_where_there_is_room_and_else_below_the_log(desk):
    desk.go_to(desk.add("What?"))
    view = desk.view
    for width, place in ((1400, view._split), (900, view._left), (1300, view._split)):
        view.resize(width, 700)
        assert view.lineage.parent() is place
        assert not view.lineage.isHidden()


def test_what_people_write_is_no_markup_in_a_tooltip(desk):
    desk.add("<img src=x> & co")
    desk.draft.brainstorming.show("decisions")

    assert "&lt;img src=x&gt; &amp; co" in desk.view.log.list.item(0).toolTip()


def test_a_decision_that_a_teammate_removes_while_one_types_is_let_go(desk):
    one, two = desk.add("one", created=1000), desk.add("two", created=2000)
    desk.go_to(two)
    mate = Document(clock=lambda: 0)
    mate.apply_remote(desk.draft.document.state())
    mate.entries("decisions").remove(two, Origin.LOCAL)
    desk.tab_to("Context")
    desk.type("words")
    desk.draft.document.apply_remote(mate.state())

    assert desk.card.shown == one
    assert desk.shown == Decision(one, "one", created=1000)


# From the other views


def test_ideas_that_are_selected_in_the_list_become_the_options(desk):
    desk.brainstorm.write([Note("", "herbs", Place(0, 0)), Note("", "roses", Place(0, 0))])
    desk.draft.brainstorming.show("ideas")
    desk.draft.brainstorming.view("ideas").select_all()
    desk.new()

    assert sorted(choice.text for choice in desk.shown.options) == ["herbs", "roses"]


def test_ideas_that_are_selected_on_the_board_become_the_options(desk):
    desk.brainstorm.write([Note("", "herbs", Place(0, 0)), Note("", "roses", Place(300, 0))])
    desk.draft.brainstorming.show("board")
    desk.draft.brainstorming.view("board").select_all()
    desk.new()

    assert sorted(choice.text for choice in desk.shown.options) == ["herbs", "roses"]


def test_the_board_and_the_list_ask_for_a_decision_by_themselves(desk):
    (note,) = desk.brainstorm.write([Note("", "herbs", Place(0, 0))])
    for name in ("board", "ideas"):
        desk.draft.brainstorming.view(name).decision_wanted.emit([note])
        assert [choice.note for choice in desk.shown.options] == [note]

    assert len(desk.decisions.all()) == 2
