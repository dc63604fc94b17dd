"""The menu of fonts as it is opened: each font shown in itself, with those that the document has besides.

Runs on the GUI thread.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QMenu

from cowrite.core.document.document import Document
from cowrite.core.writing.typeface import FONTS_OF_FILES
from cowrite.gui.commands.actions import Actions
from cowrite.gui.look.typography import Typography
from cowrite.gui.page.commands import FONTS
from cowrite.gui.page.editor import Editor

MOST = 20  # fonts of a document in the menu
_LONGEST = 40  # letters of a name that are shown


def fonts_of(document: Document) -> list[str]:
    """The fonts that the document names, but for the kinds of which each computer has one of its own."""
    names = {font for span in document.spans() if isinstance(font := span.attributes.get("font"), str)}
    return sorted(names - set(FONTS_OF_FILES), key=str.casefold)[:MOST]


def fill(menu: QMenu, editor: Editor, actions: Actions, typography: Typography) -> None:
    """Shows the fonts in a menu as they are now.

    Args:
        menu: it.
        editor: the page whose letters it is about.
        actions: the commands of its window.
        typography: the fonts of the page.
    """
    for action in menu.actions():
        if not action.objectName() and not action.isSeparator():
            menu.removeAction(action)
            action.deleteLater()
    for id, kind in FONTS.items():
        actions[id].setFont(_font(menu, typography.families_of(kind) if kind else typography.families))
    page, here = actions["font_page"], editor.formatting.state().font
    behind = next(action for action in menu.actions() if action.isSeparator())
    for name in fonts_of(editor.draft):
        shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
        action = QAction(shown.replace("&", "&&"), menu, checkable=True, checked=name == here)
        action.setFont(_font(menu, typography.families_of(name)))
        action.setEnabled(page.isEnabled())
        action.triggered.connect(partial(_choose, editor, name))
        menu.insertAction(behind, action)


def _choose(editor: Editor, name: str, _checked: bool = False) -> None:
    editor.formatting.set_inline("font", name)


def _font(menu: QMenu, families: tuple[str, ...]) -> QFont:
    font = QFont(menu.font())
    font.setFamilies(list(families))
    return font
