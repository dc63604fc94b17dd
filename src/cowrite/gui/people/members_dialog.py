"""People and links: who may do what in a document, and by which links people come.

Runs on the GUI thread. MembersDialog is told what holds as values and says what the person wants changed; the caller
asks the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from cowrite.bridge.single_shot import every_minute
from cowrite.gui.keyboard.tab_order import reach_in_order
from cowrite.gui.look.icons import Drawing, show_icon
from cowrite.gui.look.theme import LOOSE, SPACING, set_look, worn
from cowrite.gui.people.acts_page import ActsPage
from cowrite.gui.people.invites_page import InvitesPage
from cowrite.gui.people.members_page import MembersPage
from cowrite.gui.widgets.dialog_parts import (
    Message,
    busy_bar,
    button,
    dialog_column,
    last_row,
    plain_label,
    resize_for_letters,
    title_line,
)
from cowrite_server.wire.members import InviteSummary, MemberList
from cowrite_server.wire.protocol import Role

WIDTH, HEIGHT = 720, 600  # device-independent pixels at first
LEAST_WIDTH, LEAST_HEIGHT = 372, 360  # of what is in it, and of all; the former is more where rows need it
_LOOKS = {
    "not-shared": ("info", "", "accent_text"),
    "no-members": ("info", "", "accent_text"),
    "offline": ("cloud-off", "offline", "warning"),
}
"""Icon, tone and the icon's colour of what passes, or stays, without another question."""
_FAILED = ("circle-alert", "problem", "danger")


@dataclass(frozen=True, slots=True)
class MembersShown:
    """What the dialog shows.

    Attributes:
        found: members and invites.
        role: what the person who looks may do.
        me: the number of their own member; None where it is not known.
        colours: the colours of those who are here, by name.
        mine: the colours of members that are known by number.
        askers: the numbers of members who ask to write.
        host: what whoever runs the server is called; empty where that is not known.
    """

    found: MemberList
    role: Role
    me: int | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    mine: Mapping[int, str] = field(default_factory=dict)
    askers: frozenset[int] = frozenset()
    host: str = ""


class MembersDialog(QDialog):
    """`refresh_requested()`, `share_requested()`; what its pages ask for, their signals say."""

    refresh_requested = Signal()
    share_requested = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("People and links")
        self.setMinimumHeight(LEAST_HEIGHT)
        resize_for_letters(self, QSize(WIDTH, HEIGHT))
        heading = title_line(f"People and links of “{title}”")
        self._failure = Message("What went wrong")
        self.members = MembersPage()
        self.invites = InvitesPage()
        self.acts = ActsPage()
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.tabBar().setAccessibleName("People, links and what happened")
        self._tabs.setAccessibleName("People, links and what happened")
        for page, name in ((self.members, "&People"), (self.invites, "&Links"), (self.acts, "&What happened")):
            self._tabs.addTab(page, name)
        self._tabs.currentChanged.connect(lambda _place: self._acts_if_new())
        self._waiting = _Waiting()
        self._waiting.again.clicked.connect(self.refresh_requested)
        self._waiting.share.clicked.connect(self.share_requested)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._waiting)
        self._pages.addWidget(self._tabs)
        self._times = every_minute(self, self._show_times)
        self._close = close = button("Close", "Close this window")
        close.clicked.connect(self.accept)
        column = dialog_column(self)
        column.addStrut(LEAST_WIDTH)
        column.addWidget(heading)
        column.addWidget(self._failure)
        column.addWidget(self._pages, 1)
        column.addLayout(last_row(close))

    def show_loading(self) -> None:
        """The list is on its way."""
        self._waiting.show_loading()
        self._pages.setCurrentWidget(self._waiting)

    def show_problem(self, kind: str, sentence: str) -> None:
        """There is no list, and why; `kind` names the case, and with "offline" it comes by itself."""
        if sentence == self._failure.text():  # it stands beside what can be done about it
            self.show_failure("")
        self._waiting.show_problem(kind, sentence)
        self._pages.setCurrentWidget(self._waiting)

    def show_members(self, shown: MembersShown) -> None:
        """Shows these members and invites; what the person is about to do stays as it is."""
        owner = shown.role.may_manage
        for page in (self.invites, self.acts):
            self._tabs.setTabVisible(self._tabs.indexOf(page), owner)
        self.members.show_members(shown.found, shown.role, shown.me, shown.colours, shown.mine, shown.askers)
        names = names_of(shown.found)
        self.invites.show_invites(shown.found.invites, names, shown.host)
        self.acts.show_names(names, shown.host)
        reach_in_order(self._tabs.tabBar(), self.members, self.invites, self.acts, self._close)
        self._pages.setCurrentWidget(self._tabs)
        if self._tabs.currentWidget() is self.acts:
            self.acts.more_requested.emit(0)
        else:
            self.acts.grow_old()

    def show_link(self, link: str, invite: InviteSummary) -> None:
        """Shows the link of a new invite, this once."""
        self.show_failure("")
        self.invites.show_link(link, invite)

    def show_failure(self, sentence: str) -> None:
        """What was wished last was not done, and why; an empty sentence takes it away."""
        self._failure.show_sentence(sentence, "problem")
        if sentence and sentence == self.acts.problem:
            self.acts.show_problem("")

    def show_acts_problem(self, sentence: str) -> None:
        """What happened cannot be shown, and why."""
        self.acts.show_problem("" if sentence == self._failure.text() else sentence)

    def show_links(self) -> None:
        """Turns to the links, where they can be seen."""
        self._tabs.setCurrentWidget(self.invites)

    def showEvent(self, event: QShowEvent) -> None:
        """Be no larger than the screen; what is said of times goes on with them."""
        super().showEvent(event)
        self._show_times()
        self._times.start()
        room = self.screen().availableGeometry().size()
        self.resize(self.size().boundedTo(room))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees the time go by."""
        super().hideEvent(event)
        self._times.stop()

    def _show_times(self) -> None:
        self.members.show_times()
        self.invites.show_times()

    def _acts_if_new(self) -> None:
        if self._tabs.currentWidget() is self.acts and self.acts.is_old:
            self.acts.more_requested.emit(0)


class _Waiting(QWidget):
    """In the place of the list: that it is on its way, or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing(worn().metrics.icon)
        self._sentence = plain_label("")
        self._sentence.setAccessibleDescription("Status")
        self._progress = busy_bar("Asking the server")
        self.again = button("Try again", "Ask the server again")
        self.share = button("Share…", "Let others in", "primary")
        show_icon(self.share, "user-plus")
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addWidget(self.share)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, LOOSE, 0, 0)
        column.setSpacing(LOOSE)
        said = QHBoxLayout()
        said.setSpacing(SPACING)
        said.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._sentence, 1)
        column.addLayout(said)
        column.addWidget(self._progress)
        column.addLayout(row)
        column.addStretch(1)

    def show_loading(self) -> None:
        """It is on its way."""
        self._drawing.hide()
        self._show("Asking the server who is a member…", "", loading=True)

    def show_problem(self, kind: str, sentence: str) -> None:
        """There is none."""
        drawing, tone, colour = _LOOKS.get(kind, _FAILED)
        self._drawing.show_drawing(drawing, colour)
        self._drawing.show()
        self._show(sentence, tone, may_try=kind not in _LOOKS, may_share=kind == "not-shared")

    def _show(
        self, sentence: str, tone: str, *, loading: bool = False, may_try: bool = False, may_share: bool = False
    ) -> None:
        self._sentence.setText(sentence)
        set_look(self._sentence, tone=tone)
        self._progress.setVisible(loading)
        self.again.setVisible(may_try)
        self.share.setVisible(may_share)


def names_of(found: MemberList) -> dict[int, str]:
    """What to call each member, by number."""
    return {member.id: member.name or f"Member {member.id}" for member in found.members}
