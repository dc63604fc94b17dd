"""One person at a real connection: a document, its SyncPeer and a Transport, joined in one asyncio loop.

The app's bridge does the same across two threads.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Self

from cowrite.sync.awareness import Awareness, User
from cowrite.sync.blob_exchange import BlobExchange
from cowrite.sync.events import Event, Joined, Leave, Unreadable
from cowrite.sync.link import Link
from cowrite.sync.peer import SyncPeer
from cowrite.sync.record import SyncRecord
from cowrite.sync.status import Status
from cowrite.sync.transport import Transport
from cowrite.sync.transport_events import Closed, Drained, Opened, Received, TransportEvent
from helpers.sync_fakes import TextDocument

WAIT = 30.0  # seconds until a test gives up


class Seat:
    """A person with a document that is connected for as long as the context lasts."""

    def __init__(
        self,
        link: Link,
        document: TextDocument | None = None,
        record: SyncRecord | None = None,
        *,
        name: str = "Ada",
        blobs: BlobExchange | None = None,
        chance: Random | None = None,
    ) -> None:
        self.document = document or TextDocument()
        self.awareness = Awareness(self.document.client, User(name, "#aa0000"))
        self.peer = SyncPeer(self.document, self.awareness, clock=time.monotonic, record=record, blobs=blobs)
        self.transport = Transport(link, self._happened, random=chance or Random(7), epoch=self.peer.record.epoch)
        self.events: list[Event] = []
        self.statuses: list[Status] = [self.peer.status]
        self.tell: Callable[[], object] = lambda: None
        self._connection = 0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.transport.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._task is not None
        if self._timer is not None:
            self._timer.cancel()
        self.peer.leave()
        self._flush()
        await self.transport.close()
        await self._task
        if self._timer is not None:
            self._timer.cancel()

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def status(self) -> Status:
        return self.peer.status

    def write(self, text: str) -> None:
        """The person types, in one change."""
        self.events += self.peer.local_update(self.document.write(text))
        self._flush()

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits for something to become true; it can only become so with an event or a local change."""
        try:
            async with asyncio.timeout(WAIT):
                while not true():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"never came true; text {self.text[-80:]!r}, status {self.status}") from None

    async def until_saved(self) -> None:
        """Waits until the server has said that everything is on its disk."""
        await self.until(lambda: self.status.kind == "saved")

    def flush(self) -> None:
        """Sends what the peer has to send."""
        self._flush()

    def _happened(self, event: TransportEvent) -> None:
        match event:
            case Opened(connection):
                self._connection = connection
                self.peer.connected()
            case Received(number, message):
                self.transport.took(number, event.cost)
                for happened in self.peer.receive(message):
                    self._act(happened)
            case Drained():
                self.peer.drained()
            case Closed(_, code, reason):
                self.events += self.peer.disconnected(code, reason)
        self._flush()

    def _act(self, event: Event) -> None:
        self.events.append(event)
        match event:
            case Joined(hello):
                self.transport.use_epoch(hello.epoch)
            case Leave(close):
                self.transport.halt(self._connection, close, close.sentence)
            case Unreadable(reason):
                self.transport.drop(self._connection, reason)

    def _flush(self) -> None:
        for message in self.peer.data_to_send():
            self.transport.send(self._connection, message)
        if self.statuses[-1] != self.status:
            self.statuses.append(self.status)
        if self._timer is not None:
            self._timer.cancel()
        due = self.peer.next_tick()
        if due is not None:
            wait = max(due - time.monotonic(), 0.001)
            self._timer = asyncio.get_running_loop().call_later(wait, self._tick)
        self._changed.set()
        self.tell()

    def _tick(self) -> None:
        self.events += self.peer.tick()
        self._flush()
