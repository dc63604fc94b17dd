"""A server on 127.0.0.1 that plays a Python package index with one wheel."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.hub_server import Answers, Hub, serving

NAME = "little_model-1.0-py3-none-any.whl"


class PackageIndex(Hub):
    """The wheel, and how the server behaves; its faults as a Hub are for those who fetch the wheel themselves.

    Attributes:
        password: of "ada", which every request has to have; empty for none.
        stalls: pip gets half of the wheel, and nothing more for as long as it waits.
        fetched_by_pip: how often pip got the whole wheel.
    """

    def __init__(self, wheel: bytes) -> None:
        super().__init__(wheel)
        self.password = ""
        self.stalls = False
        self.fetched_by_pip = 0

    @property
    def url(self) -> str:
        """The address for pip."""
        somebody = f"ada:{self.password}@" if self.password else ""
        return f"{self.address.replace('//', f'//{somebody}')}/simple"


class _IndexAnswers(Answers):
    hub: PackageIndex

    def do_GET(self) -> None:  # noqa: N802  # the name is that of http.server
        """The page of the package, and the wheel."""
        hub = self.hub
        token = base64.b64encode(f"ada:{hub.password}".encode()).decode()
        if hub.password and self.headers.get("Authorization") != f"Basic {token}":
            self._send(b"", 401)
        elif self.path.startswith("/simple"):
            link = f'<a href="/elsewhere/{NAME}#sha256={hub.etag}">{NAME}</a>'
            self._send(f"<!DOCTYPE html><html><body>{link}</body></html>".encode())
        elif not self.headers.get("User-Agent", "").startswith("pip/"):
            super().do_GET()
        elif hub.stalls:
            self.send_response(200)
            self.send_header("Content-Length", str(len(hub.content)))
            self.end_headers()
            self.wfile.write(hub.content[: len(hub.content) // 2])
            self.close_connection = True
            self.connection.recv(1)  # until it has gone
        else:
            hub.fetched_by_pip += 1
            self._send(hub.content)

    def _send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", "Basic")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def indexing(wheel: Path, environment: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    """Serves a wheel while the block runs; `use` has pip ask there."""
    with serving(PackageIndex(wheel.read_bytes()), _IndexAnswers) as index:
        use(index, environment)
        yield index


def use(index: PackageIndex, environment: pytest.MonkeyPatch) -> None:
    """Makes an index the only one that pip knows."""
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        environment.delenv(name, raising=False)
    environment.setenv("PIP_INDEX_URL", index.url)
