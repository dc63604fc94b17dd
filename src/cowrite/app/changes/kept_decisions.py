"""KeptDecisions: what a person has taken out of one shared draft by deciding on suggested changes, kept for the next
time.

Runs on the GUI thread. It is kept on this computer alone, and not in the document's file, which people copy and send.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot
from cowrite.core.suggestions.decided import Decided
from cowrite.errors import CowriteError
from cowrite.storage.errors import StorageError
from cowrite.storage.json_file import read_or_set_aside, write_own_object

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft

KEEP_DELAY = 300  # milliseconds in which decisions are gathered
TRY_AGAIN = 30_000  # milliseconds until a file that the system refused to write is tried again

_LOST = (
    "What you had taken out here by deciding on suggestions could not be read, so it does not come back by itself "
    "where somebody has decided otherwise. Its file is kept as “{}”."
)

_NOT_KEPT = (
    "What you have taken out here by deciding on suggestions cannot be kept on this computer now. Should cowrite end "
    "before it can, that does not come back by itself where somebody has decided otherwise. {}"
)

_log = logging.getLogger(__name__)


class KeptDecisions(QObject):
    """The file of one draft.

    Args:
        decided: what the person has decided.
        draft: the draft.
        parent: Qt parent.
    """

    def __init__(self, decided: Decided, draft: BareDraft, parent: QObject) -> None:
        super().__init__(parent)
        self._decided = decided
        self._draft = draft
        self._path = draft.decided_changes
        self._kept: dict[str, Any] | None = {}  # None where that is not known
        self._problem = ""  # what was said last of what the system refuses
        self._timer = single_shot(self, self._keep_soon, KEEP_DELAY)
        try:
            read = read_or_set_aside(self._path)  # a small file on this computer
        except CowriteError as error:
            _log.warning("what was decided cannot be read: %s", error)
        else:
            if read.kept_aside is not None:
                _log.warning("what was decided cannot be read; it is kept as %s", read.kept_aside)
                draft.say("kept decisions", "problem", _LOST.format(read.kept_aside))
            decided.recall(read.values)
            self._kept = decided.kept
        decided.changed = partial(self._timer.start, KEEP_DELAY)

    def keep(self) -> None:
        """Keeps it now, and waits until that is done."""
        self._timer.stop()
        if (kept := self._new()) is not None:
            try:
                self._draft.storage.run_quickly_now(lambda: write_own_object(self._path, kept))
            except StorageError as error:
                self._not_kept(error)

    def _keep_soon(self) -> None:
        if not self._draft.is_closed and (kept := self._new()) is not None:
            self._draft.storage.run_quickly(lambda: write_own_object(self._path, kept), self._on_kept, self._not_kept)

    def _new(self) -> dict[str, Any] | None:
        """What is to be written; None where that is done. Nobody else decides on what is not shared."""
        kept = self._decided.kept if self._draft.connection.has_server else {}
        if kept == self._kept:
            return None
        self._kept = kept
        return kept

    def _on_kept(self, _none: None) -> None:
        if self._problem and not self._draft.is_closed:
            self._problem = ""
            self._draft.notices.take_back("kept decisions")

    def _not_kept(self, error: Exception) -> None:
        self._kept = None
        if not self._draft.is_closed:
            if (problem := _NOT_KEPT.format(error)) != self._problem:
                self._problem = problem
                self._draft.say("kept decisions", "problem", problem)
            self._timer.start(TRY_AGAIN)
