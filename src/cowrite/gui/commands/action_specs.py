"""What one row of the table of commands says, and how rows are written.

Runs on the GUI thread.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from PySide6.QtGui import QAction, QKeySequence

Key = QKeySequence.StandardKey
Role = QAction.MenuRole

IS_MAC = sys.platform == "darwin"
"""Some keys are the system's there; Ctrl is its Command key, Meta its Control key."""

# Desktops of Linux have Ctrl+Alt with these letters for a terminal, for locking the screen and for showing the desktop,
# and a Mac has the last for its Dock. Those with Shift work everywhere.
COLOUR_KEYS = ("Ctrl+Alt+Shift+T", "Ctrl+Alt+T")
LINK_KEYS = ("Ctrl+Alt+Shift+C", "Ctrl+Alt+L")
DONE_KEYS = ("Ctrl+Alt+Shift+D",) if IS_MAC else ("Ctrl+Alt+Shift+D", "Ctrl+Alt+D")


class ActionSpec(NamedTuple):
    """One row: `tip` is the sentence for status bar and help, `keys` all that reach it, `group` makes it one of
    several choices, `edits` says that a reader may not use it."""

    id: str
    text: str
    tip: str
    icon: str = ""
    keys: tuple[Key | str, ...] = ()
    checkable: bool = False
    group: str = ""
    edits: bool = False
    role: Role = Role.NoRole


class MenuSpec(NamedTuple):
    """A menu: rows, menus inside it, and None for a line between them."""

    title: str
    entries: tuple[ActionSpec | MenuSpec | None, ...]


def do(id: str, text: str, tip: str, icon: str = "", *keys: Key | str, role: Role = Role.NoRole) -> ActionSpec:
    """A row that does something."""
    return ActionSpec(id, text, tip, icon, keys, role=role)


def show(id: str, text: str, tip: str, icon: str = "", *keys: Key | str, group: str = "") -> ActionSpec:
    """A row that is on or off."""
    return ActionSpec(id, text, tip, icon, keys, checkable=True, group=group)


def edit(id: str, text: str, tip: str, icon: str = "", *keys: Key | str) -> ActionSpec:
    """A row that changes the document."""
    return ActionSpec(id, text, tip, icon, keys, edits=True)


def mark(id: str, text: str, tip: str, icon: str, *keys: Key | str, group: str = "") -> ActionSpec:
    """A row that is on or off and changes the document."""
    return ActionSpec(id, text, tip, icon, keys, checkable=True, group=group, edits=True)
