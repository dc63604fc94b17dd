"""What an input method composes in a field of plain text, which is no text of the field yet.

Runs on the GUI thread. Qt has it in the layout of the line where it began; the page has a part of its own for it, see
`gui.page.composing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextLayout


def is_composing(document: QTextDocument) -> bool:
    """Whether an input method composes something in a field."""
    return _line(document).isValid()


@contextmanager
def composed_along(document: QTextDocument) -> Iterator[None]:
    """While this lasts the text of a field may be replaced: what is composed goes with the caret. Left where it was, it
    would part other words, and stay there once it has come in."""
    block = _line(document)
    if not block.isValid():
        yield
        return
    layout = block.layout()
    text, looks, began = layout.preeditAreaText(), layout.formats(), layout.preeditAreaPosition()
    caret = QTextCursor(document)
    caret.setPosition(block.position() + began)
    _put(block, -1, "", [])
    yield
    at = caret.positionInBlock()
    for look in looks:
        look.start += at - began
    _put(caret.block(), at, text, looks)


def _line(document: QTextDocument) -> QTextBlock:
    """The line in which something is composed; none that is valid where nothing is."""
    block = document.begin()
    while block.isValid() and not block.layout().preeditAreaText():
        block = block.next()
    return block


def _put(block: QTextBlock, at: int, text: str, looks: list[QTextLayout.FormatRange]) -> None:
    block.layout().setPreeditArea(at, text)
    block.layout().setFormats(looks)
    block.document().markContentsDirty(block.position(), block.length())
