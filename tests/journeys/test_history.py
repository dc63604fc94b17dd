"""A document's history, from the menu to the restored document: real windows, a real server process."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from cowrite.app.draft.draft import Draft
from cowrite.app.history import flow as history_flow
from cowrite.core.board.items import Note, Place
from cowrite.gui.history.window import HistoryWindow
from helpers.colours import colours
from helpers.desk import SAVED, Desk, notices, same, server, write
from helpers.history_desk import added, an_hour_passes, answer, key, open_history, text, written_by
from helpers.team_server import administer

pytestmark = pytest.mark.journey


@pytest.fixture
def written(sit, team_server) -> tuple[Desk, Draft, Draft]:
    """Ada writes; an hour later Ben changes it, and another hour later Ada adds a line."""
    ada, ben = sit("Ada"), sit("Ben")
    draft, mate = ada.join(team_server.invite("plan")), ben.join(team_server.invite("plan"))
    both = (draft, mate)
    for who, at, words in ((draft, 0, "We meet on Monday."), (mate, 17, " or Tuesday"), (draft, 29, "\nBring cake.")):
        ada.until(lambda: server(draft) == server(mate) == SAVED and same(*both))
        an_hour_passes(team_server.data)
        who.editor.set_caret(at)
        write(who, words)
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(*both))
    assert draft.document.text() == "We meet on Monday or Tuesday.\nBring cake.\n"
    return ada, draft, mate


def test_a_person_goes_through_history_by_keyboard_and_mouse_and_sees_who_wrote_what(written):
    ada, draft, mate = written
    history = open_history(ada, draft)
    assert text(history) == "We meet on Monday or Tuesday.\nBring cake."
    slider = history.foot.slider
    assert slider.hasFocus()
    key(slider, Qt.Key.Key_Left)
    ada.until(lambda: text(history) == "We meet on Monday or Tuesday." and added(history) == [" or Tuesday"])
    assert written_by(history) == {"Ada": "We meet on Monday.", "Ben": " or Tuesday"}
    assert "Ben, +11" in slider.accessibleDescription()

    seen = colours(history.page.viewport().grab().toImage())
    theme = draft.window.theme
    one, two = (next(s.author for s in history.page.stretches.all if s.author.name == each) for each in ("Ada", "Ben"))
    assert one.colour != two.colour
    assert {theme.tint(one.colour), theme.tint(two.colour, strong=True), theme.person(two.colour)} <= seen.keys()
    assert theme.tint(one.colour, strong=True) not in seen

    key(slider, Qt.Key.Key_Home)
    ada.until(lambda: text(history) == "We meet on Monday.")
    assert history.foot.count.text() == "1 of 3"
    QTest.keyClick(history, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().strip() == "We meet on Monday."
    history.head.restore.click()
    answer(history, "Cancel")
    assert history.isVisible()
    assert draft.document.text() == mate.document.text() == "We meet on Monday or Tuesday.\nBring cake.\n"

    key(history.page, Qt.Key.Key_Right)
    key(history.page, Qt.Key.Key_End)
    ada.until(lambda: text(history).endswith("Bring cake."))
    key(history.side.moments, Qt.Key.Key_Down)
    ada.until(lambda: history.foot.count.text() == "2 of 3")
    assert slider.value() == 1

    drag(slider, slider.width() - 2, slider.width() // 2, 3)
    ada.until(lambda: text(history) == "We meet on Monday.")
    assert history.foot.count.text() == "1 of 3"
    key(history, Qt.Key.Key_Escape)
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)


def drag(slider: QSlider, *places: int) -> None:
    """Drags along a slider, from its middle."""
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    for x in places:
        QTest.mouseMove(slider, QPoint(x, slider.height() // 2))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton)


def test_playing_stops_at_the_last_moment_and_history_grows_with_the_document_until_the_draft_is_closed(
    written, monkeypatch
):
    monkeypatch.setattr(history_flow, "RELOAD_DELAY", 50)
    ada, draft, mate = written
    history = open_history(ada, draft)
    shown: list[str] = []
    key(history.page, Qt.Key.Key_Space)
    assert history.foot.play.accessibleName() == "Pause (Space)"
    assert history.foot.count.text() == "1 of 3"

    def is_over() -> bool:
        if not shown or shown[-1] != history.foot.count.text():
            shown.append(history.foot.count.text())
        return not history.foot.play.isChecked()

    ada.until(is_over)
    assert shown == ["1 of 3", "2 of 3", "3 of 3"]
    assert text(history).endswith("Bring cake.")

    key(history.foot.slider, Qt.Key.Key_Home)
    ada.until(lambda: text(history) == "We meet on Monday.")
    mate.editor.set_caret(0)
    write(mate, "Dear all, ")
    ada.until(lambda: draft.document.text().startswith("Dear all, We meet"))
    assert text(history) == "We meet on Monday."
    key(history.foot.slider, Qt.Key.Key_End)
    ada.until(lambda: "Dear all, We meet" in text(history))

    assert draft.window.close()
    ada.until(lambda: draft not in ada.application.documents.drafts)


def test_restoring_is_asked_once_seen_by_all_and_not_undone_by_anybody(written, sit, team_server):
    ada, draft, mate = written
    an_hour_passes(team_server.data)
    history = open_history(ada, draft)
    assert not history.head.restore.isEnabled()
    assert "newest" in history.head.restore.toolTip()
    key(history.foot.slider, Qt.Key.Key_Home)
    ada.until(lambda: text(history) == "We meet on Monday.")
    history.head.restore.click()
    words = answer(history, "Restore")
    assert "everybody" in words
    assert "Nothing is lost" in words
    ada.until(lambda: draft.document.text() == mate.document.text() == "We meet on Monday.")
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    assert re.search("The text is what it was (today|yesterday) at", notices(draft))
    assert "was restored to an earlier moment" in notices(mate)
    late = sit("Cy").join(team_server.invite("plan"))
    ada.until(lambda: server(late) == SAVED and same(late, draft))
    assert "was restored to an earlier moment" not in notices(late)
    mate.editor.undo_own()
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    assert draft.document.text() == "We meet on Monday."
    history = open_history(ada, draft, 4)
    assert text(history) == "We meet on Monday."
    key(history.foot.slider, Qt.Key.Key_Left)
    ada.until(lambda: text(history).endswith("Bring cake."))
    draft.editor.undo_own()  # her own first words, for those that came later are gone; they do not come back
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    assert "Tuesday" not in draft.document.text()
    assert "cake" not in draft.document.text()


def test_restoring_leaves_the_board_and_who_has_deleted_what_comes_back_does_not_bring_it_back_by_undo(
    written,
):
    ada, draft, mate = written
    board = draft.brainstorming.brainstorm.board
    board.add([Note("", "stays", Place(0, 0))])
    before = draft.document.text()
    draft.editor.set_caret(10, 0)
    key(draft.editor, Qt.Key.Key_Delete)
    ada.until(lambda: server(draft) == SAVED and same(draft, mate) and "We meet" not in mate.document.text())
    mate.editor.selectAll()
    key(mate.editor, Qt.Key.Key_Delete)
    ada.until(lambda: server(mate) == SAVED and same(draft, mate) and "cake" not in draft.document.text())
    history = open_history(ada, draft, 0)
    ada.until(lambda: history.foot.count.text() in ("3 of 3", "4 of 4", "5 of 5"))
    history.moment_wanted.emit(1)
    ada.until(lambda: text(history) == "We meet on Monday or Tuesday." and history.head.restore.isEnabled())
    history.head.restore.click()
    assert "board and decisions stay as they are" in answer(history, "Restore")
    ada.until(lambda: draft.document.text() == mate.document.text() == "We meet on Monday or Tuesday.")
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    for each in (draft, mate):
        each.editor.undo_own()
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    assert draft.document.text() == "We meet on Monday or Tuesday."
    assert before.startswith(draft.document.text())
    assert [note.text for note in board.notes()] == ["stays"]


def test_comments_stand_on_their_words_again_also_where_the_moment_was_restored_before_it_was_shown(written):
    ada, draft, mate = written
    comments = draft.comments.flow.comments
    id = comments.add(11, 17, "Which one?", draft.author)
    draft.editor.selectAll()
    key(draft.editor, Qt.Key.Key_Delete)
    ada.until(lambda: server(draft) == SAVED and same(draft, mate))
    assert comments.get(id).place is None
    history = open_history(ada, draft, 0)
    ada.until(history.page.isVisible)
    history.moment_wanted.emit(0)
    history.head.restore.click()
    assert text(history) == ""
    answer(history, "Restore")
    ada.until(lambda: draft.document.text() == "We meet on Monday." and comments.get(id).place == (11, 17))


def test_offline_what_was_opened_stays_and_the_rest_comes_with_the_connection(written, team_server):
    ada, draft, _ = written
    history = open_history(ada, draft)
    ada.until(lambda: added(history) != [])
    team_server.process.kill()
    ada.until(lambda: "Offline" in server(draft))
    assert history.notices.ids() == ["history"]
    assert "offline" in history.head.restore.toolTip()
    key(history.foot.slider, Qt.Key.Key_Left)
    assert text(history) == "We meet on Monday or Tuesday."
    key(history.foot.slider, Qt.Key.Key_Home)
    assert "You are offline" in history.message.sentence.text()
    assert history.message.isVisible()
    team_server.process.start()
    ada.until(lambda: text(history) == "We meet on Monday.")
    assert not history.notices.isVisible()
    assert history.head.restore.isEnabled()


def test_who_was_removed_is_called_by_their_name_in_the_history_that_others_than_owners_see(written, team_server):
    ada, draft, mate = written
    administer(team_server.data, "remove", "plan", str(mate.shared.members.me))
    ada.until(lambda: "does not let you in any more" in notices(mate))
    assert set(written_by(open_history(ada, draft))) == {"Ada", "Ben"}


def test_a_viewer_looks_through_history_and_is_told_why_there_is_no_restoring(written, sit, team_server):
    vera = sit("Vera")
    view = vera.join(team_server.invite("plan", "viewer"))
    vera.until(view.editor.isReadOnly)
    history = open_history(vera, view)
    key(history.foot.slider, Qt.Key.Key_Home)
    vera.until(lambda: text(history) == "We meet on Monday.")
    assert not history.head.restore.isEnabled()
    assert "a link that lets you edit" in history.head.restore.toolTip()
    assert history.notices.isVisible()
