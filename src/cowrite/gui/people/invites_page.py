"""The links of a document: making one, what became of the others, and withdrawing.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMessageBox, QVBoxLayout, QWidget

from cowrite.clock import milliseconds_now
from cowrite.gui.look.theme import LOOSE, SPACING, set_look
from cowrite.gui.look.times import ago, ahead, date
from cowrite.gui.people.invite_form import InviteForm
from cowrite.gui.people.link_line import LinkLine
from cowrite.gui.people.roles import NAMES
from cowrite.gui.widgets.asking import open_question
from cowrite.gui.widgets.dialog_parts import button, column_in, lay_out_row, note, plain_label, scrolling
from cowrite.gui.widgets.rows import Rows
from cowrite_server.counting import counted
from cowrite_server.wire.members import InviteSummary

ONCE = (
    "The link is on your clipboard. It is shown this once: the server keeps only a fingerprint of it, so nobody can "
    "copy it here later."
)


class InvitesPage(QWidget):
    """`invite_requested(InviteWish)`; `withdrawal_requested(invite, keep those who came by it)` once confirmed."""

    invite_requested = Signal(object)
    withdrawal_requested = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self._invites: Sequence[InviteSummary] = ()
        self._names: Mapping[int, str] = {}
        self._host = ""
        self.form = InviteForm()
        self.form.submitted.connect(self.invite_requested)
        self._new = _NewLink()
        self._new.hide()
        heading = plain_label("Links made so far")
        set_look(heading, role="heading")
        links = QVBoxLayout()
        links.setSpacing(0)
        self._rows: Rows[int, InviteRow] = Rows(links)
        self._none = note("No links yet. People join only with a link; whoever has one can come in while it is good.")
        links.addWidget(self._none)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, LOOSE, 0, 0)
        column.setSpacing(LOOSE)
        for widget in (self.form, self._new, heading):
            column.addWidget(widget)
        column.addLayout(links)
        column.addStretch(1)
        area = self._area = scrolling(inside, "Links", keeps_width=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_link(self, link: str, invite: InviteSummary) -> None:
        """Shows the link of a new invite, this once."""
        self._new.show_link(link, f"The link for {NAMES[invite.role].lower()}s")
        self._new.show()
        self.form.show_ready()
        self._area.ensureWidgetVisible(self._new)

    def show_invites(self, invites: Sequence[InviteSummary], names: Mapping[int, str], host: str) -> None:
        """Shows these, the good ones first and of those the newest; rows that stay keep the keyboard.

        Args:
            invites: them.
            names: member numbers to names.
            host: what whoever runs the server is called; empty where that is not known.
        """
        self._invites, self._names, self._host = invites, names, host or "whoever runs the server"
        self.form.show_ready()
        self.show_times()

    def show_times(self) -> None:
        """Says anew how long ago it is, and how long a link is good; one that is good no more goes below the others."""
        now = milliseconds_now()
        order = sorted(self._invites, key=lambda invite: (_end(invite, now) != "", -invite.created, -invite.id))
        by_number = {invite.id: invite for invite in order}
        rows = self._rows.place(list(by_number), lambda number: self._new_row(by_number[number]))
        for row, invite in zip(rows, order, strict=True):
            maker = self._host if invite.creator is None else self._names.get(invite.creator, "a former member")
            row.show_invite(invite, maker, now)
        self._none.setVisible(not order)

    def _new_row(self, invite: InviteSummary) -> InviteRow:
        row = InviteRow(invite)
        row.withdrawal_requested.connect(lambda: self._ask_withdrawal(row.invite))
        return row

    def _ask_withdrawal(self, invite: InviteSummary) -> None:
        count = counted(invite.used, "person", "people")
        box = QMessageBox(QMessageBox.Icon.Question, "People and links", "", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Withdraw this link for {NAMES[invite.role].lower()}s?")
        came = f"{count} joined with it. " if invite.used else "Nobody joined with it. "
        box.setInformativeText(
            f"{came}From now on it lets nobody new in. Those who joined with it can stay as members, or be cut off at "
            "once; programs other than cowrite are cut off in any case."
        )
        keep = box.addButton("Withdraw, keep the people", QMessageBox.ButtonRole.AcceptRole)
        keep.clicked.connect(lambda: self.withdrawal_requested.emit(invite.id, True))
        if invite.used:
            cut = box.addButton("Withdraw and cut them off", QMessageBox.ButtonRole.DestructiveRole)
            cut.clicked.connect(lambda: self.withdrawal_requested.emit(invite.id, False))
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        open_question(box)


class InviteRow(QFrame):
    """One link. `withdrawal_requested()`."""

    withdrawal_requested = Signal()

    def __init__(self, invite: InviteSummary) -> None:
        super().__init__()
        self.invite = invite
        self._name = plain_label("")
        self._facts = note("")
        self._withdraw = button("Withdraw…", "Let nobody in by this link any more")
        self._withdraw.clicked.connect(self.withdrawal_requested)
        lay_out_row(self, (self._name, self._facts), self._withdraw)

    def show_invite(self, invite: InviteSummary, maker: str, now: int) -> None:
        """Shows how a link stands, and who has made it."""
        self.invite = invite
        end = _end(invite, now)
        name = f"For {NAMES[invite.role].lower()}s"
        self._name.setText(f"{name}, {end}" if end else name)
        set_look(self._name, role="muted" if end else "heading")
        facts = " · ".join(_facts(invite, maker, now, good=not end))
        self._facts.setText(facts)
        self._withdraw.setVisible(invite.withdrawn is None)
        self._withdraw.setAccessibleName(f"Withdraw the link {name[0].lower()}{name[1:]}, {facts}")
        self.setAccessibleName(f"Link {self._name.text()}, {facts}")


class _NewLink(QFrame):
    """A new link, to be copied now or never."""

    def __init__(self) -> None:
        super().__init__()
        self._what = plain_label("")
        set_look(self._what, role="heading")
        self._line = LinkLine()
        column_in(self, self._what, self._line, note(ONCE), around=LOOSE, spacing=SPACING)
        set_look(self, surface="card")

    def show_link(self, link: str, what: str) -> None:
        """Shows it, and puts the keyboard on the button that copies it again."""
        self._what.setText(what)
        self.setAccessibleName(what)
        self._line.show_link(link)
        self._line.copy_button.setFocus()


def _end(invite: InviteSummary, now: int) -> str:
    """Why a link lets nobody in any more; empty while it does."""
    if invite.withdrawn is not None:
        return f"withdrawn {ago(invite.withdrawn, now)}"
    if invite.expires is not None and invite.expires <= now:
        return f"expired {ago(invite.expires, now)}"
    if invite.uses is not None and invite.used >= invite.uses:
        return "used up"
    return ""


def _facts(invite: InviteSummary, maker: str, now: int, *, good: bool) -> list[str]:
    used = f"{invite.used} of {invite.uses} used" if invite.uses is not None else f"used {_times(invite.used)}"
    facts = [f"Made by {maker} on {date(invite.created)}", used]
    if good:
        facts.append("does not expire" if invite.expires is None else f"expires {ahead(invite.expires, now)}")
    return facts


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times" if count else "by nobody yet"
