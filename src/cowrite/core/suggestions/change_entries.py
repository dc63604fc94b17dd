"""ChangeEntries: what the root `suggestions` says of suggested changes, in the eyes of one person, who begins more.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author, author_fields, author_of
from cowrite.core.entries.entries import draw_id
from cowrite.core.entries.fields import Fields, whole
from cowrite.core.marks.verdict import next_turn
from cowrite.core.text.richtext import SUGGESTIONS


class ChangeEntries:
    """What the entries of a document say of whose its suggested changes are.

    Args:
        document: the draft.
        me: who sits here.
        chance: draws ids.
        clock: milliseconds since 1970.

    Attributes:
        may_edit: whether the person may write all of the document, and only chooses to suggest.
    """

    def __init__(
        self, document: Document, me: Callable[[], Author], *, chance: Random, clock: Callable[[], int]
    ) -> None:
        self._entries = document.entries(SUGGESTIONS)
        self.may_edit = True
        self._document = document
        self._me = me
        self._chance = chance
        self._clock = clock

    def knows(self, id: object) -> bool:
        """Whether this is the id of a change of the document."""
        return isinstance(id, str) and self._entries.get(id) is not None

    def is_own(self, id: object) -> bool:
        """Whether this is the id of a change that the person here has suggested."""
        fields = self._entries.get(id) if isinstance(id, str) else None
        return fields is not None and bool(me := self._me().id) and author_of(fields).id == me

    def goes_on(self, id: object) -> bool:
        """Whether this is the id of one that this copy of the document has begun."""
        return self.is_own(id) and whole(self._entries.get(str(id)) or {}, "client") == self._document.client_id

    def wrote(self, id: object, client: int) -> bool:
        """Whether what a client has written in a change is text of who suggests the change."""
        fields = self._entries.get(id) if isinstance(id, str) else None
        if fields is None:
            return False
        restored = fields.get("writers")  # with what the history has brought back
        return client in (whole(fields, "client"), *(restored if isinstance(restored, list) else ()))

    def turn_of(self, id: str) -> int:
        """The turn of a decision on a change that the person here makes now, see `Verdict`."""
        return next_turn(self._entries.get(id) or {}, self._me().name)

    def begin(self) -> str:
        """Begins a change of the person here, and gives its id."""
        id = self.new_id()
        self.begin_as(id)
        return id

    def new_id(self) -> str:
        """Draws the id of a change."""
        return draw_id("change", self._chance)

    def begin_as(self, id: str, said: Fields | None = None) -> None:
        """Begins a change of the person here.

        Args:
            id: of the change.
            said: what its entry says besides; None for nothing.
        """
        fields = {**author_fields(self._me(), self._clock()), "client": self._document.client_id}
        self._entries.add(id, {**fields, **(said or {})}, self._document.origin)
