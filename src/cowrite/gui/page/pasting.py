"""Pasting: what comes onto a page from the clipboard, or is dropped there.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragLeaveEvent, QDropEvent

from cowrite.bridge.deliveries import Deliveries
from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.richtext import Span
from cowrite.core.writing import lines, pasting, tables
from cowrite.gui.page import clipboard
from cowrite.gui.page.comments import PageComments
from cowrite.gui.page.decision_embeds import DecisionEmbeds
from cowrite.gui.page.edits import PageEdits
from cowrite.gui.page.embeds import Images
from cowrite.gui.page.formatting import Formatting
from cowrite.gui.page.long_paste import LongPaste
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.plain_words import plain_spans
from cowrite.gui.page.slow_paste import Readings, SlowPaste, readings_of_mime
from cowrite.gui.page.tables import PageTables
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.widgets.wait_cursor import wait_cursor


class Pasting:
    """What comes onto one page.

    Args:
        page: it.
        images: keeps and gives images.
        formatting: of its text.
        next_letters: what is typed next on it.
        tables, decisions: those on it.
        edits: puts things into its text.
        comments: go along.
    """

    def __init__(
        self,
        page: TextPage,
        images: Images,
        formatting: Formatting,
        next_letters: NextLetters,
        tables: PageTables,
        edits: PageEdits,
        decisions: DecisionEmbeds,
        comments: PageComments,
    ) -> None:
        self._page = page
        self._draft = page.draft
        self._images = images
        self._formatting = formatting
        self._next_letters = next_letters
        self._tables = tables
        self._edits = edits
        self._decisions = decisions
        self._comments = comments
        self._waiting: list[QMimeData] | None = None
        self._long: LongPaste | None = None
        self._slow: SlowPaste | None = None
        self._deliveries = Deliveries(page)

    def drop(self, event: QDropEvent, pass_on: Callable[[QDropEvent], None]) -> None:
        """Drops what is dragged. Cells are emptied as a key empties them; Qt would tell of one change that reaches over
        all that stands between them.

        Args:
            event: the drop.
            pass_on: has Qt drop.
        """
        page = self._page
        is_moved = event.dropAction() is Qt.DropAction.MoveAction and event.source() is page.viewport()
        if not is_moved or not self._tables.is_selected:
            with self._dropping():
                pass_on(event)
            return
        place = page.cursorForPosition(event.position().toPoint())
        page.dragLeaveEvent(QDragLeaveEvent())  # for Qt the drag is over with nothing to do
        with self._dropping():
            self._tables.make_room()
            page.setTextCursor(place)
            page.insertFromMimeData(event.mimeData())
        event.acceptProposedAction()

    @contextmanager
    def _dropping(self) -> Iterator[None]:
        """While this lasts Qt drops something: one undo step with taking it from where it was on this page.

        Qt tells of all that happens meanwhile only in the end. What the document had brought to the page by then would
        be taken for typed, and come in twice; so it waits until Qt is through.
        """
        self._draft.steps.begin()
        self._page.is_dropping, self._waiting = True, []
        try:
            yield
            dropped, self._waiting = self._waiting, None
            for source in dropped:
                self.take(source)
        finally:
            self._page.is_dropping, self._waiting = False, None

    def take(self, source: QMimeData) -> None:
        """Puts in place of the selection what is pasted or dropped."""
        if self._waiting is not None:
            self._waiting.append(source)
            return
        # On X11 each question to a program that does not answer takes Qt five seconds, and here are more than twenty.
        if source.formats():
            with self._within_length():
                self._take(source)

    @contextmanager
    def _within_length(self) -> Iterator[None]:
        """Says of what is too long to come in that it does not."""
        try:
            yield
        except clipboard.TooLong:
            self._page.paste_too_long.emit()

    def _take(self, source: QMimeData) -> None:
        self._finish_long()
        as_code = lines.in_code(self._draft, self._at())
        if text := clipboard.long_text_of_mime(source, as_code=as_code):
            self._begin(text)
            return
        if not as_code and self._formatting.link_selection(clipboard.address_of_mime(source)):
            return
        if readings := readings_of_mime(source, as_code=as_code):
            self._begin_slow(readings)
            return
        spans = clipboard.spans_of_mime(
            source,
            self._images.put,
            self._page.pictures_missed.emit,
            self._has,
            self._decisions.cards,
            self._edits.say_changed,
            as_code=as_code,
        )
        at = self._begin_of(spans)
        self.put(spans, clipboard.records_of_mime(source), stays_apart=source.hasFormat(clipboard.SPANS_TYPE))
        if commented := clipboard.commented_of_mime(source):
            self._comments.brought(commented, at, self._page.caret()[1])
        if len(spans) < len(files := clipboard.files_of_mime(source)):
            self._page.files_refused.emit(files)

    def finish(self) -> None:
        """Puts in at once what is left of what is long."""
        self._finish_long()
        with wait_cursor(on=self._slow is not None):
            self._deliveries.finish()
            if self._slow is not None:
                self._slow.finish()

    def stop(self) -> None:
        """Of what takes long to read no more is to come in."""
        if self._slow is not None:
            self._slow.stop()

    def stop_unbegun(self) -> bool:
        """The same where nothing of it is in and the person has done nothing since; gives whether that is so."""
        self._draft.settle()  # what was just typed counts
        if self._slow is None or self._slow.is_begun or self._slow.is_interrupted:
            return False
        self._slow.stop()
        return True

    def _finish_long(self) -> None:
        if self._long is not None:
            self._long.finish()

    def _begin(self, text: str) -> None:
        if self._may_write():
            at, is_begun = self._cleared()
            self._long = LongPaste(
                self._draft, at, text, self._may_write, self._end_long, self._page, is_begun=is_begun
            )

    def _begin_slow(self, readings: Readings) -> None:
        self.finish()
        if self._may_write():
            at, is_begun = self._cleared()
            self._slow = SlowPaste(
                self._page,
                self._edits,
                at,
                readings,
                self._images.take,
                self._deliveries,
                self._end_slow,
                is_begun=is_begun,
            )

    def _may_write(self) -> bool:
        return not self._page.isReadOnly()

    def _cleared(self) -> tuple[int, bool]:
        """Makes room for what is long in place of the selection; gives where that is, and whether anything was done."""
        if not self._page.is_dropping:
            self._draft.steps.begin()
        before = self._draft.length
        self._next_letters.make_room()
        cursor = self._page.textCursor()
        start, stop = cursor.selectionStart(), cursor.selectionEnd()
        at = lines.delete(self._draft, start, stop)
        self._page.set_caret(at)
        return at, start != stop or self._draft.length != before

    def _end_long(self, is_refused: bool) -> None:
        self._long = None
        self._page.ensureCursorVisible()
        if is_refused:
            self._page.paste_refused.emit()

    def _end_slow(self, is_refused: bool) -> None:
        self._slow = None
        if is_refused:
            self._page.paste_refused.emit()

    def put_plain(self, text: str, source: QMimeData | None = None) -> None:
        """Puts plain text in place of the selection.

        Args:
            text: it.
            source: what offers it, by which one knows what of it is the assistant's.
        """
        self._finish_long()
        with self._within_length():
            is_long = clipboard.is_long(text)
            records = () if source is None else clipboard.records_of_mime(source)
            if is_long and not records:
                self._begin(text)
            else:
                self.put(plain_spans(text, clipboard.own_spans(source)), records)

    def put(self, spans: Sequence[Span], carried: Sequence[AssistRecord] = (), *, stays_apart: bool = False) -> None:
        """Puts rich text in place of the selection, in the style of its line where it has none.

        See `core.writing.pasting.insert_rich_text`.
        """
        self._edits.insert_spans(pasting.in_style_of(self._draft, self._at(), spans), carried, stays_apart=stays_apart)

    def _has(self, name: str) -> bool:
        return self._images.image(name) is not None or self._images.original(name) is not None

    def _begin_of(self, spans: Sequence[Span]) -> int:
        """Where rich text will stand that comes in: where the selection begins, or below the table there."""
        at = self._at()
        is_below = pasting.stands_below(self._draft, at, self._page.textCursor().selectionEnd(), spans)
        return tables.below_table(self._draft, at) if is_below else at

    def _at(self) -> int:
        return self._page.textCursor().selectionStart()
