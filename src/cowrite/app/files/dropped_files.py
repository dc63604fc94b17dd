"""DroppedFiles: documents that are dropped or pasted on a page, which are offered to be opened.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from cowrite.app.files.export_kinds import IMPORTS
from cowrite.app.files.plain_files import is_text
from cowrite.gui.page.editor import Editor
from cowrite.gui.window.inserting import FILES
from cowrite.gui.window.notice_bar import Answer, Notice, NoticeBar
from cowrite.storage.layout import SUFFIX

_OPEN = "open_files"


class DroppedFiles(QObject):
    """The documents that are dropped on one page.

    Args:
        editor: it.
        notices: where they are offered.
        open_path: opens a document.
    """

    def __init__(self, editor: Editor, notices: NoticeBar, open_path: Callable[[Path], object]) -> None:
        super().__init__(editor)
        self._notices = notices
        self._open_path = open_path
        self._files: tuple[Path, ...] = ()
        editor.files_refused.connect(self._offer)
        notices.answered.connect(self._answered)

    def _offer(self, files: Sequence[str]) -> None:
        paths = map(Path, files)
        self._files = tuple(path for path in paths if path.suffix.lower() in IMPORTS | {SUFFIX} or is_text(path))
        if not self._files:
            return
        if len(self._files) == 1:
            sentence, answer = f"“{self._files[0].name}” is a document and is not put into this text.", "Open it"
        else:
            sentence, answer = f"{len(self._files)} files are documents and are not put into this text.", "Open them"
        self._notices.show_notice(Notice(FILES, "information", sentence, (Answer(_OPEN, answer),)))

    def _answered(self, notice: str, answer: str) -> None:
        if (notice, answer) == (FILES, _OPEN):
            files, self._files = self._files, ()
            for path in files:
                self._open_path(path)
