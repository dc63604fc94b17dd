"""ComingIn: what comes onto a page part by part, at one place of a draft.

Runs on the GUI thread. Each part is an edit of its own: document and page are equal at every moment, and everybody goes
on writing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin


class ComingIn(QObject):
    """Keeps the place, and makes the parts one step of undo as far as the person does nothing else meanwhile.

    Args:
        draft: the document.
        at: where, in UTF-16 units.
        may_write: whether this person may still write.
        ended: is told whether it ended because the person may write no longer; undoing any of it ends it, too.
        parent: Qt parent.
        stick: LEFT where what is typed at the place comes behind what is still to come, RIGHT where before it.
        is_begun: whether the newest step of undo is this one's already.

    Attributes:
        at: where the next part comes in.
        is_begun: whether there is anything of it that an undo takes back.
        is_interrupted: whether the newest edit of this person is another one, which is an undo step of its own.
    """

    def __init__(
        self,
        draft: Document,
        at: int,
        may_write: Callable[[], bool],
        ended: Callable[[bool], object],
        parent: QObject,
        stick: Stick,
        *,
        is_begun: bool,
    ) -> None:
        super().__init__(parent)
        self.at = at
        self.is_begun = is_begun
        self.is_interrupted = False
        self._first = at
        self._draft = draft
        self._may_write = may_write
        self._ended = ended
        self._stick = stick
        self._is_putting = False
        self._is_over = False
        self._unobserve = draft.observe_changes(self._follow)

    def _put(self, put: Callable[[int], int]) -> None:
        """Puts in a part.

        Args:
            put: does so at a position, and gives where the next one comes in.
        """
        was_interrupted, self.is_interrupted = self.is_interrupted, False
        if was_interrupted:
            self._draft.steps.begin()
        elif self.is_begun:
            self._draft.steps.go_on()
        self._is_putting = True
        try:
            self.at = put(self.at)
        finally:
            self._is_putting = False
        self.is_begun = True
        if was_interrupted:
            self._draft.steps.begin()

    def _follow(self, change: Change) -> None:
        if self._is_putting:
            return
        first, at = moved(self._first, change.ops, Stick.RIGHT), moved(self.at, change.ops, self._stick)
        if change.origin is Origin.UNDO and (not self.is_interrupted or at - first < self.at - self._first):
            self._end()
            return
        self.is_interrupted = self.is_interrupted or change.origin is not Origin.REMOTE
        self._first, self.at = first, at

    def _end(self, *, is_refused: bool = False) -> None:
        self._is_over = True
        self._unobserve()
        self._draft.steps.begin()
        self._ended(is_refused)
        self.deleteLater()
