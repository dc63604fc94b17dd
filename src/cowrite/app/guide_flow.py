"""GuideFlow: the guide in its window, of which there is one, and the key that leads there from every window.

Runs on the GUI thread. A window that has the key in no menu, such as a dialog, gets it when it is first in use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import ReferenceType, ref

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from cowrite.app.choices import Choices
from cowrite.app.guide_places import place_of
from cowrite.convert.errors import UnreadableGuide
from cowrite.gui.look.theme import Theme
from cowrite.gui.widgets.dialog_parts import bring_to_front
from cowrite.paths import ResourcesMissing, resources

if TYPE_CHECKING:
    from cowrite.gui.guide.window import GuideWindow


_KEY = "guide"  # the name of the shortcut that a window is given
_HAVE_IT = frozenset({"DocumentWindow", "LibraryWindow", "GuideWindow"})


class GuideFlow(QObject):
    """Shows the guide.

    Args:
        app: Qt's application object.
        choices: the look in force.
        say: shows a sentence under the name of a notice.
        parent: Qt parent.
    """

    def __init__(self, app: QApplication, choices: Choices, say: Callable[[str, str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._choices = choices
        self._tell = say
        self._window: GuideWindow | None = None
        self._from: ReferenceType[QWidget] | None = None  # the window from which one has come
        choices.theme_changed.connect(self._show_theme)
        choices.keys_changed.connect(self._show_keys)
        app.focusWindowChanged.connect(self._meet)

    def show(self) -> None:
        """Shows the window at what the window in use is about, or where one has left it; or says why there is none."""
        try:
            window = self._window = self._window or self._make_window()
        except (UnreadableGuide, ResourcesMissing) as error:
            self._say(str(error))
            return
        whose = QApplication.activeWindow()
        if whose is not None and whose is not window:
            self._from = ref(whose)
            if place := place_of(whose):
                window.show_place(place)
        window.winId()
        self._pass_modal()
        bring_to_front(window)

    def _meet(self) -> None:
        """A window has come into use."""
        window = QApplication.activeWindow()
        if window is not None and type(window).__name__ not in _HAVE_IT:
            if window.findChild(QShortcut, _KEY, Qt.FindChildOption.FindDirectChildrenOnly) is None:
                key = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), window)
                key.setObjectName(_KEY)
                key.activated.connect(self.show)
            if self._window is not None:
                self._pass_modal()

    def _pass_modal(self) -> None:
        """Has the guide be read also while a dialog keeps from all other windows: it belongs to this for so long."""
        modal = QApplication.activeModalWidget()
        guide = self._window.windowHandle() if self._window is not None else None
        if guide is not None:
            is_above_all = modal is not None and modal.windowModality() is Qt.WindowModality.ApplicationModal
            above = modal.windowHandle() if modal is not None and is_above_all else None
            guide.setTransientParent(above)  # type: ignore[arg-type]  # Qt takes none as well

    def _go_back(self) -> None:
        """The guide is closed: one is again where one was."""
        whose = self._from() if self._from is not None else None
        for window in QApplication.topLevelWidgets():  # it may be gone meanwhile
            if window is whose and window.isVisible():
                window.activateWindow()

    def _make_window(self) -> GuideWindow:
        from cowrite.convert.guide import Guide
        from cowrite.gui.guide.window import GuideWindow

        window = GuideWindow(self._choices.theme, Guide(resources() / "guide"), self._choices.keys_by_command())
        window.outside_wanted.connect(self._open)
        window.failed.connect(self._say)
        window.closed.connect(self._go_back)
        return window

    def _show_theme(self, theme: Theme) -> None:
        if self._window is not None:
            self._window.show_theme(theme)

    def _show_keys(self) -> None:
        if self._window is not None:
            self._window.show_keys(self._choices.keys_by_command())

    def _open(self, link: QUrl) -> None:
        if not QDesktopServices.openUrl(link):
            self._say(f"No program here opens {link.toDisplayString()}.")

    def _say(self, sentence: str) -> None:
        self._tell(sentence, "guide")
