"""SlowPaste: what is pasted or dropped and takes long to read, such as many photographs or the HTML of a whole book.

Lives on the GUI thread, and reads on a thread of its own; each part comes in when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QMimeData

from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.file import image_files
from cowrite.bridge.file.pictures import Picture, is_picture, picture_of
from cowrite.bridge.single_shot import repeated
from cowrite.core.crdt.anchor import Stick
from cowrite.core.document.watched import Check, Stopped
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of
from cowrite.core.writing import pasting
from cowrite.gui.page import clipboard
from cowrite.gui.page.coming_in import ComingIn
from cowrite.gui.page.edits import PageEdits
from cowrite.gui.page.text_page import TextPage

LONG_HTML = 30_000  # characters: dense with tables they take 100 ms to read
LINES = 500  # of what was read that come in at once: 50 ms, most of it Qt's laying out
LOOK = 300  # milliseconds until it is said that something is being read, and between two looks at how far that is


class Read(NamedTuple):
    """What was read.

    Attributes:
        lines: of rich text; none where there is nothing to put in.
        pictures: those in it.
        lacks: whether pictures are elsewhere, and so left out.
        changes: what comes in otherwise than it was, by names.
    """

    lines: Sequence[Line]
    pictures: Sequence[Picture]
    lacks: bool = False
    changes: Sequence[str] = ()


class Readings(NamedTuple):
    """What is to be read.

    Attributes:
        parts: each reads a part of it, on any thread, and raises what the check raises.
        files: where each is a file: those; a part without text is none that a text can take.
    """

    parts: Sequence[Callable[[Check], Read]]
    files: Sequence[str] = ()


def readings_of_mime(data: QMimeData, *, as_code: bool) -> Readings | None:
    """What is to be read where pasting or dropping brings what takes long to read; None where it is read at once.

    Args:
        data: the clipboard's or the drop's content.
        as_code: whether it comes into code, where another program's text stays as it is written.

    Raises:
        clipboard.TooLong: it is longer than anything may be.
    """
    if data.hasFormat(clipboard.SPANS_TYPE):
        return None
    if files := clipboard.files_of_mime(data):
        return Readings([partial(_read_file, file) for file in files], files) if image_files.are_large(files) else None
    text = data.text() if data.hasText() else ""
    is_alone = data.hasImage() and not (data.hasHtml() and text.strip())  # spreadsheets offer one of their cells, too
    if as_code or is_alone:
        return None
    if data.hasHtml():
        html = data.html()
        return Readings([partial(_read_html, html, text)]) if clipboard.length(html) > LONG_HTML else None
    if data.hasFormat(clipboard.MARKDOWN_TYPE):
        return None
    return Readings([partial(_read_text, text)]) if clipboard.is_long(text) else None


class SlowPaste(ComingIn):
    """Puts each part in when it is read, one of many lines by some in each turn of the event loop, and says how far
    that is.

    Args:
        page: where.
        edits: say why it stands below a table.
        at, ended, is_begun: see `ComingIn`.
        readings: what is read.
        take: keeps a picture.
        deliveries: bring what was read.
    """

    def __init__(
        self,
        page: TextPage,
        edits: PageEdits,
        at: int,
        readings: Readings,
        take: Callable[[Picture], object],
        deliveries: Deliveries,
        ended: Callable[[bool], object],
        *,
        is_begun: bool,
    ) -> None:
        super().__init__(page.draft, at, lambda: not page.isReadOnly(), ended, page, Stick.LEFT, is_begun=is_begun)
        self._page = page
        self._edits = edits
        self._files = readings.files
        self._all = self._left = len(readings.parts)
        self._refused = False  # whether one of the files is no picture
        self._come_in = pasting.ComeIn(at)
        self._lines = repeated(self, self._go_on, 0)
        self._take = take
        self._look = repeated(self, self._tell, LOOK)
        self._look.start()
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pasting")
        for part in readings.parts:
            deliveries.run(executor, partial(part, self._check), self._come, self._fail)
        executor.shutdown(wait=False)  # its thread ends with the last of them

    def finish(self) -> None:
        """Puts in at once all that is left of what was read."""
        if not self._is_over:
            while self._come_in.left and not self._is_over:
                self._go_on()

    def stop(self) -> None:
        """The person wants no more of it; what is in stays."""
        self._end()

    def _check(self) -> None:
        """Ends the reading, on its thread, where nobody waits for it."""
        if self._is_over:
            raise Stopped

    def _come(self, read: Read) -> None:
        if self._is_over:
            return
        if not self._may_write():
            self._end(is_refused=True)
            return
        self.finish()  # what was read before
        for picture in read.pictures:
            self._take(picture)
        for change in read.changes:
            self._edits.say_changed(change)
        if read.lines:
            reason = pasting.lines_stand_below(self._draft, self.at, read.lines)
            self._put(partial(self._begin, read.lines))
            if reason:
                self._edits.say_below(reason)
        if read.lacks:
            self._page.pictures_missed.emit()
        self._refused = self._refused or not read.lines
        self._left -= 1
        if self._come_in.left:
            self._lines.start()
        else:
            self._end_of_part()

    def _begin(self, lines: Sequence[Line], at: int) -> int:
        lines = pasting.lines_in_style_of(self._draft, at, lines)
        self._come_in = pasting.insert_beginning(self._draft, at, lines, LINES)
        return self._come_in.at

    def _go_on(self) -> None:
        if not self._may_write():
            self._end(is_refused=True)
            return
        self._put(self._next)
        if not self._come_in.left:
            self._lines.stop()
            self._end_of_part()

    def _next(self, at: int) -> int:
        self._come_in = pasting.insert_next(self._draft, self._come_in._replace(at=at), LINES)
        return self._come_in.at

    def _end_of_part(self) -> None:
        if self._left:
            return
        self._end()
        if self._refused and self._files:
            self._page.files_refused.emit(self._files)

    def _fail(self, error: Exception) -> None:
        if not self._is_over:
            self._end()
            raise error

    def _tell(self) -> None:
        if self._files:
            come = self._all - self._left
            self._page.paste_told.emit(f"{come} of {self._all} images are in; the others come one after the other.")
        else:
            self._page.paste_told.emit("What you pasted is long: it comes in part by part once it is read.")

    def _end(self, *, is_refused: bool = False) -> None:
        self._look.stop()
        self._lines.stop()
        self._page.paste_told.emit("")
        super()._end(is_refused=is_refused)


class _Taken:
    """The pictures of what is read, on the thread that reads."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def add(self, content: bytes, media_type: str) -> str:
        """Keeps one, and gives its name."""
        picture = picture_of(content, media_type)
        self.pictures.append(picture)
        return picture.name

    def add_seen(self, content: bytes, media_type: str) -> str | None:
        """The same; None for what is no picture."""
        return self.add(content, media_type) if is_picture(content) else None


def _read_file(path: str, check: Check) -> Read:
    check()
    taken = _Taken()
    name = image_files.image_in_file(path, taken.add)
    return Read([Line((Span(EMBED_CHARACTER, embed={"image": name}),))] if name else [], taken.pictures)


def _read_html(html: str, text: str, check: Check) -> Read:
    from cowrite.convert.html.reader import from_html

    taken, lacks, changes = _Taken(), list[str](), list[str]()
    spans = from_html(html, taken.add_seen, lacks.append, check=check, change=changes.append)
    spans = spans or clipboard.spans_of_text(text, changes.append)
    return Read(_lines(spans), taken.pictures, bool(lacks), changes)


def _read_text(text: str, check: Check) -> Read:
    check()
    changes = list[str]()
    return Read(_lines(clipboard.spans_of_text(text, changes.append)), (), changes=changes)


def _lines(spans: Sequence[Span]) -> Sequence[Line]:
    return lines_of(spans, keeps_unknown=True)
