"""Formatting: how the selection looks.

Runs on the GUI thread. What the toolbar and the menus do goes to the Document as undo steps of their own. With nothing
selected an inline attribute is chosen for what is typed next, see `gui.page.next_letters`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtGui import QColor

from cowrite.core.document.edit import MANY, Edit
from cowrite.core.text.direction import shown_side
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import INLINE_ATTRIBUTES, RECORDS, Attributes, utf16_length
from cowrite.core.text.table import limit_passed, row_id
from cowrite.core.writing import lines, tables
from cowrite.core.writing.line import depth, heading_level, is_line_from_right, line_at, list_kind
from cowrite.core.writing.looks import Look, common_attributes, give, inherited_attributes, look_of
from cowrite.core.writing.typeface import resized, stepped, usual_points
from cowrite.gui.commands.actions import FormatState
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.widgets.wait_cursor import MUCH, wait_cursor


class Formatting:
    """The formatting of one page.

    Args:
        page: its selection is what is formatted.
        next_letters: what is typed next on it.
    """

    def __init__(self, page: TextPage, next_letters: NextLetters) -> None:
        self._page = page
        self._draft = page.draft
        self._next_letters = next_letters

    def state(self) -> FormatState:
        """What holds at the caret, for toolbar and menus."""
        here = line_at(self._draft, self._page.selection()[0])
        line, inline = here.attributes, self._inline()
        return FormatState(
            bold=bool(inline.get("bold")),
            italic=bool(inline.get("italic")),
            underline=bool(inline.get("underline")),
            strike=bool(inline.get("strike")),
            code=bool(inline.get("code")),
            link=_words(inline.get("link")),
            color=_colour(inline.get("color")),
            background=_colour(inline.get("background")),
            script=_words(inline.get("script")),
            font=self._common("font", inline),
            size=self._common("size", inline),
            header=heading_level(line),
            list=list_kind(line),
            blockquote=bool(line.get("blockquote")),
            code_block=bool(line.get("code-block")),
            side=shown_side(line, from_right=is_line_from_right(self._draft, here)),
            direction=_words(line.get("direction")),
            indent=depth(line),
            in_table=bool(row_id(line)),
            no_rows=self._limit_passed(rows=1),
            no_columns=self._limit_passed(columns=1),
            can_undo=self._draft.can_undo(),
            can_redo=self._draft.can_redo(),
            read_only=self._page.isReadOnly(),
        )

    # Characters

    def toggle_inline(self, name: str, value: Any = True) -> None:
        """Gives the selection, or what is typed next, an inline attribute, or takes it away where it is there."""
        self.set_inline(name, None if self._inline().get(name) == value else value)

    def set_inline(self, name: str, value: Any) -> None:
        """Sets an inline attribute on the selection or on what is typed next; None takes it away."""
        if self._page.isReadOnly():
            return
        start, stop = self._page.selection()
        if start == stop:
            attributes = {**self._inline(), name: value}
            self._next_letters.type_with({key: held for key, held in attributes.items() if held is not None})
            return
        with self._step() as edit:
            for first, last in tables.pieces(self._draft, start, stop):
                edit.format_text(first, last - first, {name: value})
        self._page.caret_moved.emit()

    def resize(self, step: int) -> None:
        """Makes the letters of the selection, or what is typed next, one size larger (1) or smaller (-1)."""
        if self._page.isReadOnly():
            return
        start, stop = self._page.selection()
        if start == stop:
            inline = self._inline()
            usual = usual_points(line_at(self._draft, start).attributes, is_code=bool(inline.get("code")))
            self.set_inline("size", stepped(inline.get("size"), usual, step))
            return
        with self._step() as edit:
            for first, last in tables.pieces(self._draft, start, stop):
                units = last - first
                whole_lines = resized(list(self._draft.spans(first, line_at(self._draft, last).end + 1)), step)
                stretches = [(begin, min(end, units), size) for begin, end, size in whole_lines if begin < units]
                format = edit.format if len(stretches) > MANY else edit.format_text
                for begin, end, size in stretches:
                    format(first + begin, end - begin, {"size": size})
        self._page.caret_moved.emit()

    def link_selection(self, address: str) -> bool:
        """Makes selected words of one line a link; does nothing where there are none, or no address."""
        start, stop = self._page.selection()
        if not address or start == stop or "\n" in self._draft.rope.text(start, stop):
            return False
        self.set_link(address)
        return True

    def set_link(self, address: str | None, text: str = "") -> None:
        """Makes the selection a link; with nothing selected inserts `text` (or the address) as one, or changes the
        link at the caret."""
        if self._page.isReadOnly():
            return
        start, stop = self._page.selection()
        if start == stop:
            start, stop = self._link_range(start)
        with self._step() as edit:
            if start == stop and address:
                shown = text or address
                edit.insert(start, shown, {**inherited_attributes(self._draft, start), "link": address})
                stop = start + utf16_length(shown)
            else:
                for first, last in tables.pieces(self._draft, start, stop):
                    edit.format_text(first, last - first, {"link": address})
        cursor = self._page.textCursor()
        cursor.setPosition(stop)
        self._page.setTextCursor(cursor)

    def clear(self) -> None:
        """Takes all inline attributes from the selection, or from what is typed next, and the style from its lines."""
        if self._page.isReadOnly():
            return
        start, stop = self._page.selection()
        names = {name for span in self._draft.spans(start, stop) for name in span.attributes}
        inline = dict.fromkeys(names & INLINE_ATTRIBUTES - RECORDS)
        with self._step() as edit:
            for first, last in tables.pieces(self._draft, start, stop):
                edit.format_text(first, last - first, inline)
                edit.format_lines(first, last - first, dict.fromkeys(("header", "blockquote", "code-block", "align")))
        if start == stop:
            self._next_letters.type_without(*INLINE_ATTRIBUTES)
        self._page.caret_moved.emit()

    # Looks of one place for another

    def look(self) -> Look:
        """How the selection looks, or the line at the caret."""
        return look_of(self._draft, *self._page.selection(), self._inline())

    def paste_look(self, look: Look) -> None:
        """Has the selection, or the line at the caret, look as somewhere else; a look of letters alone is that of what
        is typed next where nothing is selected."""
        if self._page.isReadOnly():
            return
        start, stop = self._page.selection()
        if start == stop and look.whole is None:
            self._next_letters.type_with(look.letters)
            return
        with wait_cursor(on=stop - start > MUCH), self._draft.steps.apart():
            give(self._draft, start, stop, look)
        self._page.caret_moved.emit()

    # Lines

    def set_style(self, style: str) -> None:
        """Gives the selected lines a paragraph style (a key of `core.writing.lines.STYLES`); the same again gives body
        text."""
        if self._page.isReadOnly():
            return
        start, stop = self._page.selection()
        line = line_at(self._draft, start).attributes
        wanted = lines.STYLES[style]
        if wanted and all(line.get(name) == value for name, value in wanted.items()):
            style = "paragraph"
        with self._act():
            lines.set_style(self._draft, start, stop, style)
        self._page.caret_moved.emit()

    def toggle_list(self, kind: str) -> None:
        """Makes the selected lines items of a list ("bullet", "ordered", "unchecked"), or body text again."""
        if not self._page.isReadOnly():
            with self._act():
                lines.toggle_list(self._draft, *self._page.selection(), kind)
            self._page.caret_moved.emit()

    def tick(self) -> None:
        """Ticks the selected items of check lists, or unticks them where all are ticked."""
        if not self._page.isReadOnly():
            with self._act():
                lines.toggle_check(self._draft, *self._page.selection())

    def indent(self, step: int) -> None:
        """Moves the selected lines one step in (1) or out (-1)."""
        if not self._page.isReadOnly():
            with self._act():
                lines.change_indent(self._draft, *self._page.selection(), step)

    def set_side(self, side: str) -> None:
        """Aligns the selected lines: "left", "right", "center" or "justify"."""
        if not self._page.isReadOnly():
            with self._act():
                lines.set_side(self._draft, *self._page.selection(), side)
            self._page.caret_moved.emit()

    def set_direction(self, wanted: str | None) -> None:
        """Has the selected lines be read from one side ("rtl", "ltr"), or as the letters of each ask for (None)."""
        if not self._page.isReadOnly():
            with self._act():
                lines.set_direction(self._draft, *self._page.selection(), wanted)
            self._page.caret_moved.emit()

    def _limit_passed(self, *, rows: int = 0, columns: int = 0) -> str:
        """Why the table at the caret may have no more rows or columns; empty where it may, and where none is shown."""
        table = self._page.textCursor().currentTable()
        return limit_passed(table.columns() + columns, table.rows() + rows) if table else ""

    def _inline(self) -> Attributes:
        """The inline attributes that all of the selection has, or that what is typed next will have."""
        start, stop = self._page.selection()
        if start != stop:
            return common_attributes(self._draft, start, stop)
        return self._next_letters.attributes

    def _common(self, name: str, inline: Attributes) -> str | None:
        """An attribute of all of the selection, or of what is typed next; empty where letters of it differ in it."""
        start, stop = self._page.selection()
        is_mixed = start != stop and name not in inline and self._has_in(name, start, stop)
        return "" if is_mixed else _words(inline.get(name))

    def _has_in(self, name: str, start: int, stop: int) -> bool:
        parts = tables.pieces(self._draft, start, stop)
        return any(name in span.attributes for first, last in parts for span in self._draft.spans(first, last))

    def _link_range(self, at: int) -> tuple[int, int]:
        """The range of the link that position `at` lies in or behind; empty where there is none."""
        address = self._draft.rope.attributes_before(at).get("link") or self._draft.rope.attributes_at(at).get("link")
        line = line_at(self._draft, at)
        position, found = line.start, (at, at)
        for span in self._draft.spans(line.start, line.end):
            stop = position + utf16_length(span.text)
            if address and span.attributes.get("link") == address and position <= found[1] and stop >= found[0]:
                found = (min(found[0], position), max(found[1], stop))
            position = stop
        return found

    @contextmanager
    def _act(self) -> Iterator[None]:
        """What is done within is an undo step of its own; where much is selected, the cursor says to wait."""
        start, stop = self._page.selection()
        with wait_cursor(on=stop - start > MUCH):
            self._draft.steps.begin()
            yield

    @contextmanager
    def _step(self) -> Iterator[Edit]:
        """The same, as one edit."""
        with self._act(), self._draft.edit(Origin.LOCAL) as edit:
            yield edit


def _words(value: Any) -> str | None:
    """An attribute's value where it is a string; another program can have written anything."""
    return value if isinstance(value, str) else None


def _colour(value: Any) -> str | None:
    return value if isinstance(value, str) and QColor.isValidColorName(value) else None
