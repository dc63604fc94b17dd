"""WordCount: how many words a document has, counted a piece at a time so that nobody waits for a long one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, QTimer, Signal

from cowrite.core.change import Change
from cowrite.core.document import Document
from cowrite.core.richtext import EMBED_CHARACTER
from cowrite.core.search import Words

COUNT_PAUSE = 400  # milliseconds from a change until the words are counted
LONG = 200_000  # UTF-16 units: while somebody types in more, it is not counted
PIECES = 4_000  # of a rope in one turn of the event loop: a million characters, 20 ms


class WordCount(QObject):
    """Counts a document's words, soon after each change.

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
        self._pause, self._turn = QTimer(self), QTimer(self)
        for timer, act in ((self._pause, self.begin), (self._turn, self._go_on)):
            timer.setSingleShot(True)
            timer.timeout.connect(act)
        self._pause.setInterval(COUNT_PAUSE)
        document.observe_changes(self._begin_soon)

    def begin(self) -> None:
        """Counts from the beginning; a short text at once."""
        self._words = Words()
        self._pieces = (span.text for span in self._document.spans())
        self._go_on()

    def _begin_soon(self, _change: Change) -> None:
        self._turn.stop()  # what was read of it is no longer so
        if not self._pause.isActive() or self._document.length > LONG:
            self._pause.start()

    def _go_on(self) -> None:
        pieces = list(islice(self._pieces, PIECES))
        self._words.add("".join(pieces).replace(EMBED_CHARACTER, " "))
        if len(pieces) == PIECES:
            self._turn.start(0)
        else:
            self.counted.emit(self._words.count)
