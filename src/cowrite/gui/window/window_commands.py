"""WindowCommands: what commands do in a window: with the footnote that is being written, the page, or another view.

Runs on the GUI thread. Those that are for the page alone, and ask nothing, are `page.commands`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cowrite.gui.commands.actions import Actions
from cowrite.gui.commands.menus import plain
from cowrite.gui.page.commands import page_commands
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.finding import Finding
from cowrite.gui.page.links import PageLinks
from cowrite.gui.page.reading import PageReading
from cowrite.gui.window.copying_looks import CopyingLooks
from cowrite.gui.window.inserting import Inserting
from cowrite.gui.window.toolbar import FormatToolbar
from cowrite.gui.window.views import View, Views, does_in_field, field_of
from cowrite.gui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from cowrite.gui.page.slash import Slash

_INLINE = ("bold", "italic", "underline", "strike", "code")


class WindowCommands:
    """The commands of one window, connected with what they do.

    Args:
        actions: they.
        editor: the page.
        views: it, and the others of which one is shown in its place.
        finding: what the find bar does with the page.
        reading: says what the caret comes to.
        refresh: brings toolbar and menus up to what holds at the caret.
    """

    def __init__(
        self,
        actions: Actions,
        editor: Editor,
        views: Views,
        finding: Finding,
        reading: PageReading,
        refresh: Callable[[], None],
    ) -> None:
        self._actions = actions
        self._editor = editor
        self._views = views
        self._finding = finding
        self._reading = reading
        self._refresh = refresh
        self._slash: Slash | None = None
        self._connect_page()
        self._connect_views()
        editor.slash_typed.connect(self._offer)

    def on(self, name: str, act: Callable[[], object]) -> None:
        """Connects a command with what it does where it means nothing to a footnote that is being written."""
        self._actions[name].triggered.connect(lambda _checked=False: self._do(name, act))

    def _do(self, name: str, act: Callable[[], object]) -> None:
        if does_in_field(field_of(self._views.window()), name):  # such as that of what is looked for, or of a comment
            return
        if self._editor.footnotes.field is None:
            act()
            return
        from cowrite.gui.page.footnote_commands import do_in_card

        if not do_in_card(self._editor, name):
            act()
        self._refresh()

    def connect_parts(
        self, inserting: Inserting, links: PageLinks, looks: CopyingLooks, toolbar: FormatToolbar, parts: WindowParts
    ) -> None:
        """Connects the commands that parts of the window carry out: questions for what is put into the page, the links
        on it, looks that are copied, the toolbar, and going from part to part."""
        for name, act in (
            ("table", lambda: self._ask_table(toolbar)),
            ("link", inserting.ask_link),
            ("character", inserting.ask_character),
            ("date", inserting.put_date),
            ("footnote", inserting.put_in_footnote),
            ("contents", inserting.put_contents),
            ("image", inserting.ask_image),
            ("open_link", links.open_here),
            ("copy_look", looks.copy),
            ("paste_look", looks.paste),
            ("text_color", lambda: toolbar.open_colours("text_color")),
            ("highlight", lambda: toolbar.open_colours("highlight")),
            ("next_part", lambda: parts.go(1)),
            ("previous_part", lambda: parts.go(-1)),
        ):
            self.on(name, act)

    def _connect_page(self) -> None:
        for name in _INLINE:
            self.on(name, partial(self._toggle, name, name, True))
        self.on("superscript", partial(self._toggle, "superscript", "script", "super"))
        self.on("subscript", partial(self._toggle, "subscript", "script", "sub"))
        for name, act in page_commands(self._editor).items():
            self.on(name, act)
        for name, step in (("size_larger", 1), ("size_smaller", -1)):
            self.on(name, partial(self._resize, step))
        self.on("replace", lambda: self._finding.open(replace=True))
        self.on("where", self._reading.tell_where)

    def _resize(self, step: int) -> None:
        self._editor.formatting.resize(step)
        self._reading.say_size()

    def _offer(self) -> None:
        """Offers what the slash that was typed can stand for."""
        if self._slash is None:
            from cowrite.gui.page.slash import Slash  # not before the first one

            self._slash = Slash(self._editor, self._actions)
        self._slash.offer()

    def _toggle(self, command: str, name: str, value: object) -> None:
        formatting = self._editor.formatting
        formatting.toggle_inline(name, value)
        words = plain(self._actions[command].text())
        self._reading.say_look(words, getattr(formatting.state(), name) == value)

    def _ask_table(self, toolbar: FormatToolbar) -> None:
        toolbar.open_table(self._editor.viewport().mapToGlobal(self._editor.cursorRect().bottomLeft()))

    def _connect_views(self) -> None:
        """What means the page or another view, whichever is shown."""
        editor, finding = self._editor, self._finding
        for name, on_page, in_view in (
            ("undo", editor.undo_own, lambda view: view.undo()),
            ("redo", editor.redo_own, lambda view: view.redo()),
            ("cut", editor.cut, lambda view: view.cut()),
            ("copy", editor.copy, lambda view: view.copy()),
            ("paste", editor.paste, lambda view: view.paste()),
            ("select_all", editor.select_all, lambda view: view.select_all()),
            ("find", lambda: finding.open(replace=False), lambda view: view.open_find()),
            ("find_next", lambda: finding.step(1), lambda view: view.find_step(1)),
            ("find_previous", lambda: finding.step(-1), lambda view: view.find_step(-1)),
        ):
            self.on(name, partial(self._do_in_view, on_page, in_view))

    def _do_in_view(self, on_page: Callable[[], object], in_view: Callable[[View], object]) -> None:
        view = self._views.current
        if view is None:
            on_page()
        else:
            in_view(view)
