"""OnTheWay: large documents, and files of other programs, that are being read while the event loop goes on.

Runs on the GUI thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from cowrite.app.draft.draft import Draft
from cowrite.bridge.file.opening import Opened, open_soon
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.errors import CowriteError
from cowrite.paths import Paths
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.placing import is_same_file

if TYPE_CHECKING:
    from cowrite.app.files.reading import Reading

LARGE = 3_000_000  # bytes of a file: with fewer the window takes longer than the document


class OnTheWay:
    """Opens large documents. While one is on the way cowrite does not end because its last window is closed.

    Args:
        storage: where their files are worked on.
        paths: where this person's files are.
        clock: milliseconds, for undo steps.
        show: makes a draft of a document that has arrived.
        say: tells a person why one did not.
        end_with_window: is told whether cowrite ends when its last window is closed.

    Attributes:
        tell: is told which file of another program is being read now, and None when none is any more.
    """

    def __init__(
        self,
        storage: StorageThread,
        paths: Paths,
        clock: Callable[[], int],
        show: Callable[[Opened], Draft],
        say: Callable[[CowriteError], None],
        end_with_window: Callable[[bool], None],
    ) -> None:
        self._storage = storage
        self._paths = paths
        self._clock = clock
        self._show = show
        self._say = say
        self._end_with_window = end_with_window
        self.tell: Callable[[Path | None], None] = lambda _path: None
        self._wanted: dict[Path, list[Callable[[Draft], None]]] = {}  # by the file's real place
        self._readings: dict[Path, Reading] = {}  # likewise; those that are wanted still
        self._threads: set[Reading] = set()  # also those that have not noticed yet that they are not
        self._is_over = False
        self._after: Callable[[], None] | None = None

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._wanted)

    def __contains__(self, path: Path) -> bool:
        """Whether a file is."""
        return bool(self._wanted) and "\0" not in str(path) and self._place(path) in self._wanted

    def takes(self, path: Path) -> bool:
        """Whether a file is so large that it is opened here."""
        try:
            return path.stat().st_size >= LARGE
        except (OSError, ValueError):
            return False  # who opens it says why

    def open(self, path: Path, then: Callable[[Draft], None]) -> None:
        """Opens a document, once however often it is asked for.

        Args:
            path: its file.
            then: is called with its draft.
        """
        place = self._place(path)
        if self._begin(place, then):
            self._open(place, path)

    def bring_in(
        self, path: Path, new_path: Callable[[str], Path], then: Callable[[Draft], None], encoding: str = ""
    ) -> None:
        """Makes a document of its own from a file of another program, once however often it is asked for.

        Args:
            path: the file, which stays as it is.
            new_path: gives the document a file by a title.
            then: is called with its draft.
            encoding: that of a file that does not say it, as the person chose.
        """
        from cowrite.app.files.reading import Reading  # what reads other files takes its time to load

        place = self._place(path)
        if self._begin(place, then):
            reading = Reading(path, self._clock, lambda reading: self._was_read(place, reading, new_path), encoding)
            self._readings[place] = reading
            self._threads.add(reading)
            self._tell_first()
            reading.start()

    def _begin(self, place: Path, then: Callable[[Draft], None]) -> bool:
        """Notes who waits for a file; says whether it is the first."""
        if place in self._wanted:
            self._wanted[place].append(then)
            return False
        self._wanted[place] = [then]
        self._end_with_window(False)
        return True

    def _was_read(self, place: Path, reading: Reading, new_path: Callable[[str], Path]) -> None:
        self._threads.discard(reading)
        if self._readings.get(place) is not reading:  # it was stopped
            return
        del self._readings[place]
        self._tell_first()
        if reading.read is None:
            self._failed(place, reading.error or RuntimeError(f"{reading.path} was not read"))
            return
        content, state = reading.read
        try:
            path = new_path(reading.path.stem)
            self._storage.run_now(lambda: DocumentFile.create(path, state=state).close())
        except Exception as error:  # noqa: BLE001, is raised or said there
            self._failed(place, error)
            return
        self._wanted[place].insert(0, lambda draft: draft.complete(content))
        self._open(place, path)

    def _open(self, place: Path, path: Path) -> None:
        open_soon(
            path,
            self._storage,
            self._paths,
            self._clock,
            lambda opened: self._arrived(place, opened),
            lambda error: self._failed(place, error),
        )

    def stop(self, path: Path) -> None:
        """A file of another program that is being read is not wanted any more."""
        for place, reading in list(self._readings.items()):
            if reading.path == path:
                del self._readings[place], self._wanted[place]
                reading.stop()
        self._tell_first()
        self._go_on()

    def wait(self) -> None:
        """Has all documents arrive now; files of other programs take their time."""
        if len(self._wanted) > len(self._readings):
            self._storage.finish()

    def after(self, act: Callable[[], None]) -> None:
        """Does something once no document is on the way; files of other programs are not read to their end."""
        self._stop_reading()
        if self._wanted:
            self._after = act
        else:
            act()

    def end(self) -> None:
        """Those that are on the way are closed when they arrive."""
        self._is_over = True
        self._stop_reading()
        for reading in list(self._threads):  # Qt ends none that runs
            reading.finish()

    def _stop_reading(self) -> None:
        for path in [reading.path for reading in self._readings.values()]:
            self.stop(path)

    def _tell_first(self) -> None:
        self.tell(next((each.path for each in self._readings.values()), None))

    def _place(self, path: Path) -> Path:
        place = Path(os.path.realpath(path))
        return next((wanted for wanted in self._wanted if is_same_file(wanted, place)), place)

    def _arrived(self, place: Path, opened: Opened) -> None:
        wanted = self._wanted.pop(place)
        if self._is_over:
            self._storage.run_now(opened.close)
            return
        try:
            draft = self._show(opened)
            for then in wanted:
                then(draft)
        finally:
            self._go_on()

    def _failed(self, place: Path, error: Exception) -> None:
        del self._wanted[place]
        try:
            if not isinstance(error, CowriteError):
                raise error
            if not self._is_over:
                self._say(error)
        finally:
            self._go_on()

    def _go_on(self) -> None:
        """Does what waits for the last of them, whatever became of it."""
        if self._wanted:
            return
        act, self._after = self._after, None
        self._end_with_window(True)
        if act is not None and not self._is_over:
            QTimer.singleShot(0, act)  # a window is where it was only when its first events are through
