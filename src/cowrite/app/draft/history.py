"""DraftHistory: where the history of a draft is kept: at its server, or on this computer while it has none.

Runs on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Set
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.file.local_history import LocalHistories, LocalHistory
from cowrite.bridge.file.opening import Opened
from cowrite.core.text.origin import Origin
from cowrite.storage.document.clearing import cleared
from cowrite.storage.document.images import images_named

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.bridge.shared.history import SharedHistory
    from cowrite.sync.history_questions import Failed

_log = logging.getLogger(__name__)


class DraftHistory(QObject):
    """The history of one draft.

    Args:
        draft: it.
        opened: what its file holds.
        histories: those on this computer.
        is_wanted: whether the person wants them kept.
    """

    changed = Signal()
    """It is kept elsewhere now, or not any more, or again."""
    restoring_ended = Signal(str)
    """The draft is what it was at the moment that was chosen; or else what of it is not, and why, as a sentence."""

    def __init__(self, draft: BareDraft, opened: Opened, histories: LocalHistories, *, is_wanted: bool) -> None:
        super().__init__(draft)
        self._draft = draft
        self._is_wanted = is_wanted
        self._unobserve: Callable[[], None] | None = None
        self._is_forgotten = False
        self.is_restoring = False
        """Whether the person has had the draft made what it was at a moment, and it is not yet known to be that."""
        self._unneeded: set[str] = set()  # names of images that a history alone had, since it was to be deleted
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

    def begin_restoring(self) -> None:
        """The draft is to be made what it was."""
        self.is_restoring = True

    def end_restoring(self, problem: str = "") -> None:
        """It is what it was; or else what of it is not, and why, as a sentence."""
        self.is_restoring = False
        self.restoring_ended.emit(problem)

    def want(self, *, on: bool) -> None:
        """The person wants histories kept on this computer, or not."""
        self._is_wanted = on
        self._follow()

    @property
    def needless(self) -> Set[str]:
        """Names of images that the document's file has for a history alone that was deleted."""
        if not (self.is_local and self._is_forgotten and self._unneeded):
            return frozenset()
        try:  # it names some that the document does not
            return self._unneeded - images_named(self._draft.sealed.read_bytes())
        except FileNotFoundError:
            return self._unneeded
        except OSError as error:  # nobody knows which these are
            _log.warning("what is sealed of a document cannot be read: %s", error)
            return frozenset()

    def forget(self, then: Callable[[None], None], failed: Failed) -> None:
        """Removes what was kept on this computer so far; it begins anew with the document as it is."""
        document, images = self._draft.document, self._draft.images
        state = cleared([document.state()]).state or b""  # what undo has yet is not in the history that begins
        self._unneeded = set(images.names() - images_named(state))
        if self._unobserve is None:
            self._unobserve = document.observe_updates(self._on_update)

        def gone(_none: None) -> None:
            self._is_forgotten = True
            then(None)

        self._is_forgotten = False
        self.local.forget(gone, failed)

    def close(self) -> None:
        """The document is closed."""
        if self._unobserve is not None:
            self._unobserve()
        self.local.close()

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        self._unneeded -= images_named(update[0])  # an undo has brought them back, and the new history has them

    def _follow(self) -> None:
        if self.is_local and self.is_kept:
            self.local.begin()
        else:
            self.local.pause()
        self.changed.emit()
