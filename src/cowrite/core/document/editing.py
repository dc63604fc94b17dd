"""Editing: one edit of a document's body, from its beginning to what is told of it.

Runs on the document's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from pycrdt import Transaction

from cowrite.core.document.assists import AssistRecord
from cowrite.core.document.body import Body
from cowrite.core.document.edit import Edit
from cowrite.core.document.edit_marks import EditMarks
from cowrite.core.errors import EditWithinSuggestion
from cowrite.core.marks.step_marks import StepMarks
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Delete
from cowrite_server.document.ranges import Ranges, add_ranges, joined
from cowrite_server.document.updates import deletions

if TYPE_CHECKING:
    from cowrite.core.document.suggester import Suggester

MOST_DELETING = 1000
"""Of so many edits that delete something it is known what that was, the newest ones."""


class Edits:
    """Begins and ends the edits of one body.

    Args:
        body: what is edited.
        client: the document's client id.
        begin: comes before the body may change.
        transact: begins a transaction of an origin.
        keep: writes records of the assistant's text into the document.
        ended: is called once the transaction of an edit is over, with what it has done, and to which marks; None where
            that is nothing.

    Attributes:
        suggester: who suggests what is done; None where it is done.
    """

    def __init__(
        self,
        body: Body,
        client: int,
        *,
        begin: Callable[[], None],
        transact: Callable[[Origin], Transaction],
        keep: Callable[[Sequence[AssistRecord]], None],
        ended: Callable[[Change | None, StepMarks | None], None],
    ) -> None:
        self._body = body
        self._client = client
        self._begin = begin
        self._transact = transact
        self._keep = keep
        self._ended = ended
        # Whose update is still to come, and whether each is what this person writes, and no decision and no repair.
        self._edits: list[tuple[Edit, bool]] = []
        self._is_suggesting = False  # an edit is open that is only suggested
        self._deleted: deque[Ranges] = deque(maxlen=MOST_DELETING)
        self.suggester: Suggester | None = None

    @property
    def deleted(self) -> Ranges:
        """The units that this person has deleted here by writing."""
        whole: Ranges = {}
        for each in self._deleted:
            add_ranges(whole, each)
        return joined(whole)

    def enter(self, origin: Origin, mark: str | None, *, directly: bool) -> tuple[Transaction, Edit]:
        """Begins an edit, and gives it with its transaction, which is open; see `Document.edit`.

        Args:
            origin, directly: see there.
            mark: of the assistant's text, which all is that is inserted; None where it is not.

        Raises:
            EditWithinSuggestion: an edit is open that is only suggested.
        """
        if self._is_suggesting:
            raise EditWithinSuggestion
        self._begin()
        if mark is not None:
            self._body.marks.are_there = True  # before the first of them: what it takes the place of counts too
        if self.suggester is None or directly or not origin.is_own:
            edit = Edit(self._body, mark)
        else:
            from cowrite.core.document.suggesting import SuggestingEdit  # not needed before somebody suggests

            edit = SuggestingEdit(self._body, self._client, self.suggester, mark)
        self._edits.append((edit.result, origin.is_own and not directly))
        transaction = self._transact(origin)
        transaction.__enter__()
        self._is_suggesting = edit.result is not edit
        return transaction, edit

    def wrote(self, update: bytes) -> None:
        """An own transaction has written an update: that of all edits whose update is still to come."""
        edits, self._edits = self._edits, []
        if edits:
            EditMarks.wrote(self._body, update, [edit.told for edit, _ in edits])
            if any(is_written and any(isinstance(op, Delete) for op in edit.ops) for edit, is_written in edits):
                self._deleted.append(deletions(update))

    def forget(self) -> None:
        """What is written next is of no edit."""
        self._edits.clear()

    def keep(self, records: Sequence[AssistRecord]) -> None:
        """Writes the records of what an edit has put in, within its transaction."""
        if self.suggester is None or not self.suggester.keeps(records):
            self._keep(records)

    def leave(self, edit: Edit, origin: Origin, source: object | None) -> None:
        """Has told what an edit has done, once its transaction is over."""
        self._is_suggesting = False
        ops = tuple(edit.result.ops)
        if not ops:  # no update comes
            self._edits = [each for each in self._edits if each[0] is not edit.result]
        self._ended(Change(ops, origin, source) if ops else None, edit.marks)


class Editing:
    """See `Document.edit`; a class, because a generator takes as long as all else that is done here for a letter."""

    __slots__ = ("_directly", "_edit", "_edits", "_mark", "_origin", "_records", "_source", "_transaction")

    def __init__(
        self,
        edits: Edits,
        origin: Origin,
        source: object | None,
        record: AssistRecord | None,
        carried: Sequence[AssistRecord],
        *,
        directly: bool,
    ) -> None:
        self._edits = edits
        self._directly = directly
        self._origin = origin
        self._source = source
        self._records = carried if record is None else (record, *carried)
        self._mark = None if record is None else record.id

    def __enter__(self) -> Edit:
        self._transaction, self._edit = self._edits.enter(self._origin, self._mark, directly=self._directly)
        return self._edit

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        edit = self._edit
        try:
            try:
                if error is None:
                    edit.finish()
                else:
                    edit.take_back()
                if self._records and edit.result.ops:
                    self._edits.keep(self._records)
            finally:  # an open transaction would hold back all that is written from now on
                self._transaction.__exit__(kind, error, trace)
        finally:
            self._edits.leave(edit, self._origin, self._source)
