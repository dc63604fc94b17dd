"""Two people at one board: real windows, a real server, real keys and a real mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.app.session.brainstorming import KEPT
from cowrite.bridge.file.pictures import png_of
from cowrite.core.board.items import Note, Place
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.board.board_view import BoardView
from cowrite.gui.board.others import PointerItem
from cowrite.sync.link import Link
from helpers.desk import SAVED, Desk, notices, server

pytestmark = pytest.mark.journey


def board(draft: Draft) -> BoardView:
    draft.window.actions_["view_board"].trigger()
    view = draft.brainstorming.view("board")
    assert isinstance(view, BoardView)
    return view


def texts(view: BoardView) -> set[str]:
    return {item.note.text for item in view.scene.notes.values()}


def pointers(view: BoardView) -> list[str]:
    return [item.name for item in view.scene.items() if isinstance(item, PointerItem)]


def named(draft: Draft) -> list[str]:
    return [row.accessibleName() for row in draft.window.people.findChildren(QWidget)]


@pytest.fixture
def pair(sit, team_server) -> tuple[Desk, Desk, Draft, Draft]:
    """Ada and Bo at one document of a server, and the draft of each."""
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.join(team_server.invite("plan")), bo.join(team_server.invite("plan"))
    ada.until(lambda: server(draft) == SAVED)
    bo.until(lambda: server(mate) == SAVED)
    return ada, bo, draft, mate


def write_note(view: BoardView, words: str) -> None:
    QTest.keyClick(view.canvas, Qt.Key.Key_N)
    QTest.keyClicks(view.writing.field, words)
    QTest.keyClick(view.writing.field, Qt.Key.Key_Escape)


def test_notes_pictures_and_pointers_reach_the_other_and_a_silent_phase_hides_them(pair):
    ada, bo, draft, mate = pair
    here, there = board(draft), board(mate)
    write_note(here, "Late trains")
    bo.until(lambda: texts(there) == {"Late trains"})

    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QApplication.clipboard().setImage(picture)
    mate.window.actions_["paste"].trigger()
    (name,) = {item.note.image for item in there.scene.notes.values()} - {""}
    ada.until(lambda: name in {item.note.image for item in here.scene.notes.values()})
    ada.until(lambda: draft.images.image(name) is not None)

    there.canvas.pointed.emit(QPointF(90, 70))
    ada.until(lambda: pointers(here) == ["Bo"])
    ada.until(lambda: "Bo, at the board" in named(draft))

    mate.brainstorming.brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    ada.until(lambda: pointers(here) == [])
    ada.until(lambda: all(mate.board is None for mate in draft.shared.presence.teammates()))

    here.undo()
    bo.until(lambda: texts(there) == {""})


def test_who_looks_at_another_view_is_not_said_to_write_in_the_draft(pair):
    ada, _, draft, mate = pair
    ada.until(lambda: "Bo, writing" in named(draft))
    mate.window.actions_["view_ideas"].trigger()
    ada.until(lambda: "Bo, here" in named(draft))
    mate.window.actions_["view_draft"].trigger()
    ada.until(lambda: "Bo, writing" in named(draft))


def test_undo_leaves_a_note_in_which_a_teammate_has_written_and_says_so(pair):
    ada, bo, draft, mate = pair
    here, there = board(draft), board(mate)
    write_note(here, "Late trains")
    bo.until(lambda: texts(there) == {"Late trains"})

    (id,) = there.scene.notes
    there.go_to(id)
    QTest.keyClick(there.canvas, Qt.Key.Key_Return)
    QTest.keyClick(there.writing.field, Qt.Key.Key_End)
    QTest.keyClicks(there.writing.field, " at night")
    ada.until(lambda: texts(here) == {"Late trains at night"})

    draft.window.actions_["undo"].trigger()
    assert KEPT in notices(draft)
    QTest.keyClicks(there.writing.field, ", too")
    QTest.keyClick(there.writing.field, Qt.Key.Key_Escape)
    ada.until(lambda: texts(here) == {"Late trains at night, too"})
    assert texts(there) == {"Late trains at night, too"}


def test_the_pictures_of_a_board_reach_a_teammate_also_where_they_were_there_before_it_was_shared(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    name = draft.images.put(png_of(picture), "image/png")
    draft.brainstorming.brainstorm.write([Note("", "", Place(0, 0), image=name)])
    draft.connection.share(Link.parse(team_server.invite("plan")), again=False)
    ada.until(lambda: server(draft) == SAVED)
    mate = bo.join(team_server.invite("plan"))
    bo.until(lambda: mate.images.image(name) is not None)
