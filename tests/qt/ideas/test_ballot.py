"""The ballot of an open poll beside the list of ideas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSpinBox

from cowrite.app.ideas.lists import import_list
from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.session.poll_page import PollPage
from cowrite.gui.widgets.sideways import Sideways
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


@pytest.mark.parametrize("width", [900, 1200])
@pytest.mark.parametrize("criteria", [(), ("Impact", "Cost", "Feasibility"), tuple("ABCDEFGHIJ")])
def test_all_of_a_ballot_beside_the_list_can_be_seen_however_narrow_it_is(draft, home, tmp_path, width, criteria):
    brainstorm = draft.brainstorming.brainstorm
    session = brainstorm.sessions.begin(Session("", "How?", phase=Phase.RATE))
    assert import_list(draft, written(tmp_path / "in.txt", "Somewhere to sit\nHerbs along the sunny wall\n"))
    draft.window.resize(width, 700)
    view = ideas(draft)
    options = tuple(brainstorm.visibility.options(session))
    kind = PollKind.SCORES if criteria else PollKind.DOTS
    brainstorm.polls.open(Poll("", kind, "Which?", options, 3, 3, criteria, session=session))
    home.until(lambda: len(view.list.side.findChildren(QSpinBox)) == 2 * max(1, len(criteria)))
    QApplication.processEvents()

    (page,) = view.list.side.findChildren(PollPage)
    area = page.parentWidget()
    assert page.width() <= area.width()
    (table,) = page.findChildren(Sideways)
    assert not table.horizontalScrollBar().isVisible()
    home.until(lambda: table.verticalScrollBar().maximum() == 0)  # the page scrolls up and down, and nothing in it
    press(draft, "V")
    for field in table.findChildren(QSpinBox):
        assert draft.window.focusWidget() is field
        assert table.viewport().rect().contains(QRect(field.mapTo(table.viewport(), QPoint()), field.size()))
        press(draft, "Tab")
    assert not table.isAncestorOf(draft.window.focusWidget())


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
