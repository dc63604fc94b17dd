"""OpenDocuments: which documents are open, each as a draft; opening one by its file, and closing it.

Runs on the GUI thread. Knows nothing of what a draft is connected to: that is handed in.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from cowrite.app.documents.on_the_way import OnTheWay
from cowrite.app.draft.dialogs import ask_unwritten
from cowrite.app.draft.draft import Draft
from cowrite.app.files.export_kinds import IMPORTS, OTHER_WRITERS
from cowrite.app.files.plain_files import is_text
from cowrite.bridge.file.opening import Opened, open_document
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.errors import CowriteError
from cowrite.paths import Paths
from cowrite.storage.errors import NotThere
from cowrite.storage.library.originals import Originals
from cowrite.storage.names import UNTITLED, folded
from cowrite.storage.placing import has_other_names, is_same_file

if TYPE_CHECKING:
    from cowrite.app.files.encoding_flow import EncodingQuestions
    from cowrite.convert.errors import UnknownEncoding


class OpenDocuments(QObject):
    """The documents that are open in one cowrite. No two drafts have one file.

    Args:
        storage: where their files are worked on.
        paths: where this person's files are.
        clock: milliseconds, for undo steps.
        new_path: gives a new document a file by a title.
        make: makes a draft of a document that is read.
        connect: connects a draft to the rest of cowrite; its window is shown then.
        end_with_window: is told whether cowrite ends when its last window is closed.
        parent: Qt parent.

    Attributes:
        drafts: the open ones, in the order in which they were opened.
        on_the_way: those that are large, or of other programs, and still being read.
    """

    opened = Signal(object)
    """A Draft has been opened."""
    closed = Signal(object)
    """A Draft has been closed, and is none of them any more."""
    moved = Signal(object)
    """A Draft goes on in the folder to which its file was moved by somebody else."""
    renamed = Signal(object, object)
    """The file of a draft has another name: the Path before, and now."""
    not_opened = Signal(object)
    """CowriteError: why a file was not opened; of several that are opened together each is told."""

    def __init__(
        self,
        storage: StorageThread,
        paths: Paths,
        clock: Callable[[], int],
        new_path: Callable[[str], Path],
        make: Callable[[Opened], Draft],
        connect: Callable[[Draft], None],
        end_with_window: Callable[[bool], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._storage = storage
        self._paths = paths
        self._clock = clock
        self._new_path = new_path
        self._make = make
        self._connect = connect
        self.drafts: list[Draft] = []
        self.on_the_way = OnTheWay(storage, paths, clock, self._show, self._tell, end_with_window)
        self._encodings: EncodingQuestions | None = None
        self._used: Draft | None = None  # the one that the person was in last, be it in a dialog of its window

    @property
    def is_asking(self) -> bool:
        """Whether the person is asked in which encoding a file is that is to be opened."""
        return bool(self._encodings)

    def front(self) -> Draft | None:
        """The draft in front, or that was so before another window was, perhaps of another program."""
        return self._used or next(reversed(self.drafts), None)

    def at(self, path: Path) -> Draft | None:
        """The draft in a file, by whatever name: a link, a hard one too, or one that is spelled otherwise where that is
        the same."""
        if not self.drafts:
            return None
        places = (path, Path(os.path.realpath(path)))  # which, unlike Path.resolve, raises nothing
        for draft in self.drafts:
            if draft.path in places:
                return draft
        is_linked = has_other_names(path)
        name = folded(path.name)
        # Not all of them are looked at: one may be on a drive that does not answer any more.
        likely = (draft for draft in self.drafts if is_linked or folded(draft.path.name) == name)
        return next((draft for draft in likely if is_same_file(draft.path, path)), None)

    # Opening

    def open(
        self, path: Path, then: Callable[[Draft], None] = lambda _draft: None, *, now: bool = False
    ) -> Draft | None:
        """Opens a document, or brings its window to the front where it is open already.

        Args:
            path: its file, or that of another program.
            then: is called with the draft once it is open; see `OnTheWay`.
            now: whether to wait for a large one.

        Returns:
            The draft; None where it is on its way, or cannot be opened, which is told.
        """
        draft = self._open(path, then, now=now)
        if draft is not None:
            then(draft)
        return draft

    def new(self, title: str = UNTITLED, *, from_elsewhere: bool = False) -> Draft | None:
        """Starts an empty document, which is on disk from its first key on.

        Args:
            title: what its file is called.
            from_elsewhere: whether all that it has comes from elsewhere, its first line too.

        Returns:
            Its draft; None where it cannot be made, which is told.
        """
        return self._open_now(lambda: self._new_path(title), create=True, new=not from_elsewhere)

    def wait(self) -> None:
        """Has those that are on their way arrive now, for what is done to a file differs when it is open."""
        self.on_the_way.wait()

    def _open(self, path: Path, then: Callable[[Draft], None], *, now: bool) -> Draft | None:
        """See `open`; `then` is called by `OnTheWay` alone."""
        if "\0" in str(path):  # an address may say so, and no system has such a name
            self._tell(NotThere(path))
            return None
        path = path.absolute()
        if now:
            self.wait()
        draft = self.at(path) or self._moved_to(path)
        if draft is not None:
            draft.come_to_front()
            return draft
        if path.suffix.lower() in IMPORTS | OTHER_WRITERS or is_text(path):
            return self._bring_in(path, then, now=now)
        if not now and self.on_the_way.takes(path):
            self._save_all()
            self.on_the_way.open(path, then)
            return None
        return self._open_now(lambda: path, create=False, new=False)

    def _moved_to(self, path: Path) -> Draft | None:
        """The draft whose folder was moved or renamed, and that is to be opened where it is now; it goes on there."""
        for draft in self.drafts:
            if draft.path.name == path.name and draft.path != path and draft.saved.follow(path):
                draft.saved.save_now()
                draft.say("anew", "success", f"The document goes on in “{draft.path.parent}”, where it is now.")
                self.moved.emit(draft)
                return draft
        return None

    def _bring_in(
        self, path: Path, then: Callable[[Draft], None] = lambda _draft: None, *, now: bool = False, encoding: str = ""
    ) -> Draft | None:
        """Makes a document of its own from a file of another program, which stays as it is.

        Args:
            path: the file.
            then: is called by `OnTheWay` alone.
            now: see `open`.
            encoding: that of a file that does not say it, as the person chose.

        Returns:
            Its draft; None where it is on its way, or cannot be opened.
        """
        from cowrite.app.files.reading import is_large

        if not now and is_large(path):
            self.on_the_way.bring_in(path, self._new_path, then, encoding)
            return None
        from cowrite.app.files.imports import read

        try:
            content = read(path, encoding=encoding)
        except CowriteError as error:
            self._tell(error)
            return None
        draft = self.new(path.stem)
        if draft is not None:
            draft.fill(content)
        return draft

    def _open_now(self, path: Callable[[], Path], *, create: bool, new: bool) -> Draft | None:
        """Opens or makes a document at once.

        Args:
            path: gives its file.
            create: see `open_document`.
            new: likewise.

        Returns:
            Its draft; None where it cannot be opened.
        """
        self._save_all()
        try:
            opened = open_document(path(), self._storage, self._paths, self._clock, create=create, new=new)
        except CowriteError as error:
            self._tell(error)
            return None
        return self._show(opened)

    def _save_all(self) -> None:
        # The file may be one that was moved while it is open; its draft lets go of it first.
        for draft in self.drafts:
            draft.saved.save_now()

    def _show(self, opened: Opened) -> Draft:
        draft = self._make(opened)
        draft.setParent(self)
        self.drafts.append(draft)
        self._use(draft)
        draft.closed.connect(self._closed)
        draft.refused.connect(self._refused)
        draft.file_renamed.connect(partial(self._renamed, draft.document_id))
        draft.window.activated.connect(lambda on: self._use(draft) if on else None)
        self._connect(draft)
        draft.window.show()
        if opened.shared_original is not None:
            draft.notices.show_copied(opened.shared_original)
        self.opened.emit(draft)
        return draft

    def _use(self, draft: Draft) -> None:
        if draft in self.drafts:  # a window comes into use once more while it goes
            self._used = draft

    def _tell(self, error: CowriteError) -> None:
        """Tells why a file was not opened. Where its encoding is to be known, asks for it, and opens it."""
        from cowrite.convert.errors import UnknownEncoding

        if isinstance(error, UnknownEncoding):
            self._ask_encoding(error)
        else:
            self.not_opened.emit(error)

    def _ask_encoding(self, error: UnknownEncoding) -> None:
        if self._encodings is None:
            from cowrite.app.files.encoding_flow import EncodingQuestions

            self._encodings = EncodingQuestions(
                self._window_in_front, lambda path, encoding: self._bring_in(path, encoding=encoding), self
            )
        self._encodings.ask(error)

    def _window_in_front(self) -> QWidget | None:
        front = self.front()
        return front.window if front is not None else QApplication.activeWindow()

    # Closing

    def close(self, path: Path) -> Path | None:
        """Closes the document in a file, if it is open, and returns its path, for closing may rename it; None where it
        stays open."""
        self.wait()
        draft = self.at(path)
        if draft is None:
            return path
        before = draft.path
        if not draft.window.close():
            return None
        return path if draft.path == before else path.with_name(draft.path.name)

    def _refused(self, draft: Draft) -> None:
        def close() -> None:
            draft.give_up()
            draft.window.close()

        ask_unwritten(draft, close)

    def _closed(self, draft: Draft) -> None:
        self.drafts.remove(draft)
        self._used = None if draft is self._used else self._used
        self.closed.emit(draft)
        draft.window.deleteLater()
        draft.deleteLater()

    def _renamed(self, document_id: str, before: Path, now: Path) -> None:
        self.renamed.emit(before, now)
        self._storage.run(lambda: Originals(self._paths.originals).note(document_id, now))
