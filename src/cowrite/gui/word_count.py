"""WordCount: how many words a document has, counted a piece at a time so that nobody waits for a long one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, QTimer, Signal

from cowrite.core.document import Document
from cowrite.core.richtext import EMBED_CHARACTER
from cowrite.core.search import Words

PIECES = 4_000  # of a rope in one turn of the event loop: a million characters, 20 ms


class WordCount(QObject):
    """Counts a document's words.

    Args:
        document: is counted.
        parent: Qt parent.
    """

    counted = Signal(int)
    """The number of words, as the document is now."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._words = Words()
        self._pieces: Iterator[str] = iter(())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def begin(self) -> None:
        """Counts from the beginning; a short text at once."""
        self._words = Words()
        self._pieces = (span.text for span in self._document.spans())
        self._go_on()

    def stop(self) -> None:
        """Counts no further: the document changes."""
        self._timer.stop()

    def _go_on(self) -> None:
        pieces = list(islice(self._pieces, PIECES))
        self._words.add("".join(pieces).replace(EMBED_CHARACTER, " "))
        if len(pieces) == PIECES:
            self._timer.start(0)
        else:
            self.counted.emit(self._words.count)
