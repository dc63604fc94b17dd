"""One WebSocket on the wire: handshake, frames, signs of life, and a bounded queue of what is to be sent.

The protocol is websockets' sans-I/O core (https://websockets.readthedocs.io/en/stable/howto/sansio.html) on an asyncio
transport. That layer is used because it lets a room encode a frame once and hand the same bytes to all its clients.
Short messages go past it, see `framing`; what becomes of a message that was read is told in `backlog`, and where those
wait that the transport's buffer has no room for in `outbox`.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from functools import partial
from http import HTTPStatus
from typing import Protocol, cast

from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import SEND_EOF, State

from cowrite_server.figures import Figures
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.backlog import Backlog, Receiver
from cowrite_server.sockets.framing import Frames, frame
from cowrite_server.sockets.outbox import Outbox
from cowrite_server.sockets.pace import Pace
from cowrite_server.sockets.server_side import ServerSide
from cowrite_server.sockets.spending import Spending
from cowrite_server.sockets.turns import Turns
from cowrite_server.sockets.unfinished import Unfinished
from cowrite_server.sockets.unsent import WORTH_COUNTING, Unsent
from cowrite_server.wire.awareness import awareness_message
from cowrite_server.wire.protocol import Close

_HIGH_WATER_BYTES = 64 * 1024
_LONG_REQUEST = "The server takes requests of up to 64 KiB."
_LATE_REQUEST = "No whole request came in the time that waiting_seconds allows; connect again."

_NOBODY = frame(awareness_message([]))
"""Tells a stock client that is not listened to that the server is there: it counts no pings, and begins anew after 30 s
without a message (yjs/y-websocket#24)."""


class Host(Protocol):
    """Decides on new sockets."""

    def made(self, socket: Socket) -> None:
        """The TCP connection (and TLS, if any) stands."""

    def answer(self, socket: Socket, request: Request) -> Response | None:
        """A plain HTTP answer, or None to go on with the WebSocket handshake."""

    def opened(self, socket: Socket, request: Request) -> None:
        """The handshake is done. Messages wait until `Socket.start` names their receiver."""

    def lost(self, socket: Socket) -> None:
        """The TCP connection is gone."""


class Socket(asyncio.Protocol):
    """One client's WebSocket."""

    def __init__(
        self,
        host: Host,
        settings: Settings,
        figures: Figures,
        loop: asyncio.AbstractEventLoop,
        turns: Turns,
        unfinished: Unfinished,
        unsent: Unsent,
    ) -> None:
        self._host = host
        self._settings = settings
        self._figures = figures
        self._loop = loop
        self._turns = turns
        self._unfinished = unfinished
        self._unsent = unsent
        self._protocol = ServerSide(settings.limits.message_bytes)
        self._transport: asyncio.Transport
        self._backlog: Backlog
        self._outbox: Outbox
        self._frames: Frames | None = None
        self._requested_bytes = 0
        self._queued_before = 0
        self._made = self._last_sign = loop.time()
        self._closing_since: float | None = None
        self._over = self._lost = self._is_unfinished = False
        self.open = False
        """Whether messages can be sent."""
        self._writable: asyncio.Future[None] | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TCP connection stands."""
        self._transport = cast(asyncio.Transport, transport)
        settings, pauses = self._settings, self._figures.pauses
        spending = Spending(Pace(settings.limits, settings.work_seconds), settings.excess_seconds)
        self._backlog = Backlog(self._transport, self._turns, spending, pauses, self.abort, self._be_lost)
        self._outbox = Outbox(self._transport, self._unsent, partial(self.cut, "unread_answers"))
        # No higher than the queue may be: otherwise nobody would tell that a queue just above that has been sent.
        self._transport.set_write_buffer_limits(min(_HIGH_WATER_BYTES, self._settings.queue_bytes))
        self._last_sign = self._loop.time()
        self._host.made(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        backlog = self._backlog
        try:
            self._last_sign = now = backlog.begin()
            self._figures.received_bytes += len(data)
            count = self._feed_request(data) if self._frames is None else self._frames.feed(data)
            if self.open and (wait := backlog.spending.spend(count, len(data), now)) > 0:
                backlog.hold("pace")
                self._loop.call_later(wait, backlog.resume, "pace")
            backlog.finish()
        except BaseException:
            self.abort()  # asyncio's own loop on Windows would go on to read behind what could not be taken
            raise

    def eof_received(self) -> None:
        """The client will send nothing more; asyncio closes the transport."""
        self._protocol.receive_eof()
        self._send_pending()
        self._check_end()

    def connection_lost(self, exc: Exception | None) -> None:
        """The TCP connection is gone."""
        self._lost = True
        self._end()
        self._protocol.reader.discard()  # which else stays until Python looks for garbage
        self._outbox.close()
        self.resume_writing()
        if not self._backlog.waits:
            self._host.lost(self)

    def pause_writing(self) -> None:
        """The write buffer grew past its mark."""
        self._outbox.filled()
        if self._writable is None:
            self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        """The write buffer is nearly empty."""
        if not self._outbox.drained():
            return
        self._requested_bytes = 0
        self._backlog.resume("queue")
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    # What the server calls.

    @property
    def spending(self) -> Spending:
        """What it takes of its pace; other connections may have the same one."""
        return self._backlog.spending

    def share(self, pace: Pace) -> None:
        """Is read at a pace that other connections may have, too."""
        self._backlog.spending = Spending(pace, self._settings.excess_seconds)

    @property
    def peer(self) -> str:
        """The address from which the TCP connection comes."""
        name = self._transport.get_extra_info("peername")
        return str(name[0]) if name else ""

    @property
    def queued(self) -> int:
        """Bytes that wait to be sent."""
        return self._transport.get_write_buffer_size() + self._outbox.size

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that was agreed on, if any."""
        return self._protocol.subprotocol

    def start(self, receiver: Receiver) -> None:
        """Hands over the messages that came so far, and all that come."""
        self._backlog.start(receiver)

    def send(self, frames: bytes) -> None:
        """Queues frames that are sent to a client as things happen.

        A client whose queue is longer than the settings allow is closed: it has missed nothing so far, and catches up
        when it connects again.
        """
        transport = self._transport
        if not self.open or transport.is_closing():
            return
        # Below the buffer's mark, of which `pause_writing` tells, no queue is too long and nothing waits elsewhere.
        if self._writable is None:
            transport.write(frames)
        elif self.queued - self._requested_bytes > self._settings.queue_bytes:
            self.close(Close.SLOW_READER)
        else:
            self._outbox.write(frames)

    def reply(self, frames: bytes, body: bytes = b"") -> None:
        """Queues frames that the client asked for.

        They may be larger than the queue is allowed to be. While they wait, nothing more is read from the client.

        Args:
            frames: the frames, the last one without what is in `body`.
            body: the rest of it; where it is long, all who wait for the same have it once.
        """
        if not self.open or self._transport.is_closing():
            return
        size = len(frames) + len(body)
        self._figures.sent_bytes += size
        self._requested_bytes = size + min(self._requested_bytes, self.queued)
        if len(body) > WORTH_COUNTING:
            self._outbox.write(frames)
            self._outbox.write(body)
        else:
            self._outbox.write(frames + body)
        if self._is_queue_long:
            self._backlog.hold("queue")

    def keeping(self, data: bytes) -> AbstractContextManager[None]:
        """While something is kept that is sent in parts, as the client takes them."""
        return self._outbox.keeping(data)

    async def writable(self) -> None:
        """Waits until most of the queue is sent, or the connection is gone."""
        if self._writable is not None:
            await asyncio.shield(self._writable)

    async def heard(self) -> None:
        """The same where the queue is longer than it should be, so that nothing is read from the client either."""
        if self._is_queue_long:
            await self.writable()

    def hold(self, cause: str) -> None:
        """Stops reading until each cause has been resumed."""
        self._backlog.hold(cause)

    def resume(self, cause: str) -> None:
        """Ends one cause of not reading."""
        self._backlog.resume(cause)

    def close(self, code: Close) -> None:
        """Closes with a code and its sentence, after what is queued; when the server ends, cuts who asked nothing."""
        if code is not Close.SHUTTING_DOWN:
            self._backlog.drop()  # also of one that is gone by itself
        if self._protocol.state is State.OPEN:
            self._protocol.end(code)
            self._send_pending()
        elif code is Close.SHUTTING_DOWN and self._protocol.state is State.CONNECTING and not self._over:
            self.abort()  # it would not hear the code, and may say nothing for as long as there is
        self._check_end()

    def turn_away(self, reason: str, status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE) -> None:
        """Ends a connection that has asked for nothing yet; the HTTP answer says why."""
        self._protocol.send_response(self._protocol.reject(status, f"{reason}\n"))
        self._send_pending()
        self._end()

    def abort(self) -> None:
        """Cuts the connection."""
        self._backlog.drop()
        self._outbox.close()
        self._transport.abort()
        self._end()
        self._backlog.let_go()
        self._be_lost()

    def cut(self, limit: str = "unfinished_messages") -> None:
        """Cuts the connection for the sake of others: see `Unfinished` and `Unsent`."""
        self._figures.refusals[limit] += 1
        self.abort()

    def look(self, now: float, late: float) -> None:
        """Checks for life; called about once a second.

        Args:
            now: the loop's time.
            late: seconds by which it comes too late, because the server did nothing and so heard and asked nobody.
        """
        self._made, self._last_sign = min(self._made + late, now), min(self._last_sign + late, now)
        if self._over and self._backlog.waits:
            return
        queued = self.queued
        if queued < self._queued_before:
            self._last_sign = now  # it reads
        self._queued_before = queued
        if self._closing_since is not None and now - self._closing_since > self._settings.closing_seconds:
            self.abort()
            return
        if self._protocol.state is State.CONNECTING and now - self._made > self._settings.waiting_seconds:
            if self._over:  # it was answered, and only does not go
                self.abort()
            else:
                self._figures.refusals["waiting_seconds"] += 1
                self.turn_away(_LATE_REQUEST, HTTPStatus.REQUEST_TIMEOUT)
            return
        silence = now - max(self._last_sign, self._backlog.resumed)
        # It may be talking while nobody listens. It is asked all the same: only a write shows that nobody is there, and
        # whoever is not answered takes the connection for dead, and sends all of it again on another.
        if silence > self._settings.silence_seconds and self._backlog.lets_be_heard:
            self.abort()
        elif (silence > self._settings.ping_seconds or not self._backlog.lets_be_heard) and self.open:
            self._protocol.send_ping(b"")
            self._send_pending()
            if self.subprotocol is None and not self._backlog.lets_be_heard:
                self.send(_NOBODY)

    # Inside.

    @property
    def _is_queue_long(self) -> bool:
        return self.queued > self._settings.queue_bytes

    def _feed_request(self, data: bytes) -> int:
        """Lets the library take bytes until the handshake is done."""
        was_open = self.open
        count = self._feed(data)
        if self._protocol.is_request_long and not self._over:
            self._figures.refusals["protocol_error"] += 1
            self.turn_away(_LONG_REQUEST, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self.open and not was_open and self._protocol.ends_with_request:
            self._frames = Frames(self._backlog.take, self._feed)  # else only the library knows where it stands
        return count

    def _feed(self, data: bytes) -> int:
        """Lets the library take bytes; gives how many frames ended in them."""
        events = self._protocol.read(data)
        for event in events:  # before a close frame behind them is answered, for then nothing more is taken
            if isinstance(event, Request):
                self._shake_hands(event)
            elif isinstance(event, Frame):
                if (message := self._protocol.message(event)) is not None:
                    self._backlog.take(message)
                elif event.opcode is Opcode.TEXT:
                    self.close(Close.MALFORMED)
        pending = self._protocol.data_to_send()
        if pending == [SEND_EOF] and self._protocol.state is State.CONNECTING:  # it says nothing to what is no request
            pending = [self._protocol.reject_unread().serialize(), SEND_EOF]
        self._send_out(pending)
        if self._protocol.state is not State.OPEN:
            self._check_end()
        elif pending and self._is_queue_long:  # it asks for signs of life, and takes none
            self._backlog.hold("queue")
        if self._protocol.unfinished or self._is_unfinished:
            self._tell_unfinished()
        return len(events)

    def _shake_hands(self, request: Request) -> None:
        if self._protocol.close_expected():
            return  # what came behind the request, in the same read, was no WebSocket frame
        self._protocol.send_response(self._protocol.response(request, partial(self._host.answer, self)))
        if self._protocol.state is State.OPEN:
            self._backlog.hold("start")
        self._send_pending()
        if self._protocol.state is State.OPEN:
            self._host.opened(self, request)

    def _tell_unfinished(self) -> None:
        size = 0 if self._over else self._protocol.unfinished
        self._is_unfinished = size > 0
        self._unfinished.note(self, size)

    def _send_pending(self) -> None:
        self._send_out(self._protocol.data_to_send())

    def _send_out(self, pending: list[bytes]) -> None:
        self.open = self._protocol.state is State.OPEN and not self._over
        for data in pending:
            if self._transport.is_closing():
                continue  # it is gone, and `connection_lost` on its way; uvloop takes a write for a mistake
            if data != SEND_EOF:
                self._outbox.write(data)
            else:
                self._outbox.end()

    def _check_end(self) -> None:
        if self._protocol.close_expected() or self._protocol.state is State.CLOSED:
            self._end()

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self.open = False
        self._closing_since = self._loop.time()
        if (refusal := self._protocol.refusal) is not None:
            self._figures.refusals[refusal] += 1
        self._protocol.forget()
        self._tell_unfinished()
        self._backlog.end(is_heard_out=not self._protocol.is_closed_from_here)

    def _be_lost(self) -> None:
        if self._lost:
            self._host.lost(self)
