"""CommentMarks: the threads of a draft as they are marked in its text, and the one in whose text the caret stands.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cowrite.app.comments.shown import Source
from cowrite.bridge.single_shot import single_shot
from cowrite.core.comments.comments import Placed
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.reading import PageReading
from cowrite.gui.people.byline import by_whom
from cowrite_server.counting import counted

CARET_DELAY = 60  # milliseconds in which movements of the caret are gathered


class CommentMarks(QObject):
    """The marks on one page.

    Args:
        editor: the page.
        reading: reads out what stands at its caret.
        source: says on whose word something was said.
        parent: Qt parent.

    Attributes:
        current: the id of the thread at the caret, as it was looked at last; empty for none.
    """

    shown = Signal(str)
    """The marks are shown anew, or the caret stands in the text of this thread now; empty for none."""

    def __init__(self, editor: Editor, reading: PageReading, source: Source, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._source = source
        self._marked: list[Placed] = []  # in the order of the text
        self._is_followed = False
        self.current = ""
        self._timer = single_shot(self, self._follow_caret, CARET_DELAY)
        reading.sources.append(self.words_at_caret)

    def follow(self, on: bool) -> None:
        """Follows the caret, or no longer: where nothing was said, a key costs nothing for it."""
        if on == self._is_followed:
            return
        self._is_followed = on
        if on:
            self._editor.caret_moved.connect(self._timer.start)
        else:
            self._editor.caret_moved.disconnect(self._timer.start)

    def show(self, placed: Sequence[Placed]) -> None:
        """Marks those of these threads whose text is there and that are not settled."""
        marked = [each for each in placed if each.place is not None and not each.thread.is_resolved]
        if marked or self._marked:
            self._marked = marked
            self.current = self._at_caret()
            self._show_current()

    def words_at_caret(self) -> str:
        """Who has said what about the text at the caret; empty where nobody has."""
        id = self._at_caret()
        thread = next((each.thread for each in self._marked if each.thread.id == id), None)
        if thread is None:
            return ""
        replies = len(thread.replies)
        more = f" {counted(replies, 'reply', 'replies')}." if replies else ""
        return f"Comment by {by_whom(thread.author.name, self._source(thread))}: {thread.text or 'taken back'}{more}"

    # Inside

    def _follow_caret(self) -> None:
        current = self._at_caret()
        if current != self.current:
            self.current = current
            self._show_current()

    def _show_current(self) -> None:
        ids = [each.thread.id for each in self._marked]
        ranges = [each.place for each in self._marked if each.place is not None]
        at = ids.index(self.current) if self.current in ids else -1
        self._editor.marks.show_commented(ranges, at)
        self.shown.emit(self.current)

    def _at_caret(self) -> str:
        """The id of the thread in whose text the caret stands; of several the one with the least text."""
        caret = self._editor.caret()[1]
        here = [
            (stop - start, each.thread.id)
            for each in self._marked
            for start, stop in ([each.place] if each.place is not None else [])
            if start <= caret <= stop
        ]
        return min(here)[1] if here else ""
