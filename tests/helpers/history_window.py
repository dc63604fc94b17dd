"""The window of a document's history, with moments that nobody has written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QDateTime, QSizeF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cowrite.bridge.file.image_store import Absence
from cowrite.bridge.file.pictures import Picture
from cowrite.core.document.document import Document
from cowrite.core.document.earlier import open_earlier
from cowrite.gui.history.moment_words import Author, MomentRow, RowName
from cowrite.gui.history.stretches import Stretch
from cowrite.gui.history.window import HistoryWindow
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import Theme

ADA, BEN = Author(1, "Ada", PEOPLE[1].light), Author(2, "Ben", PEOPLE[0].light)
NOW = QDateTime(2026, 3, 4, 15, 0, 0)  # a Wednesday
DAY = 24 * 60


class NoImages:
    def put(self, content: bytes, media_type: str) -> str:
        raise AssertionError("history takes no images")

    def take(self, picture: Picture) -> None:
        raise AssertionError("history takes no images")

    def image(self, name: str) -> QImage | None:
        return None

    def size(self, name: str) -> QSizeF | None:
        return None

    def absence(self, name: str) -> Absence:
        return Absence.COMING

    def original(self, name: str) -> None:
        return None


def row(minutes: int, *who: Author, added: int = 0, removed: int = 0, length: int = 0) -> MomentRow:
    """A moment that ended so many minutes ago."""
    ended = NOW.addSecs(-60 * minutes)
    return MomentRow(ended.addSecs(-60 * length), ended, who, added, removed)


ROWS = (
    row(DAY + 55, ADA, added=30),
    row(60, ADA, BEN, added=120, removed=8, length=7),
    row(5, BEN, added=4),
)


def named_rows(name: str = "Sent to Ben") -> tuple[MomentRow, ...]:
    """The moments, of which the one in the middle has a name."""
    return (ROWS[0], replace(ROWS[1], name=RowName(name, BEN, NOW.addSecs(-1800))), ROWS[2])


def show(window: HistoryWindow, document: Document, *stretches: tuple[int, int, Author], before: bytes | None) -> None:
    window.show_earlier(open_earlier(document.state(), before), [Stretch(*each) for each in stretches])


def history_window(theme: Theme, qtbot: QtBot) -> Iterator[HistoryWindow]:
    """The window with three moments, at the middle one."""
    parent = QWidget()
    qtbot.addWidget(parent)
    window = HistoryWindow("Plan", theme, 1.0, NoImages(), parent)
    window.resize(1180, 860)
    window.show_moments(ROWS, NOW)
    window.show_at(1)
    window.show()
    yield window  # its parent, which nobody else holds, stays until then
    parent.close()
