"""What the commands of a window do while the card of a footnote is open on its page.

Runs on the GUI thread. What means a card is done there; what changes the text is off meanwhile (`Actions.show_state`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QDesktopServices

from cowrite.convert.values import link as safe_link
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.footnote_words import FootnoteWords


def do_in_card(editor: Editor, command: str) -> bool:
    """Carries a command out in the card that is open on a page; says whether there is one, and the command means it."""
    field = editor.footnotes.field
    act = None if field is None else _acts(field.words).get(command)
    if act is not None:
        act()
    return act is not None


def _acts(words: FootnoteWords) -> dict[str, Callable[[], object]]:
    looks = {name: partial(words.toggle, name) for name in ("bold", "italic", "underline", "strike", "code")}
    return {
        **looks,
        "superscript": partial(words.toggle, "script", "super"),
        "subscript": partial(words.toggle, "script", "sub"),
        "clear_format": words.clear,
        "undo": words.undo,
        "redo": words.redo,
        "cut": words.cut,
        "copy": words.copy,
        "copy_markdown": words.copy_markdown,
        "paste": words.paste,
        "paste_plain": words.paste_plain,
        "select_all": words.selectAll,
        "open_link": partial(_open, words),
        "footnote": partial(words.left.emit, True),
    }


def _open(words: FootnoteWords) -> None:
    """Opens the link at the caret. A teammate can write any address: only what is safe is opened."""
    if address := safe_link(words.state().link):
        QDesktopServices.openUrl(address)
