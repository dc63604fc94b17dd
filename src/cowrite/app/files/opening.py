"""Opening: from a file that a person names to the draft in it, which may be open, or be there later.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.app.draft.draft import Draft
from cowrite.app.files.export_kinds import IMPORTS
from cowrite.app.files.on_the_way import OnTheWay
from cowrite.app.files.open_drafts import draft_at, draft_moved_to
from cowrite.bridge.file.opening import Opened, open_document
from cowrite.errors import CowriteError
from cowrite.storage.errors import NotThere

if TYPE_CHECKING:
    from cowrite.app.application import Application


class Opening:
    """How documents are opened. What goes wrong is said.

    Args:
        application: has the drafts that are open.
        on_the_way: reads large documents.
        clock: milliseconds, for undo steps.
        show: makes a draft of a document that is read.
    """

    def __init__(
        self,
        application: Application,
        on_the_way: OnTheWay,
        clock: Callable[[], int],
        show: Callable[[Opened], Draft],
    ) -> None:
        self._application = application
        self._on_the_way = on_the_way
        self._clock = clock
        self._show = show

    def at(self, path: Path, then: Callable[[Draft], None], *, now: bool) -> Draft | None:
        """The draft in a file; see `Application.open_path`. `then` is called by `OnTheWay` alone."""
        application = self._application
        if "\0" in str(path):  # an address may say so, and no system has such a name
            application.say_not_opened(NotThere(path))
            return None
        path = path.absolute()
        if now:
            application.wait_for_documents()
        draft = self._open_already(path)
        if draft is not None:
            draft.come_to_front()
            return draft
        if path.suffix.lower() in IMPORTS:
            return self.bring_in(path, then, now=now)
        if not now and self._on_the_way.takes(path):
            self._save_others()
            self._on_the_way.open(path, then)
            return None
        return self.open(lambda: path, create=False, new=False)

    def open(self, path: Callable[[], Path], *, create: bool, new: bool) -> Draft | None:
        """Opens or makes a document at once.

        Args:
            path: gives its file.
            create: see `open_document`.
            new: likewise.

        Returns:
            Its draft; None where it cannot be opened.
        """
        application = self._application
        self._save_others()
        try:
            opened = open_document(path(), application.storage, application.paths, self._clock, create=create, new=new)
        except CowriteError as error:
            application.say_not_opened(error)
            return None
        return self._show(opened)

    def bring_in(
        self,
        path: Path,
        then: Callable[[Draft], None] = lambda _draft: None,
        *,
        now: bool = False,
        encoding: str = "",
    ) -> Draft | None:
        """Makes a document of its own from a file of another program.

        Args:
            path: the file.
            then: is called by `OnTheWay` alone.
            now: see `Application.open_path`.
            encoding: that of a file that does not say it, as the person chose.

        Returns:
            Its draft; None where it is on its way, or cannot be opened.
        """
        from cowrite.app.files.reading import is_large

        if not now and is_large(path):
            self._on_the_way.bring_in(path, self._application.library.new_path, then, encoding)
            return None
        from cowrite.app.files.imports import bring_in

        return bring_in(self._application, path, encoding)

    def _open_already(self, path: Path) -> Draft | None:
        application = self._application
        draft = draft_at(application.drafts, path)
        if draft is None and (draft := draft_moved_to(application.drafts, path)) is not None:
            application.choices.opened(draft.path)
            application.session.note()
        return draft

    def _save_others(self) -> None:
        # The file may be one that was moved while it is open; its draft lets go of it first.
        for other in self._application.drafts:
            other.saved.save_now()
