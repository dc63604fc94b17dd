"""The socket under a SyncPeer: connects to a link, carries messages, and connects again for as long as it takes.

Runs in the network thread's loop, which is asyncio's own (uvloop lacks `happy_eyeballs_delay`). Knows nothing of
documents: what it hands over are bytes and frozen values. Everything here is to be called in that loop; other threads
go through its `call_soon_threadsafe`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed
from websockets.proxy import get_proxy
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from cowrite.sync.backoff import Backoff
from cowrite.sync.connection import Connecting, Connection
from cowrite.sync.failure import FAILURES, Failure, NoTrust, failure_of
from cowrite.sync.identity import Identity
from cowrite.sync.link import Link
from cowrite.sync.transport_events import Closed, Drained, Opened, Received, TransportEvent
from cowrite_server.wire.protocol import SUBPROTOCOL, Limits

OPENING = 5.0  # seconds that connecting may take, with TLS and the HTTP upgrade
STABLE = 10.0  # seconds after which a connection counts as stable, and the next failure as the first
CLOSING = 1.0  # seconds for what is queued to leave, and for the closing handshake, when the user goes
CHECK = 0.25  # seconds between two looks at whether the link is alive
PING_CHECKS = 8  # looks between two pings: 2 s
SILENT_CHECKS = 18  # looks in a row without any sign of life after which the link is dead: 4.5 s
ASLEEP = 3.0  # seconds of the clock between two looks, after which the computer has slept and is likely to be elsewhere
WAKING_CHECKS = 6  # looks that the link has then to show a sign of life: 1.5 s
QUEUE_BYTES = 8 * 1024 * 1024  # what may wait to be sent; beyond, a new handshake sends less than the queue would
SEND_BUFFER = 128 * 1024  # bytes in the kernel, see `_open`
MUCH = 16 * 1024  # bytes on their way behind which a sign of life may wait unseen
MOST_PATIENCE = 8  # times as long as otherwise that a link may be silent while much is on its way
UNTAKEN_BYTES = 4 * 1024 * 1024  # what may wait to be taken in before no more is read
INCOMING_BYTES = 4 * Limits().message_bytes  # a whole document comes in one message, and may be larger than any sent

_log = logging.getLogger(__name__)


class Transport:
    """Holds one connection to a link open, and tells what happens to it."""

    def __init__(
        self,
        link: Link,
        emit: Callable[[TransportEvent], None],
        *,
        random: Random,
        epoch: str | None = None,
        identity: Identity = Identity(),  # noqa: B008, a frozen value
        extra_ca: Path | None = None,
    ) -> None:
        """Connects to nothing until `run`.

        Args:
            link: where to connect.
            emit: is called in the loop with each event, in order; must return at once.
            random: chance for the waits between attempts.
            epoch: identity of the server's document that this copy belongs to, if it is known.
            identity: who connects.
            extra_ca: a PEM file of certificate authorities to trust beside the system's.
        """
        self._link = link
        self._emit = emit
        self._backoff = Backoff(random)
        self._epoch = epoch
        self._identity = identity
        self._extra_ca = extra_ca
        self._number = 0
        self._connection: Connection | None = None
        self._trust: ssl.SSLContext | None = None  # in whose certificates, once it is known
        self._proxy: str | None = None  # by way of which the latest attempt was made
        self._queue: deque[bytes] = deque()
        self._queued = 0
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._retry = asyncio.Event()
        self._opening: asyncio.Task[Connection] | None = None
        self._fault: Failure | None = None
        self._untaken = 0  # what of this connection waits to be taken in
        self._taken = asyncio.Event()
        self._patience = 1  # times as long as otherwise, see `_watch`
        self._closing = asyncio.Event()

    def use_epoch(self, epoch: str) -> None:
        """Names the document's identity in later attempts to connect."""
        self._epoch = epoch

    def use_identity(self, identity: Identity) -> None:
        """Names who connects in later attempts."""
        self._identity = identity

    def send(self, connection: int, message: bytes) -> None:
        """Queues a message for the connection of that number; it is dropped where that one is not open any more.

        Where the network takes less than is given, the connection is closed and made again: the handshake then
        sends what is lacking instead of every message on the way. The largest one does not count: a whole document may
        be one, and the next handshake would send it as well.
        """
        if self._connection is None or connection != self._number:
            return
        queued = self._queued + len(message)
        if queued > QUEUE_BYTES and queued - max(map(len, (*self._queue, message))) > QUEUE_BYTES:
            self._fail("The network is too slow for the changes made here; they are sent together now.")
            return
        self._queue.append(message)
        self._queued += len(message)
        self._emptied.clear()
        self._filled.set()

    def took(self, connection: int, cost: int) -> None:
        """Messages of the connection of that number are taken in; while many wait, no more are read.

        Args:
            connection: its number.
            cost: the sum of what they cost, see `Received`.
        """
        if connection == self._number:
            self._untaken -= cost
            self._taken.set()

    def retry_now(self) -> None:
        """Ends a wait between attempts, also after a final close. For a person's click and a change of network."""
        self._backoff.reset()
        self._retry.set()

    def drop(self, connection: int, reason: str) -> None:
        """Ends the connection of that number, if it is open, and connects again."""
        if connection == self._number:
            self._fail(reason)

    def halt(self, connection: int, code: int | None, reason: str) -> None:
        """Ends the connection of that number, if it is open, and waits for `retry_now`.

        Args:
            connection: its number.
            code: what the event names as the close code.
            reason: one sentence.
        """
        if connection == self._number:
            self._fail(reason, code=code, final=True)

    async def run(self) -> None:
        """Connects and connects again until `close` is called or the task is cancelled."""
        while not self._closing.is_set():
            self._number += 1
            self._retry.clear()
            failure = await self._one_connection()
            if self._closing.is_set():
                break
            wait = None if failure.final else self._backoff.next(failure.rest)
            self._emit(Closed(self._number, failure.code, failure.reason, failure.final))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._retry.wait()

    async def close(self) -> None:
        """Sends what is queued, closes the connection, and has `run` return. Takes two seconds at most."""
        self._closing.set()
        self._taken.set()
        if self._opening is not None:
            self._opening.cancel()
        if self._connection is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSING):
                    await self._emptied.wait()
        if self._connection is not None:
            await self._connection.close()
        self._retry.set()

    def _read_trust(self) -> ssl.SSLContext:
        """The system's trust and the extra one. Reads files, so not in the loop.

        Raises:
            NoTrust: they cannot be read.
        """
        try:
            context = ssl.create_default_context()
            if self._extra_ca is not None:
                context.load_verify_locations(self._extra_ca)
        except OSError as error:  # of TLS itself too, as where Windows holds a certificate that is none
            raise NoTrust(error.strerror or str(error)) from error
        return context

    async def _one_connection(self) -> Failure:
        """Opens a connection and uses it up; says why it ended."""
        loop = asyncio.get_running_loop()
        self._opening = loop.create_task(self._open())
        try:
            connection = await self._opening
        except FAILURES as error:
            return failure_of(error, self._link, self._proxy)
        except asyncio.CancelledError:
            if self._closing.is_set():
                return Failure(None, "Closed here.", False)
            raise
        finally:
            self._opening = None
        if self._closing.is_set():  # `close` came between the opening and this turn, and had nothing to close yet
            connection.transport.abort()
            return Failure(None, "Closed here.", False)
        opened_at = loop.time()
        self._connection = connection
        self._queue.clear()
        self._queued = self._untaken = 0
        self._emptied.set()
        self._emit(Opened(self._number))
        helpers = [loop.create_task(self._write(connection)), loop.create_task(self._watch(connection))]
        try:
            await self._read(connection)
        except ConnectionClosed as error:
            failure = self._taken_fault() or failure_of(error, self._link)
        finally:
            self._connection = None
            self._emptied.set()
            connection.transport.abort()
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
        if loop.time() - opened_at >= STABLE:
            self._backoff.reset()
        return failure

    async def _open(self) -> Connection:
        if self._link.tls and self._trust is None:
            self._trust = await asyncio.to_thread(self._read_trust)
        query = f"?{urlencode({'epoch': self._epoch})}" if self._epoch is not None else ""
        secret = self._link.secret
        headers = dict(self._identity.headers)
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        options: dict[str, Any] = {}
        # WORKAROUND python/cpython#128479: of several addresses that are tried at one time, what is cancelled leaves a
        # socket open. Only a name has several.
        if not _is_address(self._link.host):
            options["happy_eyeballs_delay"] = 0.25
        if self._trust is not None:
            options["ssl"] = self._trust
        self._proxy = None  # which may be another one by now, or not an address at all
        if not _is_near(self._link.host):
            self._proxy = get_proxy(parse_uri(self._link.websocket_url))
        begun = time.monotonic()
        connection = await Connecting(
            self._link.websocket_url + query,
            additional_headers=headers,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            create_connection=Connection,
            compression=None,  # updates are small and dense; deflate costs both ends memory and time for each
            proxy=self._proxy,
            open_timeout=OPENING,
            # WORKAROUND: the library's keepalive waits until its ping is written, which on a dead link with a full
            # buffer is never, and then for a closing handshake that nobody answers. `_watch` does it instead.
            ping_interval=None,
            close_timeout=CLOSING,
            max_size=INCOMING_BYTES,
            logger=_log,
            **options,
        )
        assert isinstance(connection, Connection)
        connection.opening = time.monotonic() - begun
        sock = connection.transport.get_extra_info("socket")
        if sock is not None:
            # A pong queues behind what the kernel holds; with a small buffer there, our own buffer's shrinking shows
            # that a slow link is alive while a large message leaves.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        return connection

    async def _read(self, connection: Connection) -> None:
        number = self._number
        while True:
            while self._is_full:
                self._taken.clear()
                await self._taken.wait()
            message = await connection.recv()
            if isinstance(message, bytes):  # a text frame is no message of this protocol
                received = Received(number, message)
                self._untaken += received.cost
                self._emit(received)

    @property
    def _is_full(self) -> bool:
        """Whether so much waits to be taken in that no more is read."""
        return self._untaken > UNTAKEN_BYTES and self._fault is None and not self._closing.is_set()

    async def _write(self, connection: Connection) -> None:
        number = self._number
        with contextlib.suppress(ConnectionClosed):  # the reader hears of it too, and knows the code
            while True:
                await self._filled.wait()
                while self._queue:
                    message = self._queue.popleft()
                    self._queued -= len(message)
                    await connection.send_in_pieces(message)
                self._filled.clear()
                self._emptied.set()
                self._emit(Drained(number))

    async def _watch(self, connection: Connection) -> None:
        """Ends the connection when it shows no sign of life, be it that packets vanish without an error.

        Counts looks and not seconds, so that a computer that was asleep or busy does not take its own absence for
        the server's. A slow network has more time: as long as it took to open the connection. What kernels and proxies
        hold leaves in steps, which can be seconds apart, and a ping waits behind it. So where a link falls silent while
        much is on its way, the next ones may be silent for twice as long then, or nothing large would ever arrive.
        """
        heard, taken, unwritten, silent, looks, looked = connection.heard, 0, 0, 0, 0, time.time()
        arrived, asked, pong = 0, 0, None  # bytes written before the ping that was answered, and before the next one
        slow = int(connection.opening / CHECK)
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(CHECK)
                looks += 1
                left = connection.transport.get_write_buffer_size()
                alive = connection.heard != heard or connection.taken != taken or left < unwritten or self._is_full
                heard, taken, unwritten = connection.heard, connection.taken, left
                silent = 0 if alive else silent + 1
                if pong is not None and pong.done():
                    arrived, pong = asked, None
                much = connection.written - arrived > MUCH
                most = SILENT_CHECKS * (self._patience if much else 1) + slow
                slept, looked = time.time() - looked > ASLEEP, time.time()  # other clocks stand still meanwhile
                if slept:
                    silent = max(silent, most - WAKING_CHECKS)
                if silent >= most:
                    break
                if (slept or looks % PING_CHECKS == 0) and left == 0:
                    answer = await connection.ping()
                    if pong is None:
                        pong, asked = asyncio.ensure_future(answer), connection.written
            self._patience = min(2 * self._patience, MOST_PATIENCE) if much else 1
            self._fail("The connection to the server went silent.")

    def _fail(self, reason: str, *, code: int | None = None, final: bool = False) -> None:
        """Ends the open connection without waiting for anybody."""
        if self._connection is not None and self._fault is None:
            self._fault = Failure(code, reason, final)
            self._queue.clear()
            self._queued = 0
            self._taken.set()
            self._connection.transport.abort()

    def _taken_fault(self) -> Failure | None:
        fault, self._fault = self._fault, None
        return fault


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_near(host: str) -> bool:
    """Whether a host is this computer or in the local network, where a proxy does not lead."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host.rstrip(".") or host.rstrip(".").endswith((".local", ".localhost", ".lan", ".home.arpa"))
