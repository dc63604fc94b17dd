"""Listening: where a server may be reached, and the sockets on which it waits for clients.

Runs inside the server's event loop.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cowrite_server.errors import CannotListen
from cowrite_server.hosts import is_loopback
from cowrite_server.settings.settings import Settings
from cowrite_server.wrong_use import (
    ClearTextBeyondLoopback,
    KeyWithoutCertificate,
    MetricsBeyondLoopback,
    OpenBeyondLoopback,
)

_BACKLOG = 512

_FOR_EVERYBODY = 1024  # ports from here on

_REASONS = {
    errno.EADDRINUSE: "the port is in use by another program; stop that one, or choose another port",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose one that it has, or 0.0.0.0 (for IPv6 ::) for all",
    errno.EACCES: f"this user may not have this port; choose one from {_FOR_EVERYBODY}",
}


def refuse_unsafe(settings: Settings) -> None:
    """Lets nobody serve beyond this machine without meaning to.

    Raises:
        OpenBeyondLoopback: a server for anybody may listen on this machine only.
        KeyWithoutCertificate: it was meant to speak TLS, and could not.
        ClearTextBeyondLoopback: a server without TLS may, too, unless the settings say `insecure`.
        MetricsBeyondLoopback: and so may the port for health and metrics alone, which speaks no TLS.
    """
    if settings.anybody and not is_loopback(settings.host):
        raise OpenBeyondLoopback(settings.host)
    if settings.tls_cert is None and settings.tls_key is not None:
        raise KeyWithoutCertificate(settings.tls_key)
    if settings.tls_cert is None and not (settings.insecure or is_loopback(settings.host)):
        raise ClearTextBeyondLoopback(settings.host)
    if settings.metrics_port is not None and not (settings.insecure or is_loopback(settings.metrics_host)):
        raise MetricsBeyondLoopback(settings.metrics_host)


async def refuse_taken(settings: Settings) -> None:
    """Makes sure that a server will have its ports, before it makes or changes anything.

    Raises:
        CannotListen: the address or port is not to be had.
    """
    wanted = [(settings.host, settings.port)]
    if settings.metrics_port is not None:
        wanted.append((settings.metrics_host, settings.metrics_port))
    for address, port in wanted:
        with _in_words(address, port):
            server = await asyncio.get_running_loop().create_server(
                asyncio.Protocol, address, port, start_serving=False
            )
            server.close()


async def listen(make_socket: Callable[[], asyncio.BaseProtocol], address: str, port: int) -> asyncio.Server:
    """Listens on an address and port.

    Args:
        make_socket: makes what speaks with one client.
        address, port: where; port 0 for any that is free.

    Raises:
        CannotListen: the address or port is not to be had.
    """
    with _in_words(address, port):
        return await asyncio.get_running_loop().create_server(make_socket, address, port, backlog=_BACKLOG)


async def bind(address: str, port: int) -> list[socket.socket]:
    """Listens on an address and port, and leaves it to the caller to accept connections.

    Args:
        address, port: where; port 0 for any that is free.

    Returns:
        Sockets that do not block, several where the address is a name for several.

    Raises:
        CannotListen: the address or port is not to be had.
    """
    with _in_words(address, port):
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, address, port, start_serving=False)
        sockets = [each.dup() for each in server.sockets]
        server.close()
        for each in sockets:
            each.setblocking(False)
            each.listen(_BACKLOG)
        return sockets


@contextmanager
def _in_words(address: str, port: int) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:
        raise CannotListen(address, port, "no machine can have this name; choose another address") from error
    except (OSError, OverflowError) as error:
        raise CannotListen(address, port, _reason(error, port)) from error


def _reason(error: OSError | OverflowError, port: int) -> str:
    """Why, and what to do. The system's words come wrapped in those of asyncio, which repeat address and port."""
    if isinstance(error, socket.gaierror):
        return "no machine of this name is known here; choose an address of this machine"
    number = getattr(error, "errno", None)
    if number is None and isinstance(error, OSError):
        number = errno.EADDRNOTAVAIL  # asyncio's own loop gives up all addresses of this kind, and says so without it
    if number == errno.EACCES and port >= _FOR_EVERYBODY:  # Windows keeps some for its virtual machines
        return "the system keeps this port for something else; choose another port"
    if number in _REASONS:
        return _REASONS[number]
    return os.strerror(number) if number else str(error).rstrip(".")
