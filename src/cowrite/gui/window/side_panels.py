"""SidePanels: the panels beside a page, each made when it is first asked for, and the commands that show them.

Runs on the GUI thread. Where there is room for them is for `Sides` to say.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.gui.commands.actions import Actions
from cowrite.gui.commands.shown_key import ShownKey
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.editor import Editor
from cowrite.gui.window.sides import Sides
from cowrite.gui.window.views import DRAFT, Views

if TYPE_CHECKING:
    from cowrite.gui.assistant.panel import AssistantPanel
    from cowrite.gui.changes.panel import ChangesPanel
    from cowrite.gui.comments.panel import CommentsPanel
    from cowrite.gui.widgets.side_panel import SidePanel
    from cowrite.gui.window.headings import Headings

_OF_DRAFT = ("headings", "comments", "changes")
"""What is about the page alone, and beside no other view."""


class SidePanels(QObject):
    """The panels of one window.

    Args:
        editor: the page.
        views: what is shown in its place.
        sides: has the room beside it.
        actions: of each panel NAME the one called `show_NAME` shows it.
        theme: how they look.
        parent: Qt parent.

    Attributes:
        assistant, comments, changes, headings: None until they are made.
    """

    def __init__(
        self, editor: Editor, views: Views, sides: Sides, actions: Actions, theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._views = views
        self._sides = sides
        self._actions = actions
        self._theme = theme
        self._read_only = "", ""
        self.assistant: AssistantPanel | None = None
        self.comments: CommentsPanel | None = None
        self.changes: ChangesPanel | None = None
        self.headings: Headings | None = None
        for name in _OF_DRAFT:
            actions[f"show_{name}"].toggled.connect(lambda _on, name=name: self._show_beside_draft(name))
            actions[f"show_{name}"].triggered.connect(lambda _on, name=name: self._bring(name))
        actions["show_assistant"].toggled.connect(partial(sides.show_side, "assistant"))

    def make_assistant(self) -> AssistantPanel:
        """The assistant beside the page."""
        if self.assistant is None:
            from cowrite.gui.assistant.panel import AssistantPanel

            self.assistant = AssistantPanel(self._theme, self._sides)
            self.assistant.result.show_read_only(*self._read_only)
            self._add("assistant", self.assistant)
        return self.assistant

    def make_comments(self) -> CommentsPanel:
        """The comments beside the page."""
        if self.comments is None:
            from cowrite.gui.comments.panel import CommentsPanel

            self.comments = CommentsPanel(self._theme, self._sides)
            ShownKey(self._actions["comment"], self.comments.show_commenting_key, self.comments)
            self._add("comments", self.comments)
        return self.comments

    def make_changes(self) -> ChangesPanel:
        """The suggested changes beside the page."""
        if self.changes is None:
            from cowrite.gui.changes.panel import ChangesPanel

            self.changes = ChangesPanel(self._theme, self._sides)
            ShownKey(self._actions["suggest_changes"], self.changes.show_suggesting_key, self.changes)
            self._add("changes", self.changes)
        return self.changes

    def follow_view(self) -> None:
        """Another view is shown, or the page comes again."""
        self._make_headings()
        self._sides.set_aside(() if self._views.name == DRAFT else _OF_DRAFT)

    def show_read_only(self, page: str, rest: str) -> None:
        """Says why the person may not write on the page, and why not change all else; an empty sentence says that they
        may."""
        self._read_only = page, rest
        if self.assistant is not None:
            self.assistant.result.show_read_only(page, rest)

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._theme = theme
        for panel in (self.assistant, self.comments, self.changes):
            if panel is not None:
                panel.show_theme(theme)

    def _show_beside_draft(self, name: str) -> None:
        """Shows a panel that is about the draft alone, where it is wanted; once the draft comes, while it is away."""
        self._make_headings()
        self._sides.show_side(name, self._actions[f"show_{name}"].isChecked())

    def _make_headings(self) -> None:
        """Makes the headings where they are to be shown first."""
        if self.headings is None and self._actions["show_headings"].isChecked() and self._views.name == DRAFT:
            from cowrite.gui.window.headings import Headings

            self.headings = Headings(self._editor, self._sides)
            self._add("headings", self.headings.panel, leads=True)

    def _bring(self, name: str) -> None:
        """What stands beside the draft alone was asked for: where another view is shown, it comes with the draft. The
        comments and the changes take the keyboard themselves."""
        if self._views.name != DRAFT:
            self._views.show_view(DRAFT)
            self._actions[f"show_{name}"].setChecked(True)
        if name == "headings" and self.headings is not None:
            self.headings.panel.take_keyboard()

    def _add(self, name: str, panel: SidePanel, *, leads: bool = False) -> None:
        panel.closed.connect(lambda: self._actions[f"show_{name}"].setChecked(False))
        ShownKey(self._actions[f"show_{name}"], panel.show_key, panel)
        panel.left.connect(self._views.take_keyboard)
        self._sides.add(name, panel, leads=leads)
