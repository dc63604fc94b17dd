"""ServerSide: websockets' protocol of a server, which says in our own words what a client may read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus

from websockets.http11 import Request, Response
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


class ServerSide(ServerProtocol):
    """One connection's."""

    def __init__(self, max_size: int) -> None:
        """No request has come.

        Args:
            max_size: bytes of the longest message.
        """
        super().__init__(max_size=max_size, select_subprotocol=_select_subprotocol, extensions=None)

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
