"""The dialog that takes a link, and what its answers do.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cowrite.app.choices import Choices
from cowrite.gui.page.clipboard import copied_text
from cowrite.gui.people.join_dialog import JoinDialog
from cowrite.gui.widgets.asking import open_dialog
from cowrite.sync.link import BadLink, Link

_FROM_OUTSIDE = (
    "Another program has opened this link. It leads to a document on {host}. If you join, that server learns your "
    "name, the address of your computer and what you write in the document. Join only if you know who sent you the "
    "link."
)


def ask_join(
    choices: Choices, join: Callable[[str], object | None], parent: QWidget | None, from_outside: str
) -> JoinDialog:
    """Asks for a link, and for the name that the others read; a link on the clipboard is offered.

    Args:
        choices: who the person is.
        join: opens what a link leads to; gives None where that did not work.
        parent: the window in front.
        from_outside: a link that another program has handed over. Then Enter cancels: the person may be typing.
    """
    offered = from_outside or copied_text().strip()
    if not _is_link(offered):
        offered = ""
    me = choices.settings.person
    dialog = JoinDialog(me.name, me.colour, offered, parent, is_unasked=bool(from_outside))

    def check(text: str) -> None:
        try:
            link = Link.parse(text)
        except BadLink as error:
            dialog.show_check(False, str(error) if text else "")
        else:
            said = _FROM_OUTSIDE if from_outside and text == from_outside else "A document on {host}."
            dialog.show_check(True, said.format(host=link.host))

    def joined(text: str, name: str, colour: str) -> None:
        choices.set_me(name, colour)
        if join(text) is not None:
            dialog.accept()

    dialog.link_changed.connect(check)
    dialog.join_requested.connect(joined)
    check(offered)
    open_dialog(dialog)
    return dialog


def _is_link(text: str) -> bool:
    try:
        Link.parse(text)
    except BadLink:
        return False
    return True
