"""Draft: one open document, its file and its window, from opening to closing.

Runs on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.app.brainstorming import Brainstorming
from cowrite.app.draft.absence import DraftAbsence
from cowrite.app.draft.bringers import DraftBringers
from cowrite.app.draft.changes import DraftChanges
from cowrite.app.draft.comments import DraftComments
from cowrite.app.draft.connection import DraftConnection
from cowrite.app.draft.decisions import DraftDecisions
from cowrite.app.draft.history import DraftHistory
from cowrite.app.draft.notices import DraftNotices
from cowrite.bridge.file.image_store import ImageStore
from cowrite.bridge.file.local_history import LocalHistories
from cowrite.bridge.file.on_disk import OnDisk, Safety
from cowrite.bridge.file.opening import Opened
from cowrite.bridge.file.saved_document import SavedDocument
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.errors import CowriteError
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.editor import Editor
from cowrite.gui.widgets.dialog_parts import bring_to_front
from cowrite.gui.window.document_window import DocumentWindow
from cowrite.storage.library.library import Library
from cowrite.storage.placing import is_file
from cowrite.storage.settings import Person as Me
from cowrite.sync.link import Link

if TYPE_CHECKING:
    from cowrite.app.draft.exporting import Exporting
    from cowrite.app.files.imports import Imported
    from cowrite.bridge.shared.document import SharedDocument
    from cowrite.bridge.shared.network_thread import NetworkThread

TITLE_DELAY = 300  # milliseconds of quiet until a first line that names the document shows in the window's title
HEADING_REACH = 400  # units from the start within which a change can concern that line
RESTORED = "The text was restored to an earlier moment. The history keeps what was there before."

_log = logging.getLogger(__name__)


class Draft(QObject):
    """One open document.

    Args:
        opened: the document and its file.
        me: who sits here.
        theme: how it looks.
        storage: where its file is worked on.
        network: gives the thread where its connection runs; called when there is one.
        library: is told what the document holds, and calls its closed file by the title.
        sealed: the folder of what is kept sealed on this computer.
        half_notes: that of what was half written on the pad.
        decided_changes: that of what was taken out of suggested changes.
        member_secret: gives the secret by which the server behind a link knows this person.
        histories: those of this computer's documents.
        keeps_history: whether they are to be kept.
    """

    closed = Signal(object)
    """This Draft: its window is closed and its file is written."""
    refused = Signal(object)
    """This Draft: the person closes its window, and its last changes cannot be written."""
    attention_wanted = Signal(object)
    """This Draft: something in it waits for the person, who may be in another program."""
    file_renamed = Signal(object, object)
    """Two Paths: its closed file is called by the title now, and was called otherwise."""
    title_changed = Signal()

    def __init__(
        self,
        opened: Opened,
        me: Me,
        theme: Theme,
        storage: StorageThread,
        network: Callable[[], NetworkThread],
        library: Library,
        sealed: Path,
        half_notes: Path,
        decided_changes: Path,
        member_secret: Callable[[Link], str],
        histories: LocalHistories,
        keeps_history: bool,
    ) -> None:
        super().__init__()
        self._me = me
        self.storage = storage
        self.sealed = sealed
        self.half_notes = half_notes
        self.decided_changes = decided_changes
        self._library = library
        self.numbers_pages = True
        """Whether its pages have numbers on paper and in files."""
        self._is_closed = False
        self._exporting: Exporting | None = None
        self._problem = ""
        self._has_file = True
        self.document_id = opened.document_id
        self.document: Document = opened.document
        self.saved = SavedDocument(opened, storage, library.note, self)
        self.images = ImageStore(opened.file, storage, self)
        self.editor = Editor(self.document, theme, self.images)
        self.window = DocumentWindow(self.editor, theme, self.images.put)
        self.notices = DraftNotices(self.window.notices, self.window.status)
        self.connection: DraftConnection = DraftConnection(self, opened, network, member_secret)
        self.bringers: DraftBringers = DraftBringers(self)
        self.history: DraftHistory = DraftHistory(self, opened, histories, is_wanted=keeps_history)
        self.brainstorming: Brainstorming = Brainstorming(self)
        self.decisions: DraftDecisions = DraftDecisions(self)
        self.comments: DraftComments = DraftComments(self, opened.unsent, opened.seen_mentions)
        self.changes: DraftChanges = DraftChanges(self)
        self.absence: DraftAbsence = DraftAbsence(self, opened)
        # Which restoring of the text the person knows of; None while there is no text, for it is yet to come.
        self._restored = self.document.meta.restored if self.document.length else None
        self._title_timer = single_shot(self, self._show_title, TITLE_DELAY)
        self._connect()
        self._show_title()
        self._is_asked_to_save = False
        self.notices.show_on_disk(self.saved.on_disk)
        self.notices.show_missing(opened.loaded)
        if self.saved.protected:
            self.connection.show_rights()

    @property
    def path(self) -> Path:
        """The document's file."""
        return self.saved.path

    @property
    def title(self) -> str:
        """What the document is called: its title, else its first words, else its file's name."""
        return self.document.meta.title or self.document.heading or self.path.stem

    @property
    def me(self) -> Me:
        """Who sits here."""
        return self._me

    @property
    def called(self) -> str:
        """By which name the others know who sits here: the one that the server gave them, or else their own."""
        return self.connection.called or self._me.name

    @property
    def author(self) -> Author:
        """Who sits here, as comments and suggested changes name them."""
        return Author(self.called, self._me.colour, self._me.id)

    @property
    def shared(self) -> SharedDocument | None:
        """The document's life on a server; None while it is not shared, or works offline."""
        return self.connection.shared

    @property
    def is_closed(self) -> bool:
        """Whether it has let go of file and server."""
        return self._is_closed

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
        bring_to_front(self.window)

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
        if content.differs:
            self.say("imported", "information", content.differs)

    def save_copy(self, path: Path, then: Callable[[], None] = lambda: None) -> None:
        """Writes a copy of the document, which is a document of its own; `then` is called when it holds everything."""

        def saved(lacking: int) -> None:
            if lacking:
                what = "an image" if lacking == 1 else f"{lacking} images"
                self.say("copy", "warning", f"A copy is in “{path}”, but without {what} that could not be read.")
            else:
                self.say_written("copy", f"A copy is in “{path}”.", path)
            then()

        self.editor.pasting.finish()
        self.editor.footnotes.write()
        self.saved.save_copy(path, self.images.unsaved, saved, lambda error: self.say("copy", "problem", str(error)))

    def set_me(self, me: Me) -> None:
        """Shows another name or colour to the others."""
        called, before, self._me = self.called, self._me, me
        self.connection.show_me(me, before)
        self.brainstorming.set_me(called)
        self.comments.refresh()

    def keep(self) -> None:
        """Takes in what the person is in the middle of writing, be it in a field or pasted."""
        self.window.views.keep()
        self.editor.pasting.finish()
        self.editor.footnotes.close()
        self.comments.keep()
        self.changes.keep()

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
                self.connection.share(link, again=True)
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
        for end in (self.bringers.close, self.history.close, self.brainstorming.close, self.images.close):
            try:
                end()
            except Exception:  # noqa: BLE001, the document is written, and its window is to close all the same
                _log.exception("a part of a document did not end as it should")

    @property
    def exporting(self) -> Exporting:
        """Writes it in other formats, and says so."""
        if self._exporting is None:
            from cowrite.app.draft.exporting import Exporting

            self._exporting = Exporting(self)
        return self._exporting

    def say(self, notice: str, kind: str, sentence: str) -> None:
        """Shows a sentence above the page."""
        if self._is_closed:
            _log.info("after closing: %s", notice)
            return
        self.notices.say(notice, kind, sentence)

    def say_written(self, notice: str, sentence: str, path: Path) -> None:
        """Shows above the page that a file was written."""
        if self._is_closed:
            _log.info("after closing: %s", notice)
            return
        self.notices.show_written_file(notice, sentence, path)

    # Inside

    def _may_close(self) -> bool:
        is_closed = self.close()
        if not is_closed:
            self.refused.emit(self)
        return is_closed

    def _refuse(self, error: CowriteError) -> None:
        _log.warning("a document stays open: %s", error)
        self._problem = str(error)
        self._has_file = is_file(self.path)
        self.notices.show_unwritten(self._problem)

    def _say_of_image(self, sentence: str) -> None:
        self.say("image", "problem", sentence)

    def _connect(self) -> None:
        window = self.window
        self.saved.on_disk_changed.connect(self.notices.show_on_disk)
        self.saved.written_anew.connect(lambda sentence: self.say("anew", "warning", sentence))
        self.images.changed.connect(self.editor.refresh_image)
        self.images.problem.connect(self._say_of_image)  # a method, so that it runs on this thread
        self.images.all_stored.connect(lambda: window.notices.remove("image"))
        self.images.all_stored.connect(self.saved.settling.written)
        self.document.meta.observe(lambda _none: self._on_meta())
        self.document.observe_changes(self._on_change)
        self.saved.on_disk_changed.connect(self._tell_saved)
        window.actions_["save"].triggered.connect(lambda _checked=False: self._save())
        window.notices.dismissed.connect(window.notices.remove)
        window.may_close = self._may_close
        window.closing.connect(lambda: self.closed.emit(self))
        # The person may come from where they have moved or deleted the file.
        window.activated.connect(lambda on: self.saved.save_now() if on else None)

    def _save(self) -> None:
        """The person saves: whoever reads by ear hears once it is done, for the status bar may say so already."""
        self._is_asked_to_save = True
        self.saved.save_now()
        self._tell_saved(self.saved.on_disk)

    def _tell_saved(self, on_disk: OnDisk) -> None:
        if self._is_asked_to_save and on_disk.safety is not Safety.SAVING:
            self._is_asked_to_save = False
            self.window.status.tell()

    def _on_change(self, change: Change) -> None:
        if change.origin is Origin.LOCAL:
            self.notices.go_on()
        if self._restored is None:
            self._restored = self.document.meta.restored
        if not self.document.meta.title and min(op.at for op in change.ops) < HEADING_REACH:
            self._title_timer.start()

    def _on_meta(self) -> None:
        self._show_title()
        if self._restored not in (None, self.document.meta.restored):
            self._restored = self.document.meta.restored
            self.say("restored", "information", RESTORED)

    def _show_title(self) -> None:
        self.window.show_title(self.title)
        self.title_changed.emit()
