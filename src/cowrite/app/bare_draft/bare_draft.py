"""BareDraft: one open document with its file, its window and its server, and what is said above its page.

Runs on the GUI thread. The parts of a draft stand on this, and on the parts that they need; `Draft` puts them together.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.app.bare_draft.asking import DraftAsking
from cowrite.app.bare_draft.connection import DraftConnection
from cowrite.app.bare_draft.notices import DraftNotices
from cowrite.bridge.file.image_store import ImageStore
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
from cowrite.gui.window.notice_bar import Answer
from cowrite.paths import Paths
from cowrite.storage.library.library import Library
from cowrite.storage.sealed_items import kept_at
from cowrite.storage.settings import Person as Me
from cowrite.sync.link import Link

if TYPE_CHECKING:
    from cowrite.bridge.network_thread import NetworkThread
    from cowrite.bridge.shared.document import SharedDocument

TITLE_DELAY = 300  # milliseconds of quiet until a first line that names the document shows in the window's title
HEADING_REACH = 400  # units from the start within which a change can concern that line
RESTORED = "The text was restored to an earlier moment. The history keeps what was there before."

_log = logging.getLogger(__name__)


class BareDraft(QObject):
    """One open document without all that people do in it.

    Args:
        opened: the document and its file.
        me: who sits here.
        theme: how it looks.
        storage: where its file is worked on.
        network: gives the thread where its connection runs; called when there is one.
        library: is told what the document holds.
        paths: where what is kept beside it is on this computer.
        member_secret: gives the secret by which the server behind a link knows this person.
    """

    closed = Signal(object)
    """This draft: its window is closed and its file is written."""
    attention_wanted = Signal(object)
    """This draft: something in it waits for the person, who may be in another program."""
    title_changed = Signal()

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
    ) -> None:
        super().__init__()
        self.storage = storage
        self.numbers_pages = True
        """Whether its pages have numbers on paper and in files."""
        self._is_closed = False
        self.document_id = opened.document_id
        self.sealed = kept_at(paths.sealed, self.document_id)
        """The file of what is kept sealed on this computer."""
        self.half_notes = kept_at(paths.half_notes, self.document_id)
        """That of what was half written on the pad."""
        self.decided_changes = kept_at(paths.decided_changes, self.document_id)
        """That of what was taken out of suggested changes."""
        self.document: Document = opened.document
        self.saved = SavedDocument(opened, storage, library.note, self)
        self.images = ImageStore(opened.file, storage, self)
        self.editor = Editor(self.document, theme, self.images)
        self.window = DocumentWindow(self.editor, theme, self.images.put)
        self.notices = notices = DraftNotices(self.window.notices, self.window.status)
        self.connection = DraftConnection(
            opened, me, self.saved, self.images, self.window, notices, network, member_secret, self
        )
        self.asking = DraftAsking(self.connection, notices, self.window.notices, self)
        # Which restoring of the text the person knows of; None while there is no text, for it is yet to come.
        self._restored = self.document.meta.restored if self.document.length else None
        self._title_timer = single_shot(self, self._show_title, TITLE_DELAY)
        self._is_asked_to_save = False
        self._connect()
        self._show_title()
        self.notices.show_on_disk(self.saved.on_disk)
        self.notices.show_missing(opened.loaded)
        if not self.connection.rights.may_edit:
            self.connection.show_rights()  # which no server may say again, as where the link is not on this computer

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
        return self.connection.me

    @property
    def called(self) -> str:
        """By which name the others know who sits here."""
        return self.connection.called

    @property
    def author(self) -> Author:
        """Who sits here, as comments and suggested changes name them."""
        return self.connection.author

    @property
    def shared(self) -> SharedDocument | None:
        """The document's life on a server; None while it is not shared, or works offline."""
        return self.connection.shared

    @property
    def is_closed(self) -> bool:
        """Whether it has let go of file and server."""
        return self._is_closed

    def come_to_front(self) -> None:
        """Brings its window to the person."""
        bring_to_front(self.window)

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

    def export(self, write: Callable[[], Path], told: Callable[[Path], str] = "Written to “{}”.".format) -> bool:
        """Has something of it written, and says where it is, or why it is not; gives whether it is written.

        Args:
            write: writes a file or a folder and gives its place, or raises CowriteError.
            told: what is said where it is written, given its place.
        """
        try:
            path = write()
        except CowriteError as error:
            self.say("export", "problem", str(error))
            return False
        self.say_written("export", told(path), path)
        return True

    def say(self, notice: str, kind: str, sentence: str, *answers: Answer) -> None:
        """Shows a sentence above the page, with its answers."""
        if self._is_closed:
            _log.info("after closing: %s", notice)
            return
        self.notices.say(notice, kind, sentence, *answers)

    def say_written(self, notice: str, sentence: str, path: Path) -> None:
        """Shows above the page that a file was written."""
        if self._is_closed:
            _log.info("after closing: %s", notice)
            return
        self.notices.show_written_file(notice, sentence, path)

    # Inside

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
        self.asking.called.connect(lambda: self.attention_wanted.emit(self))
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
