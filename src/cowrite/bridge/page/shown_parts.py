"""ShownParts: how a Document's body comes onto a page, all of it at once or part after part.

Runs on the GUI thread. `ShownBody` keeps up to date what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtGui import QTextCursor, QTextDocument

from cowrite.bridge.page.laying_out import lay_out
from cowrite.bridge.page.shown_body import ShownBody
from cowrite.bridge.page.taking_over import whole_characters
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import (
    NO_ATTRIBUTES,
    TABLE,
    Delete,
    Format,
    Insert,
    Op,
    Utf16,
    joined,
    utf16_length,
)
from cowrite.core.text.table import row_id

MOST_LOOKS = 300
"""So many stretches and lines that do not look like plain text come with one part: each takes as long as 200 letters do
that are put there at once."""

_HOLD = "\N{ZERO WIDTH SPACE}"


class ShownParts:
    """Brings one Document's body onto one page.

    Args:
        text: the widget's document.
        document: the shared document.
        formats: how attributes look.
        shown: the body on the page.
    """

    def __init__(self, text: QTextDocument, document: Document, formats: TextFormats, shown: ShownBody) -> None:
        self._text = text
        self._document = document
        self._formats = formats
        self._shown = shown

    def fill(self, part: int | None = None, reach: int = 0) -> bool:
        """Shows the body, whatever was there before.

        Args:
            part: about so many characters of it, in whole lines, and fewer where most look otherwise than plain text;
                None for all. The rest is for `go_on`.
            reach: so many UTF-16 units come before these.

        Returns:
            Whether all of it is shown.
        """
        self._formats.dress(self._text)
        self._text.clear()
        return self._begin(part, reach)

    def fill_behind_caret(self, hold: Callable[[], None], part: int | None) -> bool:
        """Shows the body on an empty page as `fill` does, and leaves a caret at its beginning.

        Where Qt's caret stands when text is written there, it goes along, and Qt lays out all of the text to see where.

        Args:
            hold: puts the caret before the one character that is on the page then, and is gone in the end.
            part: see `fill`.

        Returns:
            Whether all of it is shown.
        """
        QTextCursor(self._text).insertText(_HOLD)
        hold()
        return self._begin(part, held=len(_HOLD))

    def go_on(self, part: int | None = None, reach: int = 0) -> bool:
        """Shows more of a body whose beginning is shown.

        What is shown ends where a line does: until then the page is that of a shorter body, which ends with the break
        that comes next.

        Args:
            part, reach: see `fill`.

        Returns:
            Whether all of it is shown.
        """
        lay_out(self._text)
        cursor = QTextCursor(self._text)
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock(
            self._formats.line_format(NO_ATTRIBUTES), self._formats.char_format(NO_ATTRIBUTES, NO_ATTRIBUTES)
        )
        return self._write(cursor, cursor.position(), part, reach)

    def _begin(self, part: int | None, reach: int = 0, held: int = 0) -> bool:
        """Shows the beginning of the body behind so many characters that are held there, and takes these away; see
        `fill`."""
        self._text.setLayoutEnabled(False)  # or Qt lays out all of it at once, and not as far as it is seen
        cursor = QTextCursor(self._text)
        cursor.beginEditBlock()
        cursor.setBlockFormat(self._formats.line_format(NO_ATTRIBUTES))
        is_all = self._write(cursor, 0, part, reach, held)
        self._text.setLayoutEnabled(True)
        return is_all

    def _write(self, cursor: QTextCursor, start: int, part: int | None, reach: int = 0, held: int = 0) -> bool:
        """Writes the body from a position on, and ends the cursor's block of edits.

        Args:
            cursor: of the widget's text.
            start: in UTF-16 units: the beginning of a line.
            part, reach: see `fill`.
            held: behind so many characters, which go.

        Returns:
            Whether that was all that there is.
        """
        rope = self._document.rope
        stop = whole = rope.units - self._document.is_closed
        end = whole if part is None else self._end(max(start, reach), part)
        if end < whole:
            found = rope.find("\n", whole_characters(rope, end, end)[1])
            while found >= 0 and row_id(rope.attributes_at(found)):  # behind a table Qt has another line
                found = rope.find("\n", found + 1)
            stop = whole if found < 0 else min(found, whole)
        styled: list[tuple[int, int]] = []  # only these lines look otherwise than the text that was put there
        position = start
        if start and rope.attributes_at(start - 1):  # the space above a line depends on the line there
            _add(styled, start, start)
        for span in joined(rope.spans(start, stop)):
            before, position = position, position + self._shown.put(cursor, held + position, span)
            if span.attributes or span.embed is not None:
                _add(styled, before, position)
        cursor.setPosition(0)
        cursor.setPosition(held, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        last = self._text.lastBlock()
        if self._shown.line(last):  # whose break is not shown
            _add(styled, last.position(), position)
        done = 0
        for before, end in styled:
            if end >= done:  # a line with several looks is gone through once
                done = self._shown.restyle(max(before, done), end, only_misfits=True)
        self._shown.frame(start, position)
        cursor.endEditBlock()
        return stop == whole

    def _end(self, start: int, part: int) -> int:
        """Where a part of about so many characters ends that begins near a position, before the rest of its line."""
        rope = self._document.rope
        start = min(start, rope.units)
        at, looks = whole_characters(rope, start, start)[0], 0
        for span in rope.spans(at):
            if span.attributes or span.embed is not None:
                looks += max(1, span.text.count("\n"))
            at += utf16_length(span.text)
            if looks >= MOST_LOOKS or at >= start + part:
                break
        return min(at, start + part)


def steps_within(ops: Iterable[Op], length: int) -> tuple[Op, ...] | None:
    """What steps do to the beginning of a body, which goes up to a line break.

    Args:
        ops: the steps, in their order.
        length: of the beginning, in UTF-16 units, its last line break left out.

    Returns:
        The steps that concern it; None where it does not go up to a line break any more, or to one in a table.
    """
    within: list[Op] = []
    for op in ops:
        if op.at > length:
            continue
        match op:
            case Insert(_, span):
                length += utf16_length(span.text)
            case Delete(at, units):
                if at + units > length:
                    return None
                length -= units
            case Format(at, units, attributes):
                if at + units > length:
                    if TABLE in attributes:
                        return None
                    op = Format(at, Utf16(length + 1 - at), attributes)
        within.append(op)
    return tuple(within)


def _add(pieces: list[tuple[int, int]], start: int, stop: int) -> None:
    """Adds a piece; where it touches the last one, as step after step of what is pasted does, the two become one."""
    if pieces and start <= pieces[-1][1] and stop >= pieces[-1][0]:
        first, last = pieces.pop()
        start, stop = min(start, first), max(stop, last)
    pieces.append((start, stop))
