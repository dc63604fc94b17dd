"""The network thread, and what sits on it: editors that exchange what they write over a server."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from random import Random
from types import TracebackType
from typing import Any, Self

from pages import joined_document
from pycrdt import Doc, Text, get_update, merge_updates

from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.core.text.origin import Origin
from cowrite.sync.awareness import Awareness, User
from cowrite.sync.events import Leave, Unreadable, UpdateRefused
from cowrite.sync.link import Link
from cowrite.sync.peer import SyncPeer
from cowrite.sync.transport import Transport
from cowrite.sync.transport_events import Closed, Drained, Opened, Received, TransportEvent
from cowrite_server.wire.encoding import Reader

SILENCE = 30.0  # seconds without any event after which a run is given up


class NetworkThread:
    """A thread with an asyncio loop, in which the transports run."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network")
        self._transports: list[Transport] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        for transport in self._transports:
            await transport.close()
        running = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*running)

    def connect(self, link: Link, emit: Callable[[TransportEvent], None], random: Random) -> Transport:
        """Starts a transport; `emit` is called in the network thread."""

        async def started() -> Transport:
            transport = Transport(link, emit, random=random)
            self._transports.append(transport)
            self._run = asyncio.create_task(transport.run())
            return transport

        return asyncio.run_coroutine_threadsafe(started(), self._loop).result()

    def soon(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Has something called in the network thread."""
        self._loop.call_soon_threadsafe(call, *arguments)


class Seat:
    """One person at a connection: a document that takes in what others wrote only when it is told to.

    The server may pass on several updates in one message. A message is laid by until all of it may be seen. Where
    only a part of it may, that part is taken in as its senders' own updates, once the message has brought them.
    """

    def __init__(
        self,
        number: int,
        state: bytes,
        cuts: Container[int],
        network: NetworkThread,
        events: SimpleQueue[SeatEvent],
    ) -> None:
        """Somebody without a connection.

        Args:
            number: which seat.
            state: what the document begins with.
            cuts: after so many transactions of this seat somebody sees the text so.
            network: where its transport runs.
            events: takes what the network brings.
        """
        self.number = number
        self.document = joined_document(state, client=number + 1)
        self.sent: list[bytes] = []
        """This seat's updates."""
        self.totals = {0: 0}
        """How many updates its first n transactions have made, by n; for each n of `cuts` that has come."""
        self.messages = self.parts = 0
        """How many messages were taken in whole, and how many updates from messages that held too much."""
        self._cuts = cuts
        self._done = 0
        self._network = network
        self._events = events
        self._others: list[Seat] = []
        self._arrived: dict[int, int] = {}
        self._has: dict[int, int] = {}
        self._held: deque[tuple[bytes, dict[int, int]]] = deque()
        self._connection = 0
        self._transport: Transport | None = None
        self._mailbox: Doc[Any] = Doc()
        self._mailbox_text = self._mailbox.get("body", type=Text)
        self._mailbox.apply_update(state)
        self._in_mailbox = 0
        self._gone: set[tuple[int, int]] = set()  # deleted items that messages have named: client and clock
        self._sending = False
        self.peer = SyncPeer(
            self,
            Awareness(number + 1, User(f"Agent {number}", "#aa0000")),
            clock=time.monotonic,
            merge=lambda updates: bytes(merge_updates(*updates)),
        )
        self.document.observe_updates(self._changed)

    def connect(self, link: Link, others: Iterable[Seat]) -> None:
        """Joins the room in which the others are."""
        self._others = [other for other in others if other is not self]
        self._arrived = {other.number: 0 for other in self._others}
        self._has = dict(self._arrived)
        emit = partial(_put, self._events, self)
        self._transport = self._network.connect(link, emit, Random(self.number))

    def may_see(self, sees: Sequence[int]) -> bool:
        """Whether so many transactions of each seat have arrived."""
        return all(
            other.totals.get(sees[other.number], math.inf) <= self._arrived[other.number] for other in self._others
        )

    def see(self, sees: Sequence[int]) -> None:
        """Takes in so many transactions of each other seat, and nothing beyond."""
        wanted = {other.number: other.totals[sees[other.number]] for other in self._others}
        if wanted == self._has:
            return
        while self._held and all(self._held[0][1][number] <= wanted[number] for number in wanted):
            message, holds = self._held.popleft()
            if any(holds[number] > self._has[number] for number in wanted):
                self.document.apply_remote(message)
                self._has = {number: max(self._has[number], holds[number]) for number in wanted}
                self.messages += 1
        parts = [part for other in self._others for part in other.sent[self._has[other.number] : wanted[other.number]]]
        if parts:
            self.document.apply_remote(parts[0] if len(parts) == 1 else bytes(merge_updates(*parts)))
            self.parts += 1
        self._has = wanted

    def done(self) -> None:
        """A transaction has been written."""
        self._done += 1
        if self._done in self._cuts:
            self.document.settle()  # what others see without what follows is an edit of its own
            self.totals[self._done] = len(self.sent)

    def happened(self, event: TransportEvent) -> None:
        """Takes in what the network has brought."""
        match event:
            case Opened(connection):
                self._connection = connection
                self.peer.connected()
            case Received(number, message):
                self._network.soon(self._transport.took, number, event.cost)
                for told in self.peer.receive(message):
                    if isinstance(told, (Leave, Unreadable, UpdateRefused)):
                        raise RuntimeError(f"seat {self.number}: {told}")
            case Drained():
                self._sending = False
                self.peer.drained()
            case Closed(_, _, reason):
                raise RuntimeError(f"seat {self.number} was cut off: {reason}")
        self.send()

    def received_text(self) -> str:
        """The text that the server's messages make, together with what was written here."""
        self._take_own()
        return str(self._mailbox_text)

    # What SyncPeer needs of a document

    def state_vector(self) -> bytes:
        """As of the document."""
        return self.document.state_vector()

    def update_since(self, state_vector: bytes) -> bytes:
        """As of the document."""
        return self.document.update_since(state_vector)

    def apply_remote(self, update: bytes) -> None:
        """Lays a message by, and finds out what it has brought."""
        self._take_own()
        self._mailbox.apply_update(update)
        state = self._mailbox.get_state()
        self._gone |= _deletions(get_update(update, state))
        for other in self._others:
            at = self._arrived[other.number]
            while at < len(other.sent):
                lacking = get_update(other.sent[at], state)
                if lacking[0] or not _deletions(lacking) <= self._gone:
                    break
                at += 1
            self._arrived[other.number] = at
        self._held.append((update, dict(self._arrived)))

    # Inside

    def _changed(self, change: tuple[bytes, Origin]) -> None:
        update, origin = change
        if origin is Origin.LOCAL:
            self.sent.append(update)
            self.peer.local_update(update)

    def _take_own(self) -> None:
        if self._in_mailbox < len(self.sent):
            self._mailbox.apply_update(merge_updates(*self.sent[self._in_mailbox :]))
            self._in_mailbox = len(self.sent)

    def send(self) -> None:
        """Sends what there is, unless the network thread still has something to send: then all goes together later."""
        if self._sending:
            return
        self.document.settle()
        messages = self.peer.data_to_send()
        if messages:
            self._sending = True
            self._network.soon(self._hand_over, messages)

    def _hand_over(self, messages: list[bytes]) -> None:
        assert self._transport is not None
        for message in messages:
            self._transport.send(self._connection, message)


SeatEvent = tuple[Seat, TransportEvent]


def _put(events: SimpleQueue[SeatEvent], seat: Seat, event: TransportEvent) -> None:
    events.put((seat, event))


def next_event(events: SimpleQueue[SeatEvent]) -> SeatEvent:
    """Waits for the network."""
    try:
        return events.get(timeout=SILENCE)
    except Empty:
        raise RuntimeError(f"nothing came from the server for {SILENCE:.0f} s") from None


def _deletions(update: bytes) -> set[tuple[int, int]]:
    """Client and clock of each item that an update without new items deletes."""
    if update == EMPTY_UPDATE:
        return set()
    reader = Reader(update)
    reader.var_uint()
    gone = set()
    for _ in range(reader.var_uint()):
        client = reader.var_uint()
        for _ in range(reader.var_uint()):
            first, count = reader.var_uint(), reader.var_uint()
            gone.update((client, clock) for clock in range(first, first + count))
    return gone
