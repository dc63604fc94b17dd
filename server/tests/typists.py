"""People who type numbered tokens while servers and databases fail around them, and know what was acknowledged."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress

from pycrdt import Doc, Text
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from sync_clients import PATIENCE, Client


class Typist:
    """Somebody who types numbered tokens, and connects again whenever the connection ends."""

    def __init__(self, number: int, url: str, secret: str) -> None:
        self.number = number
        self.doc: Doc[Text] = Doc()
        self.client = Client(self.doc)
        self.acknowledged: list[str] = []
        self.connections = 0
        self.progress = asyncio.Condition()
        self._url = url
        self._secret = secret

    @property
    def text(self) -> str:
        """What the document says."""
        return self.client.text

    async def type(self, stop: asyncio.Event) -> None:
        """Types until it is told to stop and everything is acknowledged."""
        typed: list[str] = []
        while True:
            if self.client.socket_is_gone:
                await self._connect()
            elif stop.is_set():
                return
            else:
                typed.append(f"<{self.number}.{len(self.acknowledged) + len(typed)}>")
                with suppress(ConnectionClosed):  # then it goes out with the answer to the next server's step 1
                    await self.client.write(typed[-1])
            await self.client.until(lambda: self.client.closed or self._is_saved)
            if self._is_saved:
                self.acknowledged += typed
                typed = []
                async with self.progress:
                    self.progress.notify_all()

    async def until_more(self, tokens: int) -> None:
        """Waits until this many more tokens are acknowledged."""
        goal = len(self.acknowledged) + tokens
        async with asyncio.timeout(2 * PATIENCE), self.progress:
            await self.progress.wait_for(lambda: len(self.acknowledged) >= goal)

    def assert_nothing_is_lost(self, text: str) -> None:
        """Compares a text with what was acknowledged: none is lost, none doubled, all in order."""
        assert re.findall(rf"<{self.number}\.\d+>", text) == self.acknowledged

    async def leave(self) -> None:
        """Ends the connection."""
        await self.client.leave()

    @property
    def _is_saved(self) -> bool:
        return 0 < self.client.sent <= self.client.saved

    async def _connect(self) -> None:
        self.client = Client(self.doc)
        with suppress(OSError, InvalidHandshake, ConnectionClosed):
            await self.client.open(self._url, "room", self._secret)
            self.connections += 1
            return
        await asyncio.sleep(0.05)  # as every client does before it tries again


async def until_all_typed(typists: Iterable[Typist], tokens: int) -> None:
    """Waits until this many more tokens of each are acknowledged."""
    await asyncio.gather(*(typist.until_more(tokens) for typist in typists))
