"""HostPage: letting others into a document straight from this computer.

Runs on the GUI thread. It asks and shows how it went; the caller hosts.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout

from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.look.theme import LOOSE, MARGIN
from cowrite.gui.people.link_line import LinkLine
from cowrite.gui.widgets.dialog_parts import Message, busy_bar, button, note

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


class HostPage(QFrame):
    """One click, then a link."""

    host_requested = Signal(str)
    """The document is to be shared, in this role."""
    role_changed = Signal(str)
    """The link is to give another role."""
    stop_requested = Signal()
    """It is to be shared no longer."""

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
        self._progress = busy_bar("Working")
        self._message = Message()
        self._link = LinkLine()
        self._addresses = note("")
        self._addresses.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._addresses.setAccessibleDescription("Addresses of this computer")
        self._firewall = note(FIREWALL)
        self._stop = button("Stop sharing", "Close the document to the others; everybody keeps their copy", "danger")
        self._stop.clicked.connect(self.stop_requested)
        roles = QHBoxLayout()
        roles.setSpacing(MARGIN)
        for choice in self._roles.values():
            roles.addWidget(choice)
        roles.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(LOOSE)
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
        """Shows how it stands; emits nothing."""
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter at a choice that is made does what the page is for, as in any dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._start.isVisible():
            self._start.click()
        else:
            super().keyPressEvent(event)

    def _role(self) -> str:
        return next(role for role, choice in self._roles.items() if choice.isChecked())

    def _choose(self, role: str) -> None:
        if self._hosting.phase == "on" and role != self._hosting.role:
            self.role_changed.emit(role)
