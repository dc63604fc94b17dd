"""Everything a person can do from menu, toolbar and keyboard, in one table.

Runs on the GUI thread. Actions makes one QAction for each row and hangs them into menus; what an action does is
connected by the main window. FormatState is what the caret stands on, as a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from cowrite.core.direction import LTR, RTL
from cowrite.gui.action_specs import IS_MAC, ActionSpec, Key, MenuSpec, Role, do, edit, show
from cowrite.gui.brainstorm_actions import (
    BOARD_EXPORTS,
    BRAINSTORM,
    EXPORT_DECISIONS,
    EXPORT_IDEAS,
    IMPORT_IDEAS,
    SHOW_POINTERS,
)
from cowrite.gui.draft_actions import COLUMN_COMMANDS, FORMAT, INSERT, ROW_COMMANDS, TABLE_ROWS
from cowrite.gui.icons import icon
from cowrite.gui.theme import Theme


class FormatState(NamedTuple):
    """The formatting at the caret, in the words of the document's attributes; None and False mean "off".

    Attributes:
        header: 0 for body text, or 1 to 6.
        list: "bullet", "ordered", "checked" or "unchecked".
        side: on which a line stands: "left", "center", "right" or "justify".
        direction: that it states: "rtl" or "ltr"; None where its letters decide.
        color, background: the stored colours.
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


FILE = MenuSpec("&File", (
    do("new", "&New document", "Start an empty document", "file-plus", Key.New),
    do("new_from_template", "New from a te&mplate…", "Start a document with a text that is there", "", "Ctrl+Shift+N"),
    do("open", "&Open…", "Open a document or a file from another writing program", "folder-open", Key.Open),
    do("join", "&Join with a link…", "Write in a document that somebody shares with you", "log-in", "Ctrl+J"),
    do("library", "&All documents", "Show all your documents", "library", "Ctrl+Shift+O"),
    None,
    do("save", "&Save now", "Write to disk now; cowrite also does so as you type", "save", Key.Save),
    do("save_copy", "Save a &copy…", "Save a copy of this document elsewhere", "copy", Key.SaveAs,
       "Ctrl+Shift+S"),
    do("save_template", "Save as a temp&late…", "Keep this text, for other documents to start with"),
    do("rename", "&Rename…", "Give this document another title", "pencil", "F2"),
    do("history", "&History", "See what this document was, who wrote what, and bring it back", "history",
        "Ctrl+Shift+H"),
    do("name_version", "Name this &version…", "Give what the document is now a name, to find it again in its history",
        "bookmark", "Ctrl+Alt+V"),
    MenuSpec("&Export", (
        do("export_markdown", "&Markdown…", "Save as a Markdown file"),
        do("export_docx", "&Word…", "Save as a Word document (.docx)"),
        do("export_odt", "&OpenDocument…", "Save as an OpenDocument text (.odt)"),
        do("export_html", "&HTML…", "Save as a web page"),
        do("export_pdf", "&PDF…", "Save as a PDF file"),
        do("export_text", "Plain &text…", "Save the words alone"),
        None,
        *BOARD_EXPORTS,
        *EXPORT_IDEAS,
        EXPORT_DECISIONS,
    )),
    IMPORT_IDEAS,
    do("print", "&Print…", "Print this document", "printer", Key.Print),
    None,
    do("preferences", "Pre&ferences…", "Name, colour, theme, font and folders", "settings",
        Key.Preferences, "Ctrl+,", role=Role.PreferencesRole),
    do("close", "Close &window", "Close this document; it is saved", "x", "Ctrl+W", Key.Close),
    do("quit", "&Quit", "Close all documents and end cowrite", "", Key.Quit, "Ctrl+Q", role=Role.QuitRole),
))  # fmt: skip
# On a Mac, Alt with these leads from paragraph to paragraph.
_UP, _DOWN = ("Ctrl+Alt+Up", "Ctrl+Alt+Down") if IS_MAC else ("Alt+Up", "Alt+Down")
# Of the desktops of Linux, Qt has a key for this on two, and on a Mac none, where Cmd+H hides the program.
_REPLACE = ("Ctrl+Alt+F",) if IS_MAC else ("Ctrl+H",)
_BLANK = "Ctrl+Alt+Z" if IS_MAC else "Ctrl+Alt+F"
EDIT = MenuSpec("&Edit", (
    edit("undo", "&Undo", "Take back your last change; the changes of others stay", "undo-2", Key.Undo),
    edit("redo", "&Redo", "Make your change again", "redo-2", Key.Redo, "Ctrl+Shift+Z", "Ctrl+Y"),
    None,
    edit("cut", "Cu&t", "Move the selected text to the clipboard", "scissors", Key.Cut),
    do("copy", "&Copy", "Copy the selected text to the clipboard", "copy", Key.Copy),
    do("copy_markdown", "Copy as &Markdown", "Copy the selected text as Markdown", "", "Ctrl+Shift+C"),
    edit("paste", "&Paste", "Insert what is on the clipboard, with its formatting", "clipboard-paste", Key.Paste),
    edit("paste_plain", "Paste &without formatting", "Insert only the words", "clipboard", "Ctrl+Shift+V"),
    do("select_all", "&Select all", "Select the whole document", "", Key.SelectAll),
    edit("lines_up", "Move l&ines up", "Move these paragraphs, or rows of a table, up by one", "", _UP),
    edit("lines_down", "Move &lines down", "Move these paragraphs, or rows of a table, down by one", "", _DOWN),
    None,
    do("comment", "C&omment…", "Say something about the selected text, beside the page", "message-square-plus",
        "Ctrl+Alt+M"),
    None,
    show("suggest_changes", "Su&ggest changes", "Have what you write suggested, for others to accept or reject",
        "file-pen-line", "Ctrl+Alt+E"),
    MenuSpec("Suggeste&d changes", (
        do("next_change", "&Next", "Go to the next change that is suggested", "", "Ctrl+Alt+J", "F7"),
        do("previous_change", "&Previous", "Go to the change that is suggested before", "",
           "Ctrl+Alt+Shift+J", "Shift+F7"),
        None,
        do("accept_change", "&Accept", "Accept the change at the caret", "", "Ctrl+Alt+Y"),
        do("reject_change", "&Reject", "Reject the change at the caret, or withdraw your own", "", "Ctrl+Alt+U"),
        None,
        do("accept_changes", "Accept a&ll", "Accept all changes that are suggested"),
        do("reject_changes", "Re&ject all", "Reject all changes that are suggested"),
    )),
    None,
    do("find", "&Find…", "Find words in this document", "search", Key.Find),
    do("find_next", "Find &next", "Go to the next place found", "arrow-down", Key.FindNext, "F3"),
    do("find_previous", "Find pre&vious", "Go to the place found before", "arrow-up", Key.FindPrevious, "Shift+F3"),
    edit("replace", "R&eplace…", "Find words and put others in their place", "replace", Key.Replace, *_REPLACE),
    None,
    do("next_blank", "Next &blank", "Go to the next place to fill in, such as [name]", "", _BLANK),
))  # fmt: skip
SHARE = MenuSpec("&Share", (
    do("share", "&Share…", "Invite others to write in this document", "user-plus", "Ctrl+Alt+S"),
    do("people_and_links", "People and &links…", "See who may do what, make and withdraw links", "users",
        "Ctrl+Alt+P"),
    do("copy_link", "Copy &invitation link", "Copy the link that lets others in", "link", "Ctrl+Alt+L"),
    do("stop_sharing", "S&top sharing…", "Close the document to the others; everybody keeps their copy", "lock"),
    None,
    show("work_offline", "Work &offline", "Send and receive nothing until you switch this off", "wifi-off"),
))  # fmt: skip
# On a Mac the system has Ctrl+Space and Cmd+Space; elsewhere some input methods have Ctrl+Space.
_SUGGEST = ("Alt+\\",) if IS_MAC else ("Ctrl+Space", "Alt+\\")
ASSISTANT = MenuSpec("&Assistant", (
    edit("suggest", "&Suggest here", "Show how the text could go on at the caret; Tab accepts it", "", *_SUGGEST),
    MenuSpec("&Rewrite", (
        edit("rewrite_shorter", "&Shorter", "Propose the selected text in fewer words", "", "Ctrl+Alt+R"),
        edit("rewrite_longer", "&Longer", "Propose the selected text in more detail"),
        edit("rewrite_plainer", "&Plainer", "Propose the selected text in plain words"),
        edit("rewrite_formal", "&Formal", "Propose the selected text in a formal tone"),
        edit("rewrite_friendly", "F&riendly", "Propose the selected text in a friendly tone"),
        edit("rewrite_correct", "&Correct", "Propose the selected text with spelling and grammar put right"),
        edit("rewrite_translate", "&Translate…", "Propose the selected text in another language"),
        edit("rewrite_own", "As &you say…", "Propose the selected text as you say it should become"),
    )),
    do("ask", "&Ask about the draft…", "Answer a question from the draft, with quotes", "", "Ctrl+Alt+A"),
    do("decisions", "De&cisions…", "Find what was decided, with quotes, in the draft, a transcript or the notes", "",
       "Ctrl+Alt+C"),
    do("summarise", "Su&mmarise", "Summarise the selected text or the whole document"),
    do("outline", "&Outline", "Give the outline of the document"),
    edit("expand", "&Draft from the outline", "Propose a draft from the selected outline or the whole document"),
    do("title", "&Title…", "Propose a title for the document"),
    do("describe", "Describe &for…", "Describe the document for a reader whom you name"),
    None,
    do("assistant_stop", "Sto&p", "Stop what the model is doing for you", "circle-stop", "Esc"),
    None,
    show("suggest_after_pause", "S&uggest after a pause", "Show suggestions by themselves when you pause"),
    do("style_card", "St&yle card…", "Say how you want the model to write"),
    do("models", "Mode&ls…", "See which models there are, get one, and choose the one in use"),
    show("assistant_on", "Tur&n on", "Let cowrite suggest text with a language model"),
))  # fmt: skip
_FULL_SCREEN = "Ctrl+Meta+F" if IS_MAC else "F11"  # which shows the desktop there
VIEW = MenuSpec("&View", (
    show("view_draft", "&Draft", "Show the text of this document", "", "Ctrl+1", group="view"),
    show("view_board", "&Board", "Show the notes of this document on a board", "", "Ctrl+2", group="view"),
    show("view_ideas", "Id&eas", "Show the notes of this document as a list", "", "Ctrl+3", group="view"),
    show("view_decisions", "De&cisions", "Show what was decided, and what came of it", "", "Ctrl+4",
         group="view"),
    show("view_session", "&Session", "Show what the phase of the session needs", "", "Ctrl+5", group="view"),
    None,
    show("show_toolbar", "&Toolbar", "Show the formatting buttons", "panel-top", "Ctrl+Shift+T"),
    show("show_headings", "Headin&gs", "Show the headings of the text, to go to one", "table-of-contents",
         "Ctrl+Alt+O"),
    show("show_people", "&People", "Show who is here", "users", "Ctrl+Shift+P"),
    show("show_comments", "Co&mments", "Show what was said about the text", "message-square", "Ctrl+Shift+M"),
    show("show_changes", "S&uggested changes", "Show what people suggest to change in the text", "file-pen-line",
         "Ctrl+Alt+K"),
    show("show_assistant", "Assista&nt", "Show what the model can do for you", "sparkles", "Ctrl+Shift+A"),
    show("show_assists", "What the assistant &wrote", "Mark the text that came from a language model"),
    SHOW_POINTERS,
    show("focus_mode", "&Focus", "Show only the page", "focus", "F8"),
    show("full_screen", "Fu&ll screen", "Use the whole screen", "maximize", _FULL_SCREEN),
    None,
    do("next_part", "Ne&xt part", "Go from the page to the buttons, to the panels, and back", "", "F6"),
    do("previous_part", "Pre&vious part", "Go through the parts of the window backwards", "", "Shift+F6"),
    do("where", "Spea&k where I am", "Say what holds at the caret: heading, cell, link, comment, look", "", "F9"),
    None,
    do("zoom_in", "Zoom &in", "Show the text larger", "zoom-in", Key.ZoomIn, "Ctrl+="),
    do("zoom_out", "Zoom &out", "Show the text smaller", "zoom-out", Key.ZoomOut),
    do("zoom_reset", "&Actual size", "Show the text in its own size", "search", "Ctrl+0"),
    None,
    MenuSpec("T&heme", (
        show("theme_system", "As the &system", "Light or dark as the system says", "monitor", group="theme"),
        show("theme_light", "&Light", "Dark text on a light page", "sun", group="theme"),
        show("theme_dark", "&Dark", "Light text on a dark page", "moon", group="theme"),
    )),
))  # fmt: skip
_COMMAND = "Ctrl+Alt+/" if IS_MAC else "Alt+/"  # which is a letter there
HELP = MenuSpec("&Help", (
    do("find_command", "&Find a command…", "Find what you want to do by its words, and do it", "search", _COMMAND),
    None,
    do("guide", "&Guide", "How to do what, page by page", "book-open", Key.HelpContents),
    do("shortcuts", "&Keyboard shortcuts", "Show all shortcuts", "keyboard", "Ctrl+F1"),
    do("about", "&About cowrite", "Version, licence and where your files are", "info", role=Role.AboutRole),
))  # fmt: skip
MENUS = (FILE, EDIT, INSERT, FORMAT, BRAINSTORM, ASSISTANT, SHARE, VIEW, HELP)
_OF_THE_DRAFT = ("copy_markdown", "lines_up", "lines_down", "paste_plain", "replace", "suggest", "expand", "where")
_OF_FOOTNOTES = frozenset(
    "bold italic underline strike code superscript subscript link clear_format paste_plain replace".split()
)
IN_FOOTNOTE = "A footnote has words, their look and links: Esc leads back to the text"
"""Why a command is off while the card of a footnote is open."""


def specs(menus: Sequence[MenuSpec] = MENUS) -> Iterator[ActionSpec]:
    """All rows of the table, in menu order."""
    for menu in menus:
        for entry in menu.entries:
            if isinstance(entry, MenuSpec):
                yield from specs((entry,))
            elif entry is not None:
                yield entry


@cache
def shortcuts(spec: ActionSpec) -> tuple[QKeySequence, ...]:
    """All key sequences of a row on this platform, each once, the one to show first."""
    sequences: dict[str, QKeySequence] = {}
    for key in spec.keys:
        bound = [QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key)
        for sequence in bound:
            sequences.setdefault(sequence.toString(), sequence)
    return tuple(sequences.values())


def plain(text: str) -> str:
    """A menu text without its mnemonic and dots."""
    return text.replace("&", "").removesuffix("…")


@cache
def _named(spec: ActionSpec) -> str:
    """What a tooltip calls an action: its text and its key."""
    keys = [sequence.toString(QKeySequence.SequenceFormat.NativeText) for sequence in shortcuts(spec)[:1]]
    return f"{plain(spec.text)} ({keys[0]})" if keys else plain(spec.text)


class Actions(QObject):
    """The QActions by their ids; says which recent document was chosen."""

    recent_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._specs = {spec.id: spec for spec in specs()}
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.id: self._make(spec) for spec in self._specs.values()}
        self._recent: Sequence[tuple[str, str]] = ()
        self._recent_menus: list[QMenu] = []
        self._read_only = ""  # why the person may not write
        self._in_footnote = False
        self.show_theme(theme)
        self.show_state(FormatState())

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def all(self) -> list[QAction]:
        """Every action, for a window that wants the shortcuts while its menu bar is hidden: `window.addActions`."""
        return list(self._actions.values())

    def fill(self, bar: QMenuBar) -> None:
        """Puts all of them into a menu bar."""
        bar.setAccessibleName("Menu bar")
        for spec in MENUS:
            bar.addMenu(self._menu(spec, bar))

    def show_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of `theme`."""
        for spec in self._specs.values():
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon, theme))

    def show_recent(self, documents: Sequence[tuple[str, str]]) -> None:
        """Offer these documents, (path, title) each, under File; `recent_chosen` gives the path back."""
        self._recent = documents
        for menu in self._recent_menus:
            menu.setEnabled(bool(documents))

    def show_read_only(self, reason: str) -> None:
        """Say in the tooltip of what is disabled why it is; an empty reason says again what it does."""
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
        on |= {name for name in ("bold", "italic", "underline", "strike", "code") if getattr(state, name)}
        if state.in_footnote != self._in_footnote:
            self._in_footnote = state.in_footnote
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
        for id in self._of_the_draft():
            if name != "draft" or not self._specs[id].edits:  # of what edits, `show_state` says whether one may
                self._actions[id].setEnabled(name == "draft")

    def show_view_state(self, can_undo: bool, can_redo: bool, *, read_only: bool) -> None:
        """Enable what can be done in a view other than the draft."""
        self["undo"].setEnabled(can_undo and not read_only)
        self["redo"].setEnabled(can_redo and not read_only)
        for id in ("cut", "paste", IMPORT_IDEAS.id):
            self[id].setEnabled(not read_only)

    def _show_room(self, state: FormatState) -> None:
        """Offer rows and columns as far as the table at the caret has room for them; where it has none its menus show
        the tooltips, which say why."""
        for ids, reason in ((ROW_COMMANDS, state.no_rows), (COLUMN_COMMANDS, state.no_columns)):
            for id in ids:
                self._actions[id].setEnabled(state.in_table and not reason)
                self._explain(id, f"{reason[:1].upper()}{reason[1:]}")
        self._show_tips(ROW_COMMANDS[0], bool(state.no_rows or state.no_columns))

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
        off = self._of_page() if self._in_footnote else set[str]()
        for spec in self._specs.values():
            if spec.edits:
                self._explain(spec.id, self._read_only or (IN_FOOTNOTE if spec.id in off else ""))

    def _explain(self, id: str, reason: str) -> None:
        self._actions[id].setToolTip(f"{_named(self._specs[id])}\n{reason}".strip())

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setShortcuts(shortcuts(spec))
        action.setToolTip(_named(spec))
        action.setStatusTip(spec.tip)
        action.setWhatsThis(f"{spec.tip}.")
        action.setCheckable(spec.checkable)
        action.setMenuRole(spec.role)
        action.setIconVisibleInMenu(False)  # a tick is then the only sign beside a text
        if spec.group:
            group = self._groups.setdefault(spec.group, QActionGroup(self))
            group.addAction(action)
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
        return menu

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path, title in self._recent:
            action = menu.addAction(title.replace("&", "&&"))
            action.setToolTip(path)
            action.triggered.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
