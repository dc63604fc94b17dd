"""ShareFlow: the share dialog of one draft, and what its answers do.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from cowrite.app.draft.draft import Draft
from cowrite.app.sharing.hosting import Hosting
from cowrite.gui.people.host_page import Hosting as HostingShown
from cowrite.gui.people.server_page import TeamServer
from cowrite.gui.people.share_dialog import ShareDialog
from cowrite.sync.host import Invitation
from cowrite.sync.link import BadLink, Link
from cowrite.sync.status import Kind, Status
from cowrite_server.wire.protocol import Role

COPIED = "The document is shared, and the link is on the clipboard."


class ShareFlow(QObject):
    """Leads a person through sharing one draft.

    Args:
        draft: what is shared.
        hosting: the server inside the application.
        room: the room under which this computer hosts the draft, or would.
        is_hosted: whether it does so already.
    """

    hosted = Signal(object, object)
    """Draft and room: this computer hosts it now; None for the room where it does not any more."""
    linked = Signal(object, object)
    """Draft and Link: it is on a team server now; None where it is not any more."""

    def __init__(self, draft: Draft, hosting: Hosting, room: str, *, is_hosted: bool) -> None:
        super().__init__(draft)
        self._draft = draft
        self._hosting = hosting
        self._room = room
        self._is_hosted = is_hosted
        self._role = Role.EDITOR
        self.dialog = ShareDialog(draft.title, draft.window)
        self.dialog.host.host_requested.connect(self._host)
        self.dialog.host.role_changed.connect(self._host)
        self.dialog.host.stop_requested.connect(lambda: self._ask(is_hosted=True, then=self._stop))
        self.dialog.server.server_requested.connect(self._join_server)
        self.dialog.server.link_changed.connect(self._check)
        self.dialog.server.leave_requested.connect(lambda: self._ask(is_hosted=False, then=self._leave_server))
        self._starting = False
        self._asked = 0  # times that the room was asked for; the answer to the last one counts
        self._copied = ""  # the link that was put on the clipboard unasked
        self._is_closed = self._has_ended = False
        self.dialog.finished.connect(lambda _code: self._close())
        if is_hosted:
            self._host(self._role.value)
        elif draft.shared is not None:
            self.dialog.show_way(1)
            self._show_server(draft.shared.status)
            draft.shared.status_changed.connect(self._show_server)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is to come that shares the draft, be it that the dialog was closed meanwhile."""
        return self._starting

    def open_again(self) -> None:
        """Shows the dialog that was closed while an answer is to come: another one would ask for another room."""
        self._is_closed = False
        self.dialog.open()

    def _host(self, role: str) -> None:
        self._role = Role(role)
        self._starting = True
        self._asked += 1
        self.dialog.show_hosting(HostingShown("starting", role))
        self._hosting.invite(
            self._room, self._role, partial(self._hosted, self._asked), partial(self._not_hosted, self._asked)
        )

    def _hosted(self, asked: int, invitation: Invitation, own: Link) -> None:
        first = not self._is_hosted
        if asked != self._asked:  # the person has chosen otherwise since
            if first and not self._starting:
                self._hosting.forget(self._room)  # nobody has a link to it
            return
        self._starting = False
        if self._draft.is_closed:  # and the dialog went with its window
            if first:
                self._hosting.forget(self._room)  # nobody has a link to it
            return
        self._is_hosted = True
        link = str(next(iter(invitation.links), own))
        clipboard = QGuiApplication.clipboard()
        is_copied = first or (bool(self._copied) and clipboard.text() == self._copied)  # that one gives other rights
        if is_copied:
            clipboard.setText(link)
            self._copied = link
        self.dialog.show_hosting(
            HostingShown(
                "on",
                invitation.role.value,
                link=link,
                addresses=tuple(link.address for link in invitation.links),
                message=COPIED if is_copied else "",
            )
        )
        if not first and self._draft.shared is None:  # hosting it could not be resumed when it was opened
            self._draft.connection.share(own, again=True, is_host=True)
        if first:
            self.linked.emit(self._draft, None)  # it lives in one room; a second one would take over unasked
            self.hosted.emit(self._draft, self._room)
            self._draft.connection.share(own, again=False, is_host=True)
        self._end_if_done()

    def _not_hosted(self, asked: int, error: Exception) -> None:
        if self._draft.is_closed or self._has_ended or asked != self._asked:
            return
        self._starting = False
        self.dialog.show_hosting(HostingShown("failed", self._role.value, message=str(error)))
        self._end_if_done()

    def _close(self) -> None:
        self._is_closed = True
        self._end_if_done()

    def _end_if_done(self) -> None:
        """A dialog that is closed while the server starts leaves an answer to come, and that has to be kept."""
        if self._is_closed and not self._starting:
            self._has_ended = True
            self.dialog.deleteLater()
            self.deleteLater()

    def _ask(self, *, is_hosted: bool, then: Callable[[], None]) -> None:
        from cowrite.app.draft.dialogs import ask_stop_sharing

        ask_stop_sharing(self._draft, is_hosted=is_hosted, then=then, before=self.dialog)

    def _stop(self) -> None:
        if self._is_hosted:
            self._draft.connection.stop_sharing()
            self._withdraw()

    def _withdraw(self) -> None:
        self._give_up()
        self._is_hosted = False
        self.hosted.emit(self._draft, None)
        self.dialog.show_hosting(HostingShown("off"))
        self._hosting.forget(self._room)

    def _give_up(self) -> None:
        """Has an answer that is still to come count no more."""
        self._asked += 1
        self._starting = False

    def _check(self, text: str) -> None:
        message = ""
        if text.strip():
            try:
                Link.parse(text)
            except BadLink as error:
                message = str(error)
        self.dialog.show_server(TeamServer("off", text, message))

    def _join_server(self, text: str) -> None:
        try:
            link = Link.parse(text)
        except BadLink as error:
            self.dialog.show_server(TeamServer("failed", text, str(error)))
            return
        self._draft.connection.share(link, again=False)
        if self._starting and not self._is_hosted:
            self._give_up()
            self.dialog.show_hosting(HostingShown("off"))
        if self._is_hosted:  # whoever has the old links is told that they are void, and does not write into the void
            self._withdraw()
        self.linked.emit(self._draft, link)
        shared = self._draft.shared
        if shared is not None:
            shared.status_changed.connect(self._show_server)
            self._show_server(shared.status)

    def _leave_server(self) -> None:
        self._draft.connection.stop_sharing()
        self.linked.emit(self._draft, None)
        self.dialog.show_server(TeamServer("off"))

    def _show_server(self, status: Status) -> None:
        shared = self._draft.shared
        link = str(shared.link) if shared is not None else ""
        if status.close is not None or status.kind is Kind.OFFLINE:
            self.dialog.show_server(TeamServer("failed", link, status.advice or status.sentence))
        elif status.kind in (Kind.CONNECTING, Kind.SYNCING):
            self.dialog.show_server(TeamServer("connecting", link, status.sentence))
        else:
            owns = shared is not None and shared.role is Role.OWNER
            self.dialog.show_server(TeamServer("on", link, status.sentence, owns))
