"""One connection of a Transport: what the library has, and what it leaves out.

Lives in the network thread's loop.
"""

from __future__ import annotations

from typing import Any

from websockets.asyncio.client import ClientConnection, connect


class Connection(ClientConnection):
    """A connection that counts signs of life: anything heard, and anything that the network took.

    Attributes:
        opening: seconds that it took to open it.
        heard: how often something came.
        written: bytes of messages written to it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opening = 0.0
        self.heard = self.written = 0

    def data_received(self, data: bytes) -> None:
        """Counts what is heard."""
        self.heard += 1
        super().data_received(data)


class Connecting(connect):
    """A connecting that goes where the link leads and nowhere else.

    Whatever is in between may redirect, as a network does that wants a sign-in, and the library would take the secret
    by which the server knows this person along.
    """

    def process_redirect(self, exc: Exception) -> Exception:
        """Follows none: a redirect is an answer that is no server's."""
        return exc
