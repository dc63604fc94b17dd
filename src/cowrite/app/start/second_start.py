"""What becomes of a start of cowrite while it runs already: the later process hands over its wish, and ends.

The process that runs listens on a thread of its own, at a local socket (a named pipe on Windows). Where that is, and
the key that opens it, stand in a file that only this person can read. A process that does not answer is taken for gone
or for too busy: cowrite then starts beside it, as it does on another display. One that cannot fulfil a wish yet says so
again and again; where it ends meanwhile, the later process starts by itself, and what it was started for is not lost.
One that has just been started does not listen yet; until then a lock says that it is there, see `run`.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple, Self

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from cowrite.app.application import Application

PATIENCE = 2.0  # seconds that a process may take to answer
BUSY = 0.3  # seconds after which a process that runs says again that it cannot fulfil a wish yet
LONGEST = 60.0  # seconds that a later process waits for one that can not
ACTIVATION = "XDG_ACTIVATION_TOKEN"
"""Environment variable: by it a window may come to the front on Wayland; the desktop gives it to what it starts."""

_ANY_PROCESS = -1  # of AllowSetForegroundWindow
_TAKEN, _WAIT = b"taken", b"wait"
_FAILURES = (OSError, EOFError, AuthenticationError, ValueError, LookupError, TypeError)
_log = logging.getLogger(__name__)


class Wish(NamedTuple):
    """What a process was started for.

    Attributes:
        what: files, by absolute paths, and links to open.
        new: whether to start an empty document.
        activation: see ACTIVATION; may be empty.
    """

    what: tuple[str, ...]
    new: bool
    activation: str

    @classmethod
    def of(cls, environ: Mapping[str, str], what: Sequence[str], *, new: bool) -> Self:
        """The wish of this process, with its arguments."""
        absolute = tuple(each if "://" in each else str(Path(each).absolute()) for each in what)
        return cls(absolute, new, environ.get(ACTIVATION, ""))


class _Asked(NamedTuple):
    """A wish, whether the GUI thread has heard it, and whether who had it waits no more: then that starts by itself."""

    wish: Wish
    heard: Event
    given_up: Event


class SecondStarts(QObject):
    """Takes the wishes of later processes.

    Args:
        path: the file that says where; it is gone after `close`.
        display: where this process shows its windows; see `display_of`.
        parent: Qt parent.

    Raises:
        OSError: there is no place to listen at, or the file cannot be written.
    """

    asked = Signal(object)
    """A Wish has come; told on the GUI thread."""
    _came = Signal(object)

    def __init__(self, path: Path, display: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        key = secrets.token_bytes(32)
        self._listener = Listener()  # not with the key: whoever says nothing would keep all others from being heard
        self._is_closed = False
        self._is_ending = False
        self._waiting: list[_Asked] = []  # what came since
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._where = json.dumps({"address": self._listener.address, "key": key.hex(), "display": display})
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(self._where)
        self._key = key
        self._thread = Thread(target=self._serve, name="second starts", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Takes nothing more, for this process is about to end; who asks waits until it has."""
        self._is_ending = True

    def go_on(self) -> None:
        """It does not end after all."""
        self._is_ending = False
        waiting, self._waiting = self._waiting, []
        for asked in waiting:
            self._tell(asked)

    def close(self) -> None:
        """Listens no more."""
        if self._is_closed:
            return
        self._is_closed = True
        with suppress(OSError, ValueError):
            # Not that of one that started after this, at another display.
            if self._path.read_text("utf-8") == self._where:
                self._path.unlink()
        # The thread waits for somebody. Where it has just heard another it ends by itself, and answers no more.
        Thread(target=self._knock, daemon=True).start()
        self._thread.join(PATIENCE)
        self._listener.close()

    def _knock(self) -> None:
        with suppress(*_FAILURES):
            Client(self._listener.address, authkey=self._key).close()

    def _serve(self) -> None:
        while not self._is_closed:
            try:
                Thread(target=self._take, args=(self._listener.accept(),), daemon=True).start()
            except _FAILURES as error:
                self._say(error)

    def _take(self, connection: Connection) -> None:
        try:
            with connection:
                deliver_challenge(connection, self._key)
                answer_challenge(connection, self._key)
                if self._is_closed or not connection.poll(PATIENCE):
                    return
                what, new, activation = json.loads(connection.recv_bytes())
                asked = _Asked(Wish(tuple(map(str, what)), bool(new), str(activation)), Event(), Event())
                self._came.emit(asked)
                try:
                    while not asked.heard.wait(BUSY) and not self._is_closed:
                        connection.send_bytes(_WAIT)
                except OSError:
                    asked.given_up.set()
                    raise
                if asked.heard.is_set():
                    connection.send_bytes(_TAKEN)
        except _FAILURES as error:
            self._say(error)

    def _say(self, error: BaseException) -> None:
        if not self._is_closed:
            _log.warning("a later start of cowrite was not heard: %s", error)

    def _tell(self, asked: _Asked) -> None:
        if self._is_ending:
            self._waiting.append(asked)
        elif not self._is_closed and not asked.given_up.is_set():
            asked.heard.set()
            self.asked.emit(asked.wish)


def hand_over(path: Path, wish: Wish, display: str) -> bool:
    """Hands a wish over to the process that runs.

    Args:
        path: the file that it has written.
        wish: what this process was started for.
        display: where its windows are to be.

    Returns:
        Whether it was taken.
    """
    words: list[bytes] = []
    given_up = Event()
    if sys.platform == "win32":
        import ctypes

        # This process was started by the person, and only with its leave may another one's window come to the front.
        ctypes.windll.user32.AllowSetForegroundWindow(_ANY_PROCESS)

    def work() -> None:
        with suppress(*_FAILURES):
            where = json.loads(path.read_text("utf-8"))
            if where["display"] == display:
                with Client(where["address"], authkey=bytes.fromhex(where["key"])) as connection:
                    if given_up.is_set():
                        return
                    connection.send_bytes(json.dumps(wish).encode())
                    while _TAKEN not in words[-1:] and not given_up.is_set() and connection.poll(PATIENCE):
                        words.append(connection.recv_bytes())

    # On a thread: a process that is stopped lets others in, and never says a word.
    thread = Thread(target=work, daemon=True)
    thread.start()
    said, waited = -1, 0.0
    while thread.is_alive() and said < len(words) and waited < LONGEST:
        said, waited = len(words), waited + PATIENCE
        thread.join(PATIENCE)
    given_up.set()  # a process that goes on later is not to do as well what this one does now
    return _TAKEN in words[-1:]


def fulfil(application: Application, wish: Wish) -> None:
    """Does what a later process was started for; where that was nothing else or fails, comes to the front."""
    if wish.activation:
        os.environ[ACTIVATION] = wish.activation  # Qt reads it when a window comes to the front
    are_open = application.open_all(wish.what)
    if wish.new:
        application.documents.new()
    elif not wish.what or not are_open:  # where it says why not
        application.come_to_front()


def display_of(environ: Mapping[str, str]) -> str:
    """Where a process shows its windows: another one at another display is not what a person means."""
    return environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY", "")
