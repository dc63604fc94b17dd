"""LeftHistories: the histories on this computer whose documents are nowhere to be found, in their dialog.

Runs on the GUI thread. Which documents there are is looked for on the thread for long reading, and what a history holds
in the network thread's loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cowrite.app.history.words import ask_removing
from cowrite.bridge.file.local_history import is_damage
from cowrite.core.document.earlier import open_earlier
from cowrite.core.errors import MalformedUpdate
from cowrite.gui.dialogs.left_histories_dialog import UNNAMED, LeftHistoriesDialog
from cowrite.storage.library.originals import Originals
from cowrite.storage.names import UNTITLED

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.bridge.file.local_history import LocalHistories
    from cowrite.bridge.file.storage_thread import StorageThread
    from cowrite.paths import Paths
    from cowrite.sync.history_folder import HistoryFolder, KeptHistory

Result = TypeVar("Result")

UNREADABLE = "(cannot be read)"
DAMAGED = "This history is damaged and cannot be opened. It stays as it is until you remove it."
IS_BACK = "The document of this history is open now. Nothing was removed."

_log = logging.getLogger(__name__)


class LeftHistories(QObject):
    """Shows them, opens what they hold and removes them.

    Args:
        documents: the open ones.
        choices: has the library, and knows what was opened lately.
        histories: those of this computer's documents.
        storage: reads files.
        paths: where this person's files are.
        window: before which the dialog stands.
    """

    def __init__(
        self,
        documents: OpenDocuments,
        choices: Choices,
        histories: LocalHistories,
        storage: StorageThread,
        paths: Paths,
        window: QWidget,
    ) -> None:
        self.dialog = LeftHistoriesDialog(window)
        super().__init__(self.dialog)
        self._documents = documents
        self._choices = choices
        self._histories = histories
        self._storage = storage
        self._paths = paths
        self._is_over = False
        self.dialog.finished.connect(self._end)
        self.dialog.destroyed.connect(self._end)  # with its window
        self.dialog.open_wanted.connect(self._open)
        self.dialog.remove_wanted.connect(self._ask_remove)
        self.dialog.open()
        if paths.histories.exists():
            self._ask(lambda folder: folder.kept(), self._look_for)
        else:
            self.dialog.show_histories(())

    def _look_for(self, kept: Sequence[KeptHistory]) -> None:
        originals, library = Originals(self._paths.originals), self._choices.library
        recent = self._choices.settings.recent
        here = {draft.document_id for draft in self._documents.drafts}

        def work() -> list[KeptHistory]:
            known = here | library.identities(recent)
            away = [each for each in kept if each.document not in known]
            return [each for each in away if not originals.may_be_somewhere(each.document)]

        self._storage.run_long(work, self._while_open(self._show), self._while_open(self._tell))

    def _show(self, left: list[KeptHistory]) -> None:
        self.dialog.show_histories(left)
        for each in left:
            self._name(each.document)

    def _name(self, document: str) -> None:
        async def title(folder: HistoryFolder) -> str:
            return await asyncio.to_thread(_title_of, await folder.last_state(document))

        def failed(error: Exception) -> None:
            _log.warning("a history could not be read: %s", error)
            self.dialog.show_title(document, UNREADABLE)

        self._ask(title, lambda found: self.dialog.show_title(document, found), failed)

    def _open(self, document: str) -> None:
        title = self.dialog.title_of(document)

        def show(state: bytes) -> None:
            draft = self._documents.new(UNTITLED if title in ("", UNREADABLE, UNNAMED) else title, from_elsewhere=True)
            if draft is not None:
                draft.document.apply_remote(state)

        self._ask(lambda folder: folder.last_state(document), show)

    def _ask_remove(self, document: str) -> None:
        def remove() -> None:
            if any(draft.document_id == document for draft in self._documents.drafts):
                self.dialog.show_removed(document)
                self.dialog.show_sentence(IS_BACK, "ok")
                return
            self._ask(lambda folder: folder.forget(document), lambda _none: self.dialog.show_removed(document))

        ask_removing(self.dialog, self.dialog.title_of(document), remove)

    def _ask(
        self,
        work: Callable[[HistoryFolder], Coroutine[Any, Any, Result]],
        then: Callable[[Result], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        self._histories.run(work, self._while_open(then), self._while_open(failed or self._tell))

    def _while_open(self, then: Callable[[Result], object]) -> Callable[[Result], None]:
        def told(result: Result) -> None:
            if not self._is_over:
                then(result)

        return told

    def _tell(self, error: Exception) -> None:
        _log.warning("the histories without a document: %s", error)
        self.dialog.show_sentence(DAMAGED if is_damage(error) else str(error), "problem")

    def _end(self) -> None:
        self._is_over = True


def _title_of(state: bytes) -> str:
    try:
        document = open_earlier(state).document
    except MalformedUpdate:
        return UNREADABLE
    return document.meta.title or document.heading or UNTITLED
