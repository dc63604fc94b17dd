"""DraftHistory: where the history of a draft is kept: at its server, or on this computer while it has none.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.local_history import LocalHistories, LocalHistory
from cowrite.bridge.opening import Opened

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft
    from cowrite.bridge.shared_history import SharedHistory


class DraftHistory(QObject):
    """The history of one draft.

    Args:
        draft: it; its file and its connection have been made.
        opened: what its file holds.
        histories: those on this computer.
        is_wanted: whether the person wants them kept.
    """

    changed = Signal()
    """It is kept elsewhere now, or not any more, or again."""

    def __init__(self, draft: Draft, opened: Opened, histories: LocalHistories, *, is_wanted: bool) -> None:
        super().__init__(draft)
        self._draft = draft
        self._is_wanted = is_wanted
        start, written = opened.loaded.state, opened.written
        self.local = LocalHistory(draft.document, opened.document_id, start, written, histories, self)
        draft.connection.changed.connect(self._follow)
        self._follow()

    @property
    def is_local(self) -> bool:
        """Whether it is on this computer, for the document has no server."""
        return not self._draft.connection.has_server

    @property
    def is_kept(self) -> bool:
        """Whether what is written from now on comes into it; at a server it does once it arrives there."""
        return not self.is_local or (self._is_wanted and not self.is_read_only)

    @property
    def is_read_only(self) -> bool:
        """Whether it can be looked at and no more: the document's file can only be read, and may be an older copy."""
        return self.is_local and bool(self._draft.saved.protected)

    @property
    def source(self) -> LocalHistory | SharedHistory | None:
        """Who can be asked about it now; None while there is no connection to the server that keeps it."""
        shared = self._draft.shared
        if self.is_local:
            return self.local
        return shared.history if shared is not None and shared.history.is_online else None

    def want(self, *, on: bool) -> None:
        """The person wants histories kept on this computer, or not."""
        self._is_wanted = on
        self._follow()

    def close(self) -> None:
        """The document is closed."""
        self.local.close()

    def _follow(self) -> None:
        if self.is_local and self.is_kept:
            self.local.begin()
        else:
            self.local.pause()
        self.changed.emit()
