"""LongPaste: a long text that comes onto a page part by part, so that no window stands still meanwhile, ours or a
teammate's.

Runs on the GUI thread. Each part is an edit of its own: document and page are equal at every moment, and everybody goes
on writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.writing import pasting
from cowrite.gui.page import clipboard

PART = 60_000  # characters: 40 ms, most of it Qt's laying out
_SEARCHED = 1000  # characters in which a place between words is looked for
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_WITHIN = re.compile(f"[^{_LINE_ENDS}]")


class LongPaste(QObject):
    """Puts the parts in, one in each turn of the event loop.

    Args:
        draft: the document.
        at: where, in UTF-16 units.
        text: what is left to put in.
        may_write: whether this person may still write.
        ended: is told whether it ended because the person may write no longer; undoing a part ends it, too.
        parent: Qt parent.
    """

    def __init__(
        self,
        draft: Document,
        at: int,
        text: str,
        may_write: Callable[[], bool],
        ended: Callable[[bool], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._draft = draft
        self._at = at
        self._rest = text
        self._may_write = may_write
        self._ended = ended
        self._is_putting = False
        self._is_interrupted = False  # by another edit of this person's, which is an undo step of its own
        self._unobserve = draft.observe_changes(self._follow)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def finish(self) -> None:
        """Puts in all that is left, at once."""
        self._put(len(self._rest))

    def _go_on(self) -> None:
        self._put(PART)

    def _put(self, most: int) -> None:
        if not self._may_write():
            self._end(is_refused=True)
            return
        was_interrupted, self._is_interrupted = self._is_interrupted, False
        if was_interrupted:
            self._draft.begin_undo_step()
        part, self._rest = parted(self._rest, most)
        self._is_putting = True
        try:
            spans = pasting.in_style_of(self._draft, self._at, clipboard.plain_spans(part))
            self._at = pasting.insert_rich_text(self._draft, self._at, self._at, spans)
        finally:
            self._is_putting = False
        if was_interrupted:
            self._draft.begin_undo_step()
        if not self._rest:
            self._end()

    def _follow(self, change: Change) -> None:
        if self._is_putting:
            return
        if change.origin is Origin.UNDO:
            self._end()
            return
        self._is_interrupted = self._is_interrupted or change.origin is not Origin.REMOTE
        self._at = moved(self._at, change.ops, Stick.RIGHT)

    def _end(self, *, is_refused: bool = False) -> None:
        self._timer.stop()
        self._unobserve()
        self._draft.begin_undo_step()
        self._ended(is_refused)
        self.deleteLater()


def parted(text: str, most: int) -> tuple[str, str]:
    """A text in two: about so many characters, and the rest. It is cut within a line, between two words where there is
    such a place near: what ends with a line break would lose it where it is put in."""
    if len(text) <= most:
        return text, ""
    cut = text.rfind(" ", max(0, most - _SEARCHED), most) + 1 or most
    if text[cut - 1] in _LINE_ENDS:
        within = _WITHIN.search(text, cut)
        cut = within.end() if within else len(text)
    return text[:cut], text[cut:]
