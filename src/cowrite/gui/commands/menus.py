"""The menus: everything a person can do from menu, toolbar and keyboard, in one table.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from PySide6.QtGui import QKeySequence

from cowrite.gui.commands.action_specs import IS_MAC, LINK_KEYS, ActionSpec, Key, MenuSpec, Role, do, edit, show
from cowrite.gui.commands.brainstorm_actions import (
    BOARD_EXPORTS,
    BRAINSTORM,
    EXPORT_DECISIONS,
    EXPORT_IDEAS,
    IMPORT_IDEAS,
    SHOW_POINTERS,
)
from cowrite.gui.commands.draft_actions import FORMAT, INSERT

_HISTORY = () if IS_MAC else ("Ctrl+Alt+Shift+H",)  # as Google Docs has it; on a Mac it is that of the highlight
FILE = MenuSpec("&File", (
    do("new", "&New document", "Start an empty document", "file-plus", Key.New),
    do("new_from_template", "New from a te&mplate…", "Start a document with minutes, a proposal or another text", "",
        "Ctrl+Shift+N"),
    do("open", "&Open…", "Open a document or a file from another writing program", "folder-open", Key.Open),
    do("join", "&Join with a link…", "Write in a document that somebody shares with you", "log-in", "Ctrl+J"),
    do("library", "&All documents", "Show all your documents", "library", "Ctrl+Shift+O"),
    None,
    do("save", "&Save now", "Write to disk now; cowrite also does so as you type", "save", Key.Save),
    do("save_copy", "Save a &copy…", "Save a copy of this document elsewhere", "copy", Key.SaveAs,
       "Ctrl+Shift+S"),
    do("save_template", "Save as a temp&late…", "Keep this text, for other documents to start with"),
    do("rename", "&Rename…", "Give this document another title", "pencil", "F2"),
    do("history", "&History", "See earlier states of this document and who wrote what, and restore one", "history",
        "Ctrl+Shift+H", *_HISTORY),
    do("name_version", "Name this &version…", "Name the document as it is now, to find it again in its history",
        "bookmark", "Ctrl+Alt+V"),
    MenuSpec("&Export", (
        do("export_markdown", "&Markdown…", "Save as a Markdown file"),
        do("export_docx", "&Word…", "Save as a Word document (.docx)"),
        do("export_odt", "&OpenDocument…", "Save as an OpenDocument text (.odt)"),
        do("export_html", "&HTML…", "Save as a web page"),
        do("export_pdf", "&PDF…", "Save as a PDF file"),
        do("export_text", "Plain &text…", "Save as plain text"),
        None,
        *BOARD_EXPORTS,
        *EXPORT_IDEAS,
        EXPORT_DECISIONS,
    )),
    IMPORT_IDEAS,
    do("print_preview", "Print previe&w", "See the pages as they are printed and as PDF has them", "file-text",
        "Ctrl+F2"),
    do("print", "&Print…", "Print this document", "printer", Key.Print),
    None,
    do("preferences", "Pre&ferences…", "Name, colour, theme, font and folders", "settings",
        Key.Preferences, "Ctrl+,", role=Role.PreferencesRole),
    do("close", "Close win&dow", "Close this document; it is saved", "x", "Ctrl+W", Key.Close),
    do("quit", "&Quit", "Close all documents and end cowrite", "", Key.Quit, "Ctrl+Q", role=Role.QuitRole),
))  # fmt: skip
# On a Mac, Alt with these leads from paragraph to paragraph. Those with Shift are what Word and Google Docs have.
_UP = ("Ctrl+Alt+Up",) if IS_MAC else ("Alt+Up", "Alt+Shift+Up")
_DOWN = ("Ctrl+Alt+Down",) if IS_MAC else ("Alt+Down", "Alt+Shift+Down")
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
    edit("lines_up", "Move l&ines up", "Move these paragraphs, or rows of a table, up by one", "", *_UP),
    edit("lines_down", "Move &lines down", "Move these paragraphs, or rows of a table, down by one", "", *_DOWN),
    None,
    do("comment", "C&omment…", "Say something about the selected text, beside the page", "message-square-plus",
        "Ctrl+Alt+M"),
    None,
    show("suggest_changes", "Su&ggest changes", "Have what you write suggested, for others to accept or reject",
        "file-pen-line", "Ctrl+Alt+E"),
    MenuSpec("Suggeste&d changes", (
        do("next_change", "&Next", "Go to the next suggested change", "", "Ctrl+Alt+J", "F7"),
        do("previous_change", "&Previous", "Go to the previous suggested change", "",
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
    do("find_previous", "Find pre&vious", "Go to the previous place found", "arrow-up", Key.FindPrevious, "Shift+F3"),
    edit("replace", "R&eplace…", "Find words and put others in their place", "replace", Key.Replace, *_REPLACE),
    None,
    edit("next_misspelt", "Ne&xt misspelt word", "Go to the next word that the dictionary does not have", "",
         "Ctrl+F7"),
    do("next_blank", "Next &blank", "Go to the next place to fill in, such as [name]", "", _BLANK),
))  # fmt: skip
SHARE = MenuSpec("&Share", (
    do("share", "&Share…", "Invite others to write in this document", "user-plus", "Ctrl+Alt+S"),
    do("people_and_links", "People and &links…", "See who may do what, make and withdraw links", "users",
        "Ctrl+Alt+P"),
    do("copy_link", "Copy &invitation link", "Copy the link that lets others in", "link", *LINK_KEYS),
    do("stop_sharing", "S&top sharing…",
        "Close your document to the others, or leave theirs; everybody keeps their copy", "lock"),
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
        edit("rewrite_own", "As &you say…", "Propose the selected text, changed as you say"),
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
    show("suggest_after_pause", "S&uggest after a pause", "Let suggestions come by themselves when you pause"),
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
    show("show_comments", "Co&mments", "Show what was said about the text", "message-square", "Ctrl+Shift+M",
         "Ctrl+Alt+Shift+A"),
    show("show_changes", "S&uggested changes", "Show what people suggest to change in the text", "file-pen-line",
         "Ctrl+Alt+K"),
    show("show_assistant", "Assista&nt", "Show what the model can do for you", "sparkles", "Ctrl+Shift+A"),
    show("show_assists", "What the assistant &wrote", "Mark the text that came from a language model"),
    SHOW_POINTERS,
    show("focus_mode", "&Focus", "Show only the page", "focus", "F8"),
    show("typewriter", "T&ypewriter scrolling", "Keep the line in which you write in the middle of the window"),
    show("full_screen", "Fu&ll screen", "Use the whole screen", "maximize", _FULL_SCREEN),
    do("word_goals", "Wr&iting goals…",
        "Choose how many words this document is to have, or how many you want to write a day"),
    None,
    do("next_part", "Ne&xt part", "Go from the page to the buttons, to the panels, and back", "", "F6"),
    do("previous_part", "Pre&vious part", "Go through the parts of the window backwards", "", "Shift+F6"),
    do("where", "Spea&k where I am", "Say where the caret is: heading, cell, link, comment, formatting", "", "F9"),
    None,
    do("zoom_in", "&Zoom in", "Show the text larger", "zoom-in", Key.ZoomIn, "Ctrl+="),
    do("zoom_out", "Zoom &out", "Show the text smaller", "zoom-out", Key.ZoomOut),
    do("zoom_reset", "&Actual size", "Show the text at its normal size", "search", "Ctrl+0"),
    None,
    MenuSpec("T&heme", (
        show("theme_system", "As the &system", "Light or dark, as the system is set", "monitor", group="theme"),
        show("theme_light", "&Light", "Dark text on a light page", "sun", group="theme"),
        show("theme_dark", "&Dark", "Light text on a dark page", "moon", group="theme"),
    )),
))  # fmt: skip
_COMMAND = "Ctrl+Alt+/" if IS_MAC else "Alt+/"  # which is a letter there
HELP = MenuSpec("&Help", (
    do("find_command", "&Find a command…", "Find a command by its words, and run it", "search", _COMMAND),
    None,
    do("guide", "&Guide", "How things are done, page by page", "book-open", Key.HelpContents),
    do("shortcuts", "&Keyboard shortcuts", "Show all shortcuts", "keyboard", "Ctrl+F1"),
    do("about", "&About cowrite", "Version, licence and where your files are", "info", role=Role.AboutRole),
))  # fmt: skip
MENUS = (FILE, EDIT, INSERT, FORMAT, BRAINSTORM, ASSISTANT, SHARE, VIEW, HELP)


def specs(menus: Sequence[MenuSpec] = MENUS) -> Iterator[ActionSpec]:
    """All rows of the table, in menu order."""
    for menu in menus:
        for entry in menu.entries:
            if isinstance(entry, MenuSpec):
                yield from specs((entry,))
            elif entry is not None:
                yield entry


def placed(menus: Sequence[MenuSpec] = MENUS, above: str = "") -> Iterator[tuple[ActionSpec, str]]:
    """Each row of the table with the menus in which it is, as in "Format, Paragraph style"."""
    for menu in menus:
        place = f"{above}, {plain(menu.title)}" if above else plain(menu.title)
        for entry in menu.entries:
            if isinstance(entry, MenuSpec):
                yield from placed((entry,), place)
            elif entry is not None:
                yield entry, place


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
