"""LongPaste: a long text that comes onto a page part by part, so that no window stands still meanwhile, ours or a
teammate's.

Runs on the GUI thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import repeated
from cowrite.core.crdt.anchor import Stick
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import Span
from cowrite.core.text.table import row_id
from cowrite.core.writing import pasting
from cowrite.core.writing.line import line_at
from cowrite.gui.page.coming_in import ComingIn
from cowrite.gui.page.plain_words import plain_spans

PART = 60_000  # characters: 40 ms, most of it Qt's laying out
LINES = 300  # of lines that get a look one by one, in about the same time
_SEARCHED = 1000  # characters in which a place between words is looked for
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_WITHIN = re.compile(f"[^{_LINE_ENDS}]")
_LINE_END = re.compile(f"[{_LINE_ENDS}]")


class LongPaste(ComingIn):
    """Puts the parts in, one in each turn of the event loop.

    Args:
        draft, at, may_write, ended, parent, is_begun: see `ComingIn`.
        text: what is to be put in.
    """

    def __init__(
        self,
        draft: Document,
        at: int,
        text: str,
        may_write: Callable[[], bool],
        ended: Callable[[bool], object],
        parent: QObject,
        *,
        is_begun: bool,
    ) -> None:
        super().__init__(draft, at, may_write, ended, parent, Stick.RIGHT, is_begun=is_begun)
        self._rest = text
        self._timer = repeated(self, self._go_on, 0)
        self._timer.start()

    def finish(self) -> None:
        """Puts in at once all that is left."""
        self._put_next(len(self._rest))

    def _go_on(self) -> None:
        style = line_at(self._draft, self.at).attributes
        gets_looks = bool(style) and not row_id(style)  # in a cell it is one line
        self._put_next(_end_of_lines(self._rest, LINES) if gets_looks else PART)

    def _put_next(self, most: int) -> None:
        if not self._may_write():
            self._end(is_refused=True)
            return
        part, self._rest = parted(self._rest, most)
        self._put(partial(self._put_in, plain_spans(part)))
        if not self._rest:
            self._end()

    def _put_in(self, spans: Sequence[Span], at: int) -> int:
        return pasting.insert_rich_text(self._draft, at, at, pasting.in_style_of(self._draft, at, spans))

    def _end(self, *, is_refused: bool = False) -> None:
        self._timer.stop()
        super()._end(is_refused=is_refused)


def _end_of_lines(text: str, lines: int) -> int:
    """How many characters of a text have so many lines, and not many more than PART."""
    ends = _LINE_END.finditer(text, 0, PART)
    return next((end.end() for end in islice(ends, lines - 1, None)), PART)


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
