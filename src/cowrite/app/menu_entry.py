"""MenuEntry: has the command `cowrite desktop` put cowrite into the desktop's menu of programs, or take it out.

Runs on the GUI thread; the command is a process of its own, for the desktop's tools take seconds.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal

from cowrite.desktop_menu import SECONDS, DesktopMenu, NoSuchMenu
from cowrite.gui.dialogs.menu_choice import MenuChoice
from cowrite.own_process import own_process
from cowrite.paths import ResourcesMissing


class MenuEntry(QObject):
    """Answers one choice in the preferences, which may be closed meanwhile.

    Args:
        menu: the person's menu of programs.
        parent: Qt parent; it outlives the dialog.
    """

    changed = Signal(bool, str)
    """Whether cowrite is in the menu now, and why not as was asked."""

    def __init__(self, menu: DesktopMenu, parent: QObject) -> None:
        super().__init__(parent)
        self._menu = menu
        self._process: QProcess | None = None
        self._asked = False  # what is being done
        self._wish: bool | None = None  # what is to be done next
        self.choice = MenuChoice(menu.has_it())
        """What the person chooses in."""
        self.choice.asked.connect(self._change)
        self.choice.destroyed.connect(self._end)
        self.changed.connect(self.choice.answer)
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.finish)

    @classmethod
    def of(cls, parent: QObject) -> MenuEntry | None:
        """That of who runs cowrite; None where there is no such menu, nothing to put there, or it is there already by
        the package by which cowrite came."""
        try:
            menu = DesktopMenu.of(os.environ)
        except (NoSuchMenu, ResourcesMissing):
            return None
        return None if menu.is_given(os.environ) else cls(menu, parent)

    def _change(self, on: bool) -> None:
        if self._process is not None:
            self._wish = on
            return
        self._asked = on
        process = self._process = QProcess(self)
        process.finished.connect(self._tell)
        process.errorOccurred.connect(self._tell_not_started)
        program, *arguments = own_process("cowrite", "desktop", "install" if on else "uninstall")
        process.start(program, arguments)

    def _tell(self) -> None:
        assert self._process is not None
        problem = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
        self._process.deleteLater()
        self._process = None
        wish, self._wish = self._wish, None
        if wish not in (None, self._menu.has_it()):
            self._change(bool(wish))
            return
        is_there = self._menu.has_it()
        if is_there is not self._asked:
            problem = problem or "Another program ended this before it was done. Choose it again."
        self.changed.emit(is_there, problem)

    def _tell_not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._process = None
            self.changed.emit(self._menu.has_it(), "cowrite could not be started for this. Is it still installed?")

    def finish(self) -> None:
        """Waits for what runs: cowrite is about to end, and what it has started would end with it."""
        while self._process is not None and self._process.waitForFinished(SECONDS * 1000):
            pass

    def _end(self) -> None:
        """The dialog is closed: what runs goes on to its end."""
        if self._process is None:
            self.deleteLater()
        else:
            self.changed.connect(self.deleteLater)
