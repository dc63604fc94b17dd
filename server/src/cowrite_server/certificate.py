"""The server's TLS certificate: read from files, and read again when they change.

A new certificate is for connections that begin after it; those that stand go on. One that cannot be used changes
nothing.
"""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from cowrite_server.errors import CertificateUnusable

_logger = logging.getLogger(__name__)

_Signs = tuple[tuple[int, int, int] | None, ...]


class Certificate:
    """A certificate in use."""

    def __init__(self, cert: Path, key: Path | None) -> None:
        """Reads the files.

        Args:
            cert: the certificate chain (PEM).
            key: the private key (PEM), or None where it is in the same file.

        Raises:
            CertificateUnusable: they cannot be read or do not belong together.
        """
        self._cert = cert
        self._key = key
        self._signs = self._seen = self._look()
        self.context = self._current = _load(cert, key)
        """For the listener."""
        self.context.sni_callback = self._choose

    def refresh(self) -> None:
        """Takes up a new certificate if the files have changed and are at rest; to be called again and again.

        Files that differ from the last look are left for the next one: certificate and key are rarely replaced at the
        very same moment.
        """
        signs = self._look()
        at_rest, self._seen = signs == self._seen, signs
        if not at_rest or signs == self._signs:
            return
        self._signs = signs
        try:
            self._current = _load(self._cert, self._key)
        except CertificateUnusable as error:
            _logger.error("%s The one before it stays in use.", error)
        else:
            _logger.info("The certificate %s was read again.", self._cert)

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._current

    def _look(self) -> _Signs:
        return tuple(_signs(path) for path in (self._cert, self._key) if path is not None)


def _signs(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _load(cert: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        # Without a password given, OpenSSL would ask for one on the terminal.
        context.load_cert_chain(cert, key, password="")
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CertificateUnusable(cert, reason) from error
    return context
