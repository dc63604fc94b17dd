"""Headings: the panel of headings kept up to date with its page, and the way from one to its place.

Runs on the GUI thread.
"""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.change import Change
from cowrite.core.writing.headings import Heading, headings
from cowrite.gui.page.editor import Editor
from cowrite.gui.window.headings_panel import HeadingsPanel
from cowrite.gui.window.word_count import LONG

PAUSE = 250  # milliseconds from a change until the headings are looked for


class Headings(QObject):
    """The headings of one page.

    Args:
        editor: the page.
        sides: where the panel is shown.
    """

    def __init__(self, editor: Editor, sides: QWidget) -> None:
        super().__init__(editor)
        self._editor = editor
        self._found: list[Heading] = []
        self.panel = HeadingsPanel(sides)
        self.panel.appeared.connect(self.refresh)
        self.panel.chosen.connect(self._go)
        self._pause = single_shot(self, self.refresh, PAUSE)
        editor.draft.observe_changes(self._look_soon)
        editor.caret_moved.connect(self._show_current)

    def refresh(self) -> None:
        """Shows the headings as they are now; does nothing while nobody sees them."""
        self._pause.stop()
        if self.panel.isHidden():
            return
        self._found = list(headings(self._editor.draft.spans()))
        self.panel.show_headings(self._found)
        self._show_current()

    def _look_soon(self, _change: Change) -> None:
        # In a long text to look takes as long as several keys: there it waits until nobody types.
        if self._editor.draft.length > LONG or not self._pause.isActive():
            self._pause.start()

    def _show_current(self) -> None:
        if self._found and not self._pause.isActive():
            self.panel.show_current(bisect_right(self._found, self._editor.caret()[1], key=lambda each: each.at) - 1)

    def _go(self, number: int) -> None:
        wanted = self._found[number]
        if self._pause.isActive():  # a teammate may have moved it just now
            self.refresh()
            same = [each for each in self._found if each[1:] == wanted[1:]]
            wanted = min(same, key=lambda each: abs(each.at - wanted.at), default=wanted)
        self._editor.go_to_line(wanted.at)
