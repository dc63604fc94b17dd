"""Hosting documents from this computer: a sync server inside the app, and the links that lead to it.

Runs in the network thread's loop. What has to outlive the app (the port and the secrets, of which the server keeps
hashes only) goes in and out as one frozen value that the caller stores.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cowrite.errors import CowriteError
from cowrite.invite import Invite
from cowrite.sync.addresses import reachable_hosts
from cowrite.sync.link import Link
from cowrite_server.errors import CannotListen, NewerData, NoSuchRoom, ServerError
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import DEFAULT_PORT, Role

_EVERYWHERE = ("", "0.0.0.0")  # all addresses; IPv4 only, for systems on which IPv6 is switched off
_ATTEMPTS = 3  # a free port may be taken by another program before the server has it
_TOO_NEW = "A newer cowrite has shared documents from here, and this one cannot read what it keeps. Update cowrite."


class CannotHost(CowriteError):
    """The server inside the app could not do what was asked.

    Attributes:
        folder: its data folder.
        reason: the server's own sentence.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"This document cannot be shared from this computer. {reason}")


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What of the hosting outlives the app. To be stored where only the user can read it.

    Attributes:
        port: the port of the links that were given out; 0 for any free one.
        invites: all good invites.
    """

    port: int = DEFAULT_PORT
    invites: tuple[Invite, ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """The links by which one role is invited into one document.

    Attributes:
        role: what they allow.
        links: the same invite under each address of this computer, the likeliest to work first.
    """

    role: Role
    links: tuple[Link, ...]


class Host:
    """A running server for documents of this computer; see `start`."""

    def __init__(
        self,
        server: Server,
        folder: Path,
        settings: HostSettings,
        notice: str | None,
        hosts: Callable[[], tuple[str, ...]],
    ) -> None:
        """Not for callers: `start` makes hosts."""
        self._server = server
        self._folder = folder
        self._settings = replace(settings, port=server.port)
        self._notice = notice
        self._hosts = hosts
        self._inviting = asyncio.Lock()  # what is withdrawn is not given out in the same moment

    @classmethod
    async def start(
        cls,
        folder: Path,
        settings: HostSettings,
        *,
        hosts: Callable[[], tuple[str, ...]] = reachable_hosts,
    ) -> Host:
        """Starts a server on all of this computer's addresses.

        Args:
            folder: where the server keeps its data.
            settings: as they were stored last; HostSettings() at first.
            hosts: gives this computer's names and addresses; called in a thread.

        Raises:
            CannotHost: the folder cannot be used, or there is no port to be had.
        """
        server = await _serve(folder, settings.port)
        notice = _moved(settings.port, server.port) if settings.invites else None
        return cls(server, folder, settings, notice, hosts)

    @property
    def settings(self) -> HostSettings:
        """What is to be stored now; changes with invites too."""
        return self._settings

    @property
    def notice(self) -> str | None:
        """One sentence that the person must read: that the port is another one than the links given out say."""
        return self._notice

    async def invitation(self, room: str, role: Role) -> Invitation:
        """The links that invite a role into a room; the same ones again after a restart. Makes the room if need be.

        Raises:
            CannotHost: the server's database could not be written, or the name is none that a room can have.
        """
        secret = (await self._invite(room, role)).secret
        return Invitation(role, await self.links(room, secret))

    async def links(self, room: str, secret: str) -> tuple[Link, ...]:
        """The links with one secret under each address of this computer, the likeliest to work first."""
        hosts = await asyncio.to_thread(self._hosts)
        return tuple(Link(host, self._settings.port, room, secret) for host in hosts or ("127.0.0.1",))

    async def own_link(self, room: str) -> Link:
        """The link by which this computer itself opens a hosted room, as its owner and whatever its network.

        Raises:
            CannotHost: as for `invitation`.
        """
        invite = await self._invite(room, Role.OWNER)
        return Link("127.0.0.1", self._settings.port, room, invite.secret)

    async def withdraw(self, room: str) -> None:
        """Makes all links to a room void and closes the connections that came by them, the own one too.

        Raises:
            CannotHost: the server's database could not be written.
        """
        async with self._inviting:
            try:
                await self._server.revoke(room)
            except NoSuchRoom:
                pass  # then nobody can have come in
            except ServerError as error:
                raise CannotHost(self._folder, str(error)) from error
            self._keep(*(invite for invite in self._settings.invites if invite.room != room))

    async def close(self) -> None:
        """Saves what the disk takes in a few seconds, says goodbye to those connected, and stops listening.

        What could not be saved, those who sent it keep, for it was not acknowledged; the log says how much it is.
        """
        await self._server.close()

    async def _invite(self, room: str, role: Role) -> Invite:
        """The stored invite where the server still honours it, otherwise a new one."""
        async with self._inviting:
            try:
                good = await self._good(room)
                for invite in self._settings.invites:
                    if (invite.room, invite.role) == (room, role) and invite.id in good:
                        return invite
                invited = await self._server.members.invite(room, InviteWish(role))
                made = Invite(room, role, invited.invite.id, invited.secret)
            except ServerError as error:
                raise CannotHost(self._folder, str(error)) from error
            others = (invite for invite in self._settings.invites if (invite.room, invite.role) != (room, role))
            self._keep(*others, made)
            return made

    async def _good(self, room: str) -> set[int]:
        try:
            return {invite.id for invite in await self._server.invites(room) if invite.withdrawn is None}
        except NoSuchRoom:
            return set()

    def _keep(self, *invites: Invite) -> None:
        self._settings = replace(self._settings, invites=invites)


async def _serve(folder: Path, wanted: int) -> Server:
    """A server on the wanted port or, where that one is taken, on another."""
    attempts = ([wanted] if wanted and _is_free(wanted) else []) + [0] * _ATTEMPTS
    refusal: CannotListen | None = None
    for port in attempts:
        try:
            return await _listen(folder, port or _free_port())
        except CannotListen as error:
            refusal = error
        except NewerData as error:  # whose own sentence is for hosts
            raise CannotHost(folder, _TOO_NEW) from error
        except ServerError as error:
            raise CannotHost(folder, str(error)) from error
    raise CannotHost(folder, str(refusal)) from refusal


async def _listen(folder: Path, port: int) -> Server:
    refusal: CannotListen | None = None
    for address in _EVERYWHERE:
        try:
            # People on the local network come by ws://: a desktop has no certificate that they would trust.
            settings = Settings(store=sqlite_address(folder), host=address, port=port, insecure=True)
            return await Server.start(settings)
        except CannotListen as error:
            refusal = error
            if isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE:
                break
    assert refusal is not None
    raise refusal


def _is_free(port: int) -> bool:
    """Whether no other program listens on a port, so that a data folder need not be opened to find out."""
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it would mean to share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except (OSError, OverflowError):
            return False
    return True


def _free_port() -> int:
    """A port that is free at the moment. Port 0 would give IPv4 and IPv6 a different one each."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


def _moved(wanted: int, port: int) -> str | None:
    if wanted in (0, port):
        return None
    return (
        f"Port {wanted} of this computer is taken by another program, so documents are shared on port {port}; "
        f"links given out before lead to port {wanted} and have to be given out anew."
    )
