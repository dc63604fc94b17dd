"""A person at a shown editor, without files and server: `seat = Seat(draft("text")); seat.type("more")`."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QSizeF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from cowrite.bridge.file.image_store import Absence
from cowrite.bridge.file.pictures import Picture
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.rest import PART
from cowrite.sync.blob import Blob
from helpers.composing import commit, compose
from helpers.keys import press_text

NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class FakeImages:
    """Images in memory; none can be shown."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    def put(self, content: bytes, media_type: str) -> str:
        name = f"sha256:{len(self.stored):064x}"
        self.stored[name] = content
        return name

    def take(self, picture: Picture) -> None:
        self.stored[picture.name] = picture.content

    def image(self, name: str) -> QImage | None:
        return None

    def size(self, name: str) -> QSizeF | None:
        return None

    def absence(self, name: str) -> Absence:
        return Absence.COMING

    def original(self, name: str) -> Blob | None:
        return None


class Seat:
    """An editor that is shown, and what a person does with it."""

    def __init__(self, document: Document, *, width: int = 700, height: int = 500, part: int = PART) -> None:
        self.document = document
        self.images = FakeImages()
        self.editor = Editor(document, named("light"), self.images, part=part)
        self.editor.resize(width, height)
        self.editor.show()
        self.editor.setFocus()

    def type(self, text: str) -> None:
        """Presses the key of each character."""
        for character in text:
            if character == "\n":
                self.press(Qt.Key.Key_Return)
            elif character.isascii():
                QTest.keyClicks(self.editor, character)
            else:
                press_text(self.editor, character)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS, times: int = 1) -> None:
        """Presses a key."""
        for _ in range(times):
            QTest.keyClick(self.editor, key, modifiers)

    def compose(self, text: str) -> None:
        """Shows text that an input method is still making."""
        compose(self.editor, text)

    def commit(self, text: str) -> None:
        """Takes what the input method has made."""
        commit(self.editor, text)

    def paste(self, **kinds: str | bytes) -> None:
        """Pastes what the clipboard could hold: text, html, or a MIME type with its bytes."""
        data = QMimeData()
        for kind, content in kinds.items():
            match kind:
                case "text":
                    data.setText(str(content))
                case "html":
                    data.setHtml(str(content))
                case _:
                    data.setData(kind, content if isinstance(content, bytes) else content.encode())
        self.editor.insertFromMimeData(data)

    def shown(self) -> str:
        """The text in the widget."""
        return self.editor.toPlainText()

    def place(self, at: int) -> QPoint:
        """Where a position is seen, in viewport coordinates."""
        cursor = self.editor.textCursor()
        cursor.setPosition(at)
        return self.editor.cursorRect(cursor).center()


class Teammate:
    """A second copy of a document, whose edits come in as from the network."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.document = MendedDocument(clock=lambda: 0)
        self.document.apply_remote(seat.document.state())

    def insert(self, at: int, text: str, attributes: dict[str, Any] | None = None) -> None:
        """Writes something."""
        with self._turn(), self.document.edit(Origin.LOCAL) as edit:
            edit.insert(at, text, attributes or {})

    def delete(self, at: int, length: int) -> None:
        """Deletes something."""
        with self._turn(), self.document.edit(Origin.LOCAL) as edit:
            edit.delete(at, length)

    def format_lines(self, at: int, attributes: dict[str, Any]) -> None:
        """Gives a line other block attributes."""
        with self._turn(), self.document.edit(Origin.LOCAL) as edit:
            edit.format_lines(at, 0, attributes)

    def undo(self) -> None:
        """Takes back what was done last."""
        with self._turn():
            self.document.undo()

    def _turn(self) -> _Turn:
        return _Turn(self._seat.document, self.document)


class _Turn:
    """Brings two documents together, before and after."""

    def __init__(self, here: Document, there: Document) -> None:
        self._here, self._there = here, there

    def __enter__(self) -> None:
        self._there.apply_remote(self._here.update_since(self._there.state_vector()))

    def __exit__(self, *_: object) -> None:
        self._here.apply_remote(self._there.update_since(self._here.state_vector()))
