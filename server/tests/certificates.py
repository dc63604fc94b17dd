"""Certificates for tests, made on the spot."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from pathlib import Path

from helpers.lacking import lacking


class Files:
    """A certificate and its key, as a server is told of them."""

    def __init__(self, folder: Path) -> None:
        self.cert = folder / "cert.pem"
        self.key = folder / "key.pem"

    @property
    def options(self) -> tuple[str, ...]:
        """The options of `serve`."""
        return "--tls-cert", str(self.cert), "--tls-key", str(self.key)

    async def renew(
        self, *, days: int = 2, mode: int = 0o600, names: str = "IP:127.0.0.1", weak: bool = False
    ) -> ssl.SSLContext:
        """Puts a new certificate in their place; gives a context that trusts it and no other.

        Args:
            days: for how long it is good.
            mode: who may read the key.
            names: for whom it is, as OpenSSL has them written.
            weak: whether its key is one that protects too little.
        """
        fresh = self.cert.with_suffix(".new"), self.key.with_suffix(".new")
        key = ["rsa:1024"] if weak else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        make = ["openssl", "req", "-x509", "-newkey", *key, "-nodes"]
        make += ["-subj", "/CN=localhost", "-days", str(days), "-addext", f"subjectAltName={names}"]
        make += ["-out", str(fresh[0]), "-keyout", str(fresh[1])]
        try:
            await asyncio.to_thread(subprocess.run, make, check=True, capture_output=True)
        except FileNotFoundError:
            lacking("openssl is not installed, so there is no certificate to try: apt-get install openssl")
        fresh[1].chmod(mode)
        for new, old in zip(fresh, (self.cert, self.key), strict=True):
            new.replace(old)
        return ssl.create_default_context(cafile=str(self.cert))
