"""Quitting: every draft is written, the person is asked about those that cannot be, and only then windows close.

Runs on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from PySide6.QtWidgets import QApplication

from cowrite.app.documents.on_the_way import OnTheWay
from cowrite.app.documents.session_keeper import SessionKeeper
from cowrite.app.draft.dialogs import ask_unwritten
from cowrite.app.draft.draft import Draft

_log = logging.getLogger(__name__)


class Quitting:
    """How one cowrite process ends.

    Args:
        app: Qt's application object.
        drafts: the open ones; later ones come into it.
        session: what was open, for the next start.
        on_the_way: documents that are being read.
    """

    def __init__(
        self, app: QApplication, drafts: Sequence[Draft], session: SessionKeeper, on_the_way: OnTheWay
    ) -> None:
        self._app = app
        self._drafts = drafts
        self._session = session
        self._on_the_way = on_the_way

    def quit(self) -> None:
        """Closes all drafts and ends the event loop, or closes none: where the person keeps one open, all stay."""
        self._on_the_way.after(self._begin)  # or the next start would not know of the documents

    def end(self, others: Iterable[Callable[[], None]]) -> None:
        """The event loop is over: writes and closes what is left.

        Args:
            others: end the other parts of cowrite; each is called, whatever became of those before.
        """
        self._on_the_way.end()
        self._session.hold()
        try:
            for draft in self._drafts:
                draft.keep()
            self._leave_together()
        except Exception:  # noqa: BLE001, the documents are to be written all the same
            _log.exception("not every document could take its leave of its server")
        for draft in list(self._drafts):
            try:
                draft.close()
            except Exception:  # noqa: BLE001, the other documents are to be written all the same
                _log.exception("a document could not be closed")
        for end in others:
            try:
                end()
            except Exception:  # noqa: BLE001, the others are to end all the same, and what they hold is to be written
                _log.exception("a part of cowrite did not end as it should")
        _log.info("ended")

    def _begin(self) -> None:
        for draft in self._drafts:
            if not draft.may_leave(self.quit):
                draft.come_to_front()
                return
        self._session.note()
        self._close_when_written()

    def _close_when_written(self, given_up: Mapping[Draft, bytes] = MappingProxyType({})) -> None:
        """Closes all drafts, each once it is written, or may be closed as it is.

        Args:
            given_up: those that may be closed without their last changes, and the state in which they may.
        """
        for draft in self._drafts:
            draft.keep()  # before the goodbye, behind which nothing reaches a server any more
        drafts = self._drafts
        unwritten = [draft for draft in drafts if not draft.write() and given_up.get(draft) != draft.document.state()]
        if unwritten:
            first = unwritten[0]
            ask_unwritten(first, lambda: self._close_when_written({**given_up, first: first.document.state()}))
            return
        self._leave_together()
        for draft in self._drafts:
            if draft in given_up:
                draft.give_up()
        self._close_all()

    def _close_all(self) -> None:
        self._session.hold()
        for draft in list(self._drafts):
            if not draft.window.close():
                self._session.go_on()
                self._stay_together()
                return
        self._app.quit()

    def _leave_together(self) -> None:
        """Says goodbye to the servers of all drafts at once, so that a server that hangs costs its second once."""
        for draft in self._drafts:
            draft.connection.start_leaving()

    def _stay_together(self) -> None:
        """Connects drafts again that have said goodbye and stay open after all."""
        for draft in self._drafts:
            draft.connection.stay()
