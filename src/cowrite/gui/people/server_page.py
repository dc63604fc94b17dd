"""ServerPage: putting a document onto a team's server, by a link from there.

Runs on the GUI thread. It asks and shows how it went; the caller connects.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout

from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import LOOSE
from cowrite.gui.people.link_line import LinkLine
from cowrite.gui.widgets.dialog_parts import Message, busy_bar, button, note

AS_YOU = "This is the link that you joined with: whoever has it gets the rights for which it was made."
OWNS = " You are an owner here. To let others edit, suggest, comment or read, make a link below."


@dataclass(frozen=True, slots=True)
class TeamServer:
    """How the team server stands. `phase` is off, connecting, on or failed; `message` is a sentence on it.

    Attributes:
        link: the one by which the person is there.
        owns: whether they are an owner of the document there.
    """

    phase: str = "off"
    link: str = ""
    message: str = ""
    owns: bool = False


class ServerPage(QFrame):
    """A link from the team’s server, pasted."""

    server_requested = Signal(str)
    """The document is to be put there, by this link."""
    link_changed = Signal(str)
    """What is in the field now, which may be no link."""
    leave_requested = Signal()
    """It is to be there no longer."""

    def __init__(self) -> None:
        super().__init__()
        self._intro = note(
            "A team server keeps the document for everybody, also while you are away. Paste the link that whoever "
            "runs your server gave you."
        )
        label = QLabel("&Link of your team server")
        self._field = QLineEdit()
        self._field.setPlaceholderText("cowrite://…")
        called(self._field, "Link of your team server", "The link that whoever runs your server gave you")
        self._field.textEdited.connect(lambda text: self.link_changed.emit(text.strip()))
        self._field.textChanged.connect(self._refresh)
        self._field.returnPressed.connect(self._put)
        label.setBuddy(self._field)
        self._connect = button("Put on the server", "Copy the document to the server and keep both the same", "primary")
        self._connect.clicked.connect(self._put)
        self._leave = button("Leave the server", "Stop sending and receiving; you keep your copy", "danger")
        self._leave.clicked.connect(self.leave_requested)
        self._progress = busy_bar("Working")
        self._message = Message()
        self._link = LinkLine()
        self._rights = note("")
        self._parts = (self._intro, label, self._field)
        self._server = TeamServer()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(LOOSE)
        column.addWidget(self._intro)
        for widget in (label, self._field, self._link, self._rights, self._progress, self._message):
            column.addWidget(widget)
        column.addWidget(self._connect, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._leave, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.show_server(self._server)

    @property
    def phase(self) -> str:
        """See `TeamServer`."""
        return self._server.phase

    def show_server(self, server: TeamServer) -> None:
        """Shows how it stands; emits nothing."""
        self._server = server
        on, connecting = server.phase == "on", server.phase == "connecting"
        for part in self._parts:
            part.setVisible(not on)
        self._link.show_link(server.link)
        self._link.setVisible(on and bool(server.link))
        self._rights.setText(AS_YOU + OWNS if server.owns else AS_YOU)
        self._rights.setVisible(on and bool(server.link))
        self._field.setReadOnly(connecting)
        self._progress.setVisible(connecting)
        self._connect.setVisible(not on)
        self._leave.setVisible(on)
        sentences = {"on": "The document is on your team’s server.", "connecting": "Connecting to the server…"}
        tones = {"on": "success", "failed": "problem"}
        self._message.show_sentence(server.message or sentences.get(server.phase, ""), tones.get(server.phase, "ok"))
        self._refresh()

    def _refresh(self) -> None:
        self._connect.setEnabled(bool(self._field.text().strip()) and self._server.phase != "connecting")

    def _put(self) -> None:
        if self._connect.isEnabled():
            self.server_requested.emit(self._field.text().strip())
