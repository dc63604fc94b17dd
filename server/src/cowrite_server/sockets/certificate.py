"""The server's TLS certificate: read from files, and read again when they change.

A new certificate is for connections that begin after it; those that stand go on. One that cannot be used changes
nothing. One that is out of its time is used, because there is no better one, and said to be.
"""

from __future__ import annotations

import _ssl
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cowrite_server.errors import CertificateUnusable
from cowrite_server.hosts import is_host
from cowrite_server.times import minute_text
from cowrite_server.watched_files import WatchedFiles

_logger = logging.getLogger(__name__)

_FILE_BYTES = 1 << 20
"""The most that a file may have; a device may have no end."""

_WEAK = ("EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK", "EE_MD_TOO_WEAK")
"""What OpenSSL says of one that protects too little."""

_OTHERS_KEY = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED")
"""What OpenSSL says of a key that does not belong to the first certificate; the last, where it is of another kind."""


class Certificate:
    """A certificate in use."""

    def __init__(self, cert: Path, key: Path | None, now: Callable[[], int]) -> None:
        """Reads the files.

        Args:
            cert: the certificate chain (PEM).
            key: the private key (PEM), or None where it is in the same file.
            now: gives milliseconds since 1970.

        Raises:
            CertificateUnusable: they cannot be read or do not belong together.
        """
        self._cert = cert
        self._key = key
        self._now = now
        self._files = WatchedFiles(*(path for path in (cert, key) if path is not None))
        self.context = self._current = _load(cert, key)
        """For the listener."""
        self.context.sni_callback = self._choose
        self._begins, self.ends = _time(cert)
        """The latter: when it is no longer good, in seconds since 1970."""
        self.names = _names(cert)
        """The names and addresses that it stands for, without those that hold a `*`; read at the start only."""
        self._is_good = True
        self._look_at_time()

    def refresh(self) -> None:
        """Takes up a new certificate if the files have changed, and says so if it is out of its time; to be called
        again and again."""
        try:
            if self._files.read_again(self._read):
                _logger.info("The certificate %s was read again.", self._cert)
        except CertificateUnusable as error:
            _logger.error("%s The one before it stays in use.", error)
        self._look_at_time()

    def _read(self) -> None:
        current, (begins, ends) = _load(self._cert, self._key), _time(self._cert)
        self._current, self._begins, self.ends, self._is_good = current, begins, ends, True

    def _look_at_time(self) -> None:
        """Says once of each certificate that it is out of its time."""
        now = self._now() / 1000
        was_good, self._is_good = self._is_good, self._begins <= now < self.ends
        if was_good and not self._is_good:
            early = now < self._begins
            what, when = ("is not good before", self._begins) if early else ("has expired on", self.ends)
            _logger.warning(
                "The certificate %s %s %s, and clients do not connect; put a renewed one in its place%s.",
                self._cert,
                what,
                f"{minute_text(int(when * 1000))} UTC",
                ", or set this machine's clock right" if early else "",
            )

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._current


def _time(cert: Path) -> tuple[float, float]:
    """From when until when the certificate of a file is good, in seconds since 1970."""
    try:
        begins, ends = (str(_decoded(cert)[name]) for name in ("notBefore", "notAfter"))
        return float(ssl.cert_time_to_seconds(begins)), float(ssl.cert_time_to_seconds(ends))
    except (OSError, ValueError, KeyError) as error:
        raise CertificateUnusable(cert, "it does not say from when until when it is good") from error


def _names(cert: Path) -> tuple[str, ...]:
    try:
        stated = _decoded(cert).get("subjectAltName", ())
    except (OSError, ValueError):
        return ()
    return tuple(name for kind, name in stated if kind in ("DNS", "IP Address") and is_host(name))


def _decoded(cert: Path) -> dict[str, Any]:
    """What the certificate of a file says, as `SSLSocket.getpeercert` gives it; of a chain the first, the server's."""
    # The one reader of certificates that Python has; it is in no documentation.
    found: dict[str, Any] = _ssl._test_decode_cert(str(cert))  # type: ignore[attr-defined]
    return found


def _load(cert: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found = {}
    for path in (cert, key or cert):
        try:
            with path.open("rb") as file:  # OpenSSL would not say which of the two it could not open
                found[path] = file.read(_FILE_BYTES + 1)
        except OSError as error:
            raise CertificateUnusable(cert, f"the file {path} cannot be read ({error.strerror})") from error
        if len(found[path]) > _FILE_BYTES:
            raise CertificateUnusable(cert, f"the file {path} is larger than 1 MiB, as no certificate and no key is")
    try:
        # Without a password given, OpenSSL would ask for one on the terminal.
        context.load_cert_chain(cert, key, password="")
    except ssl.SSLError as error:  # its own words name a line of Python's source
        raise CertificateUnusable(cert, _fault(error, found[cert], found[key or cert], cert, key)) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CertificateUnusable(cert, reason) from error
    return context


def _fault(error: ssl.SSLError, chain: bytes, secret: bytes, cert: Path, key: Path | None) -> str:
    """What is wrong with a pair that OpenSSL does not take, and what to do."""
    if b"CERTIFICATE-----" not in chain:
        return f"the file {cert} holds no certificate in PEM"
    if b"PRIVATE KEY-----" not in secret:
        return f"the file {key or cert} holds no private key in PEM{'' if key else '; give it with --tls-key'}"
    if b"ENCRYPTED" in secret:
        return "the key has a password; write it without one, as with `openssl pkey -in KEY -out NEWKEY`"
    if error.reason in _WEAK:
        return "it protects too little; have one made with an RSA key of 2048 bits or more, or with one of P-256"
    if error.reason in _OTHERS_KEY:
        return "the key is another certificate's; the server's own has to be the first in its file"
    return "OpenSSL cannot read it; look whether the files are whole"
