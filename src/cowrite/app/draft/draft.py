"""Draft: one open document with all that people do in it, from opening to closing.

Runs on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from cowrite.app.bare_draft.bare_draft import BareDraft
from cowrite.app.bare_draft.bringers import DraftBringers
from cowrite.app.changes.changes import DraftChanges
from cowrite.app.comments.comments import DraftComments
from cowrite.app.decisions.decisions import DraftDecisions
from cowrite.app.draft.absence import DraftAbsence
from cowrite.app.draft.history import DraftHistory
from cowrite.app.session.brainstorming import Brainstorming
from cowrite.bridge.file.local_history import LocalHistories
from cowrite.bridge.file.opening import Opened
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.errors import CowriteError
from cowrite.gui.look.theme import Theme
from cowrite.paths import Paths
from cowrite.storage.library.library import Library
from cowrite.storage.placing import is_file
from cowrite.storage.settings import Person as Me
from cowrite.sync.link import Link

if TYPE_CHECKING:
    from cowrite.app.files.exporting import Exporting
    from cowrite.app.files.imports import Imported
    from cowrite.bridge.network_thread import NetworkThread

_log = logging.getLogger(__name__)


class Draft(BareDraft):
    """One open document.

    Args:
        opened: the document and its file.
        me: who sits here.
        theme: how it looks.
        storage: where its file is worked on.
        network: gives the thread where its connection runs; called when there is one.
        library: is told what the document holds, and calls its closed file by the title.
        paths: where what is kept beside it is on this computer.
        member_secret: gives the secret by which the server behind a link knows this person.
        histories: those of this computer's documents.
        keeps_history: whether they are to be kept.
    """

    refused = Signal(object)
    """This Draft: the person closes its window, and its last changes cannot be written."""
    file_renamed = Signal(object, object)
    """Two Paths: its closed file is called by the title now, and was called otherwise."""

    def __init__(
        self,
        opened: Opened,
        me: Me,
        theme: Theme,
        storage: StorageThread,
        network: Callable[[], NetworkThread],
        library: Library,
        paths: Paths,
        member_secret: Callable[[Link], str],
        histories: LocalHistories,
        keeps_history: bool,
    ) -> None:
        super().__init__(opened, me, theme, storage, network, library, paths, member_secret)
        self._library = library
        self._exporting: Exporting | None = None
        self._problem = ""
        self._has_file = True
        self._leave: Callable[[], None] | None = None  # what waits for a restoring to be done
        self.bringers = DraftBringers(self)
        self.history = DraftHistory(self, opened, histories, is_wanted=keeps_history)
        self.brainstorming = Brainstorming(self)
        self.decisions = DraftDecisions(self, self.brainstorming)
        self.comments = DraftComments(self, self.bringers, opened.unsent, opened.seen_mentions)
        self.changes = DraftChanges(self, self.bringers)
        self.absence = DraftAbsence(self, opened)
        self.history.restoring_ended.connect(self._restoring_ended)
        self.window.may_close = self._may_close

    @property
    def problem(self) -> str:
        """Why the last changes could not be written the last time, in one sentence; empty where they could."""
        return self._problem

    @property
    def has_file(self) -> bool:
        """Whether its file was in its place when the last changes could not be written."""
        return self._has_file

    def rename(self, title: str) -> None:
        """Gives the document another title, for everybody."""
        if refusal := self.connection.rights.refusal:
            self.say("rename", "information", f"{refusal}.")
            return
        self.document.meta.set_title(title.strip())

    def fill(self, content: Imported) -> None:
        """Takes in what a file of another program holds; the document is new and empty."""
        from cowrite.core.suggestions.changes import bring_in

        bring_in(self.document, content.spans, content.suggested, carried=content.records)
        self.comments.bring_in(content.comments)
        self.complete(content)

    def complete(self, content: Imported) -> None:
        """Takes in what a file of another program holds beside its text, and says what of it came in otherwise."""
        for image in content.images:
            self.images.put_as_it_is(*image)
        if content.title:
            self.document.meta.set_title(content.title)
        if content.differs:
            self.say("imported", "information", content.differs)

    def keep(self) -> None:
        """Takes in what the person is in the middle of writing, be it in a field or pasted."""
        self.window.views.keep()
        self.editor.pasting.finish()
        self.editor.footnotes.close()
        self.comments.keep()
        self.changes.keep()

    def may_leave(self, leave: Callable[[], object]) -> bool:
        """Whether nothing is under way that would be given up with the connection; else says what.

        Args:
            leave: is called once that is done, or the person does not want to wait for it; not where it came to
                nothing, which is said.
        """
        if not self.history.is_restoring:
            return True

        def go_on() -> None:
            if not self._is_closed:
                leave()

        self._leave = go_on
        self.notices.show_restoring()
        return False

    def leave_now(self) -> None:
        """The person wants to close and to wait for nothing."""
        self.history.end_restoring()

    def write(self) -> bool:
        """Writes everything, and waits for the disk; says whether it could."""
        try:
            self.saved.write()
            self.images.store_now()
        except CowriteError as error:
            self._refuse(error)
            return False
        self._problem = ""
        self.notices.show_written()
        return True

    def close(self) -> bool:
        """Writes everything and lets go of file and server; says whether it could."""
        if self._is_closed:
            return True
        self.keep()
        if self._exporting is not None:
            self._exporting.finish()
        if not self.write():
            return False
        before = self.path
        is_shared, link = self.connection.has_server, self.connection.leave()
        try:
            needless = frozenset() if is_shared else self.history.needless
            gone = self.saved.close(is_shared=is_shared, needless=needless, name=self._library.name_by_title)
            self.history.local.add(gone)
        except CowriteError as error:
            self._refuse(error)
            if link is not None:
                self.connection.share(link, again=True, is_host=self.connection.is_host)
            return False
        self._end_work()
        if self.path != before:
            self.file_renamed.emit(before, self.path)
        return True

    def give_up(self) -> None:
        """Lets go of file and server, without the changes that cannot be written."""
        if not self.close():
            _log.warning("a document is closed without its last changes")
            self.connection.leave()
            self.saved.abandon()
            self._end_work()

    def _end_work(self) -> None:
        self._is_closed = True
        parts = (self.connection, self.bringers, self.history, self.brainstorming, self.images)
        for end in [part.close for part in parts]:
            try:
                end()
            except Exception:  # noqa: BLE001, the document is written, and its window is to close all the same
                _log.exception("a part of a document did not end as it should")

    @property
    def exporting(self) -> Exporting:
        """Writes it in other formats, and says so."""
        if self._exporting is None:
            from cowrite.app.files.exporting import Exporting

            self._exporting = Exporting(self, self.decisions.card, self.comments.placed)
        return self._exporting

    # Inside

    def _restoring_ended(self, problem: str) -> None:
        leave, self._leave = self._leave, None
        if leave is None:
            return
        self.notices.take_back("restoring")
        if problem:
            self.notices.show_not_restored(problem)
        else:
            QTimer.singleShot(0, self, leave)  # not in the middle of what the connection brings

    def _may_close(self) -> bool:
        if not self.may_leave(self.window.close):
            return False
        is_closed = self.close()
        if not is_closed:
            self.refused.emit(self)
        return is_closed

    def _refuse(self, error: CowriteError) -> None:
        _log.warning("a document stays open: %s", error)
        self._problem = str(error)
        self._has_file = is_file(self.path)
        self.notices.show_unwritten(self._problem)
