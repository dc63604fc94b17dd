"""Polls of a session: opened, voted on, closed, asked once more."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from cowrite.app.session.flow import SessionFlow
from cowrite.bridge.shared.kept_box import KeptBox
from cowrite.bridge.shared.sealed_delivery import SealedDelivery
from cowrite.core.board.items import Note, Place
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind, Polls
from cowrite.core.sessions.sessions import Phase
from cowrite.sync.rights import Rights
from helpers.desk import notices, texts
from helpers.session_table import Table


def test_a_poll_is_opened_voted_on_and_closed(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True)
    trees, _ = table.two_notes()
    table.find(QAbstractButton, "Open a poll").click()
    table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
    (poll,) = table.brainstorm.visibility.polls()
    assert (poll.kind, poll.budget, len(poll.options)) == (PollKind.DOTS, 3, 2)

    box = table.find(QSpinBox, "Dots for Trees")
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert table.brainstorm.box.ballot(poll.id).dots == {trees: 2}
    assert b'"dots"' not in table.draft.document.state()
    table.desk.until(lambda: "You have voted" in table.find(QLabel, "How many have voted").text())
    assert table.find(QSpinBox, "Dots for Trees") is box  # what is being filled in stays

    table.find(QAbstractButton, "Close the poll").click()
    (closed,) = table.brainstorm.visibility.polls()
    assert [ballot.voter for ballot in closed.ballots] == ["Ada"]
    table.desk.until(lambda: "“Trees” is at the top." in [label.text() for label in table.view.findChildren(QLabel)])


def test_whoever_closes_a_poll_before_all_have_voted_is_asked(table: Table, monkeypatch) -> None:
    monkeypatch.setattr(SessionFlow, "taking_part", ["Ada", "Bo"])
    session = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    options = (Option(trees, "Trees"), Option(benches, "Benches"))
    poll = table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, budget=2, session=session))
    table.flow.refresh()
    table.find(QAbstractButton, "Close the poll").click()
    assert table.flow.dialog.informativeText() == "None of 2 have voted. Once it is closed, nobody can vote in it."
    QTest.keyClick(table.flow.dialog, Qt.Key.Key_Return)  # a press too many
    assert not table.brainstorm.visibility.poll(poll).is_closed

    table.brainstorm.box.put_ballot(poll, Ballot({trees: 2}))
    table.find(QAbstractButton, "Close the poll").click()
    assert table.flow.dialog.informativeText() == "1 of 2 have voted. Once it is closed, nobody can vote in it."
    table.brainstorm.sessions.change(session, facilitator="Bo")  # who leads by the time of the answer
    table.answer("Close")
    assert not table.brainstorm.visibility.poll(poll).is_closed
    table.brainstorm.sessions.change(session, facilitator="Ada")
    table.flow.refresh()
    table.find(QAbstractButton, "Close the poll").click()
    table.answer("Close")
    assert table.brainstorm.visibility.poll(poll).is_closed


def test_where_it_is_asked_who_does_what_the_actions_are_one_click_away(table: Table) -> None:
    table.begin(Phase.ACT, is_revealed=True)
    table.find(QAbstractButton, "Go to actions").click()
    view = table.draft.window.views.current
    assert view.tabs.tabText(view.tabs.currentIndex()) == "Actions"
    assert view.action_page.isVisible()


def test_a_ballot_shows_what_is_in_a_group(table: Table) -> None:
    session = table.begin(Phase.RATE, is_revealed=True)
    group = table.brainstorm.board.group(table.two_notes(), "To rest", session=session)
    table.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "Which?", (Option(group, "To rest"),), budget=2, session=session)
    )
    table.flow.refresh()
    assert set(table.find(QLabel, "In To rest").text().split("; ")) == {"Trees", "Benches"}
    assert table.find(QSpinBox, "Dots for To rest").accessibleDescription().startswith("In it: ")


def test_one_asks_the_same_once_more_and_only_once(table: Table) -> None:
    table.begin(Phase.DIFFERENCES, is_revealed=True)
    trees, benches = table.two_notes()
    id = table.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "Which?", (Option(trees, "Trees"), Option(benches, "Benches")),
             session=table.flow.session.id)
    )  # fmt: skip
    table.brainstorm.box.close(id)
    table.flow.refresh()
    table.find(QAbstractButton, "Vote once more").click()
    table.flow.refresh()
    again = table.brainstorm.visibility.polls()[-1]
    assert (again.revote_of, again.question, again.is_closed) == (id, "Which?", False)
    table.brainstorm.box.close(again.id)
    table.flow.refresh()
    buttons = [each.accessibleName() for each in table.view.polls.findChildren(QAbstractButton) if each.isVisible()]
    assert "Vote once more" not in buttons


@pytest.mark.parametrize("has_voted", [False, True])
def test_two_who_ask_the_same_once_more_at_the_same_moment_ask_it_once(table: Table, has_voted: bool) -> None:
    table.begin(Phase.DIFFERENCES, is_revealed=True)
    first = Poll("", PollKind.DOTS, "Which?", (Option("note:1", "Trees"),), session=table.flow.session.id)
    id = table.brainstorm.polls.open(first)
    table.brainstorm.box.close(id)
    table.flow.refresh()
    elsewhere = MendedDocument(clock=lambda: 0)
    elsewhere.apply_remote(table.draft.document.state())
    again = replace(first, revote_of=id, created=table.brainstorm.polls.get(id).created + 1)
    theirs = Polls(elsewhere, chance=Random(1), clock=lambda: 0).open(again)
    table.find(QAbstractButton, "Vote once more").click()
    (ours,) = table.brainstorm.visibility.open_polls(first.session)
    if has_voted:
        table.brainstorm.box.put_ballot(ours.id, Ballot(dots={"note:1": 1}))
    table.draft.document.apply_remote(elsewhere.state())
    table.flow.refresh()
    polls = [poll.id for poll in table.brainstorm.visibility.open_polls(first.session)]
    assert polls == ([theirs, ours.id] if has_voted else [theirs])


def test_who_is_changing_their_mind_when_the_poll_is_closed_is_told_that_their_ballot_counts(table: Table) -> None:
    id = table.begin(Phase.DECIDE, is_revealed=True)
    asked = table.brainstorm.polls.open(Poll("", PollKind.CONSENT, "So?", (Option("note:1", "one"),), session=id))
    table.flow.refresh()
    table.find(QAbstractButton, "I consent").click()
    table.flow.refresh()
    table.find(QAbstractButton, "I object").click()
    QTest.keyClicks(table.find(QLineEdit, "Reason"), "Too steep")
    table.brainstorm.box.close(asked)
    table.flow.refresh()
    assert "so it counts as it was before. You wrote: “Too steep”." in notices(table.draft)
    assert [ballot.position for ballot in table.brainstorm.polls.get(asked).ballots] == ["consent"]
    table.brainstorm.polls.open(Poll("", PollKind.CONSENT, "Now?", (Option("note:1", "one"),), session=id))
    table.flow.refresh()
    choices = table.view.findChildren(QRadioButton)  # those of the poll that was closed are not gone yet
    next(each for each in choices if each.accessibleName() == "I consent" and each.isVisible()).click()
    assert "counts as it was" not in notices(table.draft)


def test_whoever_goes_to_the_group_by_its_key_once_a_poll_is_open_votes_with_the_next_one(table: Table) -> None:
    window = table.draft.window
    window.activateWindow()
    table.desk.until(window.isActiveWindow)
    id = table.begin(Phase.RATE, is_revealed=True, facilitator="Bo")
    trees, benches = table.two_notes()
    options = (Option(trees, "Trees"), Option(benches, "Benches"))
    asked = table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, session=id))
    table.flow.refresh()
    window.actions_["session_go"].trigger()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Up)
    assert table.brainstorm.box.ballot(asked).dots == {trees: 1}


def test_a_proposal_is_put_in_the_phase_of_deciding(table: Table) -> None:
    table.begin(Phase.DECIDE, is_revealed=True)
    table.find(QAbstractButton, "Put a proposal").click()
    QTest.keyClicks(table.flow.dialog.focusWidget(), "Plant trees")
    table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
    table.find(QAbstractButton, "I consent").click()
    (poll,) = table.brainstorm.visibility.polls()
    assert table.brainstorm.box.ballot(poll.id).position == "consent"

    # One that did not stand is worded anew, and one that stands is not.
    table.find(QAbstractButton, "I object").click()
    reason = table.find(QLineEdit, "Reason")
    QTest.keyClicks(reason, "Roots")
    QTest.keyClick(reason, Qt.Key.Key_Return)
    for again, kept in (("I consent", "Plant trees"), ("", "")):
        table.find(QAbstractButton, "Close the poll").click()
        table.flow.refresh()
        table.find(QAbstractButton, "Put a proposal").click()
        assert table.find(QPlainTextEdit, "Proposal", table.flow.dialog).toPlainText() == kept
        if again:
            table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
            ballots = table.view.polls.findChildren(QAbstractButton)
            next(each for each in ballots if each.text() == again and each.isVisible()).click()


def test_a_poll_of_any_kind_is_shown_where_it_was_opened_before_and_after_it_is_closed(table: Table) -> None:
    session = table.begin(Phase.RATE, is_revealed=True)
    trees, _ = table.two_notes()
    for kind in (PollKind.DOTS, PollKind.CONSENT, PollKind.DOTS):
        poll = Poll("", kind, f"Which {kind}?", (Option(trees, "Trees"),), budget=2, session=session)
        table.brainstorm.polls.open(poll)
        table.flow.refresh()
        assert table.text("Question of the poll") == poll.question
        table.find(QAbstractButton, "Close the poll").click()
        table.answer("Close")
    which = table.find(QComboBox, "Poll")
    apart = ["Which dots? (2)", "Which dots?", "Which consent?"]
    table.desk.until(lambda: [which.itemText(at) for at in range(3)] == apart)


def test_who_only_looks_on_is_not_asked_and_finds_what_came_of_a_vote(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    options = (Option(trees, "Trees"), Option(benches, "Benches"))
    polls = [
        table.brainstorm.polls.open(Poll("", PollKind.DOTS, words, options, session=table.flow.session.id, created=at))
        for at, words in enumerate(("Which one?", "Which other?"), 1)
    ]
    table.brainstorm.box.close(polls[0])
    made = table.draft.decisions.flow.new_from([polls[0]])
    table.draft.connection.take_rights(Rights(False, False, False))
    table.draft.brainstorming.show("session")
    table.flow.refresh()
    assert table.text("How many have voted").startswith("0 have voted.")
    assert not table.find(QSpinBox, "Dots for Trees").isEnabled()
    which = table.find(QComboBox, "Poll")
    assert which.isEnabled()
    which.setCurrentIndex(1)
    table.find(QAbstractButton, "Go to the decision").click()
    assert table.draft.window.views.name == "decisions"
    assert [each.id for each in table.brainstorm.decisions.all()] == [made]


def test_of_two_open_polls_the_bar_counts_the_ballots_of_the_one_that_is_shown(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    options = Option(trees, "Trees"), Option(benches, "Benches")
    for at in (1, 2):  # two people have asked at the same moment
        table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, session=id, created=at))
    table.flow.refresh()
    QTest.keyClick(table.find(QSpinBox, "Dots for Trees"), Qt.Key.Key_Up)
    table.desk.until(lambda: "You have voted" in table.text("How many have voted"))
    assert table.bar_text("What lies sealed") == "You have voted"


def test_whoever_opens_a_poll_is_told_of_one_that_was_opened_meanwhile_and_asks_all_the_same_if_they_like(
    table,
) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    table.find(QAbstractButton, "Open a poll").click()
    dialog = table.flow.dialog
    options = Option(trees, "Trees"), Option(benches, "Benches")
    table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, session=id))
    opens = table.find(QAbstractButton, "Open the poll", dialog)
    opens.click()
    assert "“Which?” has been asked meanwhile; press Open once more to ask this too." in texts(dialog)
    assert len(table.brainstorm.visibility.polls()) == 1
    opens.click()
    assert len(table.brainstorm.visibility.polls()) == 2


def test_how_many_have_voted_is_not_said_before_that_is_known(table: Table, monkeypatch) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, _ = table.two_notes()
    monkeypatch.setattr(KeptBox, "is_counted", lambda _box: False)
    table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option(trees, "Trees"),), session=id))
    table.flow.refresh()
    assert table.text("How many have voted").startswith("Whoever leads")
    assert table.bar_text("What lies sealed") == ""


def test_a_nameless_poll_keeps_the_voters_name_out_of_the_ballot(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True, is_anonymous=True)
    table.two_notes()
    table.find(QAbstractButton, "Open a poll").click()
    table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
    QTest.keyClick(table.find(QSpinBox, "Dots for Trees"), Qt.Key.Key_Up)
    (poll,) = table.brainstorm.visibility.polls()
    assert table.brainstorm.box.ballot(poll.id).voter == ""


def test_every_control_of_a_session_has_a_name_for_screen_readers_and_a_tooltip(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True, prompts=("Who?", "What?"))
    table.two_notes()
    table.find(QAbstractButton, "Open a poll").click()
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QListView, QPlainTextEdit)
    seen = 0
    for part in (table.view, table.flow.bar, table.flow.dialog):
        for control in part.findChildren(QWidget):
            inner = control.objectName().startswith("qt_") or isinstance(control.parent(), kinds)
            if isinstance(control, kinds) and not inner and not isinstance(control.parent().parent(), QComboBox):
                seen += 1
                where = f"{type(part).__name__}: {type(control).__name__} {control.accessibleName()!r}"
                assert control.accessibleName(), where
                assert control.toolTip(), where
    assert seen > 30


def test_ideas_that_were_written_before_the_session_can_be_voted_on(table: Table) -> None:
    earlier = table.brainstorm.write([Note("", text, Place(0, 0)) for text in ("Trees", "Benches")])
    table.begin(Phase.RATE, is_revealed=True)
    table.find(QAbstractButton, "Open a poll").click()
    ideas = table.find(QListWidget, "What can be voted for", table.flow.dialog)
    assert {ideas.item(row).checkState() for row in range(ideas.count())} == {Qt.CheckState.Checked}
    assert ideas.count() == 2
    table.flow.dialog.reject()

    own, _ = table.two_notes()
    table.find(QAbstractButton, "Open a poll").click()
    ideas = table.find(QListWidget, "What can be voted for", table.flow.dialog)
    taken = [ideas.item(row).checkState() is Qt.CheckState.Checked for row in range(ideas.count())]
    assert taken == [True, True, False, False]
    ideas.item(2).setCheckState(Qt.CheckState.Checked)
    table.find(QAbstractButton, "Open the poll", table.flow.dialog).click()
    (poll,) = table.brainstorm.visibility.polls()
    assert own in {option.id for option in poll.options}
    assert len({option.id for option in poll.options} & set(earlier)) == 1


def test_the_keyboard_is_in_the_ballot_when_one_comes_to_it_and_tab_goes_from_its_last_field_to_the_buttons_below(
    table: Table,
) -> None:
    table.draft.window.activateWindow()
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    table.draft.brainstorming.show("ideas")
    poll = Poll("", PollKind.DOTS, "Which?", (Option(trees, "Trees"), Option(benches, "Benches")), session=id)
    table.brainstorm.polls.open(poll)
    table.desk.until(table.draft.window.isActiveWindow)
    table.draft.window.actions_["view_session"].trigger()

    for name in ("Dots for Trees", "Dots for Benches", "Close the poll", "Open a poll"):
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.accessibleName() == name
        QTest.keyClick(focus, Qt.Key.Key_Tab)


def test_no_poll_is_opened_or_voted_on_where_the_server_could_count_only_one_ballot(table: Table, monkeypatch) -> None:
    table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    options = (Option(trees, "Trees"), Option(benches, "Benches"))
    poll = Poll("", PollKind.DOTS, "Which?", options, session=table.flow.session.id)
    id = table.brainstorm.polls.open(poll)  # by a cowrite of an earlier version, say
    monkeypatch.setattr(SealedDelivery, "is_shared", True)
    table.flow.refresh()
    refusal = table.brainstorm.box.no_polls()
    assert table.text("What is wrong with the ballots") == refusal
    assert not table.find(QSpinBox, "Dots for Trees").isEnabled()
    table.view.polls.open_wanted.emit()
    assert table.flow.dialog is None
    assert refusal in notices(table.draft)
    table.find(QAbstractButton, "Close the poll").click()
    table.flow.refresh()
    names = [each.accessibleName() for each in table.view.polls.findChildren(QAbstractButton) if each.isVisible()]
    assert "Vote once more" not in names
    assert "Open a poll" not in names
    assert table.brainstorm.visibility.poll(id).ballots == ()
