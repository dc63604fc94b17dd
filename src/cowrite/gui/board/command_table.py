"""Everything a person can do on the board, in one table: the context menu and the keys are made from it.

Runs on the GUI thread; knows no widgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from cowrite.core.board.items import COLOURS, Tie
from cowrite.gui.keyboard.usual_key import usual_key


class Needs(Enum):
    """What must be selected for a command to make sense."""

    NOTHING = auto()
    ONE = auto()
    """One note, group or frame."""
    SOMETHING = auto()
    """At least one thing, whatever it is."""
    NOTE = auto()
    """At least one note."""
    TWO = auto()
    """At least two notes."""
    TWO_PLACED = auto()
    """At least two notes or frames."""
    THREE_PLACED = auto()
    """At least three notes or frames."""
    LINK = auto()
    """One link."""
    MERGED = auto()
    """One note that stands for others."""
    MODEL = auto()
    """A note of the model's that nobody has adopted."""
    GROUPED = auto()
    """A note in a group, or a group."""
    LOCKED = auto()
    """Something that is locked."""
    UNLOCKED = auto()
    """Something that is not."""


@dataclass(frozen=True, slots=True)
class Command:
    """One row.

    Attributes:
        id: names the method of `BoardCommands` that does it.
        text: as it stands in a menu.
        keys: all that reach it.
        needs: what must be selected.
        edits: whether a reader may not use it.
        value: handed to the method.
        menu: the menu inside the context menu that it stands in, or empty.
        is_owned_by_window: whether the window's Edit menu has the same keys, and comes first.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    needs: Needs = Needs.NOTHING
    edits: bool = True
    value: str = ""
    menu: str = ""
    is_owned_by_window: bool = False


TIES = {
    Tie.RELATED: "Is &related to",
    Tie.BUILDS_ON: "&Builds on",
    Tie.SUPPORTS: "&Supports",
    Tie.CONTRADICTS: "&Contradicts",
}
"""What one note has to do with another, as it stands in a menu."""
_ARRANGE, _COLOUR, _LINK = "A&rrange", "C&olour", "L&ink"

COMMANDS: tuple[Command | None, ...] = (
    Command("new_note", "&New note", ("N",)),
    Command("frame", "New &frame", ("F",)),
    Command("edit", "&Edit text", ("F2", "Return", "Enter"), Needs.ONE),
    None,
    Command("adopt", "&Adopt", ("A",), Needs.MODEL),
    *(
        Command("colour", name.capitalize(), (str(number),), Needs.SOMETHING, value=name, menu=_COLOUR)
        for number, name in enumerate(COLOURS, 1)
    ),
    Command("group", "&Group", ("Ctrl+G",), Needs.NOTE),
    Command("ungroup", "Take o&ut of the group", ("Ctrl+Shift+G",), Needs.GROUPED),
    Command("merge", "M&erge into the first", ("M",), Needs.TWO),
    Command("split", "Spl&it off what was merged", ("Shift+M",), Needs.MERGED),
    Command("link", "Link the two &notes", ("L",), Needs.TWO, menu=_LINK),
    *(Command("tie", text, (), Needs.LINK, value=tie, menu=_LINK) for tie, text in TIES.items()),
    Command("turn", "Point the &other way", (), Needs.LINK, menu=_LINK),
    Command("tidy", "&Tidy", ("T",), menu=_ARRANGE),
    Command("align", "Align &left", ("Ctrl+Shift+Left",), Needs.TWO_PLACED, value="left", menu=_ARRANGE),
    Command("align", "Align &centres", ("Shift+C",), Needs.TWO_PLACED, value="centre", menu=_ARRANGE),
    Command("align", "Align &right", ("Ctrl+Shift+Right",), Needs.TWO_PLACED, value="right", menu=_ARRANGE),
    Command("align", "Align t&op", ("Ctrl+Shift+Up",), Needs.TWO_PLACED, value="top", menu=_ARRANGE),
    Command("align", "Align &middles", ("Shift+X",), Needs.TWO_PLACED, value="middle", menu=_ARRANGE),
    Command("align", "Align &bottom", ("Ctrl+Shift+Down",), Needs.TWO_PLACED, value="bottom", menu=_ARRANGE),
    Command("distribute", "Distribute &across", ("Shift+H",), Needs.THREE_PLACED, value="across", menu=_ARRANGE),
    Command("distribute", "Distribute &down", ("Shift+V",), Needs.THREE_PLACED, value="down", menu=_ARRANGE),
    Command("frame_around", "&Frame around", ("Shift+F",), Needs.NOTE, menu=_ARRANGE),
    Command("lock", "Loc&k", ("K",), Needs.UNLOCKED),
    Command("unlock", "Unlo&ck", ("Shift+K",), Needs.LOCKED),
    None,
    Command("cut", "Cu&t", ("Ctrl+X",), Needs.NOTE, is_owned_by_window=True),
    Command("copy", "Cop&y", ("Ctrl+C",), Needs.SOMETHING, edits=False, is_owned_by_window=True),
    Command("paste", "&Paste", ("Ctrl+V",), is_owned_by_window=True),
    Command("duplicate", "&Duplicate", ("Ctrl+D",), Needs.NOTE),
    Command("remove", "De&lete", ("Del", "Backspace"), Needs.SOMETHING),
    None,
    Command("expand", "E&xpand with the assistant", (), Needs.NOTHING),
    Command("decide", "&Make a decision from it…", (), Needs.SOMETHING),
    None,
    Command("select_all", "&Select all", ("Ctrl+A",), edits=False, is_owned_by_window=True),
    Command("fit", "Sho&w all", ("Shift+1",), edits=False),
    Command("fit_selection", "S&how the selection", ("Shift+2",), Needs.SOMETHING, edits=False),
)
OF_THE_WINDOW = (
    Command("undo", "&Undo", ("Ctrl+Z",), is_owned_by_window=True),
    Command("redo", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), is_owned_by_window=True),
    Command("find", "&Find…", ("Ctrl+F",), edits=False, is_owned_by_window=True),
)
_DIGITS = {Qt.Key.Key_Exclam: Qt.Key.Key_1, Qt.Key.Key_At: Qt.Key.Key_2, Qt.Key.Key_QuoteDbl: Qt.Key.Key_2}
"""What Shift makes of the digits that are keys here, on the usual keyboards."""


def command_of(event: QKeyEvent) -> Command | None:
    """The command that a key means."""
    key = usual_key(event)
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        key = _DIGITS.get(key, key)
    return _BY_KEY.get(QKeySequence(QKeyCombination(modifiers, key)).toString())


_BY_KEY = {
    QKeySequence(key).toString(): command
    for command in (*COMMANDS, *OF_THE_WINDOW)
    if command is not None
    for key in command.keys
}
