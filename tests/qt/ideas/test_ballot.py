"""The ballot of an open poll beside the list of ideas."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox

from cowrite.app.ideas.lists import import_list
from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.sync.rights import Rights
from helpers.called import called
from helpers.desk import notices
from helpers.ideas_tab import ideas, press, written


def test_one_votes_beside_the_list_while_a_poll_is_open(draft, home, tmp_path):
    brainstorm = draft.brainstorming.brainstorm
    session = brainstorm.sessions.begin(Session("", "How?", phase=Phase.RATE))
    assert import_list(draft, written(tmp_path / "in.txt", "Herbs\nBench\n"))
    view = ideas(draft)
    press(draft, "V")
    assert draft.window.focusWidget() is view.list.tree
    options = tuple(brainstorm.visibility.options(session))

    poll = brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, budget=3, session=session))
    home.until(view.list.side.isVisible)
    (question,) = [each for each in view.list.side.findChildren(QLabel) if called(each) == "Question of the poll"]
    home.until(lambda: 0 < question.height() <= question.heightForWidth(question.width()))
    press(draft, "V")
    assert view.list.side.isAncestorOf(draft.window.focusWidget())
    press(draft, "Up")

    home.until(lambda: brainstorm.box.ballot(poll) is not None)
    assert brainstorm.box.ballot(poll).dots == {options[0].id: 1}
    press(draft, "Esc")
    assert draft.window.focusWidget() is view.list.tree
    draft.connection.take_rights(Rights(False, False, False))
    press(draft, "V")
    press(draft, "Up")
    assert brainstorm.box.ballot(poll).dots == {options[0].id: 1}
    assert question.isEnabled()  # a reader reads what is asked, and fills nothing in
    assert not any(field.isEnabled() for field in view.list.side.findChildren(QSpinBox))
    brainstorm.box.close(poll)
    home.until(lambda: not view.list.side.isVisible())


def test_whoever_reads_the_list_by_ear_hears_that_a_poll_is_asked_and_what_came_of_it(draft, home, tmp_path, heard):
    brainstorm = draft.brainstorming.brainstorm
    session = brainstorm.sessions.begin(Session("", "How?", phase=Phase.RATE))
    assert import_list(draft, written(tmp_path / "in.txt", "Herbs\nBench\n"))
    view = ideas(draft)
    options = tuple(brainstorm.visibility.options(session))
    for words in ("Which?", "Which other?"):
        heard.clear()
        poll = brainstorm.polls.open(Poll("", PollKind.DOTS, words, options, budget=3, session=session))
        home.until(view.list.side.isVisible)
        home.until(lambda words=words: f"A poll is asked: {words}" in heard)
        brainstorm.box.close(poll)
        home.until(lambda: "The poll is closed. Nobody has voted." in heard)
        home.until(lambda: not view.list.side.isVisible())


def test_a_reason_that_comes_too_late_beside_the_list_is_said_not_to_count_and_is_no_command(draft, home, tmp_path):
    brainstorm = draft.brainstorming.brainstorm
    session = brainstorm.sessions.begin(Session("", "How?", phase=Phase.DECIDE))
    assert import_list(draft, written(tmp_path / "in.txt", "Herbs\nBench\n"))
    view = ideas(draft)
    poll = brainstorm.polls.open(Poll("", PollKind.CONSENT, "So?", (Option("proposal", "Herbs"),), session=session))
    home.until(view.list.side.isVisible)
    (reason,) = [each for each in view.list.side.findChildren(QLineEdit) if called(each) == "Reason"]
    reason.setFocus()
    QTest.keyClicks(reason, "They grow")

    brainstorm.box.close(poll)
    home.until(lambda: not view.list.side.isVisible())
    QTest.keyClicks(draft.window.focusWidget(), " k")

    assert "does not count. You wrote: “They grow”." in notices(draft)
    assert not any(note.is_locked for note in brainstorm.board.notes())
    assert view.list.input.text() == " k"
