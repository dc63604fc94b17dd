"""Notes that are revealed while somebody is at the board."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from cowrite.core.board.items import Note, Place
from cowrite.core.sessions.sessions import Phase
from cowrite.gui.board.board_view import BoardView
from helpers.session_table import Table


@pytest.fixture
def board(table: Table) -> BoardView:
    """A board that is shown far from where the sealed notes will lie."""
    table.brainstorm.board.add([Note("", "old", Place(0, 0))])
    table.begin()
    table.write("Trees", "Benches")
    table.draft.brainstorming.show("board")
    view = table.draft.window.views.current
    assert isinstance(view, BoardView)
    view.canvas.zoom_to(1.0)
    view.canvas.centre(QPointF(0, -5000))
    return view


def seen(table: Table, board: BoardView) -> list[bool]:
    sight = board.canvas.in_sight()
    notes = [note for note in table.brainstorm.visibility.published() if note.session]
    return [sight.contains(board.scene.extent([note.id])) for note in notes]


def test_a_board_that_is_opened_first_shows_what_stands_there_for_the_session_and_not_what_earlier_ones_left(table):
    board = table.brainstorm.board
    board.add([Note("", "old", Place(0, 0)), Note("", "older", Place(0, 4000))])
    board.add_frame("Past", Place(0, 200, 600, 600))
    id = table.begin(Phase.CLARIFY, is_revealed=True)
    frame = board.add_frame("For", Place(0, 4200, 600, 600))
    (note,) = board.add([Note("", "new", Place(0, 4900), session=id)])
    table.draft.brainstorming.show("board")
    view = table.draft.window.views.current
    assert isinstance(view, BoardView)
    assert view.canvas.in_sight().contains(view.scene.extent([frame, note]))
    assert view.canvas.in_sight().top() > 3000


def test_revealed_notes_come_into_sight_where_none_of_them_is(table, board):
    table.draft.window.actions_["session_next"].trigger()

    table.desk.until(lambda: seen(table, board) == [True, True])
    assert table.draft.window.views.current is board


def test_whoever_sees_some_of_the_revealed_notes_is_left_where_they_are(table, board):
    board.canvas.centre(QPointF(0, 150))
    before = board.canvas.in_sight().topLeft()
    table.draft.window.actions_["session_next"].trigger()
    table.desk.until(lambda: table.flow.session.is_revealed)

    table.desk.until(lambda: not settles(table))
    assert any(board.canvas.in_sight().intersects(board.scene.extent([id])) for id in board.scene.notes)
    assert board.canvas.in_sight().topLeft() == before


def test_nobody_is_pulled_away_who_writes_on_the_board(table, board):
    board.writing.new_note_at(QPointF(0, -5000))
    QTest.keyClicks(board.writing.field, "half a thou")
    before = board.canvas.in_sight().topLeft()
    table.draft.window.actions_["session_next"].trigger()
    table.desk.until(lambda: len(seen(table, board)) == 2 and not settles(table))
    assert board.canvas.in_sight().topLeft() == before
    QTest.keyClicks(board.writing.field, "ght")
    assert board.writing.field.toPlainText() == "half a thought"


def test_nobody_is_pulled_away_who_drags_on_the_board(table, board):
    before = board.canvas.in_sight().topLeft()
    middle = board.canvas.viewport().rect().center()
    QTest.mousePress(board.canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(board.canvas.viewport(), middle + QPoint(60, 40))
    assert board.canvas.is_busy
    table.draft.window.actions_["session_next"].trigger()
    table.desk.until(lambda: len(seen(table, board)) == 2 and not settles(table))
    assert board.canvas.in_sight().topLeft() == before
    QTest.mouseRelease(board.canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def settles(table: Table) -> bool:
    """Whether the revealed notes are still waited for."""
    return table.flow._soon.isActive() or table.flow._arrival._settled.isActive()
