"""The two things that are compared: cowrite's page bound to a shared document, and Qt's own."""

from __future__ import annotations

import gc
import os
import time

from pycrdt import Doc, Text
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.gui.look.theme import named
from cowrite.gui.page.editor import Editor


class NoImages:
    """A place for images with none in it."""

    def put(self, content: bytes, media_type: str) -> str:
        """Refuses: nothing here is about images."""
        raise NotImplementedError

    def image(self, name: str) -> QImage | None:
        """There is none."""
        return None

    def size(self, name: str) -> QSizeF | None:
        """Nobody knows it."""
        return None


def application() -> QApplication:
    """Qt's application, without a display unless one is asked for (QT_QPA_PLATFORM)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    held = QApplication.instance()
    return held if isinstance(held, QApplication) else QApplication(["cowrite-benchmark"])


def milliseconds() -> int:
    """A clock for documents."""
    return time.monotonic_ns() // 1_000_000


def founded(text: str) -> bytes:
    """The state of a new document with this text; each line but the last ends in `text` with a line break."""
    document = MendedDocument.new(clock=milliseconds)
    if text:
        with document.edit(Origin.IMPORT) as edit:
            edit.insert_span(0, Span(text))
    return document.state()


def joined_document(state: bytes, client: int | None = None) -> Document:
    """A document of one's own that begins with a state."""
    document = MendedDocument(client_id=client, clock=milliseconds)
    document.apply_update(state, Origin.STORAGE)
    document.steps.forget()
    return document


def bound_editor(document: Document) -> Editor:
    """cowrite's page for a document."""
    return Editor(document, named("light"), NoImages())


def shown_text(text: QTextDocument) -> str:
    """What a QTextDocument holds, with plain line breaks; `toPlainText` would also change the spaces."""
    return text.toRawText().replace("\u2029", "\n")


def replace(cursor: QTextCursor, at: int, removed: int, text: str) -> None:
    """Replaces text in a QTextDocument, as one change."""
    cursor.setPosition(at)
    if removed:
        cursor.setPosition(at + removed, QTextCursor.MoveMode.KeepAnchor)
        if not text:
            cursor.removeSelectedText()
    if text:
        cursor.insertText(text)


class BarePage:
    """A QTextDocument and a pycrdt Text that know nothing of each other."""

    def __init__(self, state: bytes, text: str, client: int) -> None:
        self.doc: Doc[Text] = Doc(client_id=client)
        self.body = self.doc.get("body", type=Text)
        self.doc.apply_update(state)
        self.text = QTextDocument()
        self.text.setUndoRedoEnabled(False)  # as in the bound page, where the CRDT keeps the history
        self.cursor = QTextCursor(self.text)
        replace(self.cursor, 0, 0, text)

    def equals(self, text: str) -> bool:
        """Whether both hold a text (the CRDT with the closing line break of every new document)."""
        return shown_text(self.text) == text and str(self.body) == text + "\n"


def spare_the_harness() -> None:
    """Keeps Python's garbage collector from looking through what was read and prepared, again and again."""
    gc.collect()
    gc.freeze()
