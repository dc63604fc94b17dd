"""Asking: dialogs that are opened without anybody waiting for their answer.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtWidgets  # PySide makes a class when it is first named, and dialogs are named when they open
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cowrite.core.text.breaking import breakable
from cowrite.gui.look.theme import set_look

AROUND_QUESTION = (13, 9, 13, 9)  # the same of a question, beside what Qt puts around its parts


def ask_line(
    parent: QWidget,
    title: str,
    question: str,
    text: str,
    give: str,
    then: Callable[[str], object],
    *,
    may_be_empty: bool = False,
) -> None:
    """Asks for one line, of which `text` is offered; `then` is called with what the person gives.

    Nobody waits for the answer: the window may be closed meanwhile, and the dialog goes with it. `give` is what its
    button says.
    """
    from cowrite.gui.widgets.line_dialog import LineDialog  # QDialog is loaded when one opens

    dialog = LineDialog(title, question, text, give, parent, may_be_empty=may_be_empty)
    dialog.answered.connect(lambda line, _also: then(line))
    open_dialog(dialog)


def ask_whether(
    parent: QWidget,
    title: str,
    question: str,
    words: str,
    yes: str,
    then: Callable[[], object],
    no: str = "",
    *,
    loses: bool = False,
    is_offered: bool = True,
) -> QtWidgets.QMessageBox:
    """Asks whether something is to be done, in plain text; `then` is called if so, and nobody waits for that.

    Args:
        parent: the window before which it is asked.
        title: of the dialog.
        question: what is asked.
        words: what there is to know before.
        yes: what the button says that has it done.
        then: does it.
        no: what the button says that has it left; "Cancel" where it is empty.
        loses: whether something is lost by it; then Enter leaves it.
        is_offered: whether Enter has it done.
    """
    box = QtWidgets.QMessageBox(QtWidgets.QMessageBox.Icon.Question, title, breakable(question), parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(breakable(words))
    roles, cancel = QtWidgets.QMessageBox.ButtonRole, QtWidgets.QMessageBox.StandardButton.Cancel
    do = box.addButton(yes, roles.DestructiveRole if loses else roles.AcceptRole)
    leave = box.addButton(no, roles.RejectRole) if no else box.addButton(cancel)
    box.setDefaultButton(do if is_offered and not loses else leave)
    box.setEscapeButton(leave)
    do.clicked.connect(lambda _checked=False: then())
    open_question(box)
    return box


def open_dialog(dialog: QtWidgets.QDialog) -> None:
    """Opens a dialog that goes when it is closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def open_watched(dialog: QtWidgets.QDialog) -> Callable[[], bool]:
    """Opens a dialog that goes when it is closed, or with its window; gives what says whether it is open still."""
    ends: list[object] = []
    dialog.finished.connect(ends.append)
    dialog.destroyed.connect(lambda _dialog: ends.append(None))
    open_dialog(dialog)
    return lambda: not ends


def open_question(box: QtWidgets.QMessageBox) -> None:
    """Opens a question or a notice that has all its words and buttons, and goes when it is closed: with the room around
    it that dialogs have, and what cannot be undone in the colour of danger."""
    for each in box.buttons():
        if box.buttonRole(each) is QtWidgets.QMessageBox.ButtonRole.DestructiveRole:
            set_look(each, kind="danger")
    box.setContentsMargins(*AROUND_QUESTION)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
