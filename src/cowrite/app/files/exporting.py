"""Exporting: the files that are being written of one draft in other formats, and what of it is being printed or set on
pages to be looked at, while one goes on writing in it.

Lives on the GUI thread; each file is written on a thread of its own, from what the document was when it was asked for.
The threads are Qt's, which the laying out of pages needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.files.export import Frozen, Tell, export_lines, frozen, print_lines, set_pages
from cowrite.app.files.export_file import write_export
from cowrite.app.files.preview import Preview
from cowrite.app.files.writing import Writing
from cowrite.app.paper.pages import Pages
from cowrite.bridge.single_shot import repeated
from cowrite.errors import CowriteError
from cowrite.gui.widgets.asking import open_dialog
from cowrite.gui.window.notice_bar import Answer, Notice

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.core.comments.comments import Placed
    from cowrite.core.decisions.cards import CardSource

LOOK = 300  # milliseconds until it is said that a file is being written, and between two looks at how far it is
STOP = "stop"


class Exporting(QObject):
    """Writes files and prints, says how far that is, and stops where the person wants it.

    Args:
        draft: it.
        card: gives a decision of it, by its id, as it stands in the text.
        comments: gives all that is said about it.
    """

    def __init__(self, draft: BareDraft, card: CardSource, comments: Callable[[], Sequence[Placed]]) -> None:
        super().__init__(draft)
        self._draft = draft
        self._card = card
        self._comments = comments
        self._writing: dict[str, Writing] = {}  # by the names of their notices
        self._count = 0
        self._look = repeated(self, self._show, LOOK)
        draft.window.notices.answered.connect(self._answered)

    def begin(self, kind: str, path: Path) -> None:
        """Writes the document as it is now in a format, a key of `export_kinds.EXPORTS`."""
        write, told = self._file(kind, path)
        self._run(Writing(write, f"“{path}”", "written", self, path, told))

    def begin_picture(self, content: Callable[[], bytes], path: Path, told: str) -> None:
        """Writes a picture.

        Args:
            content: makes what the file holds, on another thread.
            path: where to.
            told: what is said of it when it is written.
        """

        def write(tell: Tell) -> None:
            made = content()
            tell(1.0)
            write_export(path, made)

        self._run(Writing(write, f"“{path}”", "written", self, path, told))

    def write(self, kind: str, path: Path) -> bool:
        """Writes the document as it is now in a format, and waits for it; gives whether it is written."""
        write, told = self._file(kind, path)

        def wait() -> Path:
            write(lambda _part: None)
            return path

        return self._draft.export(wait, lambda _path: told)

    def print_on(self, printer: QPrinter) -> None:
        """Prints the document as it is now on what was chosen in the print dialog."""
        held, numbered = self._held(), self._draft.numbers_pages

        def write(tell: Tell) -> None:
            print_lines(held.lines("pdf"), held.image, printer, tell, numbers_pages=numbered)

        self._run(Writing(write, f"“{self._draft.title}”", "printed", self))

    def preview(self, print_: Callable[[], object]) -> None:
        """Shows the pages of the document as it is now.

        Args:
            print_: asks for a printer, and prints them.
        """
        if any(isinstance(each, Preview) and not each.is_unwanted for each in self._writing.values()):
            return
        held, numbered = self._held(), self._draft.numbers_pages

        def pages(tell: Tell) -> Pages:
            return set_pages(held.lines("pdf"), held.image, tell, numbers_pages=numbered)

        preview = Preview(pages, f"“{self._draft.title}”", self)
        self._print = print_
        preview.is_set.connect(self._show_set)  # a method of this object, so that it runs on its thread
        self._run(preview)

    def _file(self, kind: str, path: Path) -> tuple[Callable[[Tell], None], str]:
        """What writes the document as it is now, on any thread that Qt has made, and what is then said."""
        held, title, numbered = self._held(), self._draft.title, self._draft.numbers_pages

        def write(tell: Tell) -> None:
            lines, beside = held.lines(kind), (held.suggested, held.comments)
            export_lines(lines, held.image, kind, path, title, tell, *beside, numbers_pages=numbered)

        return write, held.told(kind, path)

    def _held(self) -> Frozen:
        draft = self._draft
        draft.editor.pasting.finish()
        draft.editor.footnotes.write()
        return frozen(draft.document, draft.images.original, self._card, self._comments())

    def _run(self, writing: Writing) -> None:
        self._count += 1
        name = f"exporting {self._count}"
        writing.finished.connect(self._end_finished)  # a method of this object, so that it runs on its thread
        self._writing[name] = writing
        self._draft.window.notices.remove("export")
        self._look.start()
        writing.start()

    def finish(self) -> None:
        """Returns when all files are written; pages are looked at no more."""
        for name, writing in list(self._writing.items()):
            if isinstance(writing, Preview):
                writing.stop()
            writing.wait()
            self._end(name)

    def _show(self) -> None:
        bar = self._draft.window.notices
        for name, writing in self._writing.items():
            if writing.is_unwanted or (isinstance(writing, Preview) and writing.count):
                continue
            sentence = f"{writing.what} is being {writing.done}: {int(writing.part * 100)} %."
            if name in bar.ids():
                bar.reword(name, sentence)
            else:
                bar.show_notice(Notice(name, "information", sentence, (Answer(STOP, "Cancel"),), dismissable=False))

    def _show_set(self) -> None:
        for name, writing in self._writing.items():
            if isinstance(writing, Preview) and not writing.is_unwanted:
                from cowrite.gui.dialogs.preview_dialog import PreviewDialog

                self._draft.window.notices.remove(name)
                dialog = PreviewDialog(writing, self._draft.title, self._draft.window)
                dialog.print_wanted.connect(self._print)
                dialog.destroyed.connect(writing.stop)
                open_dialog(dialog)

    def _answered(self, notice: str, answer: str) -> None:
        if notice in self._writing and answer == STOP:
            self._writing[notice].stop()
            self._draft.window.notices.remove(notice)

    def _end_finished(self) -> None:
        for name, writing in list(self._writing.items()):
            if writing.isFinished():
                self._end(name)

    def _end(self, name: str) -> None:
        writing = self._writing.pop(name, None)
        if writing is None:
            return
        draft = self._draft
        draft.window.notices.remove(name)
        if not self._writing:
            self._look.stop()
        writing.wait()
        writing.deleteLater()
        error = writing.error
        if isinstance(error, CowriteError):
            draft.say("export", "problem", str(error))
        elif error is not None:
            raise error
        elif not writing.is_written:
            draft.say("export", "information", f"{writing.what} was not {writing.done}.")
        elif writing.path is not None:
            draft.say_written("export", writing.told, writing.path)
