"""ServerSide: websockets' protocol of a server, which says in our own words what a client may read.

Without I/O. It also puts messages together that come in several frames, tells how much has come of what is not whole,
and by which name a refusal is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus

from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import Event, State
from websockets.server import ServerProtocol
from websockets.typing import StatusLike, Subprotocol

from cowrite_server.wire.protocol import SUBPROTOCOL, Close

_METHODS = ("GET", "HEAD")
_NO_REQUEST = "The server cannot read this request: it takes GET and HEAD without a body, one on each connection.\n"
_LONG = (HTTPStatus.REQUEST_URI_TOO_LONG, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
_LONG_LINE = (
    "The server takes requests of up to 128 headers, no line of which is longer than 8 KiB: a token has at most 8,000 "
    "characters. Ask whoever gave it to you for a shorter one.\n"
)
_CONNECTING = State.CONNECTING  # read off its class, it would cost much more, as the next two
_BINARY, _CONTINUED = Opcode.BINARY, Opcode.CONT
_END_OF_REQUEST = b"\r\n\r\n"
_REQUEST_BYTES = 64 * 1024
"""A request that has not ended here is not read on: the library would keep a megabyte of it, of everybody's."""
_CODES = frozenset(Close) - {Close.SHUTTING_DOWN}
_PROTOCOL_ERRORS = 1002
"""The first of the codes that say what was wrong (RFC 6455, 7.4.1)."""

_REASON_BYTES = 123
"""Space for text in a close frame (RFC 6455, 5.5.1)."""


class ServerSide(ServerProtocol):
    """One connection's."""

    def __init__(self, max_size: int) -> None:
        """No request has come.

        Args:
            max_size: bytes of the longest message.
        """
        super().__init__(max_size=max_size, select_subprotocol=_select_subprotocol, extensions=None)
        self.unfinished = 0
        """Bytes that have come of a frame, or of a message in several frames, that is not whole."""
        self.ends_with_request = False
        """Whether the request came with nothing behind it."""
        self._request_end = b""
        self._request_bytes = 0
        self._fragments = bytearray()  # of a message, which may come in very many
        self._part_bytes = 0  # of a frame

    @property
    def is_request_long(self) -> bool:
        """Whether so much has come and is no whole request that no more is to be read."""
        return self.state is _CONNECTING and self._request_bytes > _REQUEST_BYTES

    @property
    def is_closed_from_here(self) -> bool:
        """Whether the server has closed the connection, and not the client."""
        return self.close_sent is not None and not self.close_rcvd_then_sent

    @property
    def refusal(self) -> str | None:
        """By which name it is counted that the server has closed the connection; None where it is not."""
        if self.close_sent is None or not self.is_closed_from_here:
            return None
        code = self.close_sent.code
        if code in _CODES:
            return Close(code).name.lower()
        return "protocol_error" if code >= _PROTOCOL_ERRORS else None

    def read(self, data: bytes) -> list[Event]:
        """Takes bytes; gives what has ended in them, the request or frames."""
        if self.state is _CONNECTING:
            end = self._request_end + data
            self.ends_with_request = end.find(_END_OF_REQUEST) == len(end) - len(_END_OF_REQUEST)
            self._request_end = end[1 - len(_END_OF_REQUEST) :]
            self._request_bytes += len(data)
        self.receive_data(data)
        events = self.events_received()
        self._part_bytes = 0 if events else self._part_bytes + len(data)
        self.unfinished = self._part_bytes + len(self._fragments)
        return events

    def message(self, frame: Frame) -> bytes | None:
        """The binary message that ends with a frame; None where none does."""
        if frame.opcode is _BINARY and frame.fin:
            return bytes(frame.data)
        if frame.opcode not in (_BINARY, _CONTINUED):
            return None
        self._fragments += frame.data
        message = None
        if frame.fin:
            message, self._fragments = bytes(self._fragments), bytearray()
        self.unfinished = self._part_bytes + len(self._fragments)
        return message

    def forget(self) -> None:
        """Lets go of what is not whole."""
        self._fragments.clear()
        self.unfinished = self._part_bytes = 0

    def end(self, code: Close) -> None:
        """Closes with a code and its sentence."""
        self.send_close(code, code.sentence.encode()[:_REASON_BYTES].decode(errors="ignore"))

    def response(self, request: Request, answer: Callable[[Request], Response | None]) -> Response:
        """What a request is answered.

        Args:
            request: it.
            answer: gives a plain HTTP answer, or None to go on with the WebSocket handshake.
        """
        method = getattr(request, "method", "GET")  # where websockets tells no method, it takes GET alone
        if method not in _METHODS:
            return self.reject_unread()
        response = answer(request) or self.accept(request)
        if method == "HEAD":
            response.body = b""  # RFC 9110, 9.3.2; the headers are those of the same GET
        return response

    def reject_unread(self) -> Response:
        """The answer to what is no request that the server takes."""
        return self.reject(HTTPStatus.BAD_REQUEST, _NO_REQUEST)

    def fail(self, code: int, reason: str = "") -> None:
        """Ends the connection because of what came in."""
        super().fail(code, Close.TOO_LARGE.sentence if code == Close.TOO_LARGE else reason)

    def reject(self, status: StatusLike, text: str) -> Response:
        """Answers a request that is not taken."""
        is_long_line = self.handshake_exc is not None and status in _LONG  # the library's own words say less
        return super().reject(status, _LONG_LINE if is_long_line else text)


def _select_subprotocol(_protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return Subprotocol(SUBPROTOCOL) if SUBPROTOCOL in offered else None
