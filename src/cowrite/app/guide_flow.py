"""GuideFlow: the guide in its window, of which there is one.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from cowrite.convert.errors import UnreadableGuide
from cowrite.gui.dialog_parts import bring_to_front
from cowrite.gui.theme import Theme
from cowrite.paths import ResourcesMissing, resources

if TYPE_CHECKING:
    from cowrite.app.application import Application
    from cowrite.gui.guide.window import GuideWindow


class GuideFlow(QObject):
    """Shows the guide."""

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self._application = application
        self._window: GuideWindow | None = None
        application.choices.theme_changed.connect(self._show_theme)

    def show(self) -> None:
        """Shows the window where one has left it, or says why there is none."""
        try:
            window = self._window = self._window or self._make_window()
        except (UnreadableGuide, ResourcesMissing) as error:
            self._say(str(error))
            return
        bring_to_front(window)

    def _make_window(self) -> GuideWindow:
        from cowrite.convert.guide import Guide
        from cowrite.gui.guide.window import GuideWindow

        window = GuideWindow(self._application.choices.theme, Guide(resources() / "guide"))
        window.outside_wanted.connect(self._open)
        window.failed.connect(self._say)
        return window

    def _show_theme(self, theme: Theme) -> None:
        if self._window is not None:
            self._window.show_theme(theme)

    def _open(self, link: QUrl) -> None:
        if not QDesktopServices.openUrl(link):
            self._say(f"No program here opens {link.toDisplayString()}.")

    def _say(self, sentence: str) -> None:
        self._application.say(sentence, "guide")
