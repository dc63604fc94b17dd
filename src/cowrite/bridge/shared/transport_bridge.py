"""TransportBridge: the Transport of one document, as the GUI thread has it.

Runs on the GUI thread; what the transport is told to do, it does on the network thread. By then another connection may
be open, so whatever concerns one names it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from random import Random

from cowrite.bridge.network_thread import Inbox, NetworkThread
from cowrite.sync.identity import Identity
from cowrite.sync.link import Link
from cowrite.sync.transport import Transport
from cowrite.sync.transport_events import TransportEvent

LEAVING = 1.0  # seconds that a goodbye may take


class TransportBridge:
    """Tells the transport what to do, and has what it brings.

    Args:
        link: where the document is shared.
        epoch: of the room, where it is known.
        identity: by what the server knows this person again.
        network: where the transport runs.
        take_in: called when something has come.
    """

    def __init__(
        self, link: Link, epoch: str | None, identity: Identity, network: NetworkThread, take_in: Callable[[], None]
    ) -> None:
        self._network = network
        self._inbox: Inbox[TransportEvent] = network.inbox(take_in)
        self._transport = Transport(link, self._inbox.put, random=Random(), epoch=epoch, identity=identity)
        self._connection = 0
        self._taken_cost = 0  # of messages, in bytes, of which the transport does not know that they are taken in
        self._running: Future[None] | None = None
        self._goodbye: Future[None] | None = None
        self._leave_until = 0.0

    def begin(self) -> None:
        """Connects."""
        self._running = self._network.run(self._transport.run())

    # What comes

    @property
    def waiting(self) -> deque[TransportEvent]:
        """What has come and is not taken in yet."""
        return self._inbox.waiting

    def ring(self) -> None:
        """Has `take_in` called for what waits: the transport has it called only when nothing has waited before."""
        self._inbox.ring()

    def opened(self, connection: int) -> None:
        """The connection of that number is the open one."""
        self._connection, self._taken_cost = connection, 0

    def closed(self) -> None:
        """No connection is open."""
        self._connection = 0

    def is_at(self, connection: int) -> bool:
        """Whether the connection of that number is the open one."""
        return connection == self._connection

    def take(self, cost: int) -> None:
        """A message is taken in; `tell_taken` tells the transport of all of them.

        Args:
            cost: see `Received`.
        """
        self._taken_cost += cost

    def tell_taken(self) -> None:
        """Lets the transport read on."""
        if self._taken_cost:
            self._network.post(self._transport.took, self._connection, self._taken_cost)
            self._taken_cost = 0

    # What goes

    def send(self, messages: Iterable[bytes]) -> None:
        """Sends messages."""
        for message in messages:
            self._network.post(self._transport.send, self._connection, message)

    def use_epoch(self, epoch: str) -> None:
        """See `Transport.use_epoch`."""
        self._network.post(self._transport.use_epoch, epoch)

    def use_identity(self, identity: Identity) -> None:
        """See `Transport.use_identity`."""
        self._network.post(self._transport.use_identity, identity)

    def retry_now(self) -> None:
        """Connects again at once."""
        self._network.post(self._transport.retry_now)

    def drop(self, reason: str) -> None:
        """See `Transport.drop`."""
        self._network.post(self._transport.drop, self._connection, reason)

    def halt(self, code: int | None, reason: str) -> None:
        """See `Transport.halt`."""
        self._network.post(self._transport.halt, self._connection, code, reason)

    # The goodbye

    @property
    def has_left(self) -> bool:
        """Whether `start_leaving` was called."""
        return self._goodbye is not None

    def stop_listening(self) -> None:
        """Lets nothing come any more."""
        self._inbox.close()

    def start_leaving(self) -> None:
        """Says goodbye, once what was sent has gone."""
        self._goodbye = self._network.run(self._transport.close())
        self._leave_until = time.monotonic() + LEAVING

    def leave(self) -> None:
        """Waits until the goodbye is said, within LEAVING from when that was begun."""
        if self._goodbye is None or self._goodbye.done():
            return
        try:
            self._goodbye.result(max(0.0, self._leave_until - time.monotonic()))
        except TimeoutError:
            self._goodbye.cancel()
            if self._running is not None:
                self._running.cancel()
