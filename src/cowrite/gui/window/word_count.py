"""WordCount: how long a page is, and what is selected of it, counted a piece at a time so that nobody waits.

What is suggested to go does not count, what is suggested to come in does: it is what people write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.change import Change
from cowrite.core.text.richtext import Span
from cowrite.core.text.suggested_text import as_suggested
from cowrite.core.text.word_count import Counter, Length
from cowrite.core.writing.tables import cells_between
from cowrite.gui.page.editor import Editor

COUNT_PAUSE = 400  # milliseconds from a change until the words are counted
SELECTED_PAUSE = 100  # milliseconds in which changes of the selection are gathered
LONG = 200_000  # UTF-16 units: while somebody types in more, or opens it, it is not gone through
PIECES = 1_000  # of a rope in one turn of the event loop: 250,000 characters, 5 to 20 ms


class WordCount(QObject):
    """Counts words and characters of a page soon after each change, and those that are selected.

    Args:
        editor: the page.
        parent: Qt parent.
    """

    counted = Signal()
    """All has been counted, as the document is now."""
    changed = Signal(object, object)
    """Length: of all, and of what is selected; of that 0 where nothing is."""

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._length = self._selected = Length()
        self._all = _Count(editor.draft.spans, self._take, COUNT_PAUSE, self)
        self._some = _Count(self._chosen, self._take_selected, SELECTED_PAUSE, self)
        editor.draft.observe_changes(self._begin_soon)
        editor.selectionChanged.connect(self._some.begin_soon)

    @property
    def length(self) -> Length:
        """Of all, as it was counted last."""
        return self._length

    @property
    def is_behind(self) -> bool:
        """Whether there is something that was not counted yet."""
        return self._all.is_counting

    def begin(self) -> None:
        """Counts all from the beginning: a short text at once, a long one once it is seen."""
        if self._editor.draft.length > LONG:
            self._all.begin_soon()
        else:
            self._all.begin()

    def _begin_soon(self, _change: Change) -> None:
        self._all.begin_soon(again=self._editor.draft.length > LONG)
        if self._selected.characters:
            self._some.begin_soon()

    def _take(self, length: Length) -> None:
        self._length = length
        self.changed.emit(length, self._selected)
        self.counted.emit()

    def _take_selected(self, length: Length) -> None:
        if length != self._selected:
            self._selected = length
            self.changed.emit(self._length, length)

    def _chosen(self) -> Iterable[Span]:
        start, stop = self._editor.selection()
        if start == stop:
            return ()
        return cells_between(self._editor.draft, start, stop) or self._editor.draft.spans(start, stop)


class _Count(QObject):
    """Counts some spans, in turns of the event loop."""

    def __init__(
        self, spans: Callable[[], Iterable[Span]], tell: Callable[[Length], None], pause: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._spans = spans
        self._tell = tell
        self._counter = Counter()
        self._pieces: Iterator[str] = iter(())
        self._pause = single_shot(self, self.begin, pause)
        self._turn = single_shot(self, self._go_on)

    def begin(self) -> None:
        """Counts from the beginning."""
        self._counter = Counter()
        self._pieces = (span.text for span in as_suggested(self._spans()))
        self._go_on()

    @property
    def is_counting(self) -> bool:
        """Whether it counts, or is to begin."""
        return self._pause.isActive() or self._turn.isActive()

    def begin_soon(self, *, again: bool = False) -> None:
        """Counts after the pause; with `again` after a whole one from now on."""
        self._turn.stop()  # what was read is no longer so
        if again or not self._pause.isActive():
            self._pause.start()

    def _go_on(self) -> None:
        pieces = list(islice(self._pieces, PIECES))
        self._counter.add("".join(pieces))
        if len(pieces) == PIECES:
            self._turn.start()
        else:
            self._tell(self._counter.length)
