"""A person at a shown board: `seat = BoardSeat(); seat.press(Qt.Key.Key_N); seat.type("an idea")`."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cowrite.core.board.items import Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.board.board_view import BoardView
from cowrite.gui.board.note_editor import NoteEditor
from cowrite.gui.look.theme import named
from helpers.brainstorms import brainstorm_of
from helpers.seats import FakeImages

NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton
_numbers = itertools.count(1)


class Images(FakeImages):
    """Images in memory, which are all blue."""

    def image(self, name: str) -> QImage | None:
        if name not in self.stored:
            return None
        image = QImage(40, 20, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.blue)
        return image


def new_brainstorm(document: Document | None = None, me: str = "Ada") -> Brainstorm:
    """The board of a document, a new one where there is none, with a clock that ticks at each look."""
    return brainstorm_of(document or MendedDocument.new(clock=lambda: 1), me, next(_numbers))


def replica(of: Brainstorm, me: str = "Bo") -> Brainstorm:
    """A teammate's copy of a board; each hears of the other at once."""
    document = MendedDocument(clock=lambda: 1)
    document.apply_update(of.document.state(), Origin.REMOTE)

    def tell(other: Document, told: tuple[bytes, Origin]) -> None:
        update, origin = told
        if origin is not Origin.REMOTE:
            other.apply_remote(update)

    for one, other in ((of.document, document), (document, of.document)):
        one.observe_updates(partial(tell, other))
    return new_brainstorm(document, me)


def note(text: str, x: float = 0, y: float = 0, **fields: Any) -> Note:
    return Note("", text, Place(x, y), **fields)


class BoardSeat:
    """A board that is shown, and what a person does with it."""

    def __init__(self, brainstorm: Brainstorm | None = None, *, width: int = 1000, height: int = 700) -> None:
        self.brainstorm = brainstorm or new_brainstorm()
        self.images = Images()
        images = self.images
        self.view = BoardView(self.brainstorm, named("light"), images.image, images.put, images.original, images.take)
        self.scene, self.canvas = self.view.scene, self.view.canvas
        self.view.resize(width, height)
        self.view.show()
        self.view.appear()
        self.view.enter()
        self.canvas.setFocus()
        QApplication.processEvents()

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()

    # Looking

    def texts(self) -> list[str]:
        """The texts of all notes, in the order in which they were written."""
        return [note.text for note in self.brainstorm.visibility.notes()]

    def note(self, text: str) -> Note:
        """A note by its text."""
        return next(note for note in self.brainstorm.visibility.notes(merged=True) if note.text == text)

    def ids(self, *texts: str) -> list[str]:
        return [self.note(text).id for text in texts]

    def selected(self) -> list[str]:
        """The texts of the notes that are selected."""
        return sorted(self.scene.notes[id].note.text for id in self.scene.selected() if id in self.scene.notes)

    def at(self, x: float, y: float) -> QPoint:
        """Where a point of the board is in the viewport."""
        return self.canvas.mapFromScene(QPointF(x, y))

    def middle(self, text: str) -> QPoint:
        place = self.note(text).place
        return self.at(place.x + place.width / 2, place.y + place.height / 2)

    @property
    def field(self) -> NoteEditor:
        return self.view.writing.field

    def wait_until_sharp(self, qtbot: QtBot) -> None:
        """Until each note has its picture for this zoom: on a busy machine the first frames have no time for it."""
        scale = self.scene.drawing.scale
        qtbot.waitUntil(lambda: all(each.shot and each.shot.scale == scale for each in self.scene.notes.values()))

    # Doing

    def add(self, *notes: Note) -> list[str]:
        return self.brainstorm.board.add(notes)

    def select(self, *texts: str) -> None:
        self.scene.select(self.ids(*texts))

    def type(self, text: str) -> None:
        """Presses the keys of a text wherever the keyboard is."""
        QTest.keyClicks(self._focus(), text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self._focus(), key, modifiers)

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.mouseClick(self.canvas.viewport(), LEFT, modifiers, at)

    def double_click(self, at: QPoint) -> None:
        QTest.mouseDClick(self.canvas.viewport(), LEFT, NO_KEYS, at)

    def press_mouse(self, at: QPoint, modifiers: Qt.KeyboardModifier = NO_KEYS, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self.canvas.viewport(), button, modifiers, at)

    def move_mouse(self, at: QPoint, modifiers: Qt.KeyboardModifier = NO_KEYS, button: Qt.MouseButton = LEFT) -> None:
        # QTest.mouseMove tells of no buttons.
        where = QPointF(self.canvas.viewport().mapToGlobal(at))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), where, Qt.MouseButton.NoButton, button, modifiers)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def release(self, at: QPoint, modifiers: Qt.KeyboardModifier = NO_KEYS, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseRelease(self.canvas.viewport(), button, modifiers, at)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        modifiers: Qt.KeyboardModifier = NO_KEYS,
        button: Qt.MouseButton = LEFT,
        *,
        drops: bool = True,
    ) -> None:
        """Drags in a few steps, with the modifiers held while the mouse moves."""
        self.press_mouse(start, NO_KEYS, button)
        for step in range(1, 6):
            self.move_mouse(start + (end - start) * step / 5, modifiers, button)
        if drops:
            self.release(end, modifiers, button)

    def _focus(self) -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused


def places(seat: BoardSeat, *texts: str) -> list[tuple[float, float]]:
    """Where notes are, by their texts."""
    return [(seat.note(text).place.x, seat.note(text).place.y) for text in texts]
