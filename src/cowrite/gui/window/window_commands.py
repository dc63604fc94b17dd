"""WindowCommands: what commands do in a window: with the footnote that is being written, the page, or another view.

Runs on the GUI thread. Those that are for the page alone, and ask nothing, are `page.commands`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cowrite.gui.commands.menus import plain
from cowrite.gui.commands.own_keys import words_of
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.page.commands import page_commands
from cowrite.gui.page.finding import Finding
from cowrite.gui.page.links import PageLinks
from cowrite.gui.window.inserting import Inserting
from cowrite.gui.window.notice_bar import Notice
from cowrite.gui.window.views import View, does_in_field, field_of
from cowrite.gui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from cowrite.gui.page.slash import Slash
    from cowrite.gui.window.document_window import DocumentWindow

_INLINE = ("bold", "italic", "underline", "strike", "code")


class WindowCommands:
    """The commands of one window, connected with what they do.

    Args:
        window: it.
        finding: what its find bar does with the page.
        inserting: the questions for what is put into the page.
        links: those on the page.
        parts: of the window.
    """

    def __init__(
        self, window: DocumentWindow, finding: Finding, inserting: Inserting, links: PageLinks, parts: WindowParts
    ) -> None:
        self._window = window
        self._finding = finding
        self._inserting = inserting
        self._links = links
        self._parts = parts
        self._slash: Slash | None = None
        self._connect_page()
        self._connect_views()
        window.editor.slash_typed.connect(self._offer)

    def on(self, name: str, act: Callable[[], object]) -> None:
        """Connects a command with what it does where it means nothing to a footnote that is being written."""
        self._window.actions_[name].triggered.connect(lambda _checked=False: self._do(name, act))

    def _do(self, name: str, act: Callable[[], object]) -> None:
        if does_in_field(field_of(self._window), name):  # such as that of what is looked for, or of a comment
            return
        editor = self._window.editor
        if editor.footnotes.field is None:
            act()
            return
        from cowrite.gui.page.footnote_commands import do_in_card

        if not do_in_card(editor, name):
            act()
        self._window.refresh_state()

    def _connect_page(self) -> None:
        window, inserting, parts = self._window, self._inserting, self._parts
        for name in _INLINE:
            self.on(name, partial(self._toggle, name, name, True))
        self.on("superscript", partial(self._toggle, "superscript", "script", "super"))
        self.on("subscript", partial(self._toggle, "subscript", "script", "sub"))
        for name, act in (
            *page_commands(window.editor).items(),
            ("table", self._ask_table),
            ("link", inserting.ask_link),
            ("character", inserting.ask_character),
            ("date", inserting.put_date),
            ("footnote", inserting.put_in_footnote),
            ("contents", inserting.put_contents),
            ("open_link", self._links.open_here),
            ("image", inserting.ask_image),
            ("next_part", lambda: parts.go(1)),
            ("previous_part", lambda: parts.go(-1)),
            ("copy_look", self._copy_look),
            ("paste_look", self._paste_look),
            ("replace", lambda: self._finding.open(replace=True)),
            ("where", window.reading.tell_where),
            ("text_color", lambda: window.toolbar.open_colours("text_color")),
            ("highlight", lambda: window.toolbar.open_colours("highlight")),
        ):
            self.on(name, act)
        for name, step in (("size_larger", 1), ("size_smaller", -1)):
            self.on(name, partial(self._resize, step))
        window.actions_.font_menu_opening.connect(self._open_fonts)

    def _resize(self, step: int) -> None:
        self._window.editor.formatting.resize(step)
        self._window.reading.say_size()

    def _open_fonts(self, menu: QMenu) -> None:
        from cowrite.gui.window.font_menu import fill  # needed by this menu only

        fill(menu, self._window)

    def _offer(self) -> None:
        """Offers what the slash that was typed can stand for."""
        if self._slash is None:
            from cowrite.gui.page.slash import Slash  # not before the first one

            self._slash = Slash(self._window)
        self._slash.offer()

    def _toggle(self, command: str, name: str, value: object) -> None:
        formatting = self._window.editor.formatting
        formatting.toggle_inline(name, value)
        words = plain(self._window.actions_[command].text())
        self._window.reading.say_look(words, getattr(formatting.state(), name) == value)

    def _copy_look(self) -> None:
        editor = self._window.editor
        card = editor.footnotes.field
        self._window.copied_look.look = editor.formatting.look() if card is None else card.words.look()
        self._window.notices.remove("look")
        say(editor, "Formatting copied")

    def _paste_look(self) -> None:
        editor = self._window.editor
        look = self._window.copied_look.look
        if look is None:
            key = words_of(self._window.actions_["copy_look"].shortcut())
            sentence = f"No formatting is copied yet: {key} copies that of the selected text, or of the line."
            self._window.notices.show_notice(Notice("look", "information", sentence))
            return
        self._window.notices.remove("look")
        card = editor.footnotes.field
        (editor.formatting if card is None else card.words).paste_look(look)
        say(editor, "Formatting pasted")

    def _ask_table(self) -> None:
        editor = self._window.editor
        self._window.toolbar.open_table(editor.viewport().mapToGlobal(editor.cursorRect().bottomLeft()))

    def _connect_views(self) -> None:
        """What means the page or another view, whichever is shown."""
        editor, finding = self._window.editor, self._finding
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
        view = self._window.views.current
        if view is None:
            on_page()
        else:
            in_view(view)
