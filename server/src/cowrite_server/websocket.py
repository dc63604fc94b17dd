"""One WebSocket on the wire: handshake, frames, signs of life, and a bounded queue of what is to be sent.

The protocol is websockets' sans-I/O core (https://websockets.readthedocs.io/en/stable/howto/sansio.html) on an asyncio
transport. That layer is used because it lets a room encode a frame once and hand the same bytes to all its clients;
the transport's write buffer is the send queue, so nothing is kept twice. Short messages go past it, see `framing`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from http import HTTPStatus
from time import monotonic
from typing import Protocol, cast

from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import SEND_EOF, State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from cowrite_server.figures import Figures
from cowrite_server.framing import Frames
from cowrite_server.pace import Pace
from cowrite_server.protocol import SUBPROTOCOL, Close
from cowrite_server.settings import Settings
from cowrite_server.turns import Turns

_HIGH_WATER_BYTES = 64 * 1024
_END_OF_REQUEST = b"\r\n\r\n"
_NO_REQUEST = "The server cannot read this request: it takes GET and HEAD without a body, one on each connection.\n"
_OF_THE_CLIENT = frozenset({"queue", "blobs"})
"""Causes of not reading that are the client's own doing; while one lasts, it still has to show that it is alive."""

_PUT_OFF = frozenset({"queue", "pace", "turn"})
"""Causes of not reading for which what was read waits as well. One read brings many messages, and each could ask for
the whole document while nothing of it is sent."""

_SLICE_SECONDS = 0.002
"""So long one connection's messages may take at once: many times what letters need."""

_CODES = frozenset(Close)
_PROTOCOL_ERRORS = 1002
"""The first of the codes that say what was wrong (RFC 6455, 7.4.1)."""

_REASON_BYTES = 123
"""Space for text in a close frame (RFC 6455, 5.5.1)."""


class Receiver(Protocol):
    """Takes what arrives on a socket."""

    def receive(self, message: bytes) -> None:
        """One whole binary message."""

    def received(self) -> None:
        """There are no more messages at the moment."""

    def ended(self) -> None:
        """Nothing will be sent or received any more. Called once."""


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
        self, host: Host, settings: Settings, figures: Figures, loop: asyncio.AbstractEventLoop, turns: Turns
    ) -> None:
        self._host = host
        self._settings = settings
        self._figures = figures
        self._loop = loop
        self._turns = turns
        self._protocol = _Protocol(
            max_size=settings.limits.message_bytes, select_subprotocol=_select_subprotocol, extensions=None
        )
        self._transport: asyncio.Transport
        self._receiver: Receiver | None = None
        self._frames: Frames | None = None
        self._early: deque[bytes] = deque()
        self._fragments: list[bytes] = []
        self._holds: set[str] = set()
        self._requested_bytes = 0
        self._queued_before = 0
        self._made = self._last_sign = loop.time()
        self._begun = 0.0
        self._closing_since: float | None = None
        self._over = self._lost = False
        self.open = False
        """Whether messages can be sent."""
        self.pace = Pace(settings.limits, settings.work_seconds)
        """How fast it is read; other connections may have the same one."""
        self._writable: asyncio.Future[None] | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TCP connection stands."""
        self._transport = cast(asyncio.Transport, transport)
        # No higher than the queue may be: otherwise nobody would tell that a queue just above that has been sent.
        self._transport.set_write_buffer_limits(min(_HIGH_WATER_BYTES, self._settings.queue_bytes))
        self._last_sign = self._loop.time()
        self._host.made(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        self._last_sign = now = self._loop.time()
        self._figures.received_bytes += len(data)
        self._begun = monotonic()
        if self._frames is None:
            count = self._feed(data)
            if (
                self.open
                and data.startswith(b"GET ")
                and data.find(_END_OF_REQUEST) == len(data) - len(_END_OF_REQUEST)
            ):
                self._frames = Frames(self._take_message, self._feed)  # else only the library knows where it stands
        else:
            count = self._frames.feed(data)
        if (wait := self.pace.spend(count, len(data), now)) > 0 and self.open:
            self.hold("pace")
            self._loop.call_later(wait, self.resume, "pace")
        self._finish()

    def eof_received(self) -> None:
        """The client will send nothing more; asyncio closes the transport."""
        self._protocol.receive_eof()
        self._send_pending()
        self._check_end()

    def connection_lost(self, exc: Exception | None) -> None:
        """The TCP connection is gone."""
        self._lost = True
        self._end()
        self.resume_writing()
        if not self._early:
            self._host.lost(self)

    def pause_writing(self) -> None:
        """The write buffer grew past its mark."""
        if self._writable is None:
            self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        """The write buffer is nearly empty."""
        self._requested_bytes = 0
        self.resume("queue")
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    # What the server calls.

    @property
    def peer(self) -> str:
        """The address from which the TCP connection comes."""
        name = self._transport.get_extra_info("peername")
        return str(name[0]) if name else ""

    @property
    def queued(self) -> int:
        """Bytes that wait to be sent."""
        return self._transport.get_write_buffer_size()

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that was agreed on, if any."""
        return self._protocol.subprotocol

    def start(self, receiver: Receiver) -> None:
        """Hands over the messages that came so far, and all that come."""
        self._receiver = receiver
        self._take_early()
        self.resume("start")
        if self._over:
            self._tell_end()

    def send(self, frames: bytes) -> None:
        """Queues frames that are sent to a client as things happen.

        A client whose queue is longer than the settings allow is closed: it has missed nothing so far, and catches up
        when it connects again.
        """
        transport = self._transport
        if not self.open or transport.is_closing():
            return
        # Below the buffer's mark, of which `pause_writing` tells, no queue is too long.
        if (
            self._writable is not None
            and transport.get_write_buffer_size() - self._requested_bytes > self._settings.queue_bytes
        ):
            self.close(Close.SLOW_READER)
            return
        transport.write(frames)

    def reply(self, frames: bytes) -> None:
        """Queues frames that the client asked for.

        They may be larger than the queue is allowed to be. While they wait, nothing more is read from the client.
        """
        if not self.open or self._transport.is_closing():
            return
        queued = self._transport.get_write_buffer_size()
        self._figures.sent_bytes += len(frames)
        self._requested_bytes = len(frames) + min(self._requested_bytes, queued)
        self._transport.write(frames)
        if self._transport.get_write_buffer_size() > self._settings.queue_bytes:
            self.hold("queue")

    async def writable(self) -> None:
        """Waits until most of the queue is sent, or the connection is gone."""
        if self._writable is not None:
            await asyncio.shield(self._writable)

    def hold(self, cause: str) -> None:
        """Stops reading until each cause has been resumed."""
        if self._over:
            return
        if not self._holds:
            self._transport.pause_reading()
        self._holds.add(cause)

    def resume(self, cause: str) -> None:
        """Ends one cause of not reading."""
        if cause in self._holds:
            self._holds.discard(cause)
            self._last_sign = self._loop.time()
            self._take_early()
            if not self._holds and not self._transport.is_closing():
                self._transport.resume_reading()

    def close(self, code: Close) -> None:
        """Closes with a code and its sentence, after what is queued."""
        if code is not Close.SHUTTING_DOWN:
            self._early.clear()  # also of one that is gone by itself
        if self._protocol.state is State.OPEN:
            reason = code.sentence.encode()[:_REASON_BYTES].decode(errors="ignore")
            self._protocol.send_close(code, reason)
            self._send_pending()
        self._check_end()

    def turn_away(self, reason: str) -> None:
        """Ends a connection that has asked for nothing yet; the HTTP answer says why."""
        self._protocol.send_response(self._protocol.reject(HTTPStatus.SERVICE_UNAVAILABLE, f"{reason}\n"))
        self._send_pending()
        self._end()

    def abort(self) -> None:
        """Cuts the connection."""
        self._early.clear()
        self._transport.abort()
        self._end()
        self._let_go()

    def look(self, now: float) -> None:
        """Checks for life; called about once a second with the loop's time."""
        if self._over and self._early:
            return
        queued = self._transport.get_write_buffer_size()
        if queued < self._queued_before:
            self._last_sign = now  # it reads
        self._queued_before = queued
        if self._closing_since is not None and now - self._closing_since > self._settings.closing_seconds:
            self.abort()
            return
        if self._protocol.state is State.CONNECTING and now - self._made > self._settings.waiting_seconds:
            if not self._over:  # else it was answered, and only does not go
                self._figures.refusals["waiting_seconds"] += 1
            self.abort()
            return
        silence = now - self._last_sign
        # It may be talking while nobody listens. It is asked all the same: only a write shows that nobody is there.
        is_heard = not self._holds - _OF_THE_CLIENT
        if silence > self._settings.silence_seconds and is_heard:
            self.abort()
        elif silence > self._settings.ping_seconds and self.open:
            self._protocol.send_ping(b"")
            self._send_pending()

    # Inside.

    def _feed(self, data: bytes) -> int:
        """Lets the library take bytes; gives how many frames ended in them."""
        self._protocol.receive_data(data)
        pending = self._protocol.data_to_send()
        if pending == [SEND_EOF] and self._protocol.state is State.CONNECTING:  # it says nothing to what is no request
            refusal = self._protocol.reject(HTTPStatus.BAD_REQUEST, _NO_REQUEST)
            pending = [refusal.serialize(), SEND_EOF]
        self._send_out(pending)
        events = self._protocol.events_received()
        for event in events:
            if isinstance(event, Frame):
                self._take_frame(event)
            elif isinstance(event, Request):
                self._shake_hands(event)
        if self._protocol.state is not State.OPEN:
            self._check_end()
        return len(events)

    def _shake_hands(self, request: Request) -> None:
        if self._protocol.close_expected():
            return  # what came behind the request, in the same read, was no WebSocket frame
        response = self._host.answer(self, request)
        if response is None:
            response = self._protocol.accept(request)
        if getattr(request, "method", "GET") == "HEAD":  # where websockets tells no method, it takes GET alone
            response.body = b""  # RFC 9110, 9.3.2; the headers are those of the same GET
        self._protocol.send_response(response)
        if self._protocol.state is State.OPEN:
            self.hold("start")
        self._send_pending()
        if self._protocol.state is State.OPEN:
            self._host.opened(self, request)

    def _take_frame(self, event: Frame) -> None:
        if event.opcode is Opcode.BINARY and event.fin:
            self._take_message(bytes(event.data))
        elif event.opcode is Opcode.TEXT:
            self.close(Close.MALFORMED)
        elif event.opcode in (Opcode.BINARY, Opcode.CONT):
            self._fragments.append(bytes(event.data))
            if event.fin:
                fragments, self._fragments = self._fragments, []
                self._take_message(b"".join(fragments))

    def _take_message(self, message: bytes) -> None:
        if not self.open:
            return
        if self._receiver is None or self._early or self._is_put_off:
            self._early.append(message)
        else:
            self._receiver.receive(message)

    def _take_early(self) -> None:
        if not self._early:
            return
        self._begun = monotonic()
        try:
            while self._early and self._receiver is not None and (self.open or self._over) and not self._is_put_off:
                self._receiver.receive(self._early.popleft())
            self._finish()
        except BaseException:
            self.abort()  # as asyncio does where `data_received` fails; nobody would read it again
            raise

    @property
    def _is_put_off(self) -> bool:
        """Whether what was read has to wait, now that some of it may have taken its time."""
        is_held = self._holds and not _PUT_OFF.isdisjoint(self._holds)  # asked for each message, and mostly of none
        return bool(is_held) or monotonic() - self._begun > _SLICE_SECONDS

    def _finish(self) -> None:
        """Passes on what was taken, and takes account of what that has cost."""
        if self._receiver is None:
            return
        self._receiver.received()
        now = monotonic()
        taken = now - self._begun
        if (self.pace.work(taken, now) or self._early) and self.open and _PUT_OFF.isdisjoint(self._holds):
            self.hold("turn")
            self._turns.wait(self._take_turn, taken)

    def _take_turn(self) -> bool:
        waited = "turn" in self._holds
        self.resume("turn")
        return waited

    def _take_last_words(self) -> bool:
        """Goes on with what one has sent who is gone by now."""
        self._take_early()
        if self._early:
            self._turns.wait(self._take_last_words, monotonic() - self._begun)
        else:
            self._let_go()
        return True

    def _send_pending(self) -> None:
        self._send_out(self._protocol.data_to_send())

    def _send_out(self, pending: list[bytes]) -> None:
        self.open = self._protocol.state is State.OPEN and not self._over
        for data in pending:
            if self._transport.is_closing():
                continue  # it is gone, and `connection_lost` on its way; uvloop takes a write for a mistake
            if data != SEND_EOF:
                self._transport.write(data)
            elif self._transport.can_write_eof():
                self._transport.write_eof()  # reading goes on, or unread bytes would cut off the close frame
            else:
                self._transport.close()

    def _check_end(self) -> None:
        if self._protocol.close_expected() or self._protocol.state is State.CLOSED:
            self._end()

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self.open = False
        self._closing_since = self._loop.time()
        self._count_refusal()
        early, self._early = self._early, deque()
        self._fragments.clear()
        for cause in list(self._holds):
            self.resume(cause)  # the client's own close frame has to be read
        if early and self._receiver is not None and not self._is_closed_from_here:
            self._early = early  # whoever wrote it may have no other copy, and not come again
            self._turns.wait(self._take_last_words, 0.0)
        else:
            self._tell_end()

    @property
    def _is_closed_from_here(self) -> bool:
        return self._protocol.close_sent is not None and not self._protocol.close_rcvd_then_sent

    def _count_refusal(self) -> None:
        sent = self._protocol.close_sent
        if sent is not None and self._is_closed_from_here:
            known = sent.code in _CODES and sent.code != Close.SHUTTING_DOWN
            if known or sent.code >= _PROTOCOL_ERRORS:
                self._figures.refusals[Close(sent.code).name.lower() if known else "protocol_error"] += 1

    def _let_go(self) -> None:
        self._tell_end()
        if self._lost:
            self._host.lost(self)

    def _tell_end(self) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.ended()


class _Protocol(ServerProtocol):
    """Says in the server's own words what a client may read."""

    def fail(self, code: int, reason: str = "") -> None:
        """Ends the connection because of what came in."""
        super().fail(code, Close.TOO_LARGE.sentence if code == Close.TOO_LARGE else reason)


def _select_subprotocol(_protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return Subprotocol(SUBPROTOCOL) if SUBPROTOCOL in offered else None
