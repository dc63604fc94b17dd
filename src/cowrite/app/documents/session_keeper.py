"""SessionKeeper: notes what is open, and opens it again at the next start.

Runs on the GUI thread; what is noted is written on the storage thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from cowrite.app.draft.draft import Draft
from cowrite.bridge.single_shot import repeated
from cowrite.gui.window.document_window import ZOOMS
from cowrite.storage.errors import StorageError
from cowrite.storage.library.drives import Drives
from cowrite.storage.names import is_untitled
from cowrite.storage.session import OpenDocument, Session, load_session, save_session

PARTS = ("show_toolbar", "show_people", "show_comments", "show_assistant")
SESSION_INTERVAL = 10_000  # milliseconds between two notes of what is open


class SessionKeeper(QObject):
    """Keeps the session.

    Args:
        path: its file.
        keep: does work on the storage thread.
        drafts: the open ones; later ones come into it.
        front: gives the one in front.
        is_waiting: whether others are on their way; until they are there the next start is to open what was noted last.
        parent: Qt parent.
    """

    def __init__(
        self,
        path: Path,
        keep: Callable[[Callable[[], None]], None],
        drafts: Sequence[Draft],
        front: Callable[[], Draft | None],
        is_waiting: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._keep = keep
        self._drafts = drafts
        self._front = front
        self._is_waiting = is_waiting
        self._is_over = False
        self.problem = ""
        """One or two sentences where what was noted could not be read; else empty."""
        self._written: Session | None = None  # the last that is on the disk
        self._timer = repeated(self, self.note_what_is_new, SESSION_INTERVAL)
        self._timer.start()

    def note(self) -> None:
        """Notes what is open now, also where that is known: another cowrite may have noted something else since."""
        if not self._is_over and not self._is_waiting():
            self._write(self._open_now())

    def note_what_is_new(self) -> None:
        """Notes what is open now, where that is something else."""
        if self._is_over or self._is_waiting():
            return
        session = self._open_now()
        if session != self._written:  # a disk is not to be woken every few seconds while nobody does anything
            self._write(session)

    def _write(self, session: Session) -> None:
        def work() -> None:
            self._written = None
            save_session(self._path, session)
            self._written = session

        self._keep(work)

    def _open_now(self) -> Session:
        drafts, front = self._drafts, self._front()
        documents = tuple(
            OpenDocument(
                draft.path,
                bytes(draft.window.saveGeometry().data()),
                draft.editor.caret()[1],
                max(0, draft.editor.verticalScrollBar().value()),  # less with typewriter scrolling
                draft.window.zoom,
                tuple(name for name in PARTS if draft.window.actions_[name].isChecked()),
                str(draft.document_id),
                draft.window.views.name,
                draft.brainstorming.is_presented,
            )
            for draft in drafts
        )
        return Session(documents, drafts.index(front) if front is not None else None)

    def renamed(self, before: Path, now: Path) -> None:
        """A document's file has another name now, by which the next start is to open it, whoever has noted it."""

        def work() -> None:
            session = load_session(self._path)
            documents = tuple(each._replace(path=now) if each.path == before else each for each in session.documents)
            if documents != session.documents:
                self._written = None
                save_session(self._path, session._replace(documents=documents))

        self._keep(work)

    def restore(
        self,
        open_path: Callable[[Path, Callable[[Draft], None]], object],
        find: Callable[[str], Path | None],
    ) -> list[Path]:
        """Opens what was open the last time, as it was; the one that was in front comes to the front.

        Args:
            open_path: opens a document, and calls back with its draft, at once or later.
            find: gives the file of the document with an identity, for one whose file closing has called by its title
                when there was no time left to note that; may raise StorageError.

        Returns:
            The files that are not there now, or whose drive does not answer.

        Raises:
            StorageError: what was noted cannot be read, nor kept aside.
        """
        session = load_session(self._path)
        if session.kept_aside is not None:
            self.problem = (
                "What was open last time could not be read, so it was not opened again. Your documents are where they "
                f"were; the note of what was open is kept as “{session.kept_aside}”."
            )
        gone: list[Path] = []
        front: list[Draft] = []
        is_late = False

        def opened(number: int, draft: Draft) -> None:
            _show_as_it_was(draft, session.documents[number])
            if number == session.active:
                front.append(draft)
            if is_late and front and front[0] in self._drafts:  # the keyboard stays where somebody writes by now
                front[0].come_to_front()

        there = Drives().are_there(document.path for document in session.documents)
        for number, document in enumerate(session.documents):
            path = document.path if there.get(document.path) else _by_title(document, find)
            if path is None:
                gone.append(document.path)
            else:
                open_path(path, partial(opened, number))
        is_late = True
        if front:
            front[0].come_to_front()
        return gone

    def hold(self) -> None:
        """Documents close because everything ends: what was noted stays."""
        self._is_over = True

    def go_on(self) -> None:
        """Nothing ends after all."""
        self._is_over = False


def _by_title(document: OpenDocument, find: Callable[[str], Path | None]) -> Path | None:
    if document.id and is_untitled(document.path.stem):
        with suppress(StorageError):
            return find(document.id)
    return None


def _show_as_it_was(draft: Draft, document: OpenDocument) -> None:
    if document.geometry:
        draft.window.restoreGeometry(document.geometry)
    if document.shown is not None:
        for name in PARTS:
            draft.window.actions_[name].setChecked(name in document.shown)
        draft.editor.setFocus()  # the comments take the keyboard where somebody asks for them
    draft.window.set_zoom(min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - document.zoom)))
    draft.editor.set_caret(document.caret, scroll=False)
    if document.view in draft.window.views.names[1:]:  # the first is the page
        draft.window.views.show_view(document.view)
    QTimer.singleShot(0, draft, lambda: _show_where_it_was(draft, document))


def _show_where_it_was(draft: Draft, document: OpenDocument) -> None:
    """Does what needs the window to be there."""
    draft.editor.scroll_to(document.scroll)
    if document.is_presented and not draft.is_closed and draft.brainstorming.sessions.session is not None:
        draft.brainstorming.sessions.presenting.begin()
