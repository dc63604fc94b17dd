"""The server's TLS certificate: read from files, and read again when they change.

A new certificate is for connections that begin after it; those that stand go on. One that cannot be used changes
nothing.
"""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from cowrite_server.errors import CertificateUnusable
from cowrite_server.watched_files import WatchedFiles

_logger = logging.getLogger(__name__)


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
        self._files = WatchedFiles(*(path for path in (cert, key) if path is not None))
        self.context = self._current = _load(cert, key)
        """For the listener."""
        self.context.sni_callback = self._choose

    def refresh(self) -> None:
        """Takes up a new certificate if the files have changed; to be called again and again."""
        if not self._files.changed():
            return
        try:
            self._current = _load(self._cert, self._key)
        except CertificateUnusable as error:
            _logger.error("%s The one before it stays in use.", error)
        else:
            _logger.info("The certificate %s was read again.", self._cert)

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._current


def _load(cert: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    for path in (cert, key):
        try:
            if path is not None:
                path.open("rb").close()  # OpenSSL would not say which of the two it could not open
        except OSError as error:
            raise CertificateUnusable(cert, f"the file {path} cannot be read ({error.strerror})") from error
    try:
        # Without a password given, OpenSSL would ask for one on the terminal.
        context.load_cert_chain(cert, key, password="")
    except ssl.SSLError as error:  # its own words name a line of Python's source
        is_other = error.reason == "KEY_VALUES_MISMATCH"
        reason = "the key is another certificate's" if is_other else "there is no such pair in PEM without a password"
        raise CertificateUnusable(cert, reason) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CertificateUnusable(cert, reason) from error
    return context
