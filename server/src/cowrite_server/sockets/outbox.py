"""Outbox: what one client is sent and has not taken yet, on its way into the transport's buffer.

The buffer is filled in slices as it drains: it has a copy for each client, and what waits here is kept once for all of
them. All goes out in its order, so an update never overtakes the answer that it follows, and no frame breaks into
another. Runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cowrite_server.sockets.unsent import WORTH_COUNTING, Unsent

_SLICE_BYTES = 128 * 1024
"""So much is put into the buffer at once, when it has room for anything."""


class Outbox:
    """What one client is sent."""

    __slots__ = ("_at", "_cut", "_ends", "_is_full", "_is_over", "_kept", "_transport", "_unsent", "_waiting", "size")

    def __init__(self, transport: asyncio.Transport, unsent: Unsent, cut: Callable[[], None]) -> None:
        """Empty.

        Args:
            transport: takes what is sent; tells by `fill` and `drained` whether it can take more.
            unsent: counts what waits.
            cut: ends the connection for the sake of others; called in a later turn of the event loop.
        """
        self._transport = transport
        self._unsent = unsent
        self._cut = cut
        self._waiting: deque[bytes] = deque()
        self._at = 0  # so much of the first is in the buffer
        self._kept: bytes | None = None  # what is sent in parts, from elsewhere
        self._is_full = self._ends = self._is_over = False
        self.size = 0
        """Bytes that wait and are not in the buffer."""

    def write(self, data: bytes) -> None:
        """Sends bytes behind all that waits."""
        if self._is_over:
            return
        if not self._waiting and not self._is_full and len(data) <= _SLICE_BYTES:
            self._transport.write(data)
            return
        self._waiting.append(data)
        self.size += len(data)
        if len(data) > WORTH_COUNTING:
            self._unsent.keep(self, data)
        self._send()
        if self._waiting:
            self._unsent.bound(self)

    def end(self) -> None:
        """Says behind all that waits that this is the end."""
        self._ends = True
        self._send()

    @contextmanager
    def keeping(self, data: bytes) -> Iterator[None]:
        """While something is kept that is sent in parts, one at a time: it counts as waiting."""
        if not self._is_over:
            self._kept = data
            self._unsent.keep(self, data)
            self._unsent.bound(self)
        try:
            yield
        finally:
            self._let_go_of_kept()

    def filled(self) -> None:
        """The buffer takes no more."""
        self._is_full = True

    def drained(self) -> bool:
        """The buffer is nearly empty; gives whether nothing waits any more."""
        self._is_full = False
        self._send()
        return not self._waiting and not self._is_full

    def close(self) -> None:
        """Lets go of all that waits; nothing more is sent."""
        self._is_over = True
        self._let_go_of_kept()
        for data in self._waiting:
            if len(data) > WORTH_COUNTING:
                self._unsent.let_go(self, data)
        self._waiting.clear()
        self.size = 0

    def cut(self) -> None:
        """Ends the connection for the sake of others: see `Unsent`."""
        self.close()
        asyncio.get_running_loop().call_soon(self._cut)  # whoever sends just now may be going through all clients

    def _let_go_of_kept(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            self._unsent.let_go(self, kept)

    def _send(self) -> None:
        if self._transport.is_closing():
            self.close()  # it is gone, and `connection_lost` on its way; uvloop takes a write for a mistake
        while self._waiting and not self._is_full:
            self._transport.write(self._slice())
        if self._ends and not self._waiting and not self._is_over:
            self._is_over = True
            if self._transport.can_write_eof():
                self._transport.write_eof()  # reading goes on, or unread bytes would cut off the close frame
            else:
                self._transport.close()

    def _slice(self) -> bytes:
        """Takes the next bytes that wait."""
        parts: list[memoryview] = []
        space = size = min(self.size, _SLICE_BYTES)
        self._unsent.took(self, size)
        while space:
            data = self._waiting[0]
            part = memoryview(data)[self._at : self._at + space]
            parts.append(part)
            space -= len(part)
            self._at += len(part)
            if self._at == len(data):
                self._waiting.popleft()
                self._at = 0
                if len(data) > WORTH_COUNTING:
                    self._unsent.let_go(self, data)
        self.size -= size
        return b"".join(parts)
