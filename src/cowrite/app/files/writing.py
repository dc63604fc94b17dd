"""Writing: one file that is being written, or what is being printed, on a thread of its own.

Lives on the GUI thread. The thread is Qt's, which the laying out of pages needs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QThread

from cowrite.app.files.export import Tell
from cowrite.core.document.watched import Stopped


class Writing(QThread):
    """Writes one file, or prints.

    Args:
        write: writes it; is handed what it tells how far it is.
        what: how it is called.
        done: what is done with it, as in "it is being written".
        parent: Qt parent.
        path: where to; None where it becomes no file.
        told: what is said of it when it is written.

    Attributes:
        part: how much is done, from 0 to 1.
        is_unwanted: whether it is to end.
        is_written: whether it is done.
        error: why it is not.
    """

    def __init__(
        self,
        write: Callable[[Tell], None],
        what: str,
        done: str,
        parent: QObject,
        path: Path | None = None,
        told: str = "",
    ) -> None:
        super().__init__(parent)
        self.what = what
        self.done = done
        self.path = path
        self.told = told
        self.part = 0.0
        self.is_unwanted = False
        self.is_written = False
        self.error: Exception | None = None
        self._write = write

    def run(self) -> None:
        """Writes it, on the thread."""
        try:
            self._write(self._tell)
            self.is_written = True
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001, is raised where it is told
            self.error = error

    def stop(self) -> None:
        """Wants no more of it."""
        self.is_unwanted = True

    def _tell(self, part: float) -> None:
        self.part = part
        if self.is_unwanted:
            raise Stopped
