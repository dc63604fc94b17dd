"""Where the guide says what a window is about.

Runs on the GUI thread. Windows are known by the names of their classes: most of them are loaded when they open.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from cowrite.gui.window.document_window import DocumentWindow

PLACES: Mapping[str, str] = {
    "BeginDialog": "brainstorming.md#sessions",
    "CharacterDialog": "writing.md#special-characters",
    "CommandFinder": "keyboard.md#commands",
    "DecisionPicker": "brainstorming.md#decisions",
    "EncodingDialog": "formats.md#open",
    "HistoryWindow": "together.md#look-back",
    "JoinDialog": "together.md#join",
    "LeftHistoriesDialog": "together.md#look-back",
    "MembersDialog": "together.md#roles-and-links",
    "ModelPage": "assistant.md#models",
    "NameDialog": "together.md#name-versions",
    "OrderDialog": "brainstorming.md#sessions",
    "PollDialog": "brainstorming.md#sessions",
    "PreferencesDialog": "saving.md#what-is-kept-where",
    "PreviewDialog": "formats.md#export",
    "SaveTemplateDialog": "writing.md#begin-with-a-template",
    "ShareDialog": "together.md#share-from-this-computer",
    "ShortcutsDialog": "keyboard.md",
    "StyleCardDialog": "assistant.md#style-and-tasks-of-your-own",
    "TemplatesDialog": "writing.md#begin-with-a-template",
    "WordGoalsDialog": "writing.md#writing-goals",
}
"""A page and the anchor of a heading, by the class of a window."""
VIEWS: Mapping[str, str] = {
    "board": "brainstorming.md#the-board",
    "ideas": "brainstorming.md#ideas-as-a-list",
    "decisions": "brainstorming.md#decisions",
    "session": "brainstorming.md#sessions",
}
"""The same by the view that a document's window shows; the draft is about everything."""


def place_of(window: QWidget | None) -> str:
    """The place for a window, or for that over which it stands; empty where there is none but the whole guide."""
    while window is not None:
        place = PLACES.get(type(window).__name__, "")
        if isinstance(window, DocumentWindow):
            place = VIEWS.get(window.views.name, "")
        if place:
            return place
        below = window.parentWidget()
        window = None if below is None else below.window()
    return ""
