"""All keyboard shortcuts, by the menu in which their commands are.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from cowrite.gui.actions import Actions
from cowrite.gui.dialog_parts import plain_label, resize_on_screen, scrolling
from cowrite.gui.menus import MENUS, plain, specs
from cowrite.gui.theme import set_look

GAP = 16  # device-independent pixels above a heading, and between a command and its keys

Keys = Sequence[tuple[str, str]]
"""What is done, and by which keys."""


class ShortcutsDialog(QDialog):
    """Lists keys under headings, and is scrolled where there is no room for all of them.

    Args:
        sections: the headings with their keys; those without any are left out.
        parent: the window that it belongs to.
    """

    def __init__(self, sections: Sequence[tuple[str, Keys]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setMinimumSize(300, 240)
        resize_on_screen(self, QSize(440, 620))
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(20, 4, 20, GAP)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        for title, keys in sections:
            if keys:
                self._add(title, keys)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        area = scrolling(inside, "Keyboard shortcuts")
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # there is nothing else in it that the keyboard could scroll by
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP, 0, GAP)
        column.setSpacing(GAP)
        column.addWidget(area, 1)
        below = QVBoxLayout()
        below.setContentsMargins(20, 0, 20, 0)
        below.addWidget(close)
        column.addLayout(below)
        area.setFocus()

    def _add(self, title: str, keys: Keys) -> None:
        row = self._grid.rowCount()
        heading = plain_label(title)
        set_look(heading, role="heading")
        if row > 1:
            self._grid.setRowMinimumHeight(row, GAP)
        self._grid.addWidget(heading, row + 1, 0, 1, 2)
        for place, (text, key) in enumerate(keys, row + 2):
            shown = QLabel(key)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.setAccessibleName(f"{text}: {key}")
            set_look(shown, role="muted")
            self._grid.addWidget(plain_label(text), place, 0)
            self._grid.addWidget(shown, place, 1, Qt.AlignmentFlag.AlignTop)


def keys_of_menus(actions: Actions) -> list[tuple[str, Keys]]:
    """The keys of all commands of a window, each menu with those that have any."""
    return [
        (
            plain(menu.title),
            [
                (plain(action.text()), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
                for action in (actions[spec.id] for spec in specs((menu,)))
                if not action.shortcut().isEmpty()
            ],
        )
        for menu in MENUS
    ]
