"""What a page shows of a table."""

from __future__ import annotations

from PySide6.QtGui import QTextTable

from helpers.player import check_page
from helpers.seats import Seat


def cells(seat: Seat) -> list[str]:
    """The rows of the first table that the page shows, each as its cells in one string."""
    check_page(seat.editor, seat.document)
    tables = [frame for frame in seat.editor.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]
    rows = []
    for row in range(tables[0].rows()):
        texts: dict[int, str] = {}
        for column in range(tables[0].columns()):
            cell = tables[0].cellAt(row, column)
            texts[cell.firstPosition()] = cell.firstCursorPosition().block().text()
        rows.append("|".join(texts.values()))
    return rows
