"""Answers those who watch over the server: whether it lives, whether it is ready, and its metrics.

`GET /health/live` is 200 as long as the event loop turns. `GET /health/ready` is 200 while clients are let in and their
updates reach the disk, 503 otherwise. `GET /health` says both, with the status of the latter. `GET /metrics` is for
Prometheus.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from cowrite_server import __version__
from cowrite_server.figures import Figures
from cowrite_server.sockets.open_files import RESERVED
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.protocol import Close

if TYPE_CHECKING:
    from cowrite_server.metrics import Metrics, Moment


MOST = RESERVED // 2
"""Connections at a time on a port for monitoring alone; more could take the open files that the server needs."""


class Monitor:
    """Answers plain HTTP requests; the host of sockets on a port for monitoring alone."""

    def __init__(self, figures: Figures, ready: Callable[[], bool], look: Callable[[], Moment]) -> None:
        """Nobody has asked yet.

        Args:
            figures: the server's counts.
            ready: whether clients are let in and their updates reach the disk.
            look: gives the server's present state.
        """
        self._figures = figures
        self._ready = ready
        self._look = look
        self._metrics: Metrics | None = None
        self._sockets: dict[Socket, None] = {}  # the longest-standing one first

    def look_after(self, now: float, late: float) -> None:
        """Drops connections that are over or silent; see `Socket.look`."""
        for socket in list(self._sockets):
            socket.look(now, late)

    def close(self) -> None:
        """Cuts the connections of those who watch."""
        for socket in list(self._sockets):
            socket.abort()

    def answer_plainly(self, path: str, metrics: bool = True) -> Response | None:
        """The answer to a request.

        Args:
            path: what is asked for.
            metrics: whether metrics are given out here.

        Returns:
            The answer, or None where there is nothing of this path.
        """
        path = path.partition("?")[0]
        if path == "/health/live":
            return _json(HTTPStatus.OK, {"live": True})
        if path in ("/health", "/health/ready"):
            ready = self._ready()
            content: dict[str, object] = {"ready": ready}
            if path == "/health":
                content = {"live": True, "ready": ready, "version": __version__}
            return _json(HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE, content)
        if path == "/metrics":
            if not metrics:
                return plain_response(HTTPStatus.NOT_FOUND, "Metrics are on the port that metrics_port names.")
            from cowrite_server import metrics as exposition

            if self._metrics is None:
                self._metrics = exposition.Metrics(self._figures, self._look)
            return _response(HTTPStatus.OK, exposition.CONTENT_TYPE, self._metrics.text())
        return None

    # What sockets ask of their host.

    def made(self, socket: Socket) -> None:
        """A TCP connection stands; whoever asks is answered at once, and the longest silent one gives way."""
        self._sockets[socket] = None
        if len(self._sockets) > MOST:
            silent = next(iter(self._sockets))
            del self._sockets[silent]
            silent.abort()

    def answer(self, socket: Socket, request: Request) -> Response | None:
        """Answers every request; no WebSocket is opened here."""
        return self.answer_plainly(request.path) or _response(HTTPStatus.NOT_FOUND, "text/plain", b"Not found.\n")

    def opened(self, socket: Socket, request: Request) -> None:
        """Not called, because every request is answered."""
        socket.close(Close.NO_SUCH_ROOM)

    def lost(self, socket: Socket) -> None:
        """A TCP connection is gone."""
        self._sockets.pop(socket, None)


def plain_response(status: HTTPStatus, sentence: str) -> Response:
    """An answer that a person reads."""
    return _response(status, "text/plain; charset=utf-8", f"{sentence}\n".encode())


def browser_response() -> Response:
    """The answer to somebody who looks with a browser where a WebSocket is opened."""
    response = plain_response(HTTPStatus.UPGRADE_REQUIRED, "This is a server of cowrite: open its links in cowrite.")
    response.headers["Upgrade"] = "websocket"  # as RFC 9110, 15.5.22 has it
    return response


def _json(status: HTTPStatus, content: dict[str, object]) -> Response:
    return _response(status, "application/json", json.dumps(content).encode() + b"\n")


def _response(status: HTTPStatus, media_type: str, body: bytes) -> Response:
    headers = Headers({"Content-Type": media_type, "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body)
