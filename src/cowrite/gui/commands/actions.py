"""Actions: one QAction for each row of the menus, hung into them; and what the caret stands on, as a value.

Runs on the GUI thread. What an action does is connected by the main window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from cowrite.core.text.direction import LTR, RTL
from cowrite.core.writing.typeface import MONO, SANS, SERIF, points, usual_points
from cowrite.gui.commands.action_specs import ActionSpec, MenuSpec
from cowrite.gui.commands.brainstorm_actions import IMPORT_IDEAS
from cowrite.gui.commands.draft_actions import COLUMN_COMMANDS, FONT_AND_SIZE, FORMAT, INSERT, ROW_COMMANDS, TABLE_ROWS
from cowrite.gui.commands.menus import MENUS, plain, shortcuts, specs
from cowrite.gui.commands.own_keys import OwnKeys, keys_of, words_of
from cowrite.gui.keyboard.usual_key import is_moved, usual_key
from cowrite.gui.look.icons import icon
from cowrite.gui.look.key_names import and_key


class FormatState(NamedTuple):
    """The formatting at the caret, in the words of the document's attributes; None and False mean "off".

    Attributes:
        link: its address.
        script: "super" or "sub".
        indent: of the line, in steps.
        header: 0 for body text, or 1 to 6.
        list: "bullet", "ordered", "checked" or "unchecked".
        side: on which a line stands: "left", "center", "right" or "justify".
        direction: that it states: "rtl" or "ltr"; None where its letters decide.
        color, background: the stored colours.
        font, size: as they are stored; empty where letters of several are selected.
        no_rows, no_columns: why the table there may have no more of them, in words that end a sentence.
        in_footnote: whether the caret is in the card of a footnote.
    """

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None
    color: str | None = None
    background: str | None = None
    script: str | None = None
    font: str | None = None
    size: str | None = None
    header: int = 0
    list: str | None = None
    blockquote: bool = False
    code_block: bool = False
    side: str = "left"
    direction: str | None = None
    indent: int = 0
    in_table: bool = False
    no_rows: str = ""
    no_columns: str = ""
    can_undo: bool = False
    can_redo: bool = False
    read_only: bool = False
    in_footnote: bool = False


_DRAFT = "draft"
_IMPORT = IMPORT_IDEAS.id
_OF_THE_DRAFT = ("copy_markdown", "lines_up", "lines_down", "paste_plain", "replace", "suggest", "expand", "where")
_OF_FOOTNOTES = frozenset(
    "bold italic underline strike code superscript subscript link character date clear_format copy_look "
    "paste_look paste_plain replace".split()
)
IN_FOOTNOTE = "A footnote holds words, their formatting and links: Esc leads back to the text"
"""Why a command is off while the card of a footnote is open."""
NOT_IN_TEXT = "This is for the text: View → Draft shows it"
NO_TABLE = "The caret is not in a table"
_NOTHING = {
    "undo": "There is nothing of yours to take back",
    "redo": "There is nothing to bring back",
    "assistant_stop": "The model is not working on anything",
}
"""Why a command is off that there is nothing for."""


_FONTS = {None: "font_page", SANS: "font_sans", SERIF: "font_serif", MONO: "font_mono"}


def _size_row(state: FormatState) -> str:
    """The id of the action for the size at the caret; empty where there is none for it."""
    found = points(state.size, usual_points({"header": state.header, "code-block": state.code_block}))
    return "size_normal" if state.size is None else f"size_{found:g}" if found else ""


def _titled(spec: ActionSpec, keys: Sequence[QKeySequence]) -> str:
    return and_key(plain(spec.text), words_of(keys[0]) if keys else "")


@cache
def _usually_named(spec: ActionSpec) -> str:
    return _titled(spec, shortcuts(spec))


class Actions(QObject):
    """The QActions by their ids; says which recent document was chosen, and when fonts are to be."""

    recent_chosen = Signal(str)
    font_menu_opening = Signal(QMenu)
    """The menu of fonts is about to be seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.own_keys: OwnKeys = {}
        """The keys that the person has chosen; take others with `show_keys`."""
        self._specs = {spec.id: spec for spec in specs()}
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.id: self._make(spec) for spec in self._specs.values()}
        self._recent: Sequence[tuple[str, str]] = ()
        self._recent_menus: list[QMenu] = []
        self._read_only = ""  # why the person may not write
        self._in_footnote = self._in_table = False
        self._view = _DRAFT
        for id in (spec.id for spec in self._specs.values() if spec in TABLE_ROWS):
            self._explain(id, NO_TABLE)
        self.show_state(FormatState())

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def all(self) -> list[QAction]:
        """Every action, for a window that wants the shortcuts while its menu bar is hidden: `window.addActions`."""
        return list(self._actions.values())

    def by_place(self, event: QKeyEvent) -> QAction | None:
        """The action whose key is where one was pressed that writes another sign there: Qt knows Ctrl+1 by its digit
        alone, which on French keyboards only Shift writes. None for none that is on."""
        if not is_moved(event):
            return None
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        meant = QKeySequence(QKeyCombination(held, usual_key(event)))
        return next((each for each in self.all() if each.isEnabled() and meant in each.shortcuts()), None)

    def fill(self, bar: QMenuBar) -> None:
        """Puts all of them into a menu bar."""
        bar.setAccessibleName("Menu bar")
        for spec in MENUS:
            bar.addMenu(self._menu(spec, bar))

    def show_recent(self, documents: Sequence[tuple[str, str]]) -> None:
        """Offer these documents, (path, title) each, under File; `recent_chosen` gives the path back."""
        self._recent = documents
        for menu in self._recent_menus:
            menu.setEnabled(bool(documents))

    def show_keys(self, own: OwnKeys) -> None:
        """Takes the person's own keys."""
        before, self.own_keys = self.own_keys, own
        for spec in self._specs.values() if own != before else ():
            keys = keys_of(spec, own)
            if keys != keys_of(spec, before):
                action = self._actions[spec.id]
                action.setShortcuts(keys)
                action.setToolTip("\n".join([self._named(spec), *action.toolTip().split("\n")[1:]]))

    def why_off(self, id: str) -> str:
        """Why an action is off, in a sentence without a full stop as far as that is known; empty for one that is on."""
        if self._actions[id].isEnabled():
            return ""
        return self._actions[id].toolTip().partition("\n")[2] or _NOTHING.get(id, "")

    def show_read_only(self, reason: str) -> None:
        """Says in the tooltip of what is disabled why it is; an empty reason says again what it does."""
        self._read_only = reason
        self._explain_edits()

    def show_refusal(self, id: str, reason: str) -> None:
        """Disable what the person may not do, or what there is nothing for, and say in its tooltip why, which its menu
        shows; an empty reason lets them do it.

        Args:
            id: of an action that is the same in all views.
            reason: a sentence without a full stop.
        """
        self._actions[id].setEnabled(not reason)
        self._explain(id, reason)
        self._show_tips(id, bool(reason))

    def show_state(self, state: FormatState) -> None:
        """Tick what holds at the caret and enable what can be done there; no action is triggered by this."""
        style = next((name for name in ("blockquote", "code_block") if getattr(state, name)), "")
        style = style or (f"heading_{state.header}" if state.header else "paragraph")
        lists = {"bullet": "bullet_list", "ordered": "ordered_list", "checked": "check_list", "unchecked": "check_list"}
        on = {style, f"align_{state.side}", lists.get(state.list or "", "")}
        on |= {f"direction_{state.direction if state.direction in (LTR, RTL) else 'auto'}"}
        on |= {"superscript" if state.script == "super" else "subscript" if state.script == "sub" else ""}
        on |= {_FONTS.get(state.font, ""), _size_row(state)}
        on |= {name for name in ("bold", "italic", "underline", "strike", "code") if getattr(state, name)}
        if (state.in_footnote, state.in_table) != (self._in_footnote, self._in_table):
            self._in_footnote, self._in_table = state.in_footnote, state.in_table
            self._explain_edits()
        off = self._of_page() if state.in_footnote else set[str]()
        for spec in self._specs.values():
            action = self._actions[spec.id]
            if spec.edits:
                is_here = spec.id not in off and (state.in_table or spec not in TABLE_ROWS)
                action.setEnabled(is_here and not state.read_only)
                action.setChecked(spec.checkable and spec.id in on)
        if not state.read_only and not state.in_footnote:
            self._show_room(state)
        self["undo"].setEnabled(state.can_undo and not state.read_only)
        self["redo"].setEnabled(state.can_redo and not state.read_only)

    def show_view(self, name: str) -> None:
        """Tick the view that is shown, and offer what changes the draft only where that is the one."""
        self[f"view_{name}"].setChecked(True)
        self._view = name
        self._explain_edits()
        for id in self._of_the_draft():
            if name != _DRAFT or not self._specs[id].edits:  # of what edits, `show_state` says whether one may
                self._actions[id].setEnabled(name == _DRAFT)

    def show_view_state(self, can_undo: bool, can_redo: bool, *, read_only: str) -> None:
        """Enable what can be done in a view other than the draft.

        Args:
            can_undo, can_redo: whether there is an own act to take back, or to bring back.
            read_only: why the person may change nothing there, in a sentence; empty where they may.
        """
        for id, can in (("undo", can_undo), ("redo", can_redo), *((id, True) for id in ("cut", "paste", _IMPORT))):
            self[id].setEnabled(can and not read_only)
            if read_only:
                self._explain(id, read_only)

    def _show_room(self, state: FormatState) -> None:
        """Offer rows and columns as far as the table at the caret has room for them; where it has none its menus show
        the tooltips, which say why."""
        for ids, reason in ((ROW_COMMANDS, state.no_rows), (COLUMN_COMMANDS, state.no_columns)):
            for id in ids if state.in_table else ():
                self._actions[id].setEnabled(not reason)
                self._explain(id, f"{reason[:1].upper()}{reason[1:]}")
        self._show_tips(ROW_COMMANDS[0], bool(state.no_rows or state.no_columns or not state.in_table))

    def _show_tips(self, id: str, on: bool) -> None:
        """Has the menus in which an action is show tooltips."""
        for menu in self[id].associatedObjects():
            if isinstance(menu, QMenu):
                menu.setToolTipsVisible(on)

    def _of_the_draft(self) -> set[str]:
        """The ids of what means the text, and no other view."""
        rewriting = {id for id in self._specs if id.startswith("rewrite_")}
        return {spec.id for spec in specs((INSERT, FORMAT))} | set(_OF_THE_DRAFT) | rewriting

    def _of_page(self) -> set[str]:
        """The ids of what changes the text, and no footnote."""
        return {id for id in self._of_the_draft() - _OF_FOOTNOTES if self._specs[id].edits}

    def _explain_edits(self) -> None:
        of_the_draft = self._of_the_draft()
        off = self._of_page() if self._in_footnote else set[str]()
        for spec in self._specs.values():
            reason = self._read_only if spec.edits else ""
            if not reason and self._view != _DRAFT and spec.id in of_the_draft:
                reason = NOT_IN_TEXT
            elif not reason and spec.id in off:
                reason = IN_FOOTNOTE
            elif not reason and spec in TABLE_ROWS and not self._in_table:
                reason = NO_TABLE
            if spec.edits or spec.id in of_the_draft:
                self._explain(spec.id, reason)

    def _explain(self, id: str, reason: str) -> None:
        self._actions[id].setToolTip(f"{self._named(self._specs[id])}\n{reason}".strip())

    def _named(self, spec: ActionSpec) -> str:
        """What a tooltip calls an action: its text and its key."""
        return _titled(spec, keys_of(spec, self.own_keys)) if self.own_keys else _usually_named(spec)

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setShortcuts(shortcuts(spec))
        action.setToolTip(self._named(spec))
        action.setStatusTip(spec.tip)
        action.setWhatsThis(f"{spec.tip}.")
        action.setCheckable(spec.checkable)
        action.setMenuRole(spec.role)
        if spec.icon:
            action.setIcon(icon(spec.icon))
        action.setIconVisibleInMenu(False)  # a tick is then the only sign beside a text
        if spec.group:
            if spec.group not in self._groups:
                self._groups[spec.group] = QActionGroup(self)
            self._groups[spec.group].addAction(action)
        return action

    def _menu(self, spec: MenuSpec, parent: QWidget) -> QMenu:
        menu = QMenu(spec.title, parent)
        menu.setAccessibleName(plain(spec.title))
        menu.setToolTipsVisible(False)
        for entry in spec.entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, MenuSpec):
                menu.addMenu(self._menu(entry, menu))
            else:
                menu.addAction(self._actions[entry.id])
                if entry.id == "open":
                    recent = menu.addMenu("Open recen&t")
                    self._recent_menus.append(recent)
                    recent.destroyed.connect(lambda _=None, menu=recent: self._recent_menus.remove(menu))
                    # To fill one takes 5 ms, and every window has its own for each document that is opened.
                    recent.aboutToShow.connect(lambda menu=recent: self._fill_recent(menu))
                    recent.setToolTipsVisible(True)
                    recent.setEnabled(bool(self._recent))
        if spec is FONT_AND_SIZE:
            menu.aboutToShow.connect(lambda: self.font_menu_opening.emit(menu))
        return menu

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path, title in self._recent:
            action = menu.addAction(title.replace("&", "&&"))
            action.setToolTip(path)
            action.triggered.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
