"""WindowKeys: the keys of commands in a window that has no menus, and what names them there.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

KeysByCommand = Mapping[str, Sequence[QKeySequence]]
"""The keys of all commands by their ids, the one to show first."""


class WindowKeys(QObject):
    """The keys of one window; it has none before they are shown.

    Args:
        window: it.
        acts: what commands do in it, by their ids.
    """

    def __init__(self, window: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._shortcuts = {id: QShortcut(window) for id in acts}
        for id, act in acts.items():
            self._shortcuts[id].activated.connect(act)
        self._named: list[tuple[str, Callable[[str], object]]] = []

    def name(self, id: str, show: Callable[[str], object]) -> None:
        """Has something show the key of a command, whenever keys are shown: it takes the key as this system writes it;
        empty where the command has none."""
        self._named.append((id, show))

    def show(self, keys: KeysByCommand) -> None:
        """Takes the keys that hold from now on."""
        for id, shortcut in self._shortcuts.items():
            shortcut.setKeys(list(keys.get(id, ())))
        for id, show in self._named:
            first = next(iter(keys.get(id, ())), QKeySequence())
            show(first.toString(QKeySequence.SequenceFormat.NativeText))
