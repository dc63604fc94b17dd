"""The card of a decision: made, accepted and superseded by keyboard in a real window."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from cowrite.core.board.items import Note, Place
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Status
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.gui.decisions.card import WIDEST
from cowrite.gui.widgets.wrapping_row import FRAMELESS
from cowrite.sync.rights import Rights
from helpers.called import the
from helpers.closed_polls import close_poll
from helpers.copies import copy_of
from helpers.decision_desk import CTRL, DecisionDesk
from helpers.desk import notices

Key = Qt.Key


def link(desk: DecisionDesk, name: str) -> QPushButton:
    return the(desk.card, QPushButton, name)


def test_a_decision_is_made_written_and_accepted_by_keyboard_alone(desk):
    desk.draft.editor.set_caret(0)
    desk.new()
    desk.type("What do we plant?")
    assert not desk.card.commands["accept"].isEnabled()
    desk.press(Key.Key_Return, CTRL)
    assert desk.shown.status is Status.PROPOSED
    desk.tab_to("Outcome")
    desk.type("Herbs.")
    desk.press(Key.Key_Return, CTRL)

    decision = desk.shown
    assert (decision.question, decision.outcome, decision.status) == ("What do we plant?", "Herbs.", Status.ACCEPTED)
    assert desk.card.status.text() == "Accepted"


def test_each_empty_line_of_facts_says_what_it_asks_for(desk):
    desk.go_to(desk.add("What?"))
    hints = {each.accessibleName(): each.placeholderText() for each in desk.card.findChildren(QLineEdit)}
    asked = {"Decider": "Who decides?", "Rule": "How is it decided?", "Owner": "Who sees to it?"}
    assert {name: hints[name] for name in asked} == asked
    assert desk.card.rule.currentText() == ""


def test_what_heads_a_field_stands_near_it_and_lines_stay_short_enough_to_read_in_the_middle_of_a_wide_window(desk):
    desk.go_to(desk.add("What?"))
    assert desk.card.hindrance.text() == "It cannot be accepted yet. Write the outcome first, in your own words."
    assert not desk.card.hindrance.isHidden()
    QApplication.processEvents()
    heads = [each for each in desk.card.findChildren(QLabel) if each.isVisible() and each.buddy() in all_fields(desk)]
    spans = sorted((span(desk, each), span(desk, each.buddy())) for each in heads)
    assert len(spans) == len(all_fields(desk))
    assert len({field[0] - label[1] for label, field in spans}) == 1
    (within,) = {field[0] - label[1] for label, field in spans}
    assert all(label[0] - above[1] > within for (_, above), (label, _) in itertools.pairwise(spans))

    desk.decisions.put(desk.card.shown, outcome="Herbs.")
    assert desk.card.hindrance.isHidden()  # it says no more what accepting needs

    desk.draft.window.resize(2400, 760)
    QApplication.processEvents()
    field, card = desk.card.fields["question"], desk.card
    before = field.mapTo(card, QPoint()).x()
    assert field.width() <= WIDEST
    assert abs(before - (card.viewport().width() - before - field.width())) <= 2
    for name in ("Add an option", "Add what somebody said of it", "Add what somebody will do"):
        assert the(card, QPushButton, name).mapTo(card, QPoint(FRAMELESS, 0)).x() == before


def all_fields(desk: DecisionDesk) -> list[QWidget]:
    return list(desk.card.fields.values())


def span(desk: DecisionDesk, part: QWidget) -> tuple[int, int]:
    """From where to where it is on the card, from its top."""
    top = part.mapTo(desk.card.widget(), QPoint()).y()
    return top, top + part.height()


def test_stances_stand_in_one_column_and_in_a_narrow_card_the_reason_has_a_line_of_its_own(desk):
    reason = "too dear for a house as small as ours"
    desk.go_to(desk.add("What?", stances=(Stance("Bo", "agree", reason), Stance("Cy", "objection"))))
    row, _ = rows = desk.card.stances.rows
    desk.draft.window.resize(1800, 800)
    desk.until(lambda: all(row.position.isVisible() for row in rows))
    assert len({(row.position.x(), row.position.width()) for row in rows}) == 1  # also where a word is a poll's alone
    desk.until(lambda: row.why.y() == row.who.y() and row.why.width() > row.who.width())
    desk.draft.window.resize(900, 800)
    desk.until(lambda: row.why.y() > row.who.y() and row.why.width() == row.width())


def test_a_selected_passage_becomes_the_evidence_of_a_new_decision_and_notes_its_options(desk):
    desk.draft.editor.set_caret(15, 0)
    desk.new()
    assert [evidence.quote for evidence in desk.shown.evidence] == ["We plant herbs."]
    assert desk.focus.accessibleName() == "Question"

    one, two = desk.brainstorm.write([Note("", "herbs", Place(0, 0)), Note("", "roses", Place(0, 0))])
    desk.draft.decisions.flow.new_from([one, two])
    assert [box.text.text() for box in desk.card.options.rows] == ["herbs", "roses"]
    assert desk.shown.notes == (one, two)


def test_a_decision_of_a_closed_vote_has_its_stances_and_dissent(desk):
    poll = desk.brainstorm.polls.open(Poll("", PollKind.CONSENT, "Herbs?", (Option("o:1", "herbs"),)))
    assert desk.draft.decisions.flow.new_from([poll]) == ""
    assert "once it is closed" in notices(desk.draft)

    ballots = [Ballot(position="consent", voter="Ada"), Ballot(position="objection", reason="too dear", voter="Bo")]
    close_poll(desk.brainstorm.polls, poll, ballots)
    desk.draft.decisions.flow.new_from([poll])

    assert desk.card.fields["dissent"].toPlainText() == "Bo: objection, too dear"
    assert [(row.who.text(), row.position.currentText()) for row in desk.card.stances.rows] == [
        ("Ada", "consent"), ("Bo", "objection"),
    ]  # fmt: skip
    assert desk.card.stances.vote.text() == "The vote: consent: 1 · concern: 0 · objection: 1"


def test_options_and_arguments_are_written_by_keyboard(desk):
    desk.go_to(desk.add("What?"))
    desk.push("Add an option")
    desk.type("Herbs")
    desk.push("Add what speaks for option 1")
    desk.type("cheap")
    desk.push("Add what speaks against option 1")
    desk.type("small")
    box = desk.card.options.rows[0]
    box.chosen.setFocus()
    desk.press(Key.Key_Space)

    assert desk.shown.options == (Choice("Herbs", (Argument("cheap"),), (Argument("small"),), "", True),)
    box.arguments[0].kind.setFocus()
    desk.press(Key.Key_Down)
    assert desk.shown.options[0].cons == (Argument("cheap"), Argument("small"))


def test_what_one_types_goes_on_into_ones_own_option_when_a_teammates_comes_before_it(desk):
    desk.go_to(desk.add("What?"))
    mate = copy_of(desk.draft.document)
    desk.push("Add an option")
    desk.type("Her")
    (mine,) = desk.shown.options
    hers = {"order": 0, "text": "Roses"}  # at the same moment, and its id sorts before
    part = f"option:{'0' * len(mine.id)}"
    mate.entries("decisions").change(desk.shown.id, {f"{part}:{name}": value for name, value in hers.items()})
    desk.draft.document.apply_remote(mate.state())
    desk.type("bs")

    assert desk.shown.options == (Choice("Roses"), Choice("Herbs"))
    assert desk.focus.accessibleName() == "Option 2"


def test_the_day_of_an_action_is_typed_into_that_action_though_it_becomes_the_most_urgent(desk):
    id = desk.add("What?")
    desk.decisions.actions.add(Action("", "dig", due="2030-01-01", decision=id))
    desk.decisions.actions.add(Action("", "water", due="2031-01-01", decision=id))
    desk.go_to(id)
    desk.tab_to("By when action 2 is to be done")
    desk.press(Key.Key_A, CTRL)
    desk.type("2029-01-01")
    desk.press(Key.Key_Backspace)
    desk.type("2")

    assert {action.what: action.due for action in desk.decisions.actions.all()} == {
        "dig": "2030-01-01",
        "water": "2029-01-02",
    }
    assert desk.focus.accessibleName() == "By when action 1 is to be done"


def test_an_argument_keeps_the_idea_that_it_comes_from(desk):
    option = Choice("Herbs", (Argument("cheap", "note:1"),), (), "note:2")
    desk.go_to(desk.add("What?", options=(option,)))
    desk.card.options.rows[0].arguments[0].text.setFocus()
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

    assert desk.shown.stances == (Stance("Bo", "object", "too dear"),)


def test_a_reader_can_change_nothing_and_go_everywhere(desk):
    id = desk.add("What?", outcome="Herbs.", options=(Choice("herbs"),), stances=(Stance("", "agree"),))
    desk.decisions.actions.add(Action("", "dig", decision=id))
    desk.go_to(id)
    desk.draft.connection.take_rights(Rights(False, False, False))
    before = desk.draft.document.state()
    for name in ("Question", "Outcome", "Option 1", "Person 1", "Action 1"):
        desk.tab_to(name)
        desk.type("x")
    desk.view.log.list.setFocus()
    desk.press(Key.Key_Delete)
    desk.new()

    assert desk.draft.document.state() == before
    assert all(command.isHidden() for command in desk.card.commands.values())


def test_a_superseded_decision_and_its_successor_lead_to_each_other(desk):
    old = desk.add("What?", status=Status.ACCEPTED, outcome="Herbs.")
    desk.go_to(old)
    desk.push("Propose a decision that takes its place")
    new = desk.card.shown
    assert new != old
    assert desk.shown.supersedes == old
    assert link(desk, "Go to the decision whose place it takes").text() == "To supersede: What?"

    desk.push("Go to the decision whose place it takes")
    assert desk.card.shown == old
    assert desk.card.status.text() == "Accepted"
    assert link(desk, "Go to the decision that takes its place").text() == "To be superseded by: What?"
    assert desk.card.commands["supersede"].isHidden()
    assert [row.spoken.rpartition(", ")[2] for row in desk.draft.decisions.flow.rows()] == [
        "to be superseded",
        "to supersede another",
    ]
    desk.push("Go to the decision that takes its place")
    assert desk.card.shown == new

    desk.tab_to("Outcome")
    desk.type("Roses.")
    desk.press(Key.Key_Return, CTRL)
    desk.push("Go to the decision whose place it takes")
    assert desk.card.status.text() == "Superseded"
    assert link(desk, "Go to the decision that takes its place").text() == "Superseded by: What?"


def test_a_decision_stands_as_before_where_its_successor_comes_to_nothing(desk):
    old = desk.add("What?", status=Status.ACCEPTED, outcome="Herbs.")
    desk.go_to(old)
    desk.push("Propose a decision that takes its place")
    desk.push("Reject the proposal")
    desk.go_to(old)

    assert (desk.shown.status, desk.shown.superseded_by) == (Status.ACCEPTED, "")
    assert link(desk, "Go to the decision that takes its place").isHidden()
    assert not desk.card.commands["supersede"].isHidden()


def test_a_superseded_decision_is_left_by_ctrl_enter_as_it_is_and_can_be_opened_again(desk):
    old = desk.add("What?", status=Status.ACCEPTED, outcome="Herbs.", decided_on="2026-01-01")
    new = desk.add("What now?", status=Status.ACCEPTED, outcome="Roses.", supersedes=old)
    desk.go_to(old)
    desk.card.fields["outcome"].setFocus()
    desk.press(Key.Key_Return, CTRL)
    assert desk.shown.status is Status.SUPERSEDED
    assert desk.decisions.get(new).supersedes == old

    desk.push("Make it a proposal again")
    assert (desk.shown.status, desk.shown.superseded_by) == (Status.PROPOSED, "")
    desk.undo()
    assert desk.shown.status is Status.SUPERSEDED


def test_a_decision_is_removed_and_comes_back_with_undo(desk):
    one, two = desk.add("one", created=1000), desk.add("two", created=2000)
    desk.go_to(two)
    for part in (desk.view.log.search, desk.view.log.filter, desk.view.log.order):
        part.setFocus()
        desk.press(Key.Key_Delete)
    assert desk.decisions.get(two) is not None
    desk.view.log.list.setFocus()
    desk.press(Key.Key_Delete)
    assert desk.decisions.get(two) is None
    assert "Undo in Decisions brings it back" in notices(desk.draft)
    assert desk.card.shown == one

    desk.undo()
    assert desk.decisions.get(two) is not None
    assert notices(desk.draft) == ""
