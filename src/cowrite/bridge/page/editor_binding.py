"""EditorBinding: keeps a QTextDocument and a Document's body equal, in both directions.

Runs on the GUI thread. How positions of both go together: see `shown_body`.

What a person types arrives through `contentsChange` and becomes the smallest edit of the body; a letter within a line
is only announced then, and written a moment later, when Qt has painted it. Everything else (teammates, undo,
formatting, paste) is done to the Document first and arrives here as a Change. Qt's own undo is off.

A long body may come onto the page part by part, in turns of the event loop. Until all of it is there the page shows its
beginning, whole lines that are what they are in the body, and of a change what concerns these. As much as is needed
comes at once when somebody asks for a place beyond (`reach`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QTextCursor, QTextDocument

from cowrite.bridge.page.fitted_tables import FittedTables
from cowrite.bridge.page.laying_out import lay_out_more
from cowrite.bridge.page.long_words import LongWords
from cowrite.bridge.page.shown_body import ShownBody
from cowrite.bridge.page.shown_parts import ShownParts, steps_within
from cowrite.bridge.page.taking_over import (
    read_spans,
    shown_text,
    smallest,
    style_of_first,
    take_over,
    take_over_lines,
    text_between,
    whole_characters,
)
from cowrite.bridge.page.text_formats import EMBED, TextFormats
from cowrite.bridge.page.unwritten import SPECIAL, Unwritten, plain_text
from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.document import Document
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import RECORDS, Op, Span, for_typing
from cowrite.core.text.table import is_closed
from cowrite.core.writing.stated_numbers import handing_over

WRITE_DELAY = 5  # milliseconds from a letter until its edit, in which Qt paints it
UNCOUNTED = -1  # lines

MOST_STEPS = 1_000
"""A change of more steps, as when a word is replaced everywhere, has a page that comes part by part filled anew: each
step costs Qt a tenth of a millisecond, and so much of a page is there sooner."""


class EditorBinding(QObject):
    """Binds one QTextDocument to one Document.

    Args:
        text: the widget's document; its content is replaced.
        document: the shared document.
        formats: how attributes look.
        parent: Qt parent.
        part: about so many characters come onto the page at a time, in whole lines; None for all at once.
    """

    about_to_apply = Signal(object)
    """A Change that did not come from this widget is about to be shown."""
    applied = Signal(object)
    """That Change is shown."""
    caret_held = Signal()
    """The caret is to stand at the beginning; see `ShownParts.fill_behind_caret`."""
    filled = Signal()
    """The body was written on the page anew, or its beginning."""
    about_to_go_on = Signal()
    """More of the body is about to come onto the page; a caret at its end would go along."""
    went_on = Signal()
    """It is there."""
    completed = Signal()
    """So is all of it."""

    def __init__(
        self,
        text: QTextDocument,
        document: Document,
        formats: TextFormats,
        parent: QObject,
        *,
        part: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._document = document
        self._formats = formats
        self._shown = ShownBody(text, document, formats)
        self._shown_parts = ShownParts(text, document, formats, self._shown)
        self.tables = FittedTables(text, self._shown.tables, formats, self._settled_quietly, self)
        self.reaches = 0
        """Up to this position (UTF-16 units) the text comes at once when a change has the page filled anew."""
        self._applying = False
        self._unsettled: tuple[int, int, int] | None = None  # start, and where it stops on the page and in the body
        self._looks_marked = False
        self._unwritten = Unwritten(text, formats)
        self._length = self._blocks = 0  # of the widget, before what happens there next
        self._rope = document.rope
        self._write_timer = single_shot(self, document.settle, WRITE_DELAY)
        self._part = part
        self.is_complete = True
        """Whether all of the body is on the page."""
        self._part_timer = single_shot(self, self._go_on)
        text.setUndoRedoEnabled(False)
        formats.dress(text)
        self._long_words = LongWords(text, follows=False)
        self._reader = QTextCursor(text)
        self._closed = document.is_closed
        text.contentsChange.connect(self._on_contents_change)
        self.reload()
        self._unobserve = document.observe_changes(self._on_change)

    def detach(self) -> None:
        """Ends the binding; widget and document go on separately, and no more of the body comes onto the page."""
        self._part_timer.stop()
        self._document.settle()
        self._unobserve()
        self._text.contentsChange.disconnect(self._on_contents_change)
        self.tables.detach()
        self._long_words.deleteLater()
        self._unsettled = None

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """While this lasts, what happens to the QTextDocument concerns its look only and is not taken over."""
        before, self._applying = self._applying, True
        try:
            yield
        finally:
            self._applying = before
            self._length = self._text.characterCount() - 1
            self._blocks = self._text.blockCount()

    @contextmanager
    def _settled_quietly(self) -> Iterator[None]:
        self._document.settle()
        with self.quietly():
            yield

    def reload(self, reach: int = 0) -> None:
        """Fills the widget from the document, as at the start and when the look changes.

        Args:
            reach: up to this position (UTF-16 units), and somewhat beyond, the text comes at once.
        """
        self._document.settle()
        with self.quietly():
            self._begin(is_all=self._shown_parts.fill(self._part, reach))
        self.filled.emit()

    def fills_anew(self, change: Change) -> bool:
        """Whether a change has the page filled anew, with the caret anywhere, and not its steps made there."""
        return self._part is not None and (len(change.ops) > MOST_STEPS or self._steps(change) is None)

    def complete(self) -> None:
        """Has all of the body on the page now."""
        if not self.is_complete:
            self._add(None)

    def reach(self, position: int) -> None:
        """Has a position (UTF-16 units) on the page, and more behind it where there is more."""
        if not self.is_complete and position >= self._text.characterCount() - 1:
            self._add(self._part, position)

    def _begin(self, *, is_all: bool) -> None:
        """The page was filled; what is not there yet is to come."""
        self._take_stock(is_all=is_all)
        if not is_all:
            self._part_timer.start()

    def _take_stock(self, *, is_all: bool) -> None:
        self._part_timer.stop()
        self.is_complete = is_all
        self._closed = self._document.is_closed or not is_all

    def _add(self, part: int | None, reach: int = 0) -> None:
        """Puts the next part on the page, as far as a position is to be reached; all that is left for None."""
        self._document.settle()
        self.about_to_go_on.emit()
        with self.quietly():
            self._begin(is_all=self._shown_parts.go_on(part, reach))
        self.went_on.emit()
        if self.is_complete:
            self.completed.emit()

    def _go_on(self) -> None:
        if lay_out_more(self._text, self._part or 0):
            self._add(self._part)
        else:
            self._part_timer.start()

    def _steps(self, change: Change) -> tuple[Op, ...] | None:
        """What of a change concerns what is on the page; None where that cannot be told."""
        return change.ops if self.is_complete else steps_within(change.ops, self._text.characterCount() - 1)

    # From the widget to the document

    def _on_contents_change(self, at: int, removed: int, added: int) -> None:
        if added == 1 and not removed and self._is_one_more(at):
            return
        self._long_words.look(at, removed, added)
        if self._formats.has_tables:
            self.tables.look(at)
        if self._applying:
            return
        if removed or added != 1:
            length = self._text.characterCount() - 1
            grown = length - self._length
            # Qt counts the end of the last block into some changes, and reports wider ranges than have changed.
            added = min(added, length - at)
            removed = added - grown
            if removed < 0 or at + removed > self._length:
                at, removed, added = 0, self._length, length
            self._length = length
        else:
            self._length += 1  # a letter is told as it is
        if self._document.suggester is not None:
            self._document.settle()
            self._suggest(at, removed, added)
            return
        plain = self._closed and self._formats.is_plain
        begins = not self._unwritten
        is_late = not begins and self._document.announced_for > WRITE_DELAY  # where much comes at once, the timer is
        if is_late or not self._unwritten.add(at, removed, added, plain, self._is_within_lines(plain)):
            with self._document.one_change():  # nothing is put right on a page that is ahead of the body
                self._document.settle()
                self._take_in(at, removed, added)
        elif begins:
            self._announce()

    def _is_one_more(self, at: int) -> bool:
        """Takes a letter that has come in there, if it may wait and there is nothing else to do, as with most keys."""
        if self._applying or not (self._closed and self._formats.is_plain) or self._document.suggester is not None:
            return False
        if not self._unwritten.begin(at):
            return False
        self._length += 1
        self._blocks = UNCOUNTED
        self._announce()
        return True

    def _announce(self) -> None:
        self._document.announce(self._write)
        self._write_timer.start()

    def _is_within_lines(self, plain: bool) -> bool:
        """Whether what just happened may wait as far as lines are concerned: a plain body, or as many lines as before.

        Args:
            plain: whether the body is plain text; its lines are not counted, which spares a part of each key.
        """
        before, self._blocks = self._blocks, UNCOUNTED if plain else self._text.blockCount()
        return plain or (self._closed and before == self._blocks)

    def _write(self) -> None:
        """Writes what is unwritten."""
        if self._unwritten:
            with self._document.edit(Origin.LOCAL, self) as edit:
                at = self._unwritten.write(edit)
            self._long_words.look(at, 0, 1)

    def _take_over_text(self, at: int, removed: int, added: int) -> bool:
        """Makes the smallest edit that puts text in the place of text, in a body that is plain.

        Args:
            at: position in UTF-16 units.
            removed: so many units give way.
            added: length of the widget's new text.

        Returns:
            Whether that could be done; not where the text has to be looked at more closely.
        """
        text = plain_text(self._reader, at, added)
        if text is None:
            return False
        if removed and text:
            at, removed, text = smallest(at, shown_text(Span(self._rope.text(at, at + removed))), text)
        if removed or text:
            with self._document.edit(Origin.LOCAL, self) as edit:
                edit.delete(at, removed)
                if text:
                    edit.insert(at, text)
        return True

    def _take_in(self, at: int, removed: int, added: int) -> None:
        """Makes the body equal to the widget after one change there (in UTF-16 units)."""
        rope = self._rope
        at, removed, added = self._in_characters(at, removed, added)
        if added == 0 and removed == 0:
            return
        if self._closed and self._formats.is_plain and self._take_over_text(at, removed, added):
            return
        if removed == 0 and added == 1:
            character = self._text.characterAt(at)
            if character not in SPECIAL and not "\ud800" <= character <= "\udfff":
                self._reader.setPosition(at + 1)
                format = self._reader.charFormat()
                if not format.hasProperty(EMBED):
                    attributes = self._formats.attributes(format)
                    with self._document.edit(Origin.LOCAL, self) as edit:
                        edit.insert(at, character, for_typing(attributes))
                    if not RECORDS.isdisjoint(attributes):
                        self._settle_later(at, at + 1, looks_marked=True)
                    # Within a line Qt copies the neighbour's format; only the first character can lack its line's look.
                    elif self._reader.positionInBlock() == 1:
                        self._settle_later(at, at + 1)
                    return
        document = self._document
        style = style_of_first(document, self._text, at, at + removed, at + added)
        with document.edit(Origin.LOCAL, self) as edit, handing_over(document, edit, at, at + removed):
            new = list(read_spans(self._text, self._formats, at, at + added))
            take_over(edit, rope, at, removed, new)
            take_over_lines(edit, rope, self._text, self._formats, at, at + added, style)
            self._closed = rope.units >= self._text.characterCount()
        # The smallest edit keeps whose a letter is, also where Qt gave the new one, just like it, another look.
        spans = (*new, *rope.spans(at, at + added)) if self._formats.has_records else ()
        self._settle_later(at, at + added, looks_marked=any(not RECORDS.isdisjoint(span.attributes) for span in spans))

    def _in_characters(self, at: int, removed: int, added: int) -> tuple[int, int, int]:
        """A change of the widget with whole characters: while an input method composes, Qt takes keys for units, and
        Delete removes half of a surrogate pair."""
        start, stop = whole_characters(self._rope, at, at + removed)
        return start, stop - start, added + (stop - start - removed)

    def _suggest(self, at: int, removed: int, added: int) -> None:
        """Suggests what has happened in the widget; what has gone there comes back, marked."""
        at, removed, added = self._in_characters(at, removed, added)
        rope, length, was_closed = self._rope, self._rope.units, self._closed
        with self._document.edit(Origin.LOCAL, self) as edit:
            take_over(edit, rope, at, removed, list(read_spans(self._text, self._formats, at, at + added)))
            if rope.units == self._length and is_closed(rope):  # its break ends no line of the widget
                edit.insert(rope.units, "\n")
        self._closed = self._document.is_closed
        grown = rope.units - length - (self._closed and not was_closed)
        self._settle_later(at, at + added, body_stop=at + removed + grown, looks_marked=True)

    def _settle_later(self, start: int, stop: int, *, body_stop: int | None = None, looks_marked: bool = False) -> None:
        """Has a range settled as soon as Qt is through with the change.

        Args:
            start: position in UTF-16 units.
            stop: end of the range in the widget.
            body_stop: its end in the body, where it is another one.
            looks_marked: whether what was typed may look like the assistant's text, or like a suggestion.
        """
        self._unsettled = (start, stop, stop if body_stop is None else body_stop)
        self._looks_marked = looks_marked
        # It comes right after `contentsChange`. Most keys need no settling and are spared the call.
        self._text.contentsChanged.connect(self._settle, Qt.ConnectionType.SingleShotConnection)

    def _settle(self) -> None:
        """After a typed change has gone through Qt: gives what was moved between lines the look of its new line."""
        if self._unsettled is None:
            return
        start, stop, body_stop = self._unsettled
        self._unsettled = None
        end = self._text.characterCount() - 1
        body_stop = min(body_stop, end + body_stop - stop)
        stop = min(stop, end)
        with self.quietly():
            wanted = "".join(map(shown_text, self._document.spans(start, body_stop)))
            if text_between(self._text, start, stop) != wanted:
                self._shown.rewrite(start, stop, body_stop)
            self._shown.restyle(start, body_stop, only_misfits=not self._looks_marked)
            if self._formats.has_tables:
                if self.is_complete:  # or what follows is still to come
                    self._shown.end_as_body()
                    self._closed = self._document.is_closed
                self._shown.frame(start, body_stop)

    # From the document to the widget

    def _on_change(self, change: Change) -> None:
        if change.source is self:
            return
        self.about_to_apply.emit(change)
        if self.fills_anew(change):
            self.reload(self.reaches)
            self.applied.emit(change)
            return
        with self.quietly():
            if change.origin in (Origin.REMOTE, Origin.IMPORT) and self._text.isEmpty():  # as when one joins
                self._begin(is_all=self._shown_parts.fill_behind_caret(self.caret_held.emit, self._part))
                self.filled.emit()
            elif steps := self._steps(change):
                is_closed = self._document.is_closed or not self.is_complete
                self._shown.apply(steps, self._closed, is_closed)
                self._closed = is_closed
        self.applied.emit(change)
