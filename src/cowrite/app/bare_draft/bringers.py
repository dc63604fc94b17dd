"""DraftBringers: says of what a draft claims of its writers what its server knows.

A record, a comment, a suggested change or a note names who it is by. That is what whoever wrote it there has put down:
another program can write any name, and a copy of a document brings others' names along. Only the server knows who has
brought it. Runs on the GUI thread; loads nothing before somebody looks at such a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.core.crdt.structs import Id
from cowrite.core.document.assists import ROOT as ASSISTS
from cowrite.core.document.assists import AssistRecord, suggested
from cowrite.core.text.richtext import SUGGESTIONS

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.bridge.shared.bringers import Bringers

COMMENTS, BOARD = "comments", "board"  # as the modules name them that are not loaded for this
THIS_DOCUMENT = "according to this document"

_RECORD = tuple(name for name in AssistRecord._fields if name != "id")
_CLAIMS = {
    ASSISTS: _RECORD,
    SUGGESTIONS: ("author", *_RECORD),
    COMMENTS: ("author", "text"),
    BOARD: ("author",),
}
"""The fields that are a claim, by the roots of the entries; what else an entry has, others may change."""


class DraftBringers(QObject):
    """What is known of the claims of one draft.

    Args:
        draft: it.
    """

    changed = Signal()
    """More is known."""

    def __init__(self, draft: BareDraft) -> None:
        super().__init__(draft)
        self._draft = draft
        self._bringers: Bringers | None = None

    def source(self, root: str, id: str, claimed: str) -> str:
        """On whose word it is that an entry is somebody's, as "according to Ada".

        Args:
            root: the entry's.
            id: its.
            claimed: whose it says it is.

        Returns:
            Empty where the server knows that it is theirs, and where nothing is known.
        """
        if self._draft.shared is None:
            return ""
        return _in_words(self._made().of_entry(root, id, claimed) or ())

    def assist_source(self, assist: str, unit: Id | None) -> str:
        """The same of text that carries a record, as it goes on behind what the record says.

        Args:
            assist: the record's id.
            unit: one of the text; None for none.
        """
        bringers, assists = self._made(), self._draft.document.assists
        record = assists.record(assist)
        others = bringers.of_entry(ASSISTS, assist, record.by)
        if others != () and assists.as_suggested(assist) == record:
            # Whoever accepts a suggestion takes the record over into what is accepted.
            others = bringers.of_entry(SUGGESTIONS, suggested(assist), record.by)
        by = _in_words(others) if others is not None else THIS_DOCUMENT
        put = () if unit is None else bringers.of_unit(unit, record.by) or ()
        put_by = tuple(name for name in put if name and name not in (others or ()))
        return f"{f', {by}' if by else ''}{f', and put here by {_names(put_by)}' if put_by else ''}"

    def close(self) -> None:
        """The draft is closed."""
        if self._bringers is not None:
            self._bringers.close()

    def _made(self) -> Bringers:
        if self._bringers is None:
            from cowrite.bridge.shared.bringers import Bringers

            draft = self._draft
            self._bringers = Bringers(draft.document, _CLAIMS, lambda: draft.called, self)
            self._follow()
            draft.connection.changed.connect(self._follow)
            self._bringers.changed.connect(self.changed)
        return self._bringers

    def _follow(self) -> None:
        """The draft has come to a server or left it."""
        shared = self._draft.shared
        if self._bringers is not None:
            if shared is not None:
                shared.members.changed.connect(self._bringers.look_again)  # as when there is a connection
            self._bringers.follow(None if shared is None else shared.history)


def _in_words(others: Sequence[str]) -> str:
    if not others:
        return ""
    names = tuple(name for name in others if name)
    return f"according to {_names(names)}" if names else THIS_DOCUMENT


def _names(names: Sequence[str]) -> str:
    from cowrite.gui.history.moment_words import listed

    return listed(names)
