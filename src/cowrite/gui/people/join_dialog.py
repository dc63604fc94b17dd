"""Joining somebody's document with a link, and saying who one is.

Runs on the GUI thread. JoinDialog tells what is typed and shows what the caller found out about it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import grow_to_fit, set_look
from cowrite.gui.people.identity_fields import IdentityFields
from cowrite.gui.widgets.dialog_parts import dialog_column, last_row, together

NEED = "To join, type your name: the others see it beside what you write."
PAUSE = 500  # milliseconds without a key after which it is read out what the link is


class JoinDialog(QDialog):
    """`link_changed(link)` as it is typed; `join_requested(link, name, colour)` when the person is ready.

    The caller answers `link_changed` with `show_check`, and joining with `accept()` where that could be begun.
    `link` is what to start from, such as a link found on the clipboard. Where the dialog comes up `is_unasked`, Enter
    and Space close it: the person may be in the middle of writing.
    """

    link_changed = Signal(str)
    join_requested = Signal(str, str, str)

    def __init__(
        self,
        name: str = "",
        colour: str = "",
        link: str = "",
        parent: QWidget | None = None,
        *,
        is_unasked: bool = False,
    ) -> None:
        super().__init__(parent)
        self._fits = False
        self._is_unasked = is_unasked
        self.setWindowTitle("Join with a link")
        self._link = QLineEdit(link)
        self._link.setPlaceholderText("Paste the link you were sent")
        self._link.setCursorPosition(0)
        self._link.setAccessibleName("Invitation link")
        self._link.setToolTip("The link that somebody sent you")
        self._link.textChanged.connect(self._link_typed)
        self._link.returnPressed.connect(self._say_again)
        self._told = ""
        self._pause = single_shot(self, self._tell, PAUSE)
        self._message = QLabel("Taken from your clipboard." if link else " ")
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)  # what is no link may look like markup
        self._message.setAccessibleDescription("About the link")
        set_look(self._message, tone="ok")
        self._who = IdentityFields(NEED)
        self._who.show_identity(name, colour)
        self._who.valid_changed.connect(self._refresh)
        self._who.submitted.connect(self._join)
        self._button = QPushButton("Join")
        self._button.setToolTip("Open the shared document")
        set_look(self._button, kind="primary")
        self._button.clicked.connect(self._join)
        self._cancel = QPushButton("Cancel")
        self._cancel.setToolTip("Close without joining")
        self._cancel.clicked.connect(self.reject)
        for button in (self._button, self._cancel):
            button.setAccessibleName(button.text())
        self._lay_out()
        (self._cancel if is_unasked else self._button).setDefault(True)
        if is_unasked:
            self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def link(self) -> str:
        """What is in the field, without spaces around it."""
        return self._link.text().strip()

    def show_check(self, fits: bool, message: str) -> None:
        """Whether the link can be used, and the sentence that says what it leads to or what is wrong with it."""
        self._fits = fits
        problem = bool(message) and not fits and bool(self.link())
        self._say(message, "problem" if problem else "success" if fits and not self._is_unasked else "ok")
        set_look(self._link, tone="problem" if problem else "")
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Starts high enough for what is said already."""
        super().showEvent(event)
        grow_to_fit(self)

    def _lay_out(self) -> None:
        title = QLabel("Join a document")
        set_look(title, role="title")
        label = QLabel("&Invitation link")
        label.setBuddy(self._link)
        column = dialog_column(self)
        column.addStrut(412)  # a least width of the dialog would hold where larger letters need more
        column.addWidget(title)
        column.addLayout(together(label, self._link, self._message))
        column.addWidget(self._who)
        column.addStretch(1)
        column.addLayout(last_row(self._cancel, self._button))

    def _say(self, message: str, tone: str) -> None:
        self._message.setText(message or " ")
        if message:
            self._pause.start()
        set_look(self._message, tone=tone)
        if self.isVisible():  # before, Qt has not made it as small as it can be
            grow_to_fit(self)

    def _tell(self) -> None:
        """Reads out what the link is, where that was not said last."""
        message = self._message.text().strip()
        if message and message != self._told and self.isVisible():
            self._told = message
            say(self._message, message)

    def _say_again(self) -> None:
        """Enter in the link where one cannot join: why not."""
        if not self._fits:
            self._told = ""
            self._tell()
        else:
            self._who.tell_need()

    def _link_typed(self) -> None:
        self._fits = False
        self._say("", "ok")
        set_look(self._link, tone="")
        self._refresh()
        self.link_changed.emit(self.link())

    def _refresh(self) -> None:
        self._button.setEnabled(self._fits and self._who.is_valid())

    def _join(self) -> None:
        if self._button.isEnabled():
            self.join_requested.emit(self.link(), *self._who.identity())
