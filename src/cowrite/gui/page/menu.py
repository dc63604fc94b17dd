"""PageMenu: what a page offers where the caret is.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.text.richtext import DELETION, INSERTION
from cowrite.core.writing.tables import in_table
from cowrite.gui.commands.actions import Actions
from cowrite.gui.commands.draft_actions import COLUMN_COMMANDS, ROW_COMMANDS, TABLE_ROWS
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.images import PageImages
from cowrite.gui.page.links import PageLinks

if TYPE_CHECKING:
    from cowrite.gui.page.spelling import PageSpelling

_REWRITING = ("shorter", "longer", "plainer", "formal", "friendly", "correct", "translate", "own")
_OF_WHAT_IS_SELECTED = frozenset({"cut", "copy", "copy_markdown"})
_ALWAYS = ("link", "comment", None, "cut", "copy", "copy_markdown", "paste", "paste_plain", None, "select_all")


class PageMenu:
    """The menu of one page.

    Args:
        editor: it.
        actions: the commands of its window.
        links: the links on it.
        images: the images on it.

    Attributes:
        spelling: proposes other words for what is misspelt; None where nothing is checked.
        offers_rewriting: whether the assistant can write anew what is selected.
    """

    def __init__(self, editor: Editor, actions: Actions, links: PageLinks, images: PageImages) -> None:
        self._editor = editor
        self._actions = actions
        self._links = links
        self._images = images
        self.spelling: PageSpelling | None = None
        self.offers_rewriting = False

    def made(self) -> QMenu:
        """The menu for where the caret is now."""
        editor, actions = self._editor, self._actions
        menu = QMenu(editor.window())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.spelling is not None:
            self.spelling.offer(menu)
        self._links.offer(menu)
        self._images.offer(menu)
        if self._is_at_change():
            menu.addActions([actions[name] for name in ("accept_change", "reject_change")])
            menu.addSeparator()
        if editor.marks.are_comments_at(editor.caret()[1]):
            menu.addAction("S&how comment").triggered.connect(self._show_comment)
            menu.addSeparator()
        if in_table(editor.draft, editor.caret()[1]) and not editor.isReadOnly():
            table = menu.addMenu("&Table")
            table.setToolTipsVisible(not all(actions[id].isEnabled() for id in ROW_COMMANDS + COLUMN_COMMANDS))
            for row in TABLE_ROWS:
                if row is None:
                    table.addSeparator()
                else:
                    table.addAction(actions[row.id])
            menu.addSeparator()
        if (note := editor.footnotes.at_caret()) is not None:
            place = editor.draft.anchor(note, Stick.RIGHT)  # a teammate may write before it while the menu is open
            menu.addAction("Open foot&note").triggered.connect(lambda: self._open_footnote(place))
        if decision := editor.decisions.at_caret():
            menu.addAction("Open d&ecision").triggered.connect(lambda: editor.decisions.opened.emit(decision))
        if self.offers_rewriting and editor.textCursor().hasSelection() and not editor.isReadOnly():
            rewriting = menu.addMenu("Rewr&ite")
            rewriting.addActions([actions[f"rewrite_{kind}"] for kind in _REWRITING])
            menu.addSeparator()
        for name in _ALWAYS:
            if name is None:
                menu.addSeparator()
            elif name not in _OF_WHAT_IS_SELECTED or editor.textCursor().hasSelection():
                menu.addAction(actions[name])
        return menu

    def _open_footnote(self, place: Anchor) -> None:
        footnotes, at = self._editor.footnotes, self._editor.draft.resolve(place)
        if at is not None and footnotes.described(at):
            footnotes.open(at)

    def _show_comment(self) -> None:
        """Shows what was said here beside the page, with the keyboard there."""
        action = self._actions["show_comments"]
        if action.isChecked():
            action.toggled.emit(True)
        else:
            action.setChecked(True)

    def _is_at_change(self) -> bool:
        rope, at = self._editor.draft.rope, self._editor.textCursor().position()
        beside = (rope.attributes_before(at), rope.attributes_at(min(at, rope.units)))
        return any(name in attributes for attributes in beside for name in (INSERTION, DELETION))

    def show_at(self, where: QPoint) -> None:
        """Offers what can be done at a point of the screen, and not where the caret was before."""
        editor = self._editor
        place = editor.cursorForPosition(editor.viewport().mapFromGlobal(where)).position()
        start, stop = editor.selection()
        if not start <= place <= stop:
            editor.set_caret(place, scroll=False)
        self.made().popup(where)
