"""Why a connection ended or could not be made: the one place where foreign exceptions become a sentence."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidMessage,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)

from cowrite.sync.link import Link
from cowrite.sync.status import close_of

FAILURES = (OSError, WebSocketException, EOFError, ImportError, ValueError)
"""What opening and using a connection can raise. TimeoutError is an OSError; ImportError comes of a SOCKS proxy
without the package that speaks to it, ValueError of a proxy's address that is none. A UnicodeError, of a host name that
cannot be one, is a ValueError."""

_NOT_YET_VALID = 9  # X509_V_ERR_CERT_NOT_YET_VALID of OpenSSL
_OLD_TLS = ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE")  # OpenSSL's reasons
_TOO_LONG = (HTTPStatus.REQUEST_URI_TOO_LONG, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
_AWAY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""What a proxy before the server says while that one is away, and either of them while it has too much to do."""


class NoTrust(OSError):
    """The certificates that this computer trusts cannot be read.

    Attributes:
        reason: what the system said.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the certificates that this computer trusts cannot be read: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a connection ended.

    Attributes:
        code: the close code that the server gave, or None where it gave none.
        reason: one sentence for people.
        final: whether connecting again cannot help.
        rest: seconds for which the server wants to be left alone.
    """

    code: int | None
    reason: str
    final: bool
    rest: float = 0.0


def failure_of(error: BaseException, link: Link, proxy: str | None = None) -> Failure:
    """What an exception of a connection to `link` means.

    Args:
        error: the exception.
        link: where the connection was to lead.
        proxy: address of the proxy by way of which it was to lead there, if there is one.
    """
    if isinstance(error, ConnectionClosed):
        return _closed(error)
    return Failure(None, _reason(error, link, proxy), False)


def _closed(error: ConnectionClosed) -> Failure:
    if error.rcvd is None:
        return Failure(None, "The connection to the server was lost.", False)
    close = close_of(error.rcvd.code)
    if close is not None:
        return Failure(error.rcvd.code, close.sentence, close.final, close.rest)
    # The sentence of a later version, or of another program. Nothing in it is to be taken for markup where it is shown.
    said = " ".join(error.rcvd.reason.replace("<", "‹").split())
    why = f": “{said}”" if said else "."
    return Failure(error.rcvd.code, f"The server ended the connection (code {error.rcvd.code}){why}", False)


_BAD_PROXY = "The network’s proxy could not be used; check the proxy settings of this computer."


def _wants_sign_in(error: InvalidStatus) -> bool:
    """Whether it is what networks answer that want people to sign in first (RFC 8910, RFC 6585, 6)."""
    status = error.response.status_code
    return status in (HTTPStatus.OK, HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED) or 300 <= status < 400


def _reason(error: BaseException, link: Link, proxy: str | None) -> str:
    where = link.address
    match error:
        case NoTrust():
            return f"The certificates that this computer trusts cannot be read: {error.reason.rstrip('.')}."
        case ssl.SSLCertVerificationError():
            is_early = error.verify_code == _NOT_YET_VALID
            act = "check the date of this computer" if is_early else "tell whoever runs the server"
            why = error.verify_message.rstrip(".")
            return f"This computer does not trust the certificate of {where}: {why}; {act}."
        case ssl.SSLError() if error.reason in _OLD_TLS:
            return f"{where} speaks only old versions of TLS, which are not safe; tell whoever runs the server."
        case ssl.SSLError():  # never that another link might do: without TLS everybody on the way would get the secret
            return (
                f"What answers at {where} does not speak TLS as the link says. If the network wants you to sign in, do "
                "so in a browser; otherwise ask whoever gave you the link."
            )
        case ImportError() | ProxyError() | InvalidProxy():
            return _BAD_PROXY
        case ValueError() if not isinstance(error, UnicodeError):
            return _BAD_PROXY
        case OSError() | UnicodeError() if proxy is not None:  # nobody knows on which side of it
            way = urlsplit(proxy).netloc.rpartition("@")[2]
            return f"{where} cannot be reached by way of the proxy {way}; check the network and the proxy settings."
        case socket.gaierror() | UnicodeError():
            return f"The name {link.host} is not known here; check the network and the link."
        case ConnectionRefusedError():
            return f"Nothing answers at {where}; check that the server is running."
        case TimeoutError():
            return f"{where} does not answer."
        case ConnectionError():
            return "The connection to the server was lost."
        case InvalidStatus() if error.response.status_code in _AWAY:
            return f"The server at {where} is away or has too much to do (HTTP status {error.response.status_code})."
        case InvalidStatus() if error.response.status_code in _TOO_LONG:
            return f"The link is longer than {where} accepts; ask whoever gave it to you for another one."
        case InvalidStatus() if _wants_sign_in(error):
            return f"A web page answers at {where}; if the network wants you to sign in, do so in a browser."
        case InvalidMessage() if isinstance(error.__cause__, EOFError | ConnectionError):
            return f"{where} ends the connection without an answer."
        case InvalidStatus():
            return f"{where} answers with HTTP status {error.response.status_code} and not as a cowrite server does."
        case InvalidHandshake() | InvalidURI() | WebSocketException() | EOFError():
            return f"What answers at {where} is not a cowrite server."
        case OSError() if error.strerror:
            return f"{where} cannot be reached: {error.strerror}."
        case _:  # where a name has several addresses, asyncio joins their errors in one without a number
            return f"Nothing answers at {where}; check that the server is running and that the network leads there."
