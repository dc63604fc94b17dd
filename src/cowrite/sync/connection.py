"""One connection of a Transport: what the library has, and what it leaves out.

Lives in the network thread's loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

_PIECE = 32 * 1024  # bytes of a message that leave at once


class Connection(ClientConnection):
    """A connection that counts signs of life: anything heard, and anything that the network took.

    Attributes:
        opening: seconds that it took to open it.
        heard: how often something came.
        taken: how often the network took a piece of what is large.
        written: bytes of messages written to it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opening = 0.0
        self.heard = self.taken = self.written = 0

    def data_received(self, data: bytes) -> None:
        """Counts what is heard."""
        self.heard += 1
        super().data_received(data)

    async def send_in_pieces(self, message: bytes) -> None:
        """Sends a message; what is large goes as several frames, each when the network has taken those before.

        Of one write asyncio does not tell how much is left: not on Windows, and with TLS nowhere.

        Raises:
            ConnectionClosed: the connection is.
        """
        if len(message) > _PIECE:
            await self.send(self._pieces(message))
        else:
            self.written += len(message)
            await self.send(message)

    def _pieces(self, message: bytes) -> Iterator[bytes]:
        for at in range(0, len(message), _PIECE):
            piece = message[at : at + _PIECE]
            self.written += len(piece)
            yield piece
            self.taken += 1


class Connecting(connect):
    """A connecting that goes where the link leads and nowhere else.

    Whatever is in between may redirect, as a network does that wants a sign-in, and the library would take the secret
    by which the server knows this person along.
    """

    def process_redirect(self, exc: Exception) -> Exception:
        """Follows none: a redirect is an answer that is no server's."""
        return exc
