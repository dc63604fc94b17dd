"""How wide columns are made by hand: by dragging the lines between them, by commands, and for everybody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cowrite.core.writing.tables import table_at
from cowrite.gui.look.theme import named
from cowrite.gui.page.cells import column_edges
from helpers.player import check_page
from helpers.seats import CTRL, Seat, Teammate

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton


class Columns:
    """The columns of the first table on a page, and the mouse on the lines between them."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.view = seat.editor.viewport()

    @property
    def edges(self) -> list[int]:
        """The left of each column, and the right of the last one, in viewport coordinates."""
        frames = self.seat.editor.document().rootFrame().childFrames()
        return [round(edge) for edge in column_edges(self.seat.editor, next(_tables(frames)))]

    @property
    def widths(self) -> list[int | None]:
        """How wide the document says that they are."""
        table = table_at(self.seat.document, self.seat.document.text().index("\n") + 1)
        assert table is not None
        return table.widths

    def line(self, number: int) -> QPoint:
        """A point on the line behind so many columns, in the first row."""
        return QPoint(self.edges[number], self.seat.place(self.seat.document.text().index("\n") + 1).y())

    def move(self, at: QPoint, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        """Moves the mouse there. QTest moves the system's, and its moves may belong to another window."""
        to, none = QPointF(at), Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, to, self.view.mapToGlobal(to), none, buttons, Qt.KeyboardModifier(0))
        QApplication.sendEvent(self.view, event)

    def hold(self, number: int, by: int) -> None:
        """Presses the line behind so many columns and moves it by so many pixels."""
        at = self.line(number)
        self.move(at)
        QTest.mousePress(self.view, LEFT, pos=at)
        self.move(at + QPoint(by, 0), LEFT)

    def drag(self, number: int, by: int) -> None:
        """Drags it there."""
        at = self.line(number) + QPoint(by, 0)
        self.hold(number, by)
        QTest.mouseRelease(self.view, LEFT, pos=at)


def _tables(frames):
    return (frame for frame in frames if isinstance(frame, QTextTable))


@pytest.fixture
def columns(sit) -> Columns:
    """Three columns of two rows, the second of which has only two cells, between two lines."""
    rows = [("one", "1"), ("two", "1"), ("three", "1"), ("", "2"), ("short", "2")]
    return Columns(sit("above", *((text, {"table": row}) for text, row in rows), "below"))


def test_a_line_between_columns_is_dragged_and_all_see_it_where_it_is_then(columns):
    seat, before = columns.seat, columns.edges
    seat.editor.set_caret(8, 6)
    columns.drag(1, 60)
    assert columns.edges == pytest.approx([before[0], before[1] + 60, *before[2:]], abs=1)
    assert seat.editor.caret() == (6, 8)
    columns.drag(2, -30)
    dragged = columns.edges
    assert dragged == pytest.approx([before[0], before[1] + 60, before[2] - 30, before[3]], abs=1)
    seat.editor.show_theme(named("light"))
    assert columns.edges == dragged
    check_page(seat.editor, seat.document)
    seat.press(Key.Key_Z, CTRL)
    assert columns.edges == pytest.approx([before[0], before[1] + 60, *before[2:]], abs=1)
    seat.press(Key.Key_Z, CTRL)
    assert columns.edges == before
    seat.press(Key.Key_Y, CTRL)
    seat.press(Key.Key_Y, CTRL)
    assert columns.edges == dragged


def test_what_a_teammate_does_to_columns_is_seen_at_once(columns):
    mate = Teammate(columns.seat)
    mate.format_lines(6, {"column": 600})
    edges = columns.edges
    assert (edges[1] - edges[0]) / (edges[-1] - edges[0]) == pytest.approx(0.6, abs=0.01)


def test_a_column_keeps_some_room_however_far_a_line_is_dragged(columns):
    columns.drag(1, -500)
    edges = columns.edges
    assert 20 < edges[1] - edges[0] < 50
    columns.drag(1, 900)
    assert columns.edges[0] < columns.edges[1] < columns.edges[2] == edges[2]


@pytest.mark.parametrize("how", ["click", "escape", "within a longer cell", "reader", "suggester"])
def test_widths_stay_as_they_are_where_no_line_is_dragged_to_another_place(columns, bo, how):
    match how:
        case "click":
            QTest.mouseClick(columns.view, LEFT, pos=columns.line(1))
        case "escape":
            columns.hold(1, 60)
            columns.seat.press(Key.Key_Escape)
            QTest.mouseRelease(columns.view, LEFT, pos=columns.line(1) + QPoint(60, 0))
        case "within a longer cell":
            below = columns.line(2) + QPoint(0, columns.seat.place(20).y() - columns.line(2).y())
            QTest.mousePress(columns.view, LEFT, pos=below)
            QTest.mouseRelease(columns.view, LEFT, pos=below + QPoint(60, 0))
        case "reader":
            columns.seat.editor.setReadOnly(True)
            columns.drag(1, 60)
        case _:
            columns = Columns(bo("above", ("one", {"table": "1"}), ("two", {"table": "1"}), "below")[0])
            columns.drag(1, 60)
    assert not any(columns.widths)
    columns.seat.editor.setReadOnly(False)
    columns.seat.editor.set_caret(6)
    columns.seat.type("x")
    assert columns.seat.document.text().startswith("above\nxone")


def test_the_pointer_shows_where_a_line_can_be_dragged(columns):
    shapes = []
    for at in (columns.line(1), columns.line(1) + QPoint(30, 0), columns.line(0), QPoint(columns.line(1).x(), 5)):
        columns.move(at)
        shapes.append(columns.view.cursor().shape())
    assert shapes == [Qt.CursorShape.SplitHCursor, *[Qt.CursorShape.IBeamCursor] * 3]


def test_two_clicks_on_a_line_leave_the_columns_beside_it_to_what_is_in_them(columns):
    before = columns.edges
    columns.drag(1, 60)
    assert any(columns.widths)
    QTest.mouseDClick(columns.view, LEFT, pos=columns.line(1))
    assert columns.widths == [None] * 3
    assert columns.edges == before


def test_columns_become_wider_and_narrower_by_commands(columns):
    tables, seat = columns.seat.editor.tables, columns.seat
    before = columns.edges
    seat.editor.set_caret(6)
    tables.widen(50)
    wider = columns.edges
    assert wider[1] > before[1] + 20
    assert wider[2:] == before[2:]
    seat.editor.set_caret(seat.document.text().index("three"))
    tables.widen(50)
    assert columns.edges[2] < wider[2] - 20
    assert columns.edges[1] == pytest.approx(wider[1], abs=1)
    tables.widen(-50)
    assert columns.edges == pytest.approx(wider, abs=1)
    tables.leave_widths()
    assert columns.edges == before
