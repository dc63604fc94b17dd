"""A person at a shown editor, or at a desk with windows and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.core.document.document import Document
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.gui.look.theme import Theme, apply, named
from helpers import drafts
from helpers.desk import Desk
from helpers.drafts import Clock
from helpers.seats import Seat
from helpers.suggesting import suggesting


@pytest.fixture(autouse=True)
def tidied() -> Iterator[None]:
    """What a test deletes later is gone before the next one, which would dress it anew with its style sheet; and no
    button of the mouse is held any more. Nor is a window shown, which each later test would dress, too."""
    yield
    held = QApplication.mouseButtons()
    if held is not Qt.MouseButton.NoButton:
        window = QWidget()
        window.show()
        for button in held:
            QTest.mouseRelease(window, button)
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not [window for window in QApplication.topLevelWidgets() if window.isVisible()], "left open"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is asked to say, in order, while there is one."""
    said: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())

    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return said


@pytest.fixture(params=["light", "dark", "light-contrast", "dark-contrast"])
def theme(request: pytest.FixtureRequest) -> Theme:
    """Each of the looks in turn."""
    return named(request.param)


@pytest.fixture
def dress(qapp: QApplication) -> Iterator[Callable[[Theme], None]]:
    """Dresses the application in a theme, until the test ends."""
    font, palette, sheet = qapp.font(), qapp.palette(), qapp.styleSheet()
    yield partial(apply, qapp)
    apply(qapp, named("light"))
    qapp.setFont(font)
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


@pytest.fixture
def leave_window(qtbot: QtBot) -> Callable[[], None]:
    """Has another window come to the front, as where somebody goes to another program."""

    def leave() -> None:
        other = QWidget()
        qtbot.addWidget(other)
        other.show()
        other.activateWindow()
        qtbot.waitUntil(other.isActiveWindow)

    return leave


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """A desk at which nothing is open yet."""
    desk = Desk(tmp_path / "home", qtbot)
    yield desk
    desk.leave()


@pytest.fixture
def draft(desk: Desk) -> Draft:
    """A new document that is open there."""
    return desk.new()


@pytest.fixture
def sit_at(qapp: QApplication) -> Iterator[Callable[..., Seat]]:
    """Seats a person before a document; see `Seat`."""
    seats: list[Seat] = []

    def sit_at(document: Document, **size) -> Seat:
        seats.append(Seat(document, **size))
        return seats[-1]

    yield sit_at
    for seat in seats:
        seat.editor.close()
        seat.editor.deleteLater()


@pytest.fixture
def sit(sit_at: Callable[..., Seat], clock: Clock) -> Callable[..., Seat]:
    """Seats a person before a document with some lines, the caret at its end."""

    def sit(*content, **size) -> Seat:
        seat = sit_at(drafts.draft(*(content or ("",)), clock=clock), **size)
        seat.editor.set_caret(seat.document.length - 1)
        return seat

    return sit


@pytest.fixture
def table(sit) -> Seat:
    """A person in the first cell of an empty table of two rows and columns, between two lines."""
    seat = sit("above", "below")
    seat.editor.set_caret(5)
    seat.editor.tables.insert(2, 2)
    return seat


@pytest.fixture
def bo(sit: Callable[..., Seat]) -> Callable[..., tuple[Seat, SuggestedChanges]]:
    """Seats Bo before somebody else's lines, where all that he does is suggested."""

    def begin(*lines) -> tuple[Seat, SuggestedChanges]:
        seat = sit(*lines)
        return seat, suggesting(seat)

    return begin
