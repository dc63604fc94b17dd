"""ReadingNotice: where it is said that a file of another program is being read, and where that is cancelled.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.app.draft.draft import Draft
from cowrite.gui.window.notice_bar import Answer, Notice

if TYPE_CHECKING:
    from cowrite.app.documents.library_flow import LibraryFlow
    from cowrite.app.documents.on_the_way import OnTheWay

READING = "reading"  # the notice's name
_STOP = "stop"


class ReadingNotice:
    """Says it in the window in front; in the library where there is none, as at the start, which would show nothing for
    as long as that takes.

    Args:
        front: gives the draft in front.
        library: the window of all documents.
        on_the_way: reads files.
    """

    def __init__(self, front: Callable[[], Draft | None], library: LibraryFlow, on_the_way: OnTheWay) -> None:
        self._front = front
        self._library = library
        self._on_the_way = on_the_way
        self._path: Path | None = None
        self._draft: Draft | None = None  # whose window says it
        on_the_way.tell = self.show
        library.answered.connect(self._answered)

    def show(self, path: Path | None) -> None:
        """Says which file is being read now; None where none is any more."""
        if self._draft is not None:
            self._draft.window.notices.remove(READING)
        self._library.take_back_said(READING)
        self._path, self._draft = path, None if path is None else self._front()
        if path is None:
            return
        sentence = f"“{path}” is being read, and opens when that is done."
        notice = Notice(READING, "information", sentence, (Answer(_STOP, "Cancel"),), dismissable=False)
        if self._draft is not None:
            self._draft.window.notices.show_notice(notice)
        else:
            self._library.show_notice(notice)

    def add(self, draft: Draft) -> None:
        """Hears what is answered in a draft's window."""
        draft.window.notices.answered.connect(self._answered)

    def remove(self, draft: Draft) -> None:
        """A draft's window is closed: what it said is said in another one."""
        if draft is self._draft:
            self._draft = None
            self.show(self._path)

    def _answered(self, notice: str, answer: str) -> None:
        if notice == READING and answer == _STOP and self._path is not None:
            self._on_the_way.stop(self._path)
