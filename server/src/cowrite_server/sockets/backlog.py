"""Backlog: what one client has sent and has to wait, and why nothing more is read from the client meanwhile.

Runs on the server's event loop. Knows whole messages only: how they come is the socket's business.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from cowrite_server.sockets.spending import Spending
from cowrite_server.sockets.turns import Turns

_OF_THE_CLIENT = frozenset({"queue", "blobs"})
"""Causes of not reading that are the client's own doing; while one lasts, it still has to show that it is alive."""

_PUT_OFF = frozenset({"start", "queue", "pace", "repair", "weighing", "turn", "trial"})
"""Causes of not reading for which what was read waits as well. One read brings many messages, and each could ask for
the whole document while nothing of it is sent."""

_BEFORE_IT_BEGINS = "start"
"""The cause for which everybody waits who comes; it is not counted."""

_SLICE_SECONDS = 0.002
"""So long one connection's messages may take at once: many times what letters need."""


class Receiver(Protocol):
    """Takes what arrives on a socket."""

    def receive(self, message: bytes, is_alone: bool = False) -> None:
        """One whole binary message, and whether it is known to be all that came at once."""

    def received(self) -> None:
        """There are no more messages at the moment."""

    def exceeded(self, limit: str) -> None:
        """The client has been beyond this limit for too long."""

    def ended(self) -> None:
        """Nothing will be sent or received any more. Called once."""


class Backlog:
    """The messages of one client on their way to its receiver, in their order.

    Mostly none waits: a message is handed over as it comes. Whoever wants that messages wait, or that no more are read,
    names a cause and ends it again.
    """

    __slots__ = (
        "_abort",
        "_begun",
        "_causes",
        "_ended",
        "_is_over",
        "_is_put_off",
        "_is_worn",
        "_pauses",
        "_receiver",
        "_transport",
        "_turns",
        "_waiting",
        "resumed",
        "spending",
    )

    def __init__(
        self,
        transport: asyncio.ReadTransport,
        turns: Turns,
        spending: Spending,
        pauses: Counter[str],
        abort: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        """Nothing waits, and there is no receiver yet: see `start`.

        Args:
            transport: from which the client is read.
            turns: those who wait for their turn.
            spending: how much of the server's time the client takes.
            pauses: counts the causes for which clients are not read.
            abort: cuts the connection: a message could not be taken.
            ended: called when the receiver has had what waited at the end; see `end`.
        """
        self.spending = spending
        self.resumed = 0.0
        """When a cause of not reading ended last."""
        self._transport = transport
        self._turns = turns
        self._pauses = pauses
        self._abort = abort
        self._ended = ended
        self._receiver: Receiver | None = None
        self._waiting: deque[bytes] = deque()
        self._causes: set[str] = set()
        self._is_put_off = False
        self._is_worn = False
        self._is_over = False
        self._begun = 0.0

    @property
    def waits(self) -> bool:
        """Whether any message waits."""
        return bool(self._waiting)

    @property
    def lets_be_heard(self) -> bool:
        """Whether the client would be heard, were it not for its own doing."""
        return not self._causes - _OF_THE_CLIENT

    # What comes.

    def begin(self) -> float:
        """Something was read; messages may come of it, until `finish` is called. Gives the time."""
        self._begun = now = monotonic()
        # Or whoever is on many connections would have so many long messages taken at once.
        self._is_worn = self.spending.is_used_up(now)
        return now

    def take(self, message: bytes, is_alone: bool = False) -> None:
        """Hands a message over, now or when it is no longer put off. Behind the end none is taken.

        Args:
            message: the message.
            is_alone: whether it is known to be all that came at once.
        """
        is_late = not is_alone and monotonic() - self._begun > _SLICE_SECONDS  # what came alone has just begun
        if self._waiting or self._is_put_off or self._is_worn or is_late:
            if not self._is_over:
                self._waiting.append(message)
        elif self._receiver is not None:
            self._receiver.receive(message, is_alone)

    def finish(self) -> None:
        """Passes on what was taken, and takes account of what that has cost."""
        if self._receiver is None:
            return
        self._receiver.received()
        now = monotonic()
        taken = now - self._begun
        is_beyond = self.spending.work(taken, now)
        if (limit := self.spending.exceeded) is not None and not self._is_over:
            self._receiver.exceeded(limit)
        elif (is_beyond or self._waiting) and not self._is_put_off:
            self.hold("turn")
            self._turns.wait(self._take_turn, taken)

    # Waiting.

    def start(self, receiver: Receiver) -> None:
        """Hands over the messages that came so far, and all that come; ends the cause "start"."""
        self._receiver = receiver
        self.resume("start")
        if self._is_over:
            self.let_go()

    def hold(self, cause: str) -> None:
        """Reads nothing until each cause has been resumed."""
        if self._is_over:
            return
        if not self._causes:
            self._transport.pause_reading()
        if cause not in self._causes and cause != _BEFORE_IT_BEGINS:
            self._pauses[cause] += 1
        self._causes.add(cause)
        self._is_put_off = not _PUT_OFF.isdisjoint(self._causes)

    def resume(self, cause: str) -> None:
        """Ends one cause of not reading."""
        if cause not in self._causes:
            return
        self._causes.discard(cause)
        self._is_put_off = not _PUT_OFF.isdisjoint(self._causes)
        self.resumed = monotonic()
        self._take_waiting()
        if not self._causes and not self._transport.is_closing():
            self._transport.resume_reading()

    def _take_turn(self) -> bool:
        waited = "turn" in self._causes
        self.resume("turn")
        return waited

    def _take_waiting(self) -> None:
        if not self._waiting or self._receiver is None:
            return
        begun = self.begin()
        try:
            while self._waiting and (self._is_over or not self._is_put_off):
                if monotonic() - begun > _SLICE_SECONDS:
                    break
                self._receiver.receive(self._waiting.popleft())
            self.finish()
        except BaseException:
            self._abort()  # as asyncio does where `data_received` fails; nobody would read it again
            raise

    # The end.

    def drop(self) -> None:
        """Forgets what waits."""
        self._waiting.clear()

    def end(self, *, is_heard_out: bool) -> None:
        """No more comes.

        Args:
            is_heard_out: whether the receiver still gets what waits, in turns. Whoever wrote it may have no other copy,
                and not come again.
        """
        self._is_over = True
        waiting, self._waiting = self._waiting, deque()
        for cause in list(self._causes):
            self.resume(cause)  # the client's own close frame has to be read
        self._is_put_off = True
        if waiting and self._receiver is not None and is_heard_out:
            self._waiting = waiting
            self._turns.wait(self._take_last_words, 0.0)
        else:
            self.let_go()

    def let_go(self) -> None:
        """Tells the receiver that this is the end, if it has not been told."""
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.ended()

    def _take_last_words(self) -> bool:
        """Goes on with what one has sent who is gone by now."""
        self._take_waiting()
        if self._waiting:
            self._turns.wait(self._take_last_words, monotonic() - self._begun)
        else:
            self.let_go()
            self._ended()
        return True
