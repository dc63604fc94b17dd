"""Letting others into a document: from this computer, or through a team server.

Runs on the GUI thread. ShareDialog asks and shows how it went; the caller hosts, connects and makes the links.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.look.theme import SPACING, grow_to_fit, set_look
from cowrite.gui.people.link_line import LinkLine
from cowrite.gui.widgets.dialog_parts import Message, button, dialog_column, last_row, note

ROLES = (
    ("editor", "Can &edit", "Whoever has the link can write in the document"),
    ("suggester", "Can &suggest", "Whoever has the link can suggest changes, which you accept or reject, and comment"),
    ("commenter", "Can &comment", "Whoever has the link can read along and comment"),
    ("viewer", "Can &view", "Whoever has the link can read along and change nothing"),
)
FIREWALL = (
    "This works for people in the same network while cowrite is open here. If your firewall asks whether cowrite may "
    "accept connections, allow it for private networks."
)

AS_YOU = "This is the link that you joined with: whoever has it comes in with the same rights."
OWNS = " You are an owner here. To let others edit, suggest, comment or read, make a link below."


@dataclass(frozen=True, slots=True)
class Hosting:
    """How hosting from this computer stands. `phase` is off, starting, on or failed.

    Attributes:
        link: the invitation for `role`, once it is on.
        addresses: where this computer can be reached, such as "192.168.1.20:1234 (Wi-Fi)".
        message: why it failed, or more of how it went, as a sentence.
    """

    phase: str = "off"
    role: str = "editor"
    link: str = ""
    addresses: tuple[str, ...] = ()
    message: str = ""


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


class ShareDialog(QDialog):
    """`people_requested()` for roles and for links that expire; what its pages ask for, their signals say."""

    people_requested = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Share")
        heading = QLabel(f"Share “{title}”")
        heading.setTextFormat(Qt.TextFormat.PlainText)  # a title may look like markup
        heading.setWordWrap(True)
        set_look(heading, role="title")
        self._ways = QButtonGroup(self)
        self._pages = QStackedWidget()
        self.host = _HostPage()
        self.server = _ServerPage()
        ways = QHBoxLayout()
        ways.setSpacing(SPACING)
        for place, (text, tip, page) in enumerate(
            (
                ("From this computer", "Others in your network join you directly", self.host),
                ("On a team server", "The document is there for your team when you are away", self.server),
            )
        ):
            way = button(text, tip, "choice")
            way.setCheckable(True)
            way.setChecked(place == 0)
            way.clicked.connect(lambda _=False, place=place: self.show_way(place))
            self._ways.addButton(way, place)
            self._pages.addWidget(page)
            ways.addWidget(way, 1)
        reach_the_chosen(self._ways.buttons())
        close = button("Close", "Close this window; sharing goes on")
        close.clicked.connect(self.accept)
        self._people = button(
            "People and links…", "Links that expire or let in a limited number of people; who may do what", "quiet"
        )
        self._people.clicked.connect(self._go_to_people)
        self._people.hide()
        column = dialog_column(self, 16)
        column.addStrut(472)  # a least width of the dialog would hold where larger letters need more
        column.addWidget(heading)
        column.addLayout(ways)
        column.addWidget(self._pages, 1)
        column.addLayout(last_row(close, first=self._people))

    def show_hosting(self, hosting: Hosting) -> None:
        """Show how hosting stands."""
        self.host.show_hosting(hosting)
        self._show_people()

    def show_server(self, server: TeamServer) -> None:
        """Show how the team server stands."""
        self.server.show_server(server)
        self._show_people()

    def show_way(self, place: int) -> None:
        """Turn to the first way (0) or the second (1)."""
        self._pages.setCurrentIndex(place)
        self._ways.button(place).setChecked(True)
        grow_to_fit(self)

    def _show_people(self) -> None:
        """Leads to roles and links where there are any: one way may have failed while the other goes on."""
        self._people.setVisible("on" in (self.host.phase, self.server.phase))
        grow_to_fit(self)

    def _go_to_people(self) -> None:
        self.accept()
        self.people_requested.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Start high enough for what is said already, at the way that is shown."""
        super().showEvent(event)
        self._ways.button(self._pages.currentIndex()).setFocus(Qt.FocusReason.OtherFocusReason)
        grow_to_fit(self)


def _busy() -> QProgressBar:
    bar = QProgressBar()
    bar.setRange(0, 0)
    bar.setTextVisible(False)
    called(bar, "Working")
    bar.hide()
    return bar


class _HostPage(QFrame):
    """One click, then a link."""

    host_requested = Signal(str)
    role_changed = Signal(str)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._hosting = Hosting()
        self._leads_on = False  # whether the keyboard goes on to the link once there is one
        self._intro = note("Nothing to set up: people in your network can join while cowrite is open here.")
        self._roles = {role: QRadioButton(text) for role, text, _ in ROLES}
        for role, text, tip in ROLES:
            self._roles[role].setAccessibleName(text.replace("&", ""))
            self._roles[role].setToolTip(tip)
            self._roles[role].clicked.connect(lambda _=False, role=role: self._choose(role))
        reach_the_chosen(self._roles.values())
        self._start = button("Start sharing", "Open the document to those who have the link", "primary")
        self._start.clicked.connect(lambda: self.host_requested.emit(self._role()))
        self._progress = _busy()
        self._message = Message()
        self._link = LinkLine()
        self._addresses = note("")
        self._addresses.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._addresses.setAccessibleDescription("Addresses of this computer")
        self._firewall = note(FIREWALL)
        self._stop = button("Stop sharing", "Close the document to the others; everybody keeps their copy", "danger")
        self._stop.clicked.connect(self.stop_requested)
        roles = QHBoxLayout()
        roles.setSpacing(16)
        for choice in self._roles.values():
            roles.addWidget(choice)
        roles.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._intro)
        column.addWidget(QLabel("Whoever has the link"))
        column.addLayout(roles)
        for widget in (self._link, self._addresses, self._progress, self._message, self._firewall):
            column.addWidget(widget)
        column.addWidget(self._start, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.show_hosting(self._hosting)

    @property
    def phase(self) -> str:
        """See `Hosting`."""
        return self._hosting.phase

    def show_hosting(self, hosting: Hosting) -> None:
        """Show how it stands; emits nothing."""
        self._hosting = hosting
        on, starting = hosting.phase == "on", hosting.phase == "starting"
        self._leads_on = (starting and (self._leads_on or self._start.hasFocus())) or (on and self._leads_on)
        self._roles[hosting.role].setChecked(True)
        for choice in self._roles.values():
            choice.setDisabled(starting)
        self._link.show_link(hosting.link)
        places = "\n".join(hosting.addresses)
        self._addresses.setText(f"This computer can be reached at\n{places}")
        self._intro.setVisible(not on)
        self._link.setVisible(on)
        self._addresses.setVisible(on and bool(places))
        self._firewall.setVisible(on or hosting.phase == "failed")
        self._progress.setVisible(starting)
        self._start.setVisible(not on)
        self._start.setDisabled(starting)
        self._start.setText("Try again" if hosting.phase == "failed" else "Start sharing")
        self._start.setAccessibleName(self._start.text())
        self._stop.setVisible(on)
        sentences = {"on": "The document is shared.", "starting": "Opening the document to others…"}
        tones = {"on": "success", "failed": "problem"}
        self._message.show_sentence(hosting.message or sentences.get(hosting.phase, ""), tones.get(hosting.phase, "ok"))
        if on and self._leads_on:  # Qt has led the keyboard to "Close" when the button that began it went
            self._leads_on = False
            self._link.copy_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _role(self) -> str:
        return next(role for role, choice in self._roles.items() if choice.isChecked())

    def _choose(self, role: str) -> None:
        if self._hosting.phase == "on" and role != self._hosting.role:
            self.role_changed.emit(role)


class _ServerPage(QFrame):
    """A link from the team’s server, pasted."""

    server_requested = Signal(str)
    link_changed = Signal(str)
    leave_requested = Signal()

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
        self._progress = _busy()
        self._message = Message()
        self._link = LinkLine()
        self._rights = note("")
        self._parts = (self._intro, label, self._field)
        self._server = TeamServer()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
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
        """Show how it stands; emits nothing."""
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
