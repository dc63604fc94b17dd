"""Starts the application."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep, time
from types import TracebackType

from PySide6.QtCore import QEvent, QTimer, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from cowrite import __version__
from cowrite.app.application import Application
from cowrite.app.start.later import Later
from cowrite.app.start.program_files import ProgramFiles
from cowrite.bridge.garbage import Garbage
from cowrite.errors import CowriteError
from cowrite.logs import start_logging
from cowrite.own_process import is_build
from cowrite.paths import Paths, resources
from cowrite.storage.errors import StorageError, StoreLocked
from cowrite.storage.lock import FileLock, taken_at

PROGRAM = "io.github.cowrite.Cowrite"  # the name by which a desktop knows it

LISTENING = 2000  # milliseconds after the start from which later starts are heard: the first key comes before
STARTING = 15.0  # seconds that a later start waits for one that is not heard yet
TURN = 0.0002
"""Seconds that one thread waits for Python while another one runs it. Qt's calls let go of Python many times for each
key: with Python's own 5 ms, keys take 18 ms in place of 3 while another thread works, and a page is filled in ten times
the time."""
_LOOK = 0.05  # seconds between looks whether it is

QUITTING = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32":
    QUITTING.append(signal.SIGHUP)

_log = logging.getLogger(__name__)


def qt_arguments(environ: Mapping[str, str], system: str = sys.platform) -> list[str]:
    """What Qt's application object is told on this system, beside the program's name.

    Args:
        environ: the process's environment; a Qt platform that somebody chose there stays.
    """
    # The style as an argument: with `setStyle` PySide would make QStyle and its constants, 6 ms of a start.
    arguments = ["-style", "Fusion"]
    if system == "win32" and not environ.get("QT_QPA_PLATFORM"):
        # WORKAROUND QTBUG-69317: AltGr is Ctrl+Alt to Qt on Windows, so a command such as Ctrl+Alt+E would take the
        # place of € and ę. So told, Qt tells one from the other.
        arguments += ["-platform", "windows:altgr"]
    return arguments


class DesktopApplication(QApplication):
    """Qt's application object; tells what the system asks it to open, and when it asks it to end.

    Attributes:
        ends: is called where the system wants cowrite to end, as from the Dock of a Mac, or where its person signs off;
            says whether cowrite sees to that.
    """

    ends: Callable[[], bool] | None = None

    asked_to_open = Signal(str)
    """A file or a link. On macOS these come as events, and not in the arguments of another process."""

    def event(self, event: QEvent) -> bool:
        """Takes what is asked for; the rest is Qt's."""
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            self.asked_to_open.emit(event.url().toString(QUrl.ComponentFormattingOption.FullyEncoded))
            return True
        if event.type() == QEvent.Type.Quit and self.ends is not None and self.ends():
            event.ignore()
            return True
        return super().event(event)


def make_qt_application() -> DesktopApplication:
    """Qt's application object, with cowrite's name, icon and style; Python searches for garbage on its thread alone,
    and its threads take short turns."""
    if sys.platform == "win32" and not is_build():
        import ctypes

        # Else the taskbar shows cowrite's windows under Python's icon, among those of other programs in Python. A build
        # it knows by its file, as its entry in the start menu does, which would need the same name.
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(PROGRAM)
    app = DesktopApplication([sys.argv[0], *qt_arguments(os.environ)])
    app.setApplicationName("cowrite")
    app.setApplicationDisplayName("cowrite")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName(PROGRAM)
    icon = resources() / "brand" / "cowrite.svg"
    if icon.is_file():
        app.setWindowIcon(QIcon(str(icon)))
    Garbage(app)
    sys.setswitchinterval(TURN)
    return app


UNEXPECTED = "Something went wrong inside cowrite. What you wrote is kept; the log has the details."
UPDATED = (
    "cowrite was updated or removed while it ran, so not everything works any more. What you wrote is kept. Quit "
    "cowrite and open it again."
)


def reporter(application: Application, files: ProgramFiles) -> Callable[..., None]:
    """What happens with an error that nothing expected: it goes into the log, and the person is told."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.critical("unexpected", exc_info=(kind, error, trace))
        application.say(UPDATED if files.are_others() else UNEXPECTED)

    return report


def run(environ: Mapping[str, str], what: Sequence[str], *, new: bool = False) -> int:
    """Runs cowrite until its last window is closed.

    Args:
        environ: the process's environment.
        what: files and links to open; without any, what was open the last time.
        new: start an empty document instead.

    Returns:
        The process's exit status. Where cowrite runs already, that one opens what was asked for.
    """
    paths = Paths.of(environ)
    with ExitStack() as stack:
        claim = _claimed(paths.running)
        if claim is not None:
            stack.callback(claim.release)  # the last thing: who waits for it reads what is written until then
        if _is_there(paths.running) and _is_taken(paths.running, environ, what, new=new):
            return 0
        stack.callback(start_logging(paths.log).close)
        app = make_qt_application()
        try:
            application = Application(app, paths)
            if new:
                application.documents.new()
            else:
                application.start(what)
        except (CowriteError, OSError) as error:
            from cowrite.app.start.not_started import tell_not_started

            tell_not_started(app, str(error))
            return 1
        files = ProgramFiles()
        sys.excepthook = reporter(application, files)
        app.asked_to_open.connect(partial(_open, application))
        app.ends = partial(quit_for_system, application)

        def started() -> None:
            application.storage.run(files.note)
            Later(application)
            if not _listen(paths.running, environ, application, stack) and claim is not None:
                claim.release()  # or each later start would wait for it in vain

        QTimer.singleShot(LISTENING, application, started)
        quit_by_signals(application)
        _log.info("started")
        gc.freeze()  # modules and the first window are no garbage: later searches pass them over
        return app.exec()


def quit_by_signals(application: Application) -> None:
    """Has SIGINT, SIGTERM and the end of its terminal quit cowrite, as soon as its event loop turns.

    A signal stays ignored that whoever started cowrite has ignored, such as `nohup`.
    """
    # Qt's loop is in C: Python sees Ctrl+C with the next event, of which Garbage's timer has enough. It calls this in
    # the middle of what runs then: that may hold a lock that quitting waits for, or be about to tell what came of work,
    # for which quitting waits as well. And before the loop there is nothing that could be quitted.
    for number in QUITTING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: QTimer.singleShot(0, application, application.quit))


def quit_for_system(application: Application) -> bool:
    """Quits cowrite soon, where documents are open; says whether any is.

    Qt by itself would close one window after the other, and the next start would know of the last one alone.
    """
    if application.documents.drafts:
        QTimer.singleShot(0, application, application.quit)
    return bool(application.documents.drafts)


def _claimed(running: Path) -> FileLock | None:
    """The right to be the cowrite to which later starts are handed over; None where another has it, or nobody can.

    One that was started a moment ago has it and is not heard yet: that is waited for.
    """
    end = monotonic() + STARTING
    with suppress(OSError):  # what is wrong with the folder is said where the folders are made
        running.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        try:
            return FileLock(running)
        except StoreLocked:
            if _is_heard(running) or monotonic() >= end:
                return None
        except StorageError:
            return None
        sleep(_LOOK)


def _is_heard(running: Path) -> bool:
    """Whether whoever has the claim listens by now, or has had the time to begin: what a killed one left is older."""
    try:
        taken = taken_at(running)
        return time() - taken > STARTING or running.stat().st_mtime >= taken
    except OSError:  # there is nothing yet, or it has just ended
        return False


def _is_there(running: Path) -> bool:
    try:
        return running.exists()
    except OSError:  # what is wrong with its folder is said where the folders are made
        return False


def _is_taken(running: Path, environ: Mapping[str, str], what: Sequence[str], *, new: bool) -> bool:
    from cowrite.app.start.second_start import Wish, display_of, hand_over

    return hand_over(running, Wish.of(environ, what, new=new), display_of(environ))


def _open(application: Application, what: str) -> None:
    from cowrite.app.start.second_start import Wish, fulfil

    fulfil(application, Wish((what,), new=False, activation=""))


def _listen(running: Path, environ: Mapping[str, str], application: Application, stack: ExitStack) -> bool:
    """Has later starts heard from now on; says whether they can be."""
    from cowrite.app.start.second_start import SecondStarts, display_of, fulfil

    try:
        starts = SecondStarts(running, display_of(environ), application)
    except OSError as error:
        _log.warning("later starts of cowrite are not heard: %s", error)
        return False
    starts.asked.connect(partial(fulfil, application))
    application.documents.opened.connect(starts.go_on)
    application.ending.connect(starts.end)
    stack.callback(starts.close)  # and not before all is written
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    # What was asked for and not heard yet would open a window only for that to be closed.
    app.lastWindowClosed.connect(lambda: starts.end() if app.quitOnLastWindowClosed() else None)
    return True
