"""Noting: has the library's search know title and text of a document, in each pause of those who write in it.

Runs on the GUI thread and hands the work to the storage thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, Qt

from cowrite.bridge.file.settling import Settling
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.document import Document
from cowrite.core.document.words_beside import entries_beside, with_words, words_beside, words_in
from cowrite.core.text.richtext import Span
from cowrite.core.text.suggested_text import searchable
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.layout import Property

PAUSE = 3000  # milliseconds without a change until it is done, and until it is tried again
PIECE = 2_000  # spans

_log = logging.getLogger(__name__)

Note = Callable[[Path, str, str, bool], None]
"""Tells the library path, title, text and whether a document is shared; runs on the storage thread."""


class Noting(QObject):
    """Notes what one document says.

    Args:
        document: it.
        file: its file, which keeps title and text, too.
        storage: where the file is worked on.
        note: tells the library.
        settling: is told whether the file is whole with them.
        parent: Qt parent.
    """

    def __init__(
        self,
        document: Document,
        file: DocumentFile,
        storage: StorageThread,
        note: Note,
        settling: Settling,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._file = file
        self._storage = storage
        self._note = note
        self._settling = settling
        self._is_over = False
        self._pause = single_shot(self, self._begin, PAUSE, Qt.TimerType.PreciseTimer)
        self._turn = single_shot(self, self._go_on)
        self._taken: list[Span] = []
        self._rest: Iterator[Span] = iter(())

    def changed(self) -> None:
        """The document has changed."""
        self._turn.stop()  # what was taken is no longer so
        self._pause.start()

    def end(self) -> None:
        """The file is about to be closed."""
        self._is_over = True
        self._turn.stop()
        self._pause.stop()

    def known(self) -> dict[str, str]:
        """Title and text as they are now, as properties of the file."""
        text = with_words(searchable(self._document.spans()), words_beside(self._document))
        return {Property.TITLE: self._title(), Property.TEXT: text}

    def _begin(self) -> None:
        self._taken, self._rest = [], self._document.spans()
        self._go_on()

    def _go_on(self) -> None:
        """Takes the text, of a very long one a piece in each turn of the event loop."""
        piece = list(islice(self._rest, PIECE))
        self._taken += piece
        if len(piece) == PIECE:
            self._turn.start()
        else:
            self._hand_over(self._taken)
            self._taken = []

    def _hand_over(self, spans: list[Span]) -> None:
        title, entries = self._title(), entries_beside(self._document)

        def work() -> bool:
            text = with_words(searchable(spans), words_in(entries.__getitem__))
            self._file.properties.set_all({Property.TITLE: title, Property.TEXT: text})
            is_whole = self._file.settle()
            self._note(self._file.path, title, text, bool(self._file.properties.get(Property.LINK)))
            return is_whole

        self._storage.run(work, self._settling.tried, self._failed)

    def _failed(self, error: Exception) -> None:
        _log.info("the search does not know what %s says now: %s", self._file.path.name, error)
        if not self._is_over:
            self._pause.start()

    def _title(self) -> str:
        return self._document.meta.title or self._document.heading or self._file.place.stem
