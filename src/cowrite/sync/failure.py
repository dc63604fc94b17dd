"""Why a connection ended or could not be made: the one place where foreign exceptions become a sentence."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass

from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)

from cowrite.sync.link import Link
from cowrite.sync.status import close_of

FAILURES = (OSError, WebSocketException, EOFError, ImportError, UnicodeError)
"""What opening and using a connection can raise. TimeoutError is an OSError; ImportError comes of a SOCKS proxy
without the package that speaks to it, UnicodeError of a host name that cannot be one."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a connection ended.

    Attributes:
        code: the close code that the server gave, or None where it gave none.
        reason: one sentence for people.
        final: whether connecting again cannot help.
    """

    code: int | None
    reason: str
    final: bool


def failure_of(error: BaseException, link: Link) -> Failure:
    """What an exception of a connection to `link` means."""
    if isinstance(error, ConnectionClosed):
        return _closed(error)
    return Failure(None, _reason(error, link), False)


def _closed(error: ConnectionClosed) -> Failure:
    if error.rcvd is None:
        return Failure(None, "The connection to the server was lost.", False)
    close = close_of(error.rcvd.code)
    if close is not None:
        return Failure(error.rcvd.code, close.sentence, close.final)
    return Failure(error.rcvd.code, f"The server ended the connection (code {error.rcvd.code}).", False)


def _reason(error: BaseException, link: Link) -> str:
    where = link.address
    match error:
        case ssl.SSLCertVerificationError():
            return f"This computer does not trust the certificate of {where}: {error.verify_message}."
        case ssl.SSLError():
            return f"{where} does not speak TLS as expected; check whether the link should begin with cowrite://."
        case socket.gaierror() | UnicodeError():
            return f"The name {link.host} is not known here; check the network and the link."
        case ConnectionRefusedError():
            return f"Nothing answers at {where}; check that the server is running."
        case TimeoutError():
            return f"{where} does not answer."
        case ConnectionError():
            return "The connection to the server was lost."
        case ImportError() | ProxyError() | InvalidProxy():
            return "The network's proxy could not be used; check the proxy settings of this computer."
        case InvalidStatus():
            return f"{where} answers with HTTP status {error.response.status_code} and not as a cowrite server does."
        case InvalidHandshake() | InvalidURI() | WebSocketException() | EOFError():
            return f"What answers at {where} is not a cowrite server."
        case OSError() if error.strerror:
            return f"{where} cannot be reached: {error.strerror}."
        case _:  # where a name has several addresses, asyncio joins their errors in one without a number
            return f"Nothing answers at {where}; check that the server is running and the network leads there."
