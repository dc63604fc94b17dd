"""Contact: the wire to one worker, and the one thing that is with it.

Sans-I/O, as the Engine, whose part it is: knows of the process whether it is there and alive, and nothing of what is
asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from cowrite.assist.engine.alarms import Alarms
from cowrite.assist.engine.asking import Source, Wish
from cowrite.assist.engine.incoming import Incoming
from cowrite.assist.engine.queue import Asked
from cowrite.assist.engine.wire import encode

CANCEL_WITHIN = 2.0
"""Seconds in which work has to end that was cancelled, and a process whose stdin was closed."""

HELLO_WITHIN = 60.0
"""Seconds that a process has to begin in: a cold disk and a virus scanner take their time."""

PING_EVERY = 5.0
"""Seconds between two questions whether the worker is alive; none is asked while it has nothing to do."""

PONG_WITHIN = 20.0
"""Seconds in which it has to answer."""


WAY_EVERY = 0.25
"""Seconds between two words to the worker that somebody types; it leaves them a core for twice as long."""


class Worker(Enum):
    """How it stands with the process."""

    ABSENT = auto()
    STARTING = auto()
    READY = auto()
    ENDING = auto()


@dataclass(frozen=True, slots=True)
class Load:
    """A model is being brought in."""

    source: Source


@dataclass(frozen=True, slots=True)
class Unload:
    """The model is being put out."""


class Why(Enum):
    """Why what is with the worker was cancelled."""

    WANTED = auto()
    GIVES_WAY = auto()
    FAILED = auto()
    """It has failed already, and nobody waits for it."""


@dataclass(slots=True)
class Work:
    """What is with the worker.

    Attributes:
        id: its name on the wire.
        what: what it is.
        cancelled: why it is to end; None while it is not.
    """

    id: int
    what: Asked | Load | Unload
    cancelled: Why | None = None


class Contact:
    """The wire to a process that may have to be started.

    Attributes:
        worker: how it stands with the process.
        work: what is with it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.worker = Worker.ABSENT
        self.work: Work | None = None
        self._clock = clock
        self._alarms = Alarms()
        self._incoming = Incoming()
        self._id = 0
        self._out: list[bytes] = []
        self._wishes: list[Wish] = []
        self._way_given = -WAY_EVERY

    @property
    def is_open(self) -> bool:
        """Whether a process is there that is to stay."""
        return self.worker in (Worker.STARTING, Worker.READY)

    def start(self) -> None:
        """Has a process started."""
        self.worker = Worker.STARTING
        self._wishes.append(Wish.START)
        self._alarms.set("hello", self._clock() + HELLO_WITHIN)

    def greeted(self) -> None:
        """The process has begun and can be asked."""
        self.worker = Worker.READY
        self._alarms.drop("hello")

    def send(self, what: Asked | Load | Unload, kind: str, **fields: Any) -> None:
        """Gives work to the worker."""
        self.work = Work(self._next_id(), what)
        self._out.append(encode(kind, self.work.id, **fields))
        self._alarms.set("ping", self._clock() + PING_EVERY)

    def cancel(self, why: Why) -> None:
        """Has the work that is with the worker ended."""
        assert self.work is not None
        if self.work.cancelled is None:
            self._out.append(encode("cancel", self.work.id))
            self._alarms.set("cancel", self._clock() + CANCEL_WITHIN)
        self.work.cancelled = why

    def give_way(self) -> bool:
        """Says that somebody types, where there is work and it was not just said; gives whether it was."""
        now = self._clock()
        if self.work is None or now - self._way_given < WAY_EVERY:
            return False
        self._way_given = now
        self._out.append(encode("typing", self._next_id()))
        return True

    def done(self) -> Why | None:
        """The worker has nothing to do any more; returns why it was cancelled."""
        work, self.work = self.work, None
        self._alarms.drop("cancel", "ping", "pong")
        return None if work is None else work.cancelled

    def sleep_in(self, seconds: float | None) -> None:
        """Sets when `ring` says "idle"; None for never."""
        self._alarms.drop("idle")
        if seconds is not None:
            self._alarms.set("idle", self._clock() + seconds)

    def end(self, wish: Wish) -> Work | None:
        """Has the process ended; returns what is with it."""
        self._wishes.append(wish)
        work = self.forget(Worker.ENDING)
        if wish is Wish.CLOSE:
            self._alarms.set("end", self._clock() + CANCEL_WITHIN)
        return work

    def forget(self, worker: Worker) -> Work | None:
        """Takes note that the process is of no use any more; returns what is with it."""
        work, self.work = self.work, None
        self.worker = worker
        self._incoming.forget()
        self._alarms.clear()
        self._out.clear()
        return work

    def receive(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Takes bytes; gives the messages that concern the work or are a hello.

        Raises:
            MalformedLine: the worker does not speak our language.
        """
        for message in self._incoming.feed(data if self.is_open else b""):
            if not self.is_open:
                return
            if self._alarms.has("pong"):  # whatever it says, it is alive
                self._alarms.drop("pong")
                self._alarms.set("ping", self._clock() + PING_EVERY)
            if message["type"] == "hello" or (self.work is not None and message["id"] == self.work.id):
                yield message

    def ring(self) -> Iterator[str]:
        """Does what is due, and gives what is left to decide: "hello", "pong", "cancel" are overdue, or "idle"."""
        now = self._clock()
        for name in self._alarms.ring(now):
            match name:
                case "ping":
                    self._out.append(encode("ping", self._next_id()))
                    self._alarms.set("pong", now + PONG_WITHIN)
                case "end":
                    self._wishes.append(Wish.KILL)
                case _:
                    yield name

    def next_tick(self) -> float | None:
        """When `ring` is to be called, in seconds of the clock."""
        return self._alarms.next

    def take_out(self) -> list[bytes]:
        """Lines to send."""
        out, self._out = self._out, []
        return out

    def take_wishes(self) -> list[Wish]:
        """What is to be done with the process."""
        wishes, self._wishes = self._wishes, []
        return wishes

    def _next_id(self) -> int:
        self._id += 1
        return self._id
