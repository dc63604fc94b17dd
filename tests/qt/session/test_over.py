"""What stays of a session that is over: results, a decision, where its notes are."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QScrollArea,
)

from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase
from cowrite.sync.rights import Rights
from helpers.closed_polls import close_poll
from helpers.session_table import Table


def test_a_decision_is_made_of_a_closed_poll_also_when_its_session_is_over(table: Table) -> None:
    table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    table.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "Which one?", (Option(trees, "Trees"), Option(benches, "Benches")),
             session=table.flow.session.id)
    )  # fmt: skip
    (poll,) = table.brainstorm.visibility.polls()
    table.brainstorm.box.close(poll.id)
    for is_over in (False, True):
        if is_over:
            table.flow.leading.end(table.flow.session.id)
        table.flow.refresh()
        table.find(QAbstractButton, "Write down the decision").click()
        (decision,) = table.brainstorm.decisions.all()
        assert (decision.question, decision.poll) == ("How might we rest?", poll.id)
        assert {choice.text for choice in decision.options} == {"Trees", "Benches"}

        # Whoever comes back to the result finds the decision, and makes no second one.
        table.draft.brainstorming.show("session")
        table.flow.refresh()
        table.find(QAbstractButton, "Go to the decision").click()
        assert table.draft.window.views.name == "decisions"
        assert [each.id for each in table.brainstorm.decisions.all()] == [decision.id]
        table.brainstorm.decisions.remove(decision.id)
        table.draft.brainstorming.show("session")
        table.flow.refresh()
        assert table.find(QAbstractButton, "Write down the decision")


def test_results_stay_to_be_seen_when_the_session_is_over(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    polls = [
        table.brainstorm.polls.open(
            Poll("", PollKind.DOTS, words, (Option(trees, "Trees"), Option(benches, "Benches")), session=id, created=at)
        )
        for at, words in enumerate(("Which one?", "Which other?"), 1)
    ]
    for poll in polls:
        table.brainstorm.box.close(poll)
    table.brainstorm.sessions.change(id, is_over=True)
    table.flow.refresh()
    assert table.find(QLabel, "Question of the poll").text() == "Which other?"
    table.brainstorm.decisions.add(Decision("", "Where?", Status.ACCEPTED, outcome="In the yard", session=id))
    table.flow.refresh()
    assert "“How might we rest?”\nAccepted: In the yard" in [each.text() for each in table.view.findChildren(QLabel)]
    table.draft.brainstorming.go_to(polls[0])
    assert table.find(QLabel, "Question of the poll").text() == "Which one?"
    table.draft.connection.take_rights(Rights(False, False, False))
    table.flow.refresh()
    assert not [each for each in table.view.polls.findChildren(QAbstractButton) if each.isVisible()]
    table.draft.connection.take_rights(Rights())
    table.flow.refresh()
    table.find(QAbstractButton, "Begin a session").click()
    assert table.flow.dialog.isVisible()


def test_a_result_stands_before_a_poll_that_nobody_voted_in_when_the_session_is_over(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    options = Option(trees, "Trees"), Option(benches, "Benches")
    voted, _ = (
        table.brainstorm.polls.open(Poll("", PollKind.DOTS, words, options, session=id, created=at))
        for at, words in enumerate(("Which one?", "The same, asked by somebody else?"), 1)
    )
    close_poll(table.brainstorm.polls, voted, [Ballot({trees: 1}, voter="Ada")])
    table.flow.leading.end(id)
    table.flow.refresh()
    assert table.find(QLabel, "Question of the poll").text() == "Which one?"


def test_whoever_has_read_to_the_end_of_a_result_sees_that_the_session_is_over(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    options = tuple(Option(f"note:{at}", f"Idea {at}") for at in range(60))
    poll = table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, session=id))
    close_poll(table.brainstorm.polls, poll, [])
    table.flow.refresh()
    QApplication.processEvents()
    (bar,) = [each.verticalScrollBar() for each in table.view.findChildren(QScrollArea) if each.isVisible()]
    bar.setValue(bar.maximum())
    table.flow.refresh()
    assert bar.value()
    table.flow.leading.end(id)
    table.flow.refresh()
    assert table.view.polls.isVisible()
    assert bar.value() == 0


def test_that_the_session_is_over_is_read_out_wherever_one_is_and_its_view_says_where_its_notes_are(
    table: Table, heard: list[str]
) -> None:
    id = table.begin()
    table.write("Trees", "Benches")
    table.draft.brainstorming.show("ideas")
    heard.clear()
    table.flow.leading.end(id)
    table.flow.refresh()
    assert heard == ["The session is over"]
    table.draft.brainstorming.show("session")
    table.flow.refresh()
    said = [each.text() for each in table.view.plain.findChildren(QLabel)]
    assert said[:3] == ["The session is over", "“How might we rest?”", "2 notes are on the board."]
    table.brainstorm.decisions.add(Decision("", "Where?", Status.ACCEPTED, outcome="In the yard", session=id))
    table.flow.refresh()
    assert "Accepted: In the yard" in [each.text() for each in table.view.plain.findChildren(QLabel)]
    assert table.find(QAbstractButton, "Go to decisions")
    assert table.find(QAbstractButton, "Begin a session")
    table.find(QAbstractButton, "Go to the board").click()
    assert table.draft.window.views.name == "board"


def test_the_button_that_begins_a_session_names_the_key_that_the_person_has_now(table: Table) -> None:
    table.draft.brainstorming.show("session")
    for own, key in (({}, "Ctrl+Alt+B"), ({"session_begin": "Ctrl+Alt+Shift+F1"}, "Ctrl+Alt+Shift+F1")):
        table.draft.window.actions_.show_keys(own)
        table.flow.refresh()
        assert f"({key})" in table.find(QAbstractButton, "Begin a session").toolTip()
