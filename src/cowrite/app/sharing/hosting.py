"""Hosting: sharing documents from this computer.

Runs on the GUI thread; the server itself runs on the network thread. It is started when the first document needs it,
and goes on until the application ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cowrite.errors import CowriteError
from cowrite.storage.sharing import Sharing
from cowrite.sync.link import Link
from cowrite_server.wire.protocol import Role

if TYPE_CHECKING:
    from asyncio import Task

    from cowrite.bridge.network_thread import NetworkThread
    from cowrite.sync.host import Host, Invitation

Failed = Callable[[Exception], None]

CLOSING = 6.0  # seconds that the server may take to write everything and say goodbye

_log = logging.getLogger(__name__)


class Hosting(QObject):
    """The server inside the application.

    Args:
        folder: where it keeps its data.
        network: gives the thread where it runs; called when a document is hosted.
        sharing: gives the keys as they are now.
        parent: Qt parent.
    """

    keys_changed = Signal(int, object)
    """The port, and all invites: to be stored."""
    notice = Signal(str)
    """One sentence that the person must read, such as that the port is another one now."""

    def __init__(
        self,
        folder: Path,
        network: Callable[[], NetworkThread],
        sharing: Callable[[], Sharing],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._network = network
        self._sharing = sharing
        self._host: Host | None = None
        self._begun: Task[Host] | None = None  # on the network thread, which has it before the GUI thread hears of it
        self._is_closed = False
        self._waiting: list[tuple[Callable[[Host], None], Failed]] = []

    def invite(self, room: str, role: Role, then: Callable[[Invitation, Link], None], failed: Failed) -> None:
        """Gets the links that invite into a room, and the one by which this computer opens it itself.

        Args:
            room: the document's room; it is made where there is none.
            role: what the invitation allows.
            then: is called with both.
            failed: is called with a CowriteError instead.
        """

        async def work(host: Host) -> tuple[Invitation, Link]:
            return await host.invitation(room, role), await host.own_link(room)

        def invited(host: Host) -> None:
            def made(result: tuple[Invitation, Link]) -> None:
                self._keep(host)
                then(*result)

            self._network().run(work(host), made, failed)

        self._with_host(invited, failed)

    def link(self, room: str, secret: str, then: Callable[[Link], None], failed: Failed) -> None:
        """Gets the link that leads others to a room with the secret of an invite."""

        def ask(host: Host) -> None:
            self._network().run(host.links(room, secret), lambda links: then(links[0]), failed)

        self._with_host(ask, failed)

    def forget(self, room: str) -> None:
        """A document is hosted no more: makes all links to it void, by the next start of the server at the latest.

        Where that fails, the person is told by a `notice`.
        """
        host = self._host
        if host is not None:
            self._network().run(host.withdraw(room), lambda _none: self._keep(host), self._not_withdrawn)

    def close(self) -> None:
        """Saves what the disk takes in CLOSING seconds, says goodbye and stops listening; see `Host.close`."""
        self._is_closed = True
        if self._host is not None or self._waiting:
            try:
                self._network().run_now(self._end(), CLOSING)
            except TimeoutError:  # what it had confirmed is on disk
                _log.warning("the server inside did not end in time")
            self._host = None

    async def _begin(self, starting: Coroutine[Any, Any, Host]) -> Host:
        import asyncio  # with the rest of the server

        self._begun = asyncio.ensure_future(starting)
        return await self._begun

    async def _end(self) -> None:
        if self._begun is not None:
            with suppress(CowriteError):  # it has not started
                await (await self._begun).close()

    def _with_host(self, act: Callable[[Host], None], failed: Failed) -> None:
        if self._host is not None:
            act(self._host)
            return
        self._waiting.append((act, failed))
        if len(self._waiting) == 1:
            # The server is loaded when a document is hosted: the window is there sooner.
            from cowrite.sync.host import Host, HostSettings

            sharing = self._sharing()
            port = HostSettings().port if sharing.port is None else sharing.port
            settings = HostSettings(port, sharing.invites)
            self._network().run(self._begin(Host.start(self._folder, settings)), self._started, self._not_started)

    def _started(self, host: Host) -> None:
        if self._is_closed:  # the server has ended
            return
        self._host = host
        self._keep(host)
        if host.notice:
            self.notice.emit(host.notice)
        rooms = self._sharing().hosted.values()
        for room in {invite.room for invite in host.settings.invites}.difference(rooms):
            self.forget(room)
        waiting, self._waiting = self._waiting, []
        for act, _ in waiting:
            act(host)

    def _not_started(self, error: Exception) -> None:
        waiting, self._waiting = self._waiting, []
        for _, failed in waiting:
            failed(error)

    def _not_withdrawn(self, error: Exception) -> None:
        _log.warning("links to a document that is hosted no more are still good: %s", error)
        self.notice.emit(str(error))

    def _keep(self, host: Host) -> None:
        self.keys_changed.emit(host.settings.port, host.settings.invites)
