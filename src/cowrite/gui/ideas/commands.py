"""The commands of the list of ideas: what each is called, and the keys that the list has for it.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from cowrite.core.board.items import COLOURS, Tie
from cowrite.gui.board.command_table import TIES

COMMANDS: tuple[tuple[str, str, str] | None, ...] = (
    ("edit", "&Edit", "Enter"),
    ("new", "&New note", "N"),
    ("duplicate", "D&uplicate", "Ctrl+D"),
    ("remove", "&Delete", "Del"),
    None,
    ("group", "&Group…", "Ctrl+G"),
    ("move", "Mo&ve to group…", "Alt+G"),
    ("ungroup", "Take &out of the group", "Ctrl+Shift+G"),
    ("frame", "Move to f&rame…", "F"),
    ("merge", "&Merge into the current note", "M"),
    ("split", "&Split off", "Shift+M"),
    ("link", "Link t&he current note…", "L"),
    ("lock", "Loc&k", "K"),
    ("unlock", "Unlo&ck", "Shift+K"),
    None,
    ("expand", "Expand &with the assistant", "E"),
    ("adopt", "&Adopt", "A"),
    ("decide", "Make a dec&ision from it…", "D"),
    ("vote", "Go to the &ballot", "V"),
    ("details", "De&tails", "Space"),
    ("next_unseen", "Ne&xt note that nobody has opened", "Ctrl+Shift+N"),
    None,
    ("copy", "Cop&y as a list", "Ctrl+C"),
    ("paste", "&Paste as notes", "Ctrl+V"),
    None,
    ("expand_all", "Un&fold all", "*"),
    ("collapse_all", "Fold all", ""),
)
"""Name, text and key, in the order of the menu."""

KEYS = [
    (text.replace("&", "").removesuffix("…"), key)
    for _, text, key in (entry for entry in COMMANDS if entry is not None)
    if key
] + [(f"Colour: {', '.join(COLOURS)}", f"1 to {len(COLOURS)}")]
"""What the list's keys do."""


def painting(colour: str) -> str:
    """The name of the command that gives the selected rows a colour."""
    return f"colour {colour}"


def context_menu(
    parent: QWidget,
    allowed: Callable[[str], bool],
    act: Callable[[str], None],
    colour: str,
) -> QMenu:
    """The menu with all commands.

    Args:
        parent: what it belongs to.
        allowed: whether a command makes sense now.
        act: carries one out.
        colour: that of the current row.
    """
    menu = QMenu(parent)
    menu.setAccessibleName("Commands for ideas")
    for entry in COMMANDS:
        if entry is None:
            menu.addSeparator()
            continue
        name, text, key = entry
        # The key is shown, not bound: the list has it, where it is a single letter.
        action = QAction(f"{text}\t{key}" if key else text, menu)
        action.setObjectName(name)
        action.setEnabled(allowed(name))
        action.triggered.connect(lambda _checked=False, name=name: act(name))
        menu.addAction(action)
    colours = QMenu("Co&lour", menu)
    colours.setEnabled(allowed(painting(COLOURS[0])))
    together = QActionGroup(colours)
    for number, each in enumerate(COLOURS, 1):
        action = QAction(f"{each.capitalize()}\t{number}", colours)
        action.setCheckable(True)
        action.setChecked(each == colour)
        action.triggered.connect(lambda _checked=False, each=each: act(painting(each)))
        together.addAction(action)
        colours.addAction(action)
    menu.insertMenu(menu.actions()[4], colours)
    return menu


def tie_menu(parent: QWidget, note: str, link: Callable[[Tie | None], None]) -> QMenu:
    """The menu that asks what a note has to do with the others that are selected.

    Args:
        parent: what it belongs to.
        note: what the note says, in short.
        link: told what was chosen; None for nothing any more.
    """
    menu = QMenu(parent)
    menu.setAccessibleName(f"“{note}” and the other selected notes")
    menu.addAction(f"“{note.replace('&', '&&')}”").setEnabled(False)
    for tie, text in (*TIES.items(), (None, "Is &not linked")):
        menu.addAction(text).triggered.connect(lambda _checked=False, tie=tie: link(tie))
    return menu
