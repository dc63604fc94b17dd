"""Edits of a page: what is put into its text and takes the place of other text, by commands and not by typing.

Runs on the GUI thread. Each is one undo step; nothing is done where the page can only be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span
from cowrite.core.text.table import MOST_CELLS, MOST_COLUMNS
from cowrite.core.writing import lines, pasting
from cowrite.core.writing.replacing import Found, Replacement, replace_all, replacements
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.widgets.wait_cursor import MANY, MUCH, wait_cursor


class PageEdits:
    """Puts things into the text of a page.

    Args:
        page: it.
        next_letters: what is typed next on it.
    """

    def __init__(self, page: TextPage, next_letters: NextLetters) -> None:
        self._page = page
        self._next_letters = next_letters
        self._draft = page.draft

    def insert_divider(self) -> None:
        """Puts a divider in place of the selection."""
        self.insert_alone({"divider": True})

    def insert_page_break(self) -> None:
        """Begins a page in place of the selection; letters that are typed there look as they would have here."""
        if not self._page.isReadOnly():
            carried = self._next_letters.carried_to_next_line()
            with self._draft.steps.apart():
                self._page.set_caret(lines.insert_page_break(self._draft, *self._page.selection()))
            if carried and self._page.textCursor().block().length() == 1:
                self._next_letters.type_with(carried)

    def insert_alone(self, embed: Mapping[str, Any]) -> None:
        """Puts an embed on a line of its own in place of the selection."""
        if not self._page.isReadOnly():
            self._draft.steps.begin()
            self._page.set_caret(lines.insert_alone(self._draft, *self._page.selection(), embed))

    def insert_below(self, embed: Mapping[str, Any]) -> None:
        """Puts an embed on a line of its own below the line at the caret; what is selected stays."""
        if not self._page.isReadOnly():
            self._draft.steps.begin()
            self._page.set_caret(lines.insert_below(self._draft, self._page.caret()[1], embed))

    def insert_lines_below(self, put: Sequence[Line]) -> int | None:
        """Puts lines below the line at the caret, as one undo step; what is selected stays so, and the caret goes
        behind them.

        Returns:
            Where the first of them begins; None where the page can only be read.
        """
        if self._page.isReadOnly():
            return None
        self._draft.steps.begin()
        start, stop = pasting.insert_below(self._draft, self._page.caret()[1], put)
        self._draft.steps.begin()
        self._page.set_caret(stop)
        return start

    def insert_embed(self, embed: Mapping[str, Any]) -> None:
        """Puts an embed in place of the selection."""
        self.insert_spans([Span(EMBED_CHARACTER, embed=embed)])

    def replace_range(self, start: int, stop: int, text: str) -> None:
        """Puts text in place of a range, with the look of what it replaces."""
        self._page.set_caret(
            self.replace(list(replacements(self._draft, Found((start, stop)), [text] if text else [])))
        )

    def replace(self, what: Sequence[Replacement]) -> int:
        """Puts rich text in place of other text, from left to right, as one undo step.

        Returns:
            The position behind the last of it.
        """
        if self._page.isReadOnly():
            return what[-1].stop
        with self._draft.steps.apart(), wait_cursor(on=len(what) > MANY), self._draft.edit(Origin.LOCAL) as edit:
            stop = replace_all(edit, what)
        return edit.place(stop)

    def insert_spans(
        self, spans: Sequence[Span], carried: Sequence[AssistRecord] = (), *, stays_apart: bool = False
    ) -> None:
        """Puts rich text in place of the selection, as one undo step; the caret goes behind it. Where a table would
        become too large by it, the person is told that it stands below that.

        See `core.writing.pasting.insert_rich_text`.
        """
        if not spans or self._page.isReadOnly():
            return
        if not self._page.is_dropping:
            self._draft.steps.begin()
        reason = pasting.stands_below(self._draft, *self._page.selection(), spans)
        if not reason:
            self._next_letters.make_room()
        start, stop = self._page.selection()
        with wait_cursor(on=stop - start + sum(len(span.text) for span in spans) > MUCH):
            caret = pasting.insert_rich_text(self._draft, start, stop, spans, carried=carried, stays_apart=stays_apart)
            self._draft.steps.begin()
            self._page.set_caret(caret)
        if reason:
            self.say_below(reason)

    def say_below(self, reason: str) -> None:
        """Tells the person why what they put in stands below a table."""
        below = "What you put in stands below the table, which would have become too large"
        self._page.table_refused.emit(f"{below}: {reason}.")

    def say_changed(self, what: str) -> None:
        """Tells the person of what they put in that it is not as it was, by the name that reading it gives to that."""
        if what == "tables":
            limits = f"A table has at most {MOST_COLUMNS} columns and {MOST_CELLS:,} cells"
            self._page.table_refused.emit(f"{limits}: the rows of a larger one that you put in are lines with tabs.")
