"""Reading: a large file of another program that is being read, while the event loop goes on.

Lives on the GUI thread, and reads on a thread of its own: the thread for storage has to save meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QThread

from cowrite.app.files.export_kinds import OPEN_DOCUMENT, WORD
from cowrite.app.files.imports import Imported, read
from cowrite.convert.packed_file import unpacked_text
from cowrite.core.comments import comments
from cowrite.core.document.watched import Stopped
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import bring_in

LARGE = 200_000  # bytes of a file that is text
MANY_SIGNS = 8_000  # in a smaller one, of those that begin lines, cells and looks, each of which takes its time
_SIGNS = b"\n\r\f\v\t<|*_`[,;"
LARGE_PACKED = 60_000  # bytes of a Word file and the like, packed: of text it holds ten times as much and more
LARGE_UNPACKED = 1_000_000  # bytes of XML in such a file: many lines alike are packed into almost nothing


class Read(NamedTuple):
    """What was read.

    Attributes:
        content: what the file holds.
        state: a document with that text, as one update.
    """

    content: Imported
    state: bytes


class Reading(QThread):
    """Reads one file.

    Args:
        path: it.
        clock: milliseconds.
        then: is called on the GUI thread when it is read, or could not be.
        encoding: that of a file that does not say it, as the person chose.

    Attributes:
        path: the file.
        read: what was in it; None before it is read, and where it could not be or was not wanted any more.
        error: why it could not be.
    """

    def __init__(
        self, path: Path, clock: Callable[[], int], then: Callable[[Reading], None], encoding: str = ""
    ) -> None:
        super().__init__()
        self._encoding = encoding
        self.path = path
        self.read: Read | None = None
        self.error: Exception | None = None
        self._clock = clock
        self._is_wanted = True
        self._then: Callable[[Reading], None] | None = then
        self.finished.connect(self.finish)  # a method of this object, so that it runs on its thread

    def run(self) -> None:
        """Reads it, on the thread."""
        try:
            content = read(self.path, self._check, self._encoding)
            document = MendedDocument.new(clock=self._clock)
            bring_in(document, content.spans, content.suggested, self._check)
            comments.bring_in(document, content.comments, self._check)
            self.read = Read(content, document.state())
            document.let_go()
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001, is raised where it is told
            self.error = error
        except BaseException as error:  # noqa: BLE001, pyo3's PanicException
            self.error = RuntimeError(f"{self.path} could not be read: {error}")

    def stop(self) -> None:
        """It is not wanted any more: what is not read yet will not be."""
        self._is_wanted = False

    def finish(self) -> None:
        """Waits for it, and tells that it is read unless that was told."""
        self.wait()
        then, self._then = self._then, None
        if then is not None:
            self.deleteLater()
            then(self)

    def _check(self) -> None:
        if not self._is_wanted:
            raise Stopped


def is_large(path: Path) -> bool:
    """Whether a file of another program is so large that it is read beside the event loop."""
    is_packed = path.suffix.lower() in WORD | OPEN_DOCUMENT
    try:
        size = path.stat().st_size
        if size >= (LARGE_PACKED if is_packed else LARGE):
            return True
        if not path.is_file():
            return False  # a pipe waits for who writes it
        if is_packed:
            return unpacked_text(path) >= LARGE_UNPACKED
        with path.open("rb") as file:
            return _signs_in(file.read(LARGE)) >= MANY_SIGNS
    except (OSError, ValueError):
        return False  # who opens it says why


def _signs_in(data: bytes) -> int:
    return len(data) - len(data.translate(None, _SIGNS))
