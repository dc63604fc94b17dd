"""One request to an HTTP server, and its answer, which a cancellation ends at once.

Runs in the worker. No redirect is followed. What can go wrong is a Failure whose sentence names the server.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from cowrite.assist.engine.wire import FailureCode
from cowrite.worker.work import Cancellation, Failure

SILENCE = 120.0  # seconds without a byte while the server reads the prompt
MAX_EVENT = 1 << 20  # bytes of one line of the answer
MAX_BODY = 4 << 20  # bytes of any other answer

_UNFIT = (400, 413, 422)


class Refused(Failure):
    """A server answers a request by a status that says no.

    Attributes:
        is_unfit: whether the status says that the request is not as it should be.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(FailureCode.ENDPOINT, sentence)
        self.is_unfit = status in _UNFIT


class Exchange:
    """One request and its answer, which a cancellation ends at once by closing the socket."""

    def __init__(self, connection: http.client.HTTPConnection, cancellation: Cancellation) -> None:
        self._connection = connection
        self._cancellation = cancellation
        self._is_over = False
        self._socket: socket.socket | None = None
        self._response: http.client.HTTPResponse | None = None
        self._watcher = threading.Thread(target=self._watch, name="endpoint-watcher", daemon=True)

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """Sends a request.

        Raises:
            Cancelled: meanwhile.
            Failure: it cannot be sent, or is refused.
        """
        with self._told():
            self._connection.connect()
            self._socket = self._connection.sock  # which the connection forgets once an answer has begun
            self._socket.settimeout(SILENCE)
            self._watcher.start()
            self._connection.request(method, path, body, dict(headers))
            response = self._response = self._connection.getresponse()
        if response.status != http.client.OK:
            raise Refused(response.status, self._refusal(response.status))
        return response

    def line(self, response: http.client.HTTPResponse) -> bytes:
        """The next line of the answer; nothing at its end.

        Raises:
            Cancelled: meanwhile.
            Failure: the connection breaks off, or the line has no end.
        """
        with self._told():
            line = response.readline(MAX_EVENT + 1)
        if len(line) > MAX_EVENT:
            raise Failure(FailureCode.ENDPOINT, f"{self._connection.host} answers with lines without an end.")
        return line

    def whole(self, response: http.client.HTTPResponse) -> bytes:
        """All of the answer, up to MAX_BODY bytes.

        Raises:
            Cancelled: meanwhile.
            Failure: the connection breaks off.
        """
        with self._told():
            return response.read(MAX_BODY)

    def close(self) -> None:
        """Ends it, whatever is still to come."""
        with self._cancellation.rung:
            self._is_over = True
            self._cancellation.rung.notify_all()
        if self._watcher.is_alive():
            self._watcher.join()
        for each in (self._response, self._connection, self._socket):
            if each is not None:
                each.close()

    def _watch(self) -> None:
        with self._cancellation.rung:
            self._cancellation.rung.wait_for(lambda: self._is_over or self._cancellation.is_set)
        if not self._is_over and self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Foreign exceptions as ours."""
        self._cancellation.check()
        try:
            yield
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._cancellation.check()
            raise Failure(FailureCode.ENDPOINT, _sentence(error, self._connection.host)) from error
        self._cancellation.check()

    def _refusal(self, status: int) -> str:
        host = self._connection.host
        if 300 <= status < 400:
            return f"{host} redirects to another address, and text is sent only to the one that you gave."
        if status in (401, 403):
            return f"{host} does not accept the key."
        if status == 404:
            return f"{host} has nothing at this address. It should end in /v1, and the model must be there."
        if status in _UNFIT:
            return f"{host} does not accept what it is asked (status {status}). It may be too long for its model."
        if status == 429:
            return f"{host} has too much to do. Try again later."
        return f"{host} answers with an error (status {status})."


def _sentence(error: Exception, host: str) -> str:
    """What went wrong with a host."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"The certificate of {host} is not trusted here."
        case ssl.SSLError():
            return f"{host} does not answer with TLS. Perhaps its address should begin with http://."
        case TimeoutError():
            return f"{host} does not answer."
        case OSError():
            return f"{host} cannot be reached. Is its server running?"
        case _:
            return f"{host} does not speak HTTP as it should."
