"""The keys of the commands as a person has them: one of their own for each, beside or instead of the usual ones.

Runs on the GUI thread. Own keys go from the ids of commands to key sequences in Qt's portable words, such as
`Ctrl+Alt+Shift+T`. A key that one command gets is taken from the other that had it.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from cowrite.gui.commands.action_specs import IS_MAC, ActionSpec, Key
from cowrite.gui.commands.menus import MENUS, plain, shortcuts, specs
from cowrite.gui.keyboard.key_groups import COMMANDING
from cowrite.gui.keyboard.menu_key import BAR_KEY, KEYS

OwnKeys = Mapping[str, str]

_KEPT = frozenset(
    "assistant_stop comment find_next find_previous focus_mode heading_1 history new_decision next_part open_link "
    "page_break paste_plain previous_part rename view_board view_decisions view_draft view_ideas view_session".split()
)
"""Commands whose usual keys other parts of the window name, or know by themselves."""
_OF_THE_TEXT = ("MoveTo", "Select", "Delete", "Insert")
"""How Qt's names of keys begin that mean something wherever one writes."""
_OF_FIELDS = ("Ctrl+Up", "Ctrl+Down", "Ctrl+Shift+Up", "Ctrl+Shift+Down", "Ctrl+Return", "Ctrl+Enter")
_OF_MENUS = (BAR_KEY, *KEYS)


def words_of(key: QKeySequence) -> str:
    """A key as this system writes it."""
    return key.toString(QKeySequence.SequenceFormat.NativeText)


def keys_of(spec: ActionSpec, own: OwnKeys) -> tuple[QKeySequence, ...]:
    """All keys of a command, the one to show first: its own, then the usual ones that no other command was given."""
    mine = own.get(spec.id, "")
    given = set(own.values())
    usual = tuple(key for key in shortcuts(spec) if key.toString() not in given)
    return (QKeySequence(mine), *usual) if mine else usual


def by_command(own: OwnKeys) -> dict[str, tuple[QKeySequence, ...]]:
    """The keys of all commands by their ids."""
    return {spec.id: keys_of(spec, own) for spec in specs()}


def holder(key: QKeySequence, own: OwnKeys) -> ActionSpec | None:
    """The command that a key does now; None for none."""
    return next((spec for spec in specs() if key in keys_of(spec, own)), None)


def refusal(key: QKeySequence, id: str, own: OwnKeys) -> str:
    """Why a command cannot have a key, in one sentence; empty where it can.

    Args:
        key: of one step.
        id: of the command.
        own: the own keys that there are.
    """
    pressed, name = _step(key), words_of(key)
    is_function = Qt.Key.Key_F1 <= pressed.key() <= Qt.Key.Key_F35
    held = pressed.keyboardModifiers()
    alone = Qt.KeyboardModifier.AltModifier
    if not held & COMMANDING and not is_function:
        return f"{name} is for writing: hold Ctrl or Alt with it, or take an F key."
    if IS_MAC and held & COMMANDING == alone and not is_function:
        return f"{name} writes a sign: hold Ctrl with it."
    if held & Qt.KeyboardModifier.ShiftModifier and _is_sign(pressed.key()):
        return f"With Shift, {name} is another key on other keyboards: take a letter or an F key with Shift."
    if held == alone and pressed.key() in _menu_letters():
        return f"{name} opens a menu."
    if _is_of_the_text(key):
        return f"{name} already means something wherever you write."
    other = holder(key, own)
    if other is not None and other.id != id and _keeps(other) and key in shortcuts(other):
        return f"{name} is for “{plain(other.text)}”, which keeps it."
    return ""


def usable(stored: Mapping[str, object]) -> dict[str, str]:
    """Those of stored own keys that hold here: of commands that there are, and keys that these can have."""
    own: dict[str, str] = {}
    for id, key in stored.items():
        sequence = QKeySequence(key) if isinstance(key, str) else QKeySequence()
        is_whole = sequence.count() == 1 and _step(sequence).key() != Qt.Key.Key_unknown
        if is_whole and any(spec.id == id for spec in specs()) and not refusal(sequence, id, own):
            own = given(own, id, sequence)
    return own


def given(own: OwnKeys, id: str, key: QKeySequence | None) -> dict[str, str]:
    """The own keys once a command has got a key, which whoever had it as theirs loses, or None for only the usual."""
    text = key.toString() if key is not None else ""
    rest = {other: kept for other, kept in own.items() if other != id and kept != text}
    spec = next(spec for spec in specs() if spec.id == id)
    # A usual key of its own is stated only where another command would have it.
    is_usual = key is not None and key in keys_of(spec, rest)
    return rest if not text or is_usual else {**rest, id: text}


def _step(key: QKeySequence) -> QKeyCombination:
    """The first of its steps."""
    return key[0]  # type: ignore[index, no-any-return]  # PySide's stubs do not have it


def _keeps(spec: ActionSpec) -> bool:
    """Whether the usual keys of a command stay with it: those that are the system's, and those that are named
    elsewhere."""
    return spec.id in _KEPT or any(not isinstance(key, str) for key in spec.keys)


def _is_sign(key: Qt.Key) -> bool:
    return 0x20 < key < 0x7F and chr(key) not in string.ascii_uppercase


def _menu_letters() -> set[int]:
    return {ord(menu.title[menu.title.index("&") + 1].upper()) for menu in MENUS}


def _is_of_the_text(key: QKeySequence) -> bool:
    """Whether fields and lists know a key by themselves; what a command has anyway is not theirs."""
    if any(key in shortcuts(spec) for spec in specs()):
        return False
    of_qt = (bound for each in Key if each.name.startswith(_OF_THE_TEXT) for bound in QKeySequence.keyBindings(each))
    return key.toString() in (*_OF_FIELDS, *_OF_MENUS) or key in of_qt
