"""PictureFiles: image files that come beside a page and take long to read, such as photographs of a wall of notes.

Lives on the GUI thread, and reads on a thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.file.image_files import image_of_file
from cowrite.bridge.file.pictures import Picture, picture_of
from cowrite.gui.widgets.wait_cursor import wait_cursor

NO_IMAGE = "None of these files could be read as an image."


class PictureFiles(QObject):
    """Reads image files one after the other, so that nobody waits.

    Args:
        take: keeps a picture.
        parent: Qt parent.
    """

    def __init__(self, take: Callable[[Picture], object], parent: QObject) -> None:
        super().__init__(parent)
        self._take = take
        self._deliveries = Deliveries(self)
        self._being_read = 0  # lots of files

    def read(self, files: Sequence[str], then: Callable[[list[str]], object]) -> None:
        """Has files read; until then the cursor is busy.

        Args:
            files: their paths.
            then: gets the names of the images in them, in this order, when all are kept.
        """
        names: list[str] = []

        def come(picture: Picture | None) -> None:
            if picture is not None:
                self._take(picture)
                names.append(picture.name)

        def end(_nothing: None) -> None:
            QGuiApplication.restoreOverrideCursor()
            self._being_read -= 1
            then(names)

        QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        self._being_read += 1
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pasting")
        for file in files:
            self._deliveries.run(executor, partial(_read, file), come)
        self._deliveries.run(executor, lambda: None, end)
        executor.shutdown(wait=False)  # its thread ends with the last of them

    def finish(self) -> None:
        """Waits for what is being read."""
        with wait_cursor(on=self._being_read > 0):
            self._deliveries.finish()


def _read(path: str) -> Picture | None:
    """The picture in a file; None where there is none. Any thread may ask."""
    found: list[Picture] = []

    def keep(content: bytes, media_type: str) -> str:
        found.append(picture_of(content, media_type))
        return found[0].name

    image_of_file(path, keep)
    return found[0] if found else None
