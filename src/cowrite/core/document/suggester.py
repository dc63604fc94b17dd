"""Suggester: who suggests changes of a document, as the document sees them. Runs on the document's thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cowrite.core.document.assists import AssistRecord


class Suggester(Protocol):
    """Who suggests, in the eyes of an edit.

    Attributes:
        may_edit: see `ChangeEntries`.
    """

    may_edit: bool

    def knows(self, id: object) -> bool:
        """Whether this is the id of a change of the document."""

    def is_own(self, id: object) -> bool:
        """Whether this is the id of a change that this person has suggested."""

    def goes_on(self, id: object) -> bool:
        """Whether this is the id of one that this copy of the document has begun, so that more can go into it."""

    def wrote(self, id: object, client: int) -> bool:
        """Whether what a client has written in a change is text of who suggests the change."""

    def begin(self) -> str:
        """Begins a suggested change, and gives its id."""

    def cut(self, id: str, text: str) -> None:
        """Takes note of a text that was suggested to go in a change, with none in its place."""

    def goes_on_with_cut(self, text: str) -> str | None:
        """The change in which a text goes that comes in elsewhere, so that both are one; None for none."""

    def keeps(self, records: Sequence[AssistRecord]) -> bool:
        """Keeps the records of the assistant's text that was just suggested; says whether it does."""

    def suggest_anew(self, held: bytes) -> None:
        """Only suggests what its server has not taken as it was.

        Args:
            held: the server's document, as an update; this one has taken it in.
        """

    def leave_formats(self) -> None:
        """Nothing of an edit could be suggested, for it was formats alone."""
