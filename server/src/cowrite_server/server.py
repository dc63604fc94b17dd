"""Server: puts together what serves rooms, listens, watches over connections, and ends in good order.

Runs inside the event loop in which it was started; an application may start one beside its other work.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Self
from weakref import WeakValueDictionary

from cowrite_server.background import Background
from cowrite_server.bus.bus import Bus
from cowrite_server.bus.opening import make_bus
from cowrite_server.connections.attendance import Attendance
from cowrite_server.figures import Figures
from cowrite_server.history.history import History
from cowrite_server.history.versions import Versions
from cowrite_server.monitor import Monitor
from cowrite_server.people.admission import Admissions
from cowrite_server.people.invites import address
from cowrite_server.people.members import Members
from cowrite_server.people.tokens import Tokens
from cowrite_server.reception import Reception
from cowrite_server.rooms.compaction import Compactor
from cowrite_server.rooms.loading import Loader
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.rooms import Rooms
from cowrite_server.rooms.sealed import SealedBoxes
from cowrite_server.rooms.trial import Trials
from cowrite_server.services import Services
from cowrite_server.settings.settings import Settings
from cowrite_server.share import Share
from cowrite_server.sockets.accepting import Listener, PlainListener
from cowrite_server.sockets.certificate import Certificate
from cowrite_server.sockets.handshakes import TlsListener
from cowrite_server.sockets.listening import bind, listen, refuse_taken, refuse_unsafe
from cowrite_server.sockets.open_files import capacity
from cowrite_server.sockets.sockets import Sockets
from cowrite_server.sockets.turns import Turns
from cowrite_server.sockets.unfinished import Unfinished
from cowrite_server.sockets.unsent import Unsent
from cowrite_server.sockets.websocket import Socket
from cowrite_server.store.member_records import Invite
from cowrite_server.store.opening import POSTGRES, open_store
from cowrite_server.store.probe import Probe
from cowrite_server.store.store import Store
from cowrite_server.times import milliseconds_now
from cowrite_server.watched_files import keep_fresh
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from cowrite_server.wrong_use import BadBusAddress

if TYPE_CHECKING:
    from cowrite_server.metrics import Moment

_UNFINISHED_MESSAGES = 4
"""So many of the largest messages that are not whole yet are kept at a time, of all clients together."""
_UNSENT = 4
"""So many of the largest messages or blobs that clients have not taken yet are kept at a time, for all together."""
_UNFINISHED_BLOBS = 8
"""So many of the largest blobs that are not whole yet are kept at a time, of all clients together."""
_SAVING = 0.6
"""The part of the time for draining that may pass until everything is saved; the rest is for the goodbye."""


class Server:
    """A running server; see `start`."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        bus: Bus,
        certificate: Certificate | None,
        tokens: Tokens | None,
        now: Callable[[], int],
    ) -> None:
        """Not for callers: `start` makes servers."""
        self._settings = settings
        self._certificate = certificate
        self._tokens = tokens
        self._figures = Figures()
        self._monitor = Monitor(self._figures, lambda: self.ready, self._moment)
        self._store = store
        self._log = Log(
            settings,
            partial(store.commit, room_blob_bytes=settings.limits.room_blob_bytes),
            self._committed,
            others_wait=bus.joins,
        )
        self._bus = bus
        self._has_bus = False
        self._sealed = SealedBoxes(store, self._log, bus, now)
        self._compactor = Compactor(store, settings, now)
        self._rooms = Rooms(Loader(store), self._compactor, self._log, bus, settings, self._figures, now)
        self._probe = Probe(store)
        self._attendance = Attendance(store, self._probe, bus, now, self._rooms.ended)
        self.members = Members(store, now, self._attendance.is_here, self._attendance.changed)
        """Who takes part in the rooms, and what the host does about it."""
        history = History(store)
        self._versions = Versions(history, settings.limits.room_versions, now, self._attendance.changed)
        self._background = Background()
        services = Services(
            limits=settings.limits,
            log=self._log,
            store=store,
            history=history,
            versions=self._versions,
            members=self.members,
            sealed=self._sealed,
            share=Share(),
            trials=Trials(settings.update_seconds, _UNFINISHED_MESSAGES * settings.limits.message_bytes),
            background=self._background,
            figures=self._figures,
            unfinished_blobs=Unfinished(_UNFINISHED_BLOBS * settings.limits.blob_bytes),
            blobs_on_their_way=WeakValueDictionary(),
        )
        self._sockets = Sockets(capacity(settings.server_clients), settings.waiting_clients, self._figures)
        self._reception = Reception(
            settings,
            Admissions(store, settings, tokens, self.members.renames, now),
            self._sockets,
            self._rooms,
            self._attendance,
            services,
            self._monitor,
            now,
        )
        self._listener: asyncio.Server | Listener | None = None
        self._monitor_listener: asyncio.Server | None = None
        self._look_timer: asyncio.TimerHandle | None = None
        self._look_due = 0.0
        self._closing = False

    @classmethod
    async def start(cls, settings: Settings, *, now: Callable[[], int] = milliseconds_now) -> Self:
        """Opens the store and listens.

        Args:
            settings: how to run.
            now: gives milliseconds since 1970.

        Raises:
            OpenBeyondLoopback: a server for anybody may listen on this machine only.
            BadStoreAddress: the settings name no store.
            KeyWithoutCertificate: it was meant to speak TLS, and could not.
            ClearTextBeyondLoopback: a server without TLS may, too, unless the settings say `insecure`.
            MetricsBeyondLoopback: and so may the port for health and metrics alone.
            BadBusAddress: they name no bus, or one for a store that only one server can work on.
            ExtraMissing: what the store or the bus needs is not installed.
            DamagedData: its database is damaged.
            DataFolderInUse: another server works on the data folder.
            DataFolderUnusable, DatabaseUnusable: the data cannot be read or written.
            ForeignData: its database is another program's.
            NewerData: its database is of a newer version.
            CertificateUnusable: the certificate or its key cannot be read.
            TokenKeysUnusable: the keys of the identity provider cannot be read.
            CannotListen: the address or port is not to be had.
        """
        refuse_unsafe(settings)
        # Files are read on a thread: their drive may hang, and the server is to hear all the same that it has to end.
        certificate = None
        if settings.tls_cert is not None:
            certificate = await asyncio.to_thread(Certificate, settings.tls_cert, settings.tls_key, now)
        tokens = await asyncio.to_thread(Tokens, settings) if Tokens.wanted(settings) else None
        bus = make_bus(settings.bus)

        async def before() -> None:
            if bus.joins and not settings.store.startswith(POSTGRES):
                raise BadBusAddress("several servers need a store that they can share, --store postgresql://…")
            await refuse_taken(settings)

        store = await open_store(settings.store, serving=True, before=before)
        server = cls(settings, store, bus, certificate, tokens, now)
        try:
            await server._listen()
            await server._join_others()
            server._keep_watch()
        except BaseException:
            await server._give_up()
            raise
        return server

    @property
    def port(self) -> int:
        """The port on which the server listens."""
        assert self._listener is not None
        return int(self._listener.sockets[0].getsockname()[1])

    @property
    def metrics_port(self) -> int | None:
        """The port for health and metrics alone, if there is one."""
        return None if self._monitor_listener is None else int(self._monitor_listener.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """The address on which the server listens, ws://HOST:PORT or wss://HOST:PORT."""
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        return f"{'ws' if self._settings.tls_cert is None else 'wss'}://{host}:{self.port}"

    @property
    def address(self) -> str:
        """The address to put into links: one of the certificate's names, or the machine's where `url` names every
        interface."""
        names = () if self._certificate is None else self._certificate.names
        return address(self._settings.host, self.port, tls=self._certificate is not None, names=names)

    @property
    def ready(self) -> bool:
        """Whether clients are let in and their updates reach the disk: there is room for them, and the store works."""
        return not self._closing and not self._sockets.are_full and self._log.works and self._probe.is_answered

    async def invite(self, room: str, role: Role) -> str:
        """Makes an invite that is good for anybody and forever, and the room if need be; gives the secret.

        Raises:
            BadRoomName: no room can have this name.
            StoreFailed: the database could not be written.
        """
        return (await self.members.invite(room, InviteWish(role))).secret

    async def invites(self, room: str) -> list[Invite]:
        """All invites of a room.

        Raises:
            NoSuchRoom: there is no such room.
        """
        return await self._store.list_invites(room)

    async def revoke(self, room: str, ids: list[int] | None = None) -> list[int]:
        """Withdraws invites of a room, all of them without `ids`, and cuts off those who came by them.

        Returns:
            Ids of the invites that were good until now.

        Raises:
            NoSuchRoom: there is no such room.
            NoSuchInvite: the room has no invite of one of the ids.
            StoreFailed: the database could not be written.
        """
        return await self.members.withdraw(room, ids)

    async def close(self) -> bool:
        """Stops listening, saves what has come in, says goodbye to the clients, and lets go of the store.

        What was taken from clients is passed on, saved and acknowledged before they are closed; what was not read, or
        waits for its turn, they keep. What was read from those who have gone is taken and saved too. Saving and goodbye
        take at most `drain_seconds`. A port for health and metrics answers until the end.

        Returns:
            Whether all that came in is saved.
        """
        if self._closing:
            return True
        self._closing = True
        self._reception.close()
        patience = self._settings.drain_seconds
        end = asyncio.get_running_loop().time() + patience
        if self._listener is not None:
            self._listener.close()
        for socket in self._sockets:
            socket.hold("closing")
        self._rooms.flush()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._log.flushed(), patience * _SAVING)
        await self._sockets.say_goodbye(patience * (1 - _SAVING))
        if self._look_timer is not None:
            self._look_timer.cancel()
        await self._background.end()
        await self.members.close()
        await self._versions.close()
        await self._sealed.close()
        self._rooms.flush()  # TLS hands over what it has deciphered even when told to stop reading
        await self._rooms.close()
        await self._compactor.close()
        left = max(end - asyncio.get_running_loop().time(), 0.0)
        is_saved = await self._log.close(0 if self._log.failure is not None else left)
        await self._bus.close()
        await self._attendance.close()
        await self._store.close()
        if self._monitor_listener is not None:
            self._monitor_listener.close()
            self._monitor.close()
        return is_saved

    async def _give_up(self) -> None:
        """Lets go of what was opened by a start that came to nothing."""
        for listener in (self._listener, self._monitor_listener):
            if listener is not None:
                listener.close()
        self._monitor.close()
        for socket in list(self._sockets):
            socket.abort()
        await self._background.end()
        if self._has_bus:
            await self._bus.close()
        await self._store.close()

    # What the bus tells.

    def gone(self, node: bytes) -> None:
        """Another node has ended."""
        self._rooms.gone(node)

    def resumed(self) -> None:
        """The bus may have lost what other nodes said, and what was said to them."""
        self._rooms.resumed()
        self._sealed.news.resumed()

    # What `start` does.

    async def _listen(self) -> None:
        settings = self._settings
        loop = asyncio.get_running_loop()
        unfinished = Unfinished(_UNFINISHED_MESSAGES * settings.limits.message_bytes)
        make_socket = partial(
            Socket,
            settings=settings,
            figures=self._figures,
            loop=loop,
            turns=Turns(loop),
            unfinished=unfinished,
            unsent=Unsent(_UNSENT * max(settings.limits.message_bytes, settings.limits.blob_bytes)),
        )
        make_client = partial(make_socket, self._reception)
        if self._certificate is None and sys.platform != "win32":
            self._listener = await listen(make_client, settings.host, settings.port)
        elif self._certificate is None:
            self._listener = PlainListener(await bind(settings.host, settings.port), make_client)
        else:
            bound = await bind(settings.host, settings.port)
            tls, patience = self._certificate.context, settings.handshake_seconds
            self._listener = TlsListener(bound, make_client, self._sockets, tls, patience)
        if settings.metrics_port is not None:
            self._monitor_listener = await listen(
                partial(make_socket, self._monitor), settings.metrics_host, settings.metrics_port
            )
        await self._store.announce(self.address)

    async def _join_others(self) -> None:
        """Hears from now on what other nodes say."""
        self._bus.start(self)
        self._has_bus = True
        await self._attendance.follow()
        await self._sealed.news.follow()

    def _keep_watch(self) -> None:
        """Does from now on what a server does again and again."""
        settings, keep, seconds = self._settings, self._background.keep, self._settings.watch_seconds
        if self._store.shared:
            keep(self._rooms.compare, "comparing rooms with the store")
            keep(lambda: self._sealed.news.compare(settings.heal_seconds), "comparing sealed boxes with the store")
        keep(lambda: self._attendance.watch(seconds), "watch over who may be here")
        keep(lambda: self._attendance.watch_ends(seconds), "watch over how long they may")
        files = [each for each in (self._certificate, self._tokens) if each is not None]
        if files:
            keep(lambda: keep_fresh(files, seconds), "watch for new certificates and keys")
        keep(self._compactor.keep_swept, "thin old history")
        self._look()

    # Housekeeping.

    def _committed(self) -> None:
        """Updates are on disk, and the server is awake."""
        self._attendance.glance_early()

    def _moment(self) -> Moment:
        from cowrite_server.metrics import Moment

        queues = tuple(socket.queued for socket in self._sockets)
        ends = None if self._certificate is None else self._certificate.ends
        unsaved = self._log.queued_bytes
        count = self._sockets.count
        bus = self._bus.figures
        return Moment(self.ready, len(self._rooms), len(self._attendance), count, queues, unsaved, ends, bus)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = max(now - self._look_due, 0.0) if self._look_due else 0.0
        if self._look_due:
            self._figures.loop_delay.add(late)
        for socket in self._sockets:
            socket.look(now, late)
        self._monitor.look_after(now, late)
        # Twenty looks within the longest silence allowed: a dead client is dropped at most 5 % late.
        self._look_due = now + min(self._settings.silence_seconds, self._settings.waiting_seconds) / 20
        self._look_timer = loop.call_at(self._look_due, self._look)
