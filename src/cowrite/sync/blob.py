"""A picture as it travels between a document and its server."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blob:
    """A picture.

    Attributes:
        media_type: such as `image/png`.
        data: its bytes.
    """

    media_type: str
    data: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of the data: the blob's name."""
        return hashlib.sha256(self.data).digest()
