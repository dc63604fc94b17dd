"""ShownBody: a Document's body as a QTextDocument shows it.

Runs on the GUI thread. Block k of the QTextDocument is line k of the body; positions are the same in both, for Qt
and the rope both count UTF-16 units. Where the body ends with a line break (see `Document.is_closed`), Qt has no
character for it: the end of the last block stands for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from PySide6 import QtGui  # PySide makes a class when it is first named
from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

from cowrite.bridge.page.line_formats import line_style
from cowrite.bridge.page.shown_tables import ShownTables
from cowrite.bridge.page.taking_over import shown_text
from cowrite.bridge.page.text_formats import EMBED, STYLE, TextFormats
from cowrite.bridge.page.unwritten import BREAK
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import (
    COLUMN,
    EMBED_CHARACTER,
    NO_ATTRIBUTES,
    TABLE,
    Attributes,
    Delete,
    Format,
    Insert,
    Op,
    Span,
    block_part,
    utf16_length,
)

_SPAN = QTextFormat.Property.TableCellColumnSpan

_Look = tuple[int, int, QTextCharFormat | None]
"""Where a fragment of a line begins and ends, and its look; None where that does not matter."""


class ShownBody:
    """Shows one Document's body in one QTextDocument.

    Args:
        text: the widget's document.
        document: the shared document.
        formats: how attributes look.

    Attributes:
        tables: those of the body.
    """

    def __init__(self, text: QTextDocument, document: Document, formats: TextFormats) -> None:
        self._text = text
        self._document = document
        self._formats = formats
        self.tables = ShownTables(text, document, formats)

    def apply(self, ops: tuple[Op, ...], was_closed: bool, is_closed: bool) -> None:
        """Does to the widget what was done to the body.

        Args:
            ops: the steps, in their order.
            was_closed: whether what is shown ended before a line break.
            is_closed: whether it does now.
        """
        cursor = QTextCursor(self._text)
        cursor.beginEditBlock()
        try:
            self._apply(cursor, ops, was_closed, is_closed)
        finally:
            cursor.endEditBlock()

    def rewrite(self, start: int, stop: int, body_stop: int) -> None:
        """Puts the body's text in place of characters that it has not, as those which a shared text cannot hold.

        Args:
            start: position in UTF-16 units.
            stop: where they end in the widget.
            body_stop: where what comes in their place ends in the body.
        """
        spans = list(self._document.spans(start, body_stop))
        lines: tuple[int, int] | None = None
        if self._text.findBlock(start) != self._text.findBlock(stop) or any("\n" in span.text for span in spans):
            lines = self.tables.flatten(start, stop)
        cursor = QTextCursor(self._text)
        cursor.beginEditBlock()
        position = stop  # behind what gives way, so that a caret on either side of it stays on that side
        for span in spans:
            position += self.put(cursor, position, span)
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.endEditBlock()
        if lines is not None:
            self.frame(min(start, lines[0]), max(body_stop, lines[1] + body_stop - stop))

    def frame(self, start: int, stop: int) -> int:
        """Has the lines that a range touches, and those beside it, be tables where the body says so, and nowhere else.

        Args:
            start: position in UTF-16 units.
            stop: end of the range.

        Returns:
            Where the last table ends that was looked at, as a whole.
        """
        changed, end = self.tables.frame(start, stop)
        for first, last in changed:
            self.restyle(first, last, only_misfits=True)
        return end

    def end_as_body(self) -> None:
        """Has the last line of the widget be the body's last, after what happened in the widget itself: an open one
        below a table, no other one below a closed one."""
        lacking = self._document.rope.units - self._document.is_closed - (self._text.characterCount() - 1)
        cursor = QTextCursor(self._text)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if lacking == 1:
            cursor.insertBlock(self._formats.line_format(NO_ATTRIBUTES), QTextCharFormat())
        elif lacking == -1 and cursor.atBlockStart():
            cursor.deletePreviousChar()

    def restyle(self, start: int, stop: int, *, only_misfits: bool = False) -> int:
        """Gives the lines between two positions the look that the body says.

        Args:
            start: position in UTF-16 units.
            stop: end of the range.
            only_misfits: leave the characters of lines whose characters fit their line already.

        Returns:
            Where the line behind the last of them begins.
        """
        formats = self._formats
        cursor = QTextCursor(self._text)
        block = self._text.findBlock(start)
        above = self.line(block.previous())
        end = stop
        while block.isValid():
            position, line = block.position(), self.line(block)
            format = formats.line_format(line, above)
            if block.blockFormat() != format:
                cursor.setPosition(position)
                cursor.setBlockFormat(format)
            above = line
            if position > stop:  # of the line below only its place changes, with what is above it
                return position
            end = position + block.length() - 1
            style = line_style(line)
            if block.length() == 1:
                cursor.setPosition(position)
                cursor.setBlockCharFormat(formats.char_format(NO_ATTRIBUTES, line))
            elif not only_misfits or _misfits(block, style):
                # What is given the look that it has counts as written anew, and a screen reader may read it out.
                keeps = not only_misfits and QtGui.QAccessible.isActive()
                self._restyle_line(cursor, line, position, end, _looks(block) if keeps else [(position, end, None)])
            block = block.next()
        return end + 1

    def _restyle_line(self, cursor: QTextCursor, line: Attributes, at: int, end: int, looks: Iterable[_Look]) -> None:
        """Gives the characters of a line the look that the body says, except for those that are known to have it."""
        parts = deque(looks)
        cursor.beginEditBlock()  # or Qt lays the line out for each of its spans
        for span in self._document.rope.spans(at, end):
            start, at = at, at + utf16_length(span.text)
            look = self._formats.char_format(span.attributes, line, span.embed)
            while parts and parts[0][0] < at:
                begin, stop, has = parts.popleft()
                if has != look:
                    cursor.setPosition(max(begin, start))
                    cursor.setPosition(min(stop, at), QTextCursor.MoveMode.KeepAnchor)
                    cursor.setCharFormat(look)
                if stop > at:  # the rest is the next span's
                    parts.appendleft((at, stop, has))
        cursor.endEditBlock()

    def put(self, cursor: QTextCursor, at: int, span: Span) -> int:
        """Inserts a span into the widget; returns its length in UTF-16 units."""
        cursor.setPosition(at)
        line = self._formats.line_attributes(cursor.blockFormat())
        if span.embed is not None:
            cursor.insertText(EMBED_CHARACTER, self._formats.char_format(span.attributes, line, span.embed))
            return 1
        cursor.insertText(shown_text(span), self._formats.char_format(span.attributes, line))
        return utf16_length(span.text)

    def line(self, block: QTextBlock) -> Attributes:
        """The block attributes that the body has for a line; none for no line."""
        end = block.position() + block.length() - 1
        rope = self._document.rope
        return block_part(rope.attributes_at(end)) if block.isValid() and end < rope.units else NO_ATTRIBUTES

    def _apply(self, cursor: QTextCursor, ops: tuple[Op, ...], was_closed: bool, is_closed: bool) -> None:
        length = self._text.characterCount() - 1
        # The closing break has no character in Qt. It gets one for as long as the steps may move it.
        moved = not (was_closed and is_closed) or _reaches_beyond(ops, length)
        if moved and was_closed:
            cursor.setPosition(length)
            cursor.insertBlock(cursor.blockFormat(), cursor.blockCharFormat())
        dirty = _Dirty(self._text)
        for op in ops:
            match op:
                case Insert():
                    self._insert(cursor, op, dirty)
                case Delete():
                    self._delete(cursor, op, dirty)
                case Format(at, units, attributes):
                    if TABLE in attributes:
                        self._flatten(at, at + units, dirty)
                    dirty.add(at, at + units - 1)
        if moved:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if is_closed:
                cursor.deletePreviousChar()
            dirty.add(cursor.position(), cursor.position())
        pieces = dirty.pieces()
        self._give_looks(pieces)
        if any(isinstance(op, Format) and COLUMN in op.attributes for op in ops):
            self.tables.fit_at(pieces[0][0], pieces[-1][1])

    def _insert(self, cursor: QTextCursor, op: Insert, dirty: _Dirty) -> None:
        at, span = op.at, op.span
        has_lines = "\n" in span.text
        if has_lines:
            self._flatten(at, at, dirty)
        cursor.setPosition(at)
        line = self._formats.line_attributes(cursor.blockFormat())
        units = self.put(cursor, at, span)
        if has_lines:
            # Qt gives each new line the look of the one at which it was put.
            is_alike = "list" not in line and block_part(span.attributes) == line
            dirty.add(at, at if is_alike else at + units)
            dirty.add(at + units, at + units)

    def _delete(self, cursor: QTextCursor, op: Delete, dirty: _Dirty) -> None:
        at, stop = op.at, op.at + op.length
        if self._formats.has_tables and self._text.findBlock(at) != self._text.findBlock(stop):
            self._flatten(at, stop, dirty)
        cursor.setPosition(at)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        joins_lines = BREAK in cursor.selectedText()
        cursor.removeSelectedText()
        if joins_lines:
            dirty.add(at, at)

    def _give_looks(self, pieces: Sequence[tuple[int, int]]) -> None:
        """Gives lines their looks, and tables their frames, where steps have left them without."""
        done = 0
        for start, stop in pieces:
            if stop >= done:  # a line with several pieces is gone through once
                done = self.restyle(max(start, done), stop)
        done = 0
        for start, stop in pieces:
            if stop >= done - 1:  # else it lies within a table that was looked at for a piece before
                done = self.frame(start, stop)

    def _flatten(self, start: int, stop: int, dirty: _Dirty) -> None:
        """Makes lines of the tables at a range, which then get their look anew."""
        if self._formats.has_tables and (lines := self.tables.flatten(start, stop)) is not None:
            dirty.add(*lines)


def _misfits(block: QTextBlock, style: int) -> bool:
    """Whether characters of a line look as on a line of another style, or like the embed or the cell beside them."""
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        format = fragment.charFormat()
        if format.intProperty(STYLE) != style:
            return True
        if format.hasProperty(EMBED) and fragment.text().strip(EMBED_CHARACTER):
            return True
        if format.hasProperty(_SPAN):  # the first letter in an empty cell takes the format of that
            return True
        iterator += 1
    return False


def _looks(block: QTextBlock) -> Iterator[_Look]:
    """Where the fragments of a line begin and end, and their looks."""
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        yield fragment.position(), fragment.position() + fragment.length(), fragment.charFormat()
        iterator += 1


def _reaches_beyond(ops: tuple[Op, ...], length: int) -> bool:
    """Whether a step touches what lies behind the first `length` units, other than to format it."""
    for op in ops:
        match op:
            case Insert(at, span):
                if at > length:
                    return True
                length += utf16_length(span.text)
            case Delete(at, units):
                if at + units > length:
                    return True
                length -= units
    return False


class _Dirty:
    """Pieces of a text that get another look when its steps are made.

    Qt's cursors follow the steps: with as many pieces as steps, Python would take seconds for it.

    Args:
        text: the widget's text.
    """

    def __init__(self, text: QTextDocument) -> None:
        self._text = text
        self._cursors: list[QTextCursor] = []

    def add(self, start: int, stop: int) -> None:
        """Adds a piece; where it touches the last one, as step after step of what is pasted does, the two become
        one."""
        cursor = self._cursors[-1] if self._cursors else None
        if cursor is not None and start <= cursor.position() and stop >= cursor.anchor():
            start, stop = min(start, cursor.anchor()), max(stop, cursor.position())
        else:
            self._cursors.append(cursor := QTextCursor(self._text))
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)

    def pieces(self) -> list[tuple[int, int]]:
        """Where they are now, in the order of the text."""
        return sorted((cursor.anchor(), cursor.position()) for cursor in self._cursors)
