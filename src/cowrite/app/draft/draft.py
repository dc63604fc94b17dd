"""Draft: one open document, from its file to its window and its server.

Runs on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cowrite.app.brainstorming import Brainstorming
from cowrite.app.draft.answers import act_on
from cowrite.app.draft.comments import DraftComments
from cowrite.app.draft.decisions import DraftDecisions
from cowrite.app.draft.notices import DraftNotices
from cowrite.app.draft.teammates import Teammates
from cowrite.bridge.image_store import ImageStore
from cowrite.bridge.opening import Opened
from cowrite.bridge.saved_document import SavedDocument
from cowrite.bridge.storage_thread import StorageThread
from cowrite.core.change import Change
from cowrite.core.document import Document
from cowrite.core.lines import insert_rich_text
from cowrite.core.origin import Origin
from cowrite.errors import CowriteError
from cowrite.gui.document_window import DocumentWindow
from cowrite.gui.editor import Editor
from cowrite.gui.theme import Theme
from cowrite.storage.library import Library
from cowrite.storage.settings import Person as Me
from cowrite.sync.link import Link
from cowrite.sync.record import SyncRecord
from cowrite.sync.status import why_read_only

if TYPE_CHECKING:
    from cowrite.app.imports import Imported
    from cowrite.bridge.network_thread import NetworkThread
    from cowrite.bridge.shared_document import SharedDocument
    from cowrite_server.protocol import Role

CARET_DELAY = 40  # milliseconds in which movements of one's own caret are gathered
TITLE_DELAY = 300  # milliseconds of quiet until a first line that names the document shows in the window's title
REFUSED_DELAY = 100  # milliseconds in which refusals are gathered: one change can travel as several updates
HEADING_REACH = 400  # units from the start within which a change can concern that line

_log = logging.getLogger(__name__)


class Draft(QObject):
    """One open document.

    Args:
        opened: the document and its file.
        me: who sits here.
        theme: how it looks.
        storage: where its file is worked on.
        network: gives the thread where its connection runs; called when there is one.
        library: is told what the document holds.
        sealed: the folder of what is kept sealed on this computer.
        member_secret: gives the secret by which the server behind a link knows this person.
        parent: Qt parent.
    """

    closed = Signal(object)
    """This Draft: its window is closed and its file is written."""
    detached = Signal(object)
    """This Draft: the person does not want it shared any more."""
    refused = Signal(object)
    """This Draft: the person closes its window, and its last changes cannot be written."""
    hosting_wanted = Signal(object)
    """This Draft: the person wants hosting from this computer tried again."""
    copy_wanted = Signal(object)
    """Link: the person wants the server's document as one of its own."""
    people_wanted = Signal(object)
    """This Draft: the person wants to see who may do what."""
    title_changed = Signal()
    shared_changed = Signal()
    """`shared` is another one now, or none."""

    def __init__(
        self,
        opened: Opened,
        me: Me,
        theme: Theme,
        storage: StorageThread,
        network: Callable[[], NetworkThread],
        library: Library,
        sealed: Path,
        member_secret: Callable[[Link], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._me = me
        self._network = network
        self.storage = storage
        self.sealed = sealed
        self._member_secret = member_secret
        self._record = opened.record
        self._joined = opened.joined
        self._view_only, self._may_comment = opened.view_only, opened.may_comment
        self._is_closed = False
        self._problem = ""
        self._has_file = True
        self.document_id = opened.document_id
        self.document: Document = opened.document
        self.saved = SavedDocument(opened, storage, library.note, self)
        self.images = ImageStore(opened.file, storage, self)
        self.shared: SharedDocument | None = None
        self.editor = Editor(self.document, theme, self.images)
        self.window = DocumentWindow(self.editor, theme, self.images.put)
        self.brainstorming: Brainstorming = Brainstorming(self)
        self.decisions: DraftDecisions = DraftDecisions(self)
        self.comments: DraftComments = DraftComments(self)
        self._notices = DraftNotices(self.window.notices, self.window.status)
        self._teammates = Teammates(self.document, self.editor, self.window.people, lambda: self.shared, me, self)
        self._caret_timer = self._timer(CARET_DELAY, self._tell_caret)
        self._title_timer = self._timer(TITLE_DELAY, self._show_title)
        self._refused_timer = self._timer(REFUSED_DELAY, self._show_refused)
        self._connect()
        self._show_title()
        self._notices.show_on_disk(self.saved.on_disk)
        self._notices.show_missing(opened.loaded)

    @property
    def path(self) -> Path:
        """The document's file."""
        return self.saved.path

    @property
    def title(self) -> str:
        """What the document is called: its title, else its first words, else its file's name."""
        return self.document.title or self.document.heading or self.path.stem

    @property
    def me(self) -> Me:
        """Who sits here."""
        return self._me

    @property
    def comment_refusal(self) -> str:
        """Why the person may not comment, without a full stop; empty where they may."""
        may = self._may_comment or not self._view_only
        return "" if may else "You may read this document and not comment on it"

    @property
    def is_closed(self) -> bool:
        """Whether it has let go of file and server."""
        return self._is_closed

    @property
    def has_server(self) -> bool:
        """Whether the document is on a server too, connected or not."""
        return self.shared is not None or self._record.epoch is not None

    @property
    def problem(self) -> str:
        """Why the last changes could not be written the last time, in one sentence; empty where they could."""
        return self._problem

    @property
    def has_file(self) -> bool:
        """Whether its file was in its place when the last changes could not be written."""
        return self._has_file

    def come_to_front(self) -> None:
        """Brings its window to the person."""
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def rename(self, title: str) -> None:
        """Gives the document another title, for everybody."""
        if self.editor.isReadOnly():
            self.say("rename", "information", "You may read this document but not change it.")
            return
        self.document.set_meta("title", title.strip())

    def join(self, link: Link) -> None:
        """Keeps a document that was made for this in step with a room from now on."""
        self.share(link, again=False, joins=True)

    def share(self, link: Link, *, again: bool, joins: bool = False) -> None:
        """Keeps the document in step with a server from now on.

        Args:
            link: where.
            again: whether what its file knows of a server holds for this one.
            joins: whether the document was made to join this room; with `again` its file says so.
        """
        # What only sharing needs is loaded when somebody shares: the window is there sooner.
        from cowrite.bridge.shared_document import SharedDocument
        from cowrite.sync.awareness import User
        from cowrite.sync.identity import Identity

        if self._is_closed:  # the server of this computer answered too late
            return
        self._leave()
        if not again:
            self._record, self._view_only, self._joined = SyncRecord(), False, joins
            self.saved.forget_server()
            if joins:
                self.saved.store_joined()
        self.saved.store_link(link.place)
        user = User(self._me.name, self._me.colour)
        saved_blobs = self.saved.saved_blobs if again else frozenset()
        self.shared = SharedDocument(
            self.document,
            link,
            self._record,
            user,
            self.images,
            saved_blobs,
            self._network(),
            identity=Identity(self._member_secret(link), self._me.name),
            joins=self._joined,
            parent=self,
        )
        self.shared.status_changed.connect(self._notices.show_status)
        self.shared.record_changed.connect(self._keep_record)
        self.shared.role_changed.connect(self._take_role)
        self.shared.refused.connect(lambda _refusal: self._refused_timer.start())
        self.shared.members.unanswered.connect(lambda problem: self.say("name", "warning", str(problem)))
        self.shared.presence.changed.connect(self._teammates.show)
        self.shared.images.saved.connect(self.saved.blob_saved)
        self._show_read_only()
        self.window.actions_["work_offline"].setChecked(False)
        self._notices.start_sharing()
        self._notices.show_status(self.shared.status)
        self._tell_caret()
        self.shared_changed.emit()

    def fill(self, content: Imported) -> None:
        """Takes in what a file of another program holds; the document is new and empty."""
        for image in content.images:
            self.images.put(*image)
        insert_rich_text(self.document, 0, 0, content.spans, Origin.IMPORT)

    def go_offline(self) -> None:
        """Ends the connection for now; what is known of the server stays."""
        self._leave()
        self._notices.show_offline()
        self._teammates.show()

    def save_copy(self, path: Path, then: Callable[[], None] = lambda: None) -> None:
        """Writes a copy of the document, which is a document of its own; `then` is called when it holds everything."""

        def saved() -> None:
            self.say("copy", "success", f"A copy is in “{path}”.")
            then()

        self.saved.save_copy(path, self.images.in_memory, saved, lambda error: self.say("copy", "problem", str(error)))

    def stop_sharing(self) -> None:
        """Ends the connection and forgets the server; the document stays."""
        self._leave()
        self._record, self._view_only, self._joined = SyncRecord(), False, False
        self.saved.forget_server()
        self.saved.store_link(None)
        self._show_read_only()
        self._notices.show_unshared()
        self._teammates.show()

    def set_me(self, me: Me) -> None:
        """Shows another name or colour to the others."""
        self._me = me
        if self.shared is not None:
            from cowrite.sync.awareness import User

            self.shared.set_user(User(me.name, me.colour))
        self._teammates.show_me(me)
        self.brainstorming.set_me(me.name)

    def show_not_hosted(self, error: Exception) -> None:
        """Shows that hosting could not be resumed, until it is or the person has read it."""
        self._notices.show_not_hosted(str(error))

    def write(self) -> bool:
        """Writes everything, and waits for the disk; says whether it could."""
        try:
            self.saved.write()
            self.images.store_now()
        except CowriteError as error:
            self._refuse(error)
            return False
        self._problem = ""
        self._notices.show_written()
        return True

    def start_leaving(self) -> None:
        """Says goodbye to the server; `close` then waits less for it."""
        if self.shared is not None:
            self.shared.start_leaving()

    def close(self) -> bool:
        """Writes everything and lets go of file and server; says whether it could."""
        if self._is_closed:
            return True
        self.window.views.keep()
        if not self.write():
            return False
        link = self.shared.link if self.shared is not None else None
        self._leave()
        try:
            self.saved.close()
        except CowriteError as error:
            self._refuse(error)
            if link is not None:
                self.share(link, again=True)
            return False
        self._is_closed = True
        self.brainstorming.close()
        return True

    def give_up(self) -> None:
        """Lets go of file and server, without the changes that cannot be written."""
        if not self.close():
            _log.warning("a document is closed without its last changes")
            self._leave()
            self.saved.abandon()
            self._is_closed = True
            self.brainstorming.close()

    def export_to(self, kind: str, path: Path) -> bool:
        """Writes the document in another format, see `app.export`; says whether it could."""
        from cowrite.app.export import export

        try:
            export(self.document, self.images.image, self.decisions.card, kind, path, self.title)
        except CowriteError as error:
            self.say("export", "problem", str(error))
            return False
        self.say("export", "success", f"Written to “{path}”.")
        return True

    def say(self, notice: str, kind: str, sentence: str) -> None:
        """Shows a sentence above the page."""
        if self._is_closed:
            _log.info("after closing: %s", notice)
            return
        self._notices.say(notice, kind, sentence)

    # Inside

    def _may_close(self) -> bool:
        is_closed = self.close()
        if not is_closed:
            self.refused.emit(self)
        return is_closed

    def _refuse(self, error: CowriteError) -> None:
        _log.warning("a document stays open: %s", error)
        self._problem = str(error)
        self._has_file = self.path.is_file()
        self._notices.show_unwritten(self._problem)

    def _leave(self) -> None:
        """Ends the connection; nothing that it still brings is listened to."""
        shared, self.shared = self.shared, None
        if shared is not None:
            shared.leave()
            shared.deleteLater()
            self.shared_changed.emit()

    def _timer(self, delay: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(delay)
        timer.timeout.connect(act)
        return timer

    def _connect(self) -> None:
        window = self.window
        self.saved.on_disk_changed.connect(self._notices.show_on_disk)
        self.saved.written_anew.connect(lambda sentence: self.say("anew", "warning", sentence))
        self.images.arrived.connect(lambda _name: self.editor.refresh_images())
        self.images.problem.connect(lambda sentence: self.say("image", "problem", sentence))
        self.document.observe_meta(lambda _origin: self._show_title())
        self.document.observe_changes(self._on_change)
        self.editor.caret_moved.connect(self._caret_timer.start)
        window.actions_["save"].triggered.connect(lambda _checked=False: self.saved.save_now())
        window.notices.answered.connect(self._answered)
        window.notices.dismissed.connect(window.notices.remove)
        window.may_close = self._may_close
        window.closing.connect(lambda: self.closed.emit(self))
        window.activated.connect(self._on_activated)

    def _on_change(self, change: Change) -> None:
        if not self.document.title and min(op.at for op in change.ops) < HEADING_REACH:
            self._title_timer.start()
        if self.shared is not None:
            self._caret_timer.start()
            self._teammates.show_soon()

    def _on_activated(self, on: bool) -> None:
        if on:
            self.saved.save_now()  # the person may come from where they have moved or deleted the file
            self._tell_caret()

    def _tell_caret(self) -> None:
        if self.shared is not None:
            self.shared.presence.show_caret(*self.editor.caret())

    def _keep_record(self, record: SyncRecord) -> None:
        self._record = record
        self.saved.store_record(record)

    def _show_title(self) -> None:
        self.window.show_title(self.title)
        self.title_changed.emit()

    def _take_role(self, role: Role) -> None:
        self._view_only, self._may_comment = not role.may_edit, role.may_comment
        self.saved.store_rights(view_only=self._view_only, may_comment=self._may_comment)
        self._show_read_only()

    def _show_read_only(self) -> None:
        role = None if self.shared is None else self.shared.role
        reason = why_read_only(role, may_comment=self._may_comment) if self._view_only else ""
        self.window.show_read_only(reason)
        self._notices.show_read_only(reason)
        self.comments.show_role()

    def _show_refused(self) -> None:
        if self.shared is not None and self.shared.status.reason is not None:
            self._notices.show_refused(self.shared.status, self.shared.unsaved_text())

    def _answered(self, notice: str, answer: str) -> None:
        act_on(self, self._notices, notice, answer)
