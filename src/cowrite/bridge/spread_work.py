"""SpreadWork: counts on a thread of its own over how many groups and clusters notes go.

Lives on the GUI thread. What crosses to the other thread are frozen notes; what comes back is a Spread. While one count
runs the next one waits, and only the newest of those that wait is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.likeness import Encoder, Vectors
from cowrite.core.board.items import Note
from cowrite.core.board.similar import LetterLikeness, Likeness, VectorLikeness
from cowrite.core.board.spread import Spread, spread

Wanted = tuple[tuple[Note, ...], Encoder | None]


class SpreadWork(QObject):
    """Counts the spread of notes, those that a person has adopted from the model as the model's."""

    counted = Signal(object)
    """The Spread of the notes that were handed in last."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spread")
        self._deliveries = Deliveries(self)
        self._waiting: Wanted | None = None
        self._is_busy = False
        self._is_closed = False

    def count(self, notes: Sequence[Note], encoder: Encoder | None) -> None:
        """Counts these notes; `counted` comes later.

        Args:
            notes: of one board.
            encoder: makes vectors of them; without one letters are compared.
        """
        self._waiting = tuple(notes), encoder
        self._begin()

    def close(self) -> None:
        """Counts no longer."""
        self._is_closed = True
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _begin(self) -> None:
        if self._is_busy or self._is_closed or self._waiting is None:
            return
        (notes, encoder), self._waiting, self._is_busy = self._waiting, None, True
        if encoder is None:
            self._submit(notes, None)
        else:
            encoder.encode(list(dict.fromkeys(note.text for note in notes)), lambda made: self._submit(notes, made))

    def _submit(self, notes: Sequence[Note], made: Vectors | None) -> None:
        if self._is_closed:
            return
        likeness: Likeness = LetterLikeness() if made is None else VectorLikeness(made)
        self._deliveries.run(self._executor, lambda: spread(notes, likeness, with_adopted=True), self._end, self._fail)

    def _end(self, found: Spread) -> None:
        self._is_busy = False
        if not self._is_closed:
            self.counted.emit(found)
            self._begin()

    def _fail(self, error: Exception) -> None:
        self._is_busy = False
        raise error
