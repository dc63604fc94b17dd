"""MembersFlow: the dialog of one draft's people and links, and what its answers do.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from cowrite.app.bare_draft.bare_draft import BareDraft
from cowrite.bridge.paced import Paced
from cowrite.bridge.shared.document import SharedDocument
from cowrite.bridge.shared.members import SharedMembers
from cowrite.gui.people.members_dialog import MembersDialog, MembersShown
from cowrite.sync.link import Link
from cowrite.sync.member_questions import MembersProblem
from cowrite.sync.questions import Unanswered
from cowrite.sync.status import Status
from cowrite_server.wire.members import Act, Invited, InviteWish, MemberList
from cowrite_server.wire.protocol import Role

OFFLINE = "You are working offline; the list is shown again when you are connected."
NO_SERVER = "There is no connection to the server; the list is shown again when it is back."

_AWAY = (Unanswered.OFFLINE, Unanswered.CUT)
"""With these there is no list either, until the connection is back."""

Answer = TypeVar("Answer")
MakeLink = Callable[[str, Callable[[Link], None], Callable[[Exception], None]], None]


class MembersFlow(QObject):
    """Shows who may do what in one draft, and has it changed.

    Args:
        draft: whose people.
        make_link: gives the link for others from the secret of a new invite.
        is_host: whether the document's server is in this cowrite.
    """

    def __init__(self, draft: BareDraft, make_link: MakeLink, *, is_host: bool) -> None:
        super().__init__(draft)
        self._is_host = is_host
        self._draft = draft
        self._make_link = make_link
        self._members: SharedMembers | None = None
        self._list: MemberList | None = None
        self._colours: dict[str, str] = {}  # of those who are here, by their names
        self._has_ended = False
        self._asking = Paced(self._ask, self)
        self.dialog = MembersDialog(draft.title, draft.window)
        dialog = self.dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.refresh_requested.connect(self.refresh)
        dialog.members.role_chosen.connect(self._set_role)
        dialog.members.removal_requested.connect(self._remove)
        dialog.members.asking_requested.connect(draft.asking.ask)
        dialog.invites.invite_requested.connect(self._invite)
        dialog.invites.withdrawal_requested.connect(self._withdraw)
        dialog.acts.more_requested.connect(self._list_acts)
        dialog.finished.connect(self._end)
        draft.connection.changed.connect(self.refresh)
        draft.asking.changed.connect(self._show_asking)
        self._show_asking()
        self.refresh()

    def _end(self) -> None:
        if not self._has_ended:  # a dialog can be closed again before it is gone
            self._has_ended = True
            self._asking.stop()
            self._draft.connection.changed.disconnect(self.refresh)
            self._draft.asking.changed.disconnect(self._show_asking)
            self.deleteLater()

    def _while_open(self, tell: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """What a server answers after the dialog has gone, be it with the draft's window, concerns nobody."""
        return lambda answer: None if self._has_ended or self._draft.is_closed else tell(answer)

    def refresh(self) -> None:
        """Asks the server for the list and shows it."""
        self._asking.now()

    def _ask(self) -> None:
        if self._draft.is_closed:
            return
        shared = self._draft.shared
        if shared is None:
            self._members = self._list = None
            if self._draft.connection.has_server:
                is_wanted = not self._draft.window.actions_["work_offline"].isChecked()
                self.dialog.show_problem("offline", NO_SERVER if is_wanted else OFFLINE)
            else:
                self.dialog.show_problem("not-shared", "This document is not shared, so nobody else is in it.")
            return
        if self._members is not shared.members:
            self._members = shared.members
            self._members.changed.connect(self._asking.soon)
            shared.presence.changed.connect(self._show_colours)
            shared.status_changed.connect(self._follow_status)
        if self._list is None:
            self.dialog.show_loading()
        self._members.list(self._while_open(self._show), self._while_open(self._not_listed))

    def _follow_status(self, status: Status) -> None:
        """That a connection is closed for good is known only after its questions have been answered."""
        if status.final and not self._has_ended:
            self.refresh()

    def _show(self, found: MemberList) -> None:
        shared = self._draft.shared
        if shared is None or self._members is None:
            return
        self._list = found
        self._colours = colours = _colours(shared)
        me = self._members.me
        mine = {me: self._draft.me.colour} if me is not None else {}
        host = self._draft.called if self._is_host else ""
        askers = frozenset(each.id for each in self._draft.asking.askers)
        self.dialog.show_members(MembersShown(found, shared.role or Role.VIEWER, me, colours, mine, askers, host))

    def _show_asking(self) -> None:
        """Who asks to write is known by another question than the list."""
        asking = self._draft.asking
        self.dialog.members.show_asking(asking.said, may_ask=asking.may_ask)
        if self._list is not None:
            self._show(self._list)

    def _show_colours(self) -> None:
        """Who is here comes later than the list, and may take another colour."""
        shared, found = self._draft.shared, self._list
        if not self._has_ended and shared is not None and found is not None and _colours(shared) != self._colours:
            self._show(found)

    def _not_listed(self, problem: MembersProblem) -> None:
        self._list = None
        shared = self._draft.shared
        if problem.reason not in _AWAY:
            self.dialog.show_problem(str(problem.reason), str(problem))
        elif shared is not None and shared.status.final:  # it does not come back by itself
            self.dialog.show_problem("closed", shared.status.advice)
        else:
            self.dialog.show_problem("offline", NO_SERVER)

    def _set_role(self, member: int, role: Role) -> None:
        if self._members is not None:
            self._members.set_role(member, role, self._done, self._while_open(self._failed))

    def _remove(self, member: int) -> None:
        if self._members is not None:
            self._members.remove(member, self._done, self._while_open(self._failed))

    def _withdraw(self, invite: int, keep_members: bool) -> None:
        if self._members is not None:
            failed = self._while_open(self._failed)
            self._members.withdraw(invite, keep_members=keep_members, then=self._done, failed=failed)

    def _invite(self, wish: InviteWish) -> None:
        if self._members is not None:
            self._members.invite(wish, self._while_open(self._invited), self._while_open(self._failed))

    def _invited(self, invited: Invited) -> None:
        def made(link: Link) -> None:
            QGuiApplication.clipboard().setText(str(link))
            self.dialog.show_link(str(link), invited.invite)

        self._make_link(invited.secret, self._while_open(made), self._while_open(self._failed))
        self.refresh()

    def _list_acts(self, before: int) -> None:
        def show(acts: tuple[Act, ...]) -> None:
            self.dialog.acts.show_acts(acts, after=before)

        def failed(problem: MembersProblem) -> None:
            self.dialog.show_acts_problem(str(problem))

        if self._members is not None:
            self._members.list_acts(before, self._while_open(show), self._while_open(failed))

    def _done(self) -> None:
        if self._has_ended or self._draft.is_closed:
            return
        self.dialog.show_failure("")
        self.refresh()

    def _failed(self, problem: Exception) -> None:
        """Says why, and shows what holds: a box may show what was wished."""
        self.dialog.show_failure(str(problem))
        if not isinstance(problem, MembersProblem) or problem.reason not in _AWAY:
            self.refresh()


def _colours(shared: SharedDocument) -> dict[str, str]:
    return {mate.name: mate.colour for mate in shared.presence.teammates()}
