"""LibraryFlow: the window of all documents, and what is done in it.

Runs on the GUI thread.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # dialogs are named when they open: PySide makes a class when it is first named
from PySide6.QtCore import QDateTime, QLocale, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from cowrite.app.documents.titling import give_title, rename
from cowrite.app.files.export_kinds import OPEN_FILTER
from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.direction import isolated
from cowrite.core.text.richtext import EMBED_CHARACTER, Span
from cowrite.core.text.suggested_text import quotable
from cowrite.errors import CowriteError
from cowrite.gui.widgets.dialog_parts import bring_to_front
from cowrite.gui.window.notice_bar import Answer, Notice
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import LibraryClosed
from cowrite.storage.layout import Property
from cowrite.storage.library.library import SNIPPET, Entry, snippet_of
from cowrite.storage.library.originals import Originals
from cowrite.storage.placing import is_same_file

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.app.draft.draft import Draft
    from cowrite.bridge.file.storage_thread import StorageThread
    from cowrite.gui.library.cards import DocumentCard
    from cowrite.gui.library.window import LibraryWindow
    from cowrite.paths import Paths

TAKE_BACK = 8000  # milliseconds in which a deleted document can be taken back
BEGINNING = 4 * SNIPPET  # characters of a text, with those that are not shown
SEARCH_DELAY = 150  # milliseconds of quiet until a search begins

_CLOSED = "closed"  # the notice that nothing can be put into the folder
_NOT_RENAMED = "not renamed"

_log = logging.getLogger(__name__)


class LibraryFlow(QObject):
    """Shows all documents and does what is asked with them.

    Args:
        documents: the open ones.
        choices: has the library, and knows what was opened lately.
        storage: where files are worked on.
        paths: where this person's files are.
        parent: Qt parent.
    """

    answered = Signal(str, str)
    """Name of a notice, and of an answer that was given to it."""
    renamed = Signal(object, object)
    """The file of a closed document has another name: the Path before, and now."""
    forgotten = Signal(str)
    """A document has gone to the trash: its id."""
    template_wanted = Signal(object)
    """QWidget: before it a template is to be asked for."""
    join_wanted = Signal()
    """A link is to be asked for."""
    guide_wanted = Signal()
    """The guide is to be shown."""

    def __init__(
        self,
        documents: OpenDocuments,
        choices: Choices,
        storage: StorageThread,
        paths: Paths,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._documents = documents
        self._choices = choices
        self._storage = storage
        self._paths = paths
        self._window: LibraryWindow | None = None
        self._query = ""
        self._asked = 0  # how often what there is was to be listed
        self._is_used = True  # else the window is shown only for what it says
        self._is_over = False
        self._leaving: dict[str, str] = {}  # what is deleted and can be taken back: titles by path
        self._leave_timer = single_shot(self, self._trash, TAKE_BACK)
        self._search_timer = single_shot(self, self.refresh, SEARCH_DELAY)
        documents.opened.connect(self._stay)
        documents.closed.connect(self.refresh)

    @property
    def is_shown(self) -> bool:
        """Whether the window is there, perhaps for what it says."""
        return self._window is not None and self._window.isVisible()

    def show(self, *, is_used: bool = True) -> None:
        """Shows the window; one that nobody uses is closed with the next document that opens."""
        self._is_used = is_used or (self._is_used and self.is_shown)
        self._show()

    def _show(self) -> LibraryWindow:
        window = self._window = self._window or self._make_window()
        self.refresh()
        bring_to_front(window)
        return window

    def say(self, sentence: str, notice: str = "application") -> None:
        """Shows a problem in the window; in the log after `finish`."""
        if self._is_over:
            _log.warning("nobody is there to read it: %s", sentence)
            return
        self._is_used = True  # who reads it goes on here
        self.show_notice(Notice(notice, "problem", sentence))

    def say_closed(self, error: LibraryClosed) -> None:
        """Says that nothing can be put into the folder of documents, and offers to choose another one."""
        self._is_used = True  # who reads it goes on here
        self.show_notice(Notice(_CLOSED, "problem", str(error), (Answer("preferences", "Preferences…"),)))

    def show_notice(self, notice: Notice) -> None:
        """Shows a notice in the window; one that is shown only for it is closed with the next document that opens once
        the notice is taken back, unless somebody uses the window."""
        if self._window is None or not self._window.isVisible():
            self._is_used = False
        self._show().notices.show_notice(notice)

    def take_back_said(self, notice: str) -> None:
        """Shows a notice no more."""
        if self._window is not None:
            self._window.notices.remove(notice)

    def has_documents(self) -> bool:
        """Whether there is any document in the folder."""
        return any(self._choices.library.folder.rglob("*.cowrite"))

    def document_id(self, path: Path) -> str:
        """The identity of the document in a file; empty where it cannot be read."""
        try:
            with DocumentReader(path) as reader:
                return str(reader.properties.get(Property.DOCUMENT_ID, ""))
        except CowriteError:
            return ""

    def refresh(self) -> None:
        """Lists anew what there is."""
        window = self._window
        if window is None or self._is_over:
            return
        library, query, recent = self._choices.library, self._query, self._choices.settings.recent
        self._asked += 1
        number = self._asked

        def entries() -> Sequence[Entry]:
            if query:
                return library.search(query)
            inside = library.documents()
            here = {os.path.realpath(entry.path) for entry in inside}  # the folder may be a link
            others = (entry for entry in library.recent(recent) if os.path.realpath(entry.path) not in here)
            return (*inside, *others)

        def work() -> Sequence[DocumentCard] | None:
            return _cards(entries()) if number == self._asked else None  # else it is listed once more behind this

        def show(cards: Sequence[DocumentCard] | None) -> None:
            if cards is not None and query == self._query and window is self._window:
                window.show_cards(self._as_they_are([card for card in cards if card.path not in self._leaving]))

        storage = self._storage

        def list_all(_none: None) -> None:
            storage.run_long(work, show, lambda error: self.say(str(error)))

        # Behind what is saved, renamed and deleted now; and what is opened next does not wait for thousands of files.
        storage.run(lambda: None, list_all)

    def finish(self) -> None:
        """Does now what could still have been taken back; nothing is to be begun in the window any more."""
        self._is_over = True
        if self._window is not None:
            self._window.hide()
        self._asked += 1  # nobody waits for a list
        self._leave_timer.stop()
        self._trash(wait=True)

    def _make_window(self) -> LibraryWindow:
        from cowrite.gui.library.window import LibraryWindow

        window = LibraryWindow()
        window.show_keys(self._choices.keys_by_command())
        self._choices.keys_changed.connect(lambda: window.show_keys(self._choices.keys_by_command()))
        window.notices.answered.connect(self.answered)
        window.notices.answered.connect(self._answered)
        window.open_requested.connect(lambda path: self._documents.open(Path(path)))
        window.new_requested.connect(self._documents.new)
        window.template_requested.connect(lambda: self.template_wanted.emit(window))
        window.join_requested.connect(self.join_wanted)
        window.guide_requested.connect(self.guide_wanted)
        window.open_file_requested.connect(self._ask_open)
        window.rename_requested.connect(self._rename)
        window.duplicate_requested.connect(self._duplicate)
        window.trash_requested.connect(self.trash_soon)
        window.restore_requested.connect(lambda: self._take_back(*self._leaving))
        window.activated.connect(self.refresh)
        window.reveal_requested.connect(
            lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))
        )
        window.search_changed.connect(self._search)
        for act in (
            window.open_requested,
            window.new_requested,
            window.template_requested,
            window.join_requested,
            window.open_file_requested,
            window.rename_requested,
            window.duplicate_requested,
            window.trash_requested,
            window.search_changed,
        ):
            act.connect(self._use)
        return window

    def _answered(self, notice: str, _answer: str) -> None:
        if notice == _CLOSED and self._window is not None:
            self._choices.ask(self._window).finished.connect(lambda _: self.take_back_said(_CLOSED))

    def _search(self, text: str) -> None:
        self._query = text.strip()
        self._search_timer.start()

    def _as_they_are(self, cards: list[DocumentCard]) -> list[DocumentCard]:
        """Of documents that are open title and text are not in their files before a pause."""
        drafts = self._documents.drafts
        names = tuple(draft.path.name for draft in drafts)  # which is sooner looked at, for each of thousands
        for at, card in enumerate(cards):
            path = Path(card.path) if card.path.endswith(names) else None
            draft = path and next((each for each in drafts if each.path.name == path.name and _is_in(each, path)), None)
            if draft:
                cards[at] = self._as_it_is(card, draft)
        return cards

    def _as_it_is(self, card: DocumentCard, draft: Draft) -> DocumentCard:
        snippet = card.snippet if self._query else snippet_of(draft.title, _beginning(draft))
        return replace(card, title=draft.title, shared=draft.connection.has_server, snippet=snippet)

    def _ask_open(self) -> None:
        folder = str(self._choices.library.folder)
        path, _ = QtWidgets.QFileDialog.getOpenFileName(self._window, "Open", folder, OPEN_FILTER)
        if path:
            self._documents.open(Path(path))

    def _rename(self, path: str, title: str) -> None:
        self.take_back_said(_NOT_RENAMED)
        self._documents.wait()
        draft = self._documents.at(Path(path))
        if draft is not None:
            if refusal := draft.connection.rights.refusal:
                self.say(f"{refusal}.", _NOT_RENAMED)  # the draft would say it behind this window
            else:
                draft.rename(title)
            self.refresh()
            return
        library = self._choices.library
        self._storage.run(
            lambda: rename(Path(path), title, library),
            lambda renamed: self._renamed(Path(path), renamed, title),
            lambda error: self.say(str(error), _NOT_RENAMED),
        )

    def _renamed(self, before: Path, path: Path, title: str) -> None:
        """The file is called otherwise; so is the shared text, or the next one to open it would bring the old title
        back."""
        self.renamed.emit(before, path)
        try:
            give_title(path, title, self._storage, self._paths)
        except CowriteError as error:
            self.say(str(error))
        self.refresh()

    def _duplicate(self, path: str) -> None:
        library = self._choices.library
        self._storage.run(
            lambda: library.duplicate(Path(path)), lambda _path: self.refresh(), lambda error: self.say(str(error))
        )

    def trash_soon(self, path: str) -> None:
        """Closes a document, and moves it to the trash unless the person takes that back."""
        closed = self._documents.close(Path(path))
        if closed is None:
            return
        title = self._window.model.title(path) if self._window is not None else ""
        self._leaving[str(closed)] = title or closed.stem
        self._leave_timer.start()
        self._show_leaving()
        self.refresh()

    def _use(self) -> None:
        self._is_used = True

    def _stay(self, draft: Draft) -> None:
        if self._window is not None and not self._is_used and not self._window.notices.ids():
            self._window.close()
        if self._leaving:
            self._take_back(*(path for path in self._leaving if self._documents.at(Path(path)) is draft))

    def _take_back(self, *paths: str) -> None:
        """Lets documents stay that were about to leave: the person has asked for it, or has opened one again."""
        staying = [path for path in paths if self._leaving.pop(path, None) is not None]
        if staying:
            self._show_leaving()
            self.refresh()

    def _show_leaving(self) -> None:
        if self._window is not None:
            self._window.show_trashed(list(self._leaving.values()))

    def _trash(self, *, wait: bool = False) -> None:
        leaving, self._leaving = self._leaving, {}
        self._show_leaving()
        for path in leaving:
            self._trash_one(path, wait=wait)

    def _trash_one(self, path: str, *, wait: bool) -> None:
        library, storage = self._choices.library, self._storage

        originals = Originals(self._paths.originals)

        def work() -> str:
            document_id = self.document_id(Path(path))
            # What leaves may be a copy that somebody made by hand, with its document's identity still.
            is_copy = originals.original_of(document_id, Path(os.path.realpath(path))) is not None
            library.delete(Path(path))
            return "" if is_copy else document_id

        if not wait:
            storage.run(work, self._trashed, lambda error: self.say(str(error)))
            return
        try:
            self._forget(storage.run_now(work))
        except CowriteError as error:  # nobody is there to read it
            _log.warning("a document was not moved to the trash: %s", error)

    def _trashed(self, document_id: str) -> None:
        self._forget(document_id)
        self.refresh()

    def _forget(self, document_id: str) -> None:
        """A document has gone to the trash; an empty id for a copy, whose original is there."""
        if document_id:
            self.forgotten.emit(document_id)


def _beginning(draft: Draft) -> str:
    """The beginning of the text of a draft, longer than any snippet."""
    part: list[Span] = []
    length = 0
    for span in draft.document.spans():
        part.append(span)
        length += len(span.text)
        if length > BEGINNING:
            break
    return quotable(part).replace(EMBED_CHARACTER, "")


def _cards(entries: Sequence[Entry]) -> list[DocumentCard]:
    """The cards of documents as their files are. Runs on the thread that lists them: for thousands it takes long."""
    from cowrite.gui.library.cards import DocumentCard

    locale, today = QLocale(), QDateTime.currentDateTime().date()
    short = QLocale.FormatType.ShortFormat
    cards = []
    for entry in entries:
        moment = QDateTime.fromSecsSinceEpoch(int(entry.modified))
        modified = (
            f"Today, {isolated(locale.toString(moment.time(), short))}"
            if moment.date() == today
            else isolated(locale.toString(moment.date(), short))
        )
        # As file managers say it.
        size = isolated(locale.formattedDataSize(entry.size, 0, QLocale.DataSizeFormat.DataSizeSIFormat))
        cards.append(DocumentCard(str(entry.path), entry.title, modified, entry.snippet, size, entry.is_shared))
    return cards


def _is_in(draft: Draft, path: Path) -> bool:
    return draft.path == path or is_same_file(draft.path, path)
