"""A restoring that somebody has asked for is done, or they hear that it is not: real windows, a real server process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from PySide6.QtCore import Qt

from cowrite.app.draft.draft import Draft
from cowrite.app.history import flow as history_flow
from cowrite.gui.history.window import HistoryWindow
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.history import MomentList
from helpers.closing import Quits
from helpers.desk import SAVED, Desk, choices, notices, same, server, texts, write
from helpers.history_desk import an_hour_passes, answer, key, open_history, text
from helpers.team_server import TeamServer

pytestmark = pytest.mark.journey

FIRST, LATER = "We meet on Monday.", "Never mind."


@pytest.fixture
def both(sit, team_server) -> tuple[Desk, Draft, Draft]:
    """Ada writes, and an hour later writes something else in its place; Ben looks on."""
    ada, ben = sit("Ada"), sit("Ben")
    draft, mate = ada.join(team_server.invite("plan")), ben.join(team_server.invite("plan"))
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    write(draft, FIRST)
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    an_hour_passes(team_server.data)
    draft.editor.selectAll()
    write(draft, LATER)
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    return ada, draft, mate


def press_restore(desk: Desk, draft: Draft) -> HistoryWindow:
    """Has a draft made what it was at first; nothing of that is done before the event loop goes on."""
    history = open_history(desk, draft, 2)
    key(history.foot.slider, Qt.Key.Key_Home)
    desk.until(lambda: text(history) == FIRST)
    history.head.restore.click()
    answer(history, "Restore")
    return history


def test_a_window_that_is_closed_while_its_document_is_restored_says_so_and_closes_when_that_is_done(both):
    ada, draft, mate = both
    path = draft.path
    press_restore(ada, draft)
    assert not draft.window.close()
    assert "is being restored" in notices(draft)
    assert choices(draft) == {"Close without waiting"}
    ada.until(lambda: draft not in ada.application.documents.drafts)
    ada.until(lambda: mate.document.text() == FIRST)
    assert ada.open(path).document.text() == FIRST


def test_cowrite_that_is_quit_while_a_document_is_restored_ends_when_that_is_done(both, monkeypatch):
    ada, draft, mate = both
    quits = Quits(ada, monkeypatch)
    press_restore(ada, draft)
    ada.application.quit()
    assert quits.count == 0
    ada.until(lambda: quits.count == 1)
    ada.until(lambda: mate.document.text() == FIRST)
    assert draft.is_closed


def test_who_closes_while_a_document_is_restored_and_the_server_goes_away_hears_of_it_and_can_close_then(
    both, team_server: TeamServer
):
    ada, draft, _ = both
    history = press_restore(ada, draft)
    assert not draft.window.close()
    team_server.process.kill()
    ada.until(lambda: "was not restored" in notices(draft) or "whether it was" in notices(draft))
    assert "is being restored" not in notices(draft)
    assert "has stayed open" in notices(draft)
    assert draft.window.isVisible()
    assert history.isVisible()
    assert draft.window.close()


def test_who_does_not_want_to_wait_for_a_restoring_closes_all_the_same(both, team_server: TeamServer):
    ada, draft, _ = both
    press_restore(ada, draft)
    assert not draft.window.close()
    draft.window.notices.answered.emit("restoring", "leave")
    ada.until(lambda: draft not in ada.application.documents.drafts)


def test_a_history_on_this_computer_restores_the_document_before_its_window_closes(alone):
    ada, draft = alone
    path = draft.path
    history = open_history(ada, draft, 2)
    key(history.foot.slider, Qt.Key.Key_Home)
    ada.until(lambda: text(history) == FIRST)
    history.head.restore.click()
    answer(history, "Restore")
    assert not draft.window.close()
    ada.until(lambda: draft not in ada.application.documents.drafts)
    assert ada.open(path).document.text().rstrip() == FIRST


@contextmanager
def unwritable(team_server: TeamServer) -> Iterator[None]:
    """The server can read what it holds, and write nothing, as on a full disk."""
    with closing(sqlite3.connect(team_server.data / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_who_restores_while_the_server_cannot_write_reads_that_it_was_not_done_and_does_so_later(
    both, team_server: TeamServer, monkeypatch
):
    monkeypatch.setattr(history_flow, "RELOAD_DELAY", 50)
    ada, draft, mate = both
    with unwritable(team_server):
        write(mate, "x")  # the server comes to know by it
        ada.until(lambda: draft.document.text() == mate.document.text() != f"{LATER}\n")
        history = press_restore(ada, draft)
        ada.until(lambda: any("was not restored" in each for each in texts(history.notices)))
        asked = list[object]()
        monkeypatch.setattr(history, "show_moments", lambda *_: asked.append(1))
        write(mate, "y")
        ada.until(lambda: asked)  # the list of moments comes once more
        assert any("was not restored" in each for each in texts(history.notices))
        assert FIRST not in draft.document.text() + mate.document.text()
    ada.until(lambda: server(mate) == SAVED)
    history.head.restore.click()
    answer(history, "Restore")
    ada.until(lambda: draft.document.text() == mate.document.text() == FIRST)


def test_who_restores_just_as_the_server_can_write_no_more_is_told_that_it_takes_longer_and_when_it_is_done(
    both, team_server: TeamServer, monkeypatch
):
    monkeypatch.setattr(history_flow, "SLOW_DELAY", 50)
    ada, draft, mate = both
    with unwritable(team_server):
        history = press_restore(ada, draft)
        ada.until(lambda: draft.document.text() == mate.document.text() == FIRST)
        ada.until(lambda: any("longer than usual" in each for each in texts(history.notices)))
        assert "The text is what it was" not in notices(draft)
    ada.until(lambda: "The text is what it was" in notices(draft))
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)


def test_comments_that_do_not_stand_on_what_came_back_for_cowrite_died_meanwhile_do_so_when_it_is_restored_once_more(
    both, team_server: TeamServer
):
    ada, draft, mate = both
    comments = draft.comments.flow.comments
    draft.editor.selectAll()
    write(draft, FIRST)
    id = comments.add(11, 17, "Which one?", draft.author)
    ada.until(lambda: server(draft) == SAVED and same(draft, mate))
    an_hour_passes(team_server.data)
    draft.editor.selectAll()
    write(draft, LATER)
    ada.until(lambda: server(draft) == SAVED and same(draft, mate))
    history = open_history(ada, draft, 0)
    ada.until(lambda: text(history) == LATER)
    history.moment_wanted.emit(history.foot.slider.value() - 1)
    ada.until(lambda: text(history) == FIRST)
    moments = list[MomentList]()
    draft.history.source.ask_moments(moments.append, moments.append)
    ada.until(lambda: moments)
    answers = list[object]()
    # All that reaches the server of a restoring by somebody whose cowrite dies then.
    draft.history.source.restore(moments[0].moments[-2].seq, lambda: answers.append(None), answers.append)
    ada.until(lambda: answers == [None] and draft.document.text() == mate.document.text() == FIRST)
    assert comments.get(id).place is None
    history.head.restore.click()
    answer(history, "Restore")
    ada.until(lambda: comments.get(id).place == (11, 17))


def test_who_restores_is_told_where_it_cannot_be_known_on_which_words_comments_stood(both, team_server: TeamServer):
    ada, draft, mate = both
    draft.comments.flow.comments.add(0, 5, "Which one?", draft.author)
    ada.until(lambda: server(draft) == SAVED and same(draft, mate))
    an_hour_passes(team_server.data)
    write(draft, "Or so.")  # the moment before the newest one is fetched at once, and the first is not that one then
    ada.until(lambda: server(draft) == SAVED and same(draft, mate))
    history = open_history(ada, draft, 0)
    ada.until(history.page.isVisible)
    history.closed.connect(team_server.process.kill)  # the document is restored, and the moment is still to be read
    history.moment_wanted.emit(0)
    history.head.restore.click()
    answer(history, "Restore")
    assert not draft.window.close()
    ada.until(lambda: "comments on words that came back do not stand on them" in notices(draft))
    assert "has stayed open" in notices(draft)
    assert draft.document.text() == FIRST
    assert draft.window.close()
