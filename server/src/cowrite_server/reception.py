"""Reception: answers those who connect to a server, decides on them, and brings them to their rooms.

Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from math import inf
from time import monotonic

from websockets.http11 import Request, Response

from cowrite_server import __version__
from cowrite_server.addresses import client_address
from cowrite_server.connections.attendance import Attendance
from cowrite_server.connections.connection import Connection
from cowrite_server.errors import DamagedRow, StoreFailed
from cowrite_server.monitor import Monitor, browser_response, plain_response
from cowrite_server.people.admission import Admission, Admissions, Wish, origin_allowed, read_wish
from cowrite_server.rooms.room import Room
from cowrite_server.rooms.rooms import Rooms
from cowrite_server.services import Services
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.pace import Paces
from cowrite_server.sockets.sockets import Sockets
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.protocol import Close, Role

_logger = logging.getLogger(__name__)

_TELL_AGAIN = 60.0
"""Seconds after which the log says again what keeps somebody out."""

_NAME = f"cowrite-server {__version__}"


class Reception:
    """The host of all sockets of one server, but for those on a port for health and metrics alone."""

    def __init__(
        self,
        settings: Settings,
        admissions: Admissions,
        sockets: Sockets,
        rooms: Rooms,
        attendance: Attendance,
        services: Services,
        monitor: Monitor,
        now: Callable[[], int],
    ) -> None:
        """Nobody has come yet.

        Args:
            settings: the server's.
            admissions: decides who is let in.
            sockets: all connections that stand.
            rooms: where those who are let in take part.
            attendance: who is connected.
            services: what the server does for them there.
            monitor: answers those who watch over the server.
            now: gives milliseconds since 1970.
        """
        self._settings = settings
        self._admissions = admissions
        self._sockets = sockets
        self._rooms = rooms
        self._attendance = attendance
        self._services = services
        self._monitor = monitor
        self._background = services.background
        self._now = now
        self._paces = Paces(settings.limits, settings.work_seconds)
        self._is_closed = False
        self._told = -inf

    def close(self) -> None:
        """Lets in nobody any more."""
        self._is_closed = True

    # What sockets ask.

    def made(self, socket: Socket) -> None:
        """A TCP connection stands."""
        if not self._sockets.made(socket):
            socket.turn_away("The server has as many connections waiting as waiting_clients allows; try again later.")
        elif self._sockets.are_crowded:
            self._sockets.refuse()
            socket.abort()  # without a word: one that is told why may stay for a while

    def answer(self, socket: Socket, request: Request) -> Response | None:
        """Answers those who watch over the server; everything else is a WebSocket's handshake."""
        # Some libraries for HTTP offer HTTP/2 with every request, and take an answer in HTTP/1.1 (RFC 9110, 7.8).
        if any("websocket" in value.lower() for value in request.headers.get_all("Upgrade")):
            if not self._sockets.are_too_many:
                return None
            self._sockets.refuse()
            return plain_response(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "The server has as many connections as server_clients allows; try again later.",
            )
        has_metrics = self._settings.metrics_port is None
        return self._monitor.answer_plainly(request.path, metrics=has_metrics) or browser_response()

    def opened(self, socket: Socket, request: Request) -> None:
        """A WebSocket stands: finds out who it is."""
        wish = read_wish(request)
        address = client_address(socket.peer, wish.forwarded, self._settings.proxies)
        from_there = self._sockets.came_from(socket, address)
        if self._is_closed:
            socket.close(Close.SHUTTING_DOWN)
        elif from_there > self._settings.address_clients:
            self._refuse(socket, Close.ADDRESS_FULL, address)
        elif not origin_allowed(wish, self._settings):
            self._refuse(socket, Close.FOREIGN_ORIGIN, address)
        else:
            self._background.begin(self._welcome(socket, wish, address), "welcome")

    def lost(self, socket: Socket) -> None:
        """A TCP connection is gone."""
        self._sockets.lost(socket)

    async def _welcome(self, socket: Socket, wish: Wish, address: str) -> None:
        looks = self._attendance.looks
        try:
            admission = await self._decide(socket, wish)
            if not isinstance(admission, Admission):
                self._refuse(socket, admission, address)
                return
            room = await self._rooms.enter(admission.room)
        except (StoreFailed, TimeoutError) as error:
            if isinstance(error, DamagedRow):  # a store that fails as a whole is told of by those who watch it
                self._tell(error)
            self._refuse(socket, Close.STORE_FAILED, address)
            return
        except Exception:
            socket.abort()  # or it would wait forever, and in the way of others
            raise
        if room.full:
            self._refuse(socket, Close.ROOM_FULL, address)
            return
        if self._is_closed or not socket.open:
            return
        self._begin(socket, admission, room, address)
        if admission.news:
            await self._attendance.changed()
        elif looks != self._attendance.looks:  # it may stand otherwise since it was admitted
            self._attendance.look_soon()

    async def _decide(self, socket: Socket, wish: Wish) -> Admission | Close:
        """Whether a client is let in.

        Raises:
            StoreFailed, TimeoutError: nobody knows.
        """
        with self._sockets.deciding(socket):
            async with asyncio.timeout(self._settings.waiting_seconds):
                admission = await self._admissions.decide(wish)
        if isinstance(admission, Admission):
            self._sockets.let_in(socket)
            if admission.news:  # which holds for its other connections, also where this one has gone meanwhile
                self._attendance.look_soon()
            # Whoever may write would only wait with the others, unheard.
            if self._services.log.full and admission.role is not Role.VIEWER:
                return Close.STORE_FAILED
        return admission

    def _begin(self, socket: Socket, admission: Admission, room: Room, address: str) -> None:
        """A client takes part in a room from now on."""
        socket.share(self._paces.of(admission.author if admission.member is None else admission.member))
        connection = Connection(socket, admission, room, self._services, self._ended)
        self._attendance.enter(connection)
        connection.begin(_NAME, self._now())
        member, name = admission.member, room.record.name
        _logger.info(
            "A client%s joined the room %s.",
            "" if member is None else f" of member {member}",
            name,
            extra={"address": address, "role": str(admission.role), "room": name, "member": member},
        )

    def _tell(self, error: DamagedRow) -> None:
        """Writes into the log what keeps somebody out, now and then: they come again and again."""
        now = monotonic()
        if now - self._told >= _TELL_AGAIN:
            self._told = now
            _logger.error("A client cannot be let in. %s", error)

    def _refuse(self, socket: Socket, code: Close, address: str) -> None:
        _logger.info("A client was not let in: %s", code.sentence, extra={"address": address})
        socket.close(code)

    def _ended(self, connection: Connection) -> None:
        self._attendance.leave(connection)
        self._rooms.left(connection.room)
