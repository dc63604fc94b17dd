"""Listening: where a server may be reached, and the sockets on which it waits for clients.

Runs inside the server's event loop.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from cowrite_server.admission import is_loopback
from cowrite_server.errors import CannotListen, ClearTextBeyondLoopback, KeyWithoutCertificate, OpenBeyondLoopback
from cowrite_server.settings import Settings

_BACKLOG = 512


def refuse_unsafe(settings: Settings) -> None:
    """Lets nobody serve beyond this machine without meaning to.

    Raises:
        OpenBeyondLoopback: a server for anybody may listen on this machine only.
        KeyWithoutCertificate: it was meant to speak TLS, and could not.
        ClearTextBeyondLoopback: a server without TLS may, too, unless the settings say `insecure`.
    """
    if settings.anybody and not is_loopback(settings.host):
        raise OpenBeyondLoopback(settings.host)
    if settings.tls_cert is None and settings.tls_key is not None:
        raise KeyWithoutCertificate(settings.tls_key)
    if settings.tls_cert is None and not (settings.insecure or is_loopback(settings.host)):
        raise ClearTextBeyondLoopback(settings.host)


async def listen(
    make_socket: Callable[[], asyncio.BaseProtocol],
    address: str,
    port: int,
    tls: ssl.SSLContext | None = None,
    handshake: float | None = None,
) -> asyncio.Server:
    """Listens on an address and port.

    Args:
        make_socket: makes what speaks with one client.
        address, port: where; port 0 for any that is free.
        tls: with it all is encrypted.
        handshake: seconds that a client has to agree on the encryption.

    Raises:
        CannotListen: the address or port is not to be had.
    """
    try:
        return await asyncio.get_running_loop().create_server(
            make_socket,
            address,
            port,
            ssl=tls,
            backlog=_BACKLOG,
            ssl_handshake_timeout=None if tls is None else handshake,
        )
    except UnicodeError as error:
        raise CannotListen(address, port, "this is no name that a machine can have") from error
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(address, port, reason) from error
