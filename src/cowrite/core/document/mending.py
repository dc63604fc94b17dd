"""Mending: what is put right in a document's body after a change of it.

Runs on the document's thread. Each part says for itself when it does so, and on which replica.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cowrite.core.footnotes.joined import JoinedFootnotes
from cowrite.core.text.change import Change
from cowrite.core.text.footnotes import Rewording
from cowrite.core.text.richtext import Op
from cowrite.core.writing.linked_headings import LinkedHeadings
from cowrite.core.writing.whole_tables import WholeTables

if TYPE_CHECKING:
    from cowrite.core.document.document import Document


class Mending:
    """The parts that put something right in one document.

    Args:
        document: it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headings = LinkedHeadings(document)
        self._footnotes = JoinedFootnotes(document)
        self._tables = WholeTables(document)
        self._held: list[Change] | None = None  # those to which nothing is done yet

    def before_edit(self) -> None:
        """An edit is about to begin."""
        self._headings.before_edit()

    def after(self, change: Change) -> tuple[Op, ...]:
        """A change was made, and everybody has been told; gives its steps and those that have put something right."""
        if self._held is not None:
            self._held.append(change)
            return change.ops
        self._headings.after(change)
        suggester = self._document.suggester
        for part in (self._footnotes, self._tables, *(() if suggester is None else (suggester,))):
            if steps := part.after(change):
                change = change._replace(ops=change.ops + steps)
        return change.ops

    @contextmanager
    def held(self) -> Iterator[None]:
        """Puts right what is done within, by one person in one place, only when all of it is done."""
        held = self._held = []
        try:
            yield
        finally:
            self._held = None
            if held:
                self.after(held[-1]._replace(ops=tuple(op for change in held for op in change.ops)))

    def undone(self, ops: Sequence[Op], written: Sequence[Rewording], *, is_redo: bool, is_last: bool) -> None:
        """An undo or redo was made, and everybody has been told; see `JoinedFootnotes.undone`."""
        self._footnotes.undone(ops, written, is_redo=is_redo, is_last=is_last)
