"""A server on 127.0.0.1 that plays the Hugging Face hub: one file, and faults on demand."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """The file, how the server behaves, and what it was asked.

    Attributes:
        content: the file.
        etag: what it says that the file's SHA-256 is.
        stops: for each of the next answers, after how many bytes the connection ends; None for never.
        ignores_ranges: whether a request for a piece is answered with 200 and the whole.
        shifts_ranges: whether a request for a piece is answered with 206 and the piece one byte on.
        ranges: of each GET, the piece it asked for; empty for the whole.
        elsewhere: where it says that the file's bytes are; empty for where they are.
        stalls_after: after how many bytes nothing more comes for as long as it is waited for; None for never.
        on_get: is called at each GET, before the answer.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.etag = hashlib.sha256(content).hexdigest()
        self.size = len(content)
        self.stops: list[int | None] = []
        self.ignores_ranges = False
        self.shifts_ranges = False
        self.ranges: list[str] = []
        self.statuses: list[int] = []  # for the next GETs, instead of the file
        self.elsewhere = ""
        self.stalls_after: int | None = None
        self.on_get = threading.Event().set
        self.address = ""


AnyHub = TypeVar("AnyHub", bound=Hub)


class Answers(BaseHTTPRequestHandler):
    """What the hub answers."""

    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *words: object) -> None:
        """Says nothing."""

    def do_HEAD(self) -> None:
        """What the hub says of the file; its bytes are on another host."""
        self.send_response(302)
        there = f"{self.hub.address}/elsewhere/file".replace("127.0.0.1", "localhost")
        self.send_header("Location", self.hub.elsewhere or there)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("X-Linked-Etag", f'"{self.hub.etag}"')
        self.send_header("X-Linked-Size", str(self.hub.size))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        """The file, or a piece of it."""
        hub = self.hub
        if not self.path.startswith("/elsewhere"):
            self.do_HEAD()
            return
        hub.on_get()
        wanted = self.headers.get("Range", "")
        hub.ranges.append(wanted)
        if hub.statuses:
            self.send_response(hub.statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        first = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and not hub.ignores_ranges else 0
        first += hub.shifts_ranges and bool(wanted)
        body = hub.content[first:]
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(hub.content) - 1}/{len(hub.content)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if hub.stalls_after is not None:
            self.wfile.write(body[: hub.stalls_after])
            self.close_connection = True
            self.connection.recv(1)  # until it has gone
            return
        stop = hub.stops.pop(0) if hub.stops else None
        self.wfile.write(body[:stop])
        if stop is not None:
            self.wfile.flush()
            self.close_connection = True
            with suppress(OSError):  # it has gone by itself
                self.connection.shutdown(2)


@contextmanager
def serving(hub: AnyHub, answers: type[Answers] = Answers) -> Iterator[AnyHub]:
    """Serves the hub while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), type("HubAnswers", (answers,), {"hub": hub})) as server:
        hub.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
