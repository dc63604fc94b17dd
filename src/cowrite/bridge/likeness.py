"""LikenessWork: looks on a thread of its own for notes that are alike, and for groups that they might make.

Lives on the GUI thread. What crosses to the other thread are frozen notes; what comes back are ids. While one search
runs the next one waits, and only the newest of those that wait is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.single_shot import single_shot
from cowrite.core.board.items import Note
from cowrite.core.board.proposals import Proposal, proposed_groups
from cowrite.core.board.similar import LetterLikeness, Likeness, Remembered, VectorLikeness, near_duplicates

PAUSE = 600  # milliseconds of quiet on the board before it is looked at

Vectors = Mapping[str, Sequence[float]]
Found = tuple[dict[str, tuple[str, ...]], list[Proposal]]


class Encoder(Protocol):
    """Makes vectors of texts somewhere else, such as in the worker."""

    def encode(self, texts: Sequence[str], then: Callable[[Vectors | None], None]) -> None:
        """Calls back on this thread with a vector for each text, or with None where it cannot now."""


class LikenessWork(QObject):
    """Finds what is alike.

    Args:
        notes: gives the notes to look at.
        apart: gives the pairs of ids that are not to be proposed.
        may_encode: whether a model may be told the notes now; letters are compared where it may not.
        parent: Qt parent.
    """

    found = Signal(object, object)
    """By note id the ids of those that may say the same; the proposals, the surest first."""

    def __init__(
        self,
        notes: Callable[[], Sequence[Note]],
        apart: Callable[[], frozenset[frozenset[str]]],
        may_encode: Callable[[], bool] = lambda: True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._notes = notes
        self._may_encode = may_encode
        self._apart = apart
        self._encoder: Encoder | None = None
        self._letters = LetterLikeness()
        self._vectors = VectorLikeness()  # the other thread has it while it searches
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="likeness")
        self._deliveries = Deliveries(self)
        self._is_busy = False
        self._is_closed = False
        self._last: object = None
        self._timer = single_shot(self, self._begin, PAUSE)

    def set_encoder(self, encoder: Encoder | None) -> None:
        """Goes by a sentence encoder from now on, or by letters without one."""
        self._encoder, self._last = encoder, None
        self.look_soon()

    def look_soon(self) -> None:
        """The notes may be others now."""
        if not self._is_closed:
            self._timer.start()

    def close(self) -> None:
        """Looks no longer."""
        self._is_closed = True
        self._timer.stop()
        self._letters.stop()
        self._vectors.stop()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _begin(self) -> None:
        if self._is_busy or self._is_closed:
            return
        notes, apart = tuple(self._notes()), self._apart()
        # Only what likeness goes by: a note that is moved on the board is not looked at again.
        known = ([(note.id, note.text, note.group) for note in notes], apart)
        if known == self._last:
            return
        self._last, self._is_busy = known, True
        if self._encoder is None or not self._may_encode():
            self._search(notes, apart, self._letters)
            return
        lacking = self._vectors.lacks(note.text for note in notes)
        if lacking:
            self._encoder.encode(lacking, lambda made: self._encoded(notes, apart, made))
        else:
            self._search(notes, apart, self._vectors)

    def _encoded(self, notes: Sequence[Note], apart: frozenset[frozenset[str]], made: Vectors | None) -> None:
        if self._is_closed:
            return
        if made is None:
            self._search(notes, apart, self._letters)
            return
        self._vectors.learn(made)
        self._search(notes, apart, self._vectors)

    def _search(self, notes: Sequence[Note], apart: frozenset[frozenset[str]], likeness: Likeness) -> None:
        self._deliveries.run(self._executor, lambda: search(notes, apart, likeness), self._end, self._fail)

    def _end(self, found: Found) -> None:
        self._is_busy = False
        if not self._is_closed:
            self.found.emit(*found)
            self.look_soon()  # the board may have changed meanwhile

    def _fail(self, error: Exception) -> None:
        self._is_busy = False
        raise error


def search(notes: Sequence[Note], apart: frozenset[frozenset[str]], likeness: Likeness) -> Found:
    """What is alike among notes, and what groups they might make."""
    once = Remembered(likeness)
    proposals = proposed_groups(notes, once, apart)  # asks for more pairs than the duplicates need
    return near_duplicates(notes, once), proposals
