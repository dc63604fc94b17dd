"""Small stand-ins for both ends of a sync: a document, and a server that saves when it is told to. No sockets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pycrdt

from cowrite.core.crdt.structs import read_clocks, read_deletions
from cowrite.core.document.portions import parts_of
from cowrite.errors import CowriteError
from cowrite.sync.awareness import Awareness, User
from cowrite.sync.events import Event
from cowrite.sync.peer import SyncPeer
from cowrite.sync.record import SyncRecord
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello, hello_message
from cowrite_server.wire.protocol import (
    Limits,
    Message,
    Reason,
    Refused,
    Role,
    Sync,
    refused_message,
    saved_message,
    sync_message,
)


class UnreadableUpdate(CowriteError):
    """An update that pycrdt refuses."""


class TextDocument:
    """A document with one text, reached as a SyncPeer reaches the real one."""

    def __init__(self, text: str = "") -> None:
        self._doc: pycrdt.Doc[pycrdt.Text] = pycrdt.Doc()
        self._text = self._doc.get("body", type=pycrdt.Text)
        if text:
            self.write(text)

    @property
    def client(self) -> int:
        return self._doc.client_id

    @property
    def text(self) -> str:
        return str(self._text)

    def write(self, text: str) -> bytes:
        """Appends; gives the update of this one change."""
        before = self._doc.get_state()
        self._text += text
        return self._doc.get_update(before)

    def erase(self, begin: int = 0, end: int | None = None) -> bytes:
        """Removes all text, or that between two places; gives the update of this one change."""
        before = self._doc.get_state()
        del self._text[begin : len(self._text) if end is None else end]
        return self._doc.get_update(before)

    def sprinkle(self, text: str, every: int) -> bytes:
        """Puts a text after each few letters in place of the next one, in one change; gives its update."""
        before = self._doc.get_state()
        with self._doc.transaction():
            for at in range(len(self._text) - 1, 0, -every):
                del self._text[at]
                self._text.insert(at, text)
        return self._doc.get_update(before)

    def lacks(self, update: bytes) -> bool:
        """Whether an update builds on something that is not here."""
        return bool(missing(self._doc.get_state(), update))

    def state_vector(self) -> bytes:
        return self._doc.get_state()

    def update_since(self, state_vector: bytes) -> bytes:
        return self._doc.get_update(state_vector)

    def apply_remote(self, update: bytes) -> None:
        try:
            self._doc.apply_update(update)
        except ValueError as error:
            raise UnreadableUpdate("The update cannot be read.") from error


class Clock:
    """Time that moves only when a test says so; seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds


class FakeServer:
    """A server for one client at a time that speaks the protocol and has a disk that works when `save` is called."""

    def __init__(
        self,
        text: str = "",
        *,
        epoch: str = "epoch-1",
        role: Role = Role.EDITOR,
        limits: Limits | None = None,
        stock: bool = False,
    ) -> None:
        self.document = TextDocument(text)
        self.epoch = epoch
        self.role = role
        self.limits = limits or Limits()
        self.stock = stock
        self.refuse: Reason | None = None
        self.space: int | None = None
        """Bytes that an update with new content may have, where the document is full."""
        self.most_parts: int | None = None
        """Structs and deleted stretches that an update may have."""
        self.heard: list[bytes] = []
        self._received = 0

    def open(self) -> list[bytes]:
        """What the server says first on a new connection."""
        self._received = 0
        step_1 = sync_message(Sync.STEP_1, self.document.state_vector())
        hello = hello_message(Hello(self.epoch, self.role, "room", "fake 1", self.limits))
        return [step_1] if self.stock else [hello, step_1]

    def receive(self, message: bytes) -> list[bytes]:
        """Takes a message in; gives the answers to it."""
        self.heard.append(message)
        reader = Reader(message)
        if reader.var_uint() != Message.SYNC:
            return []
        kind, content = reader.var_uint(), reader.var_bytes()
        if kind == Sync.STEP_1:
            return [sync_message(Sync.STEP_2, self.document.update_since(content))]
        self._received += 1
        if self.refuse is not None:
            return [refused_message(Refused(self._received, self.refuse))]
        if self.space is not None and content[:1] != b"\x00" and len(content) > self.space:
            return [refused_message(Refused(self._received, Reason.TOO_LARGE, "document_bytes"))]
        if self.most_parts is not None and count_parts(content) > self.most_parts:
            return [refused_message(Refused(self._received, Reason.TOO_LARGE, "update_seconds"))]
        if self.document.lacks(content):
            return [refused_message(Refused(self._received, Reason.INCOMPLETE))]
        self.document.apply_remote(content)
        return []

    def save(self) -> list[bytes]:
        """Everything received is on disk."""
        return [saved_message(self._received)]


class Desk:
    """One person's document, peer and connection to a FakeServer."""

    def __init__(
        self,
        server: FakeServer,
        document: TextDocument | None = None,
        record: SyncRecord | None = None,
        merge: bool = False,
        joins: bool = True,
        cut: Callable[[bytes], Sequence[bytes]] = lambda update: (update,),
    ) -> None:
        self.server = server
        self.document = document or TextDocument()
        self.clock = Clock()
        self.awareness = Awareness(self.document.client, User("Ada", "#aa0000"))
        self.peer = SyncPeer(
            self.document,
            self.awareness,
            clock=self.clock,
            record=record,
            merge=(lambda updates: pycrdt.merge_updates(*updates)) if merge else None,
            joins=joins,
            cut=cut,
        )
        self.events: list[Event] = []

    def connect(self) -> None:
        """Opens a connection and lets both sides say what they have to."""
        self.peer.connected()
        self.deliver(self.server.open())
        self.exchange()

    def exchange(self) -> None:
        """Carries messages until nobody has any."""
        while messages := self.peer.data_to_send():
            for message in messages:
                self.deliver(self.server.receive(message))

    def deliver(self, messages: list[bytes]) -> None:
        """The server's messages reach the peer."""
        for message in messages:
            self.events += self.peer.receive(message)

    def save(self) -> None:
        """The server's disk has everything, and the server says so."""
        self.deliver(self.server.save())

    def write(self, text: str) -> None:
        """The person types, in one change."""
        self.events += self.peer.local_update(self.document.write(text))

    def erase(self, begin: int, end: int) -> None:
        """The person deletes, in one change."""
        self.events += self.peer.local_update(self.document.erase(begin, end))

    def pass_(self, seconds: float) -> None:
        """Time passes, and what is due with it is done and answered."""
        self.clock.pass_(seconds)
        self.events += self.peer.tick()
        self.exchange()

    def lose_connection(self, code: int | None = None, reason: str = "") -> None:
        """The connection ends."""
        self.events += self.peer.disconnected(code, reason)

    @property
    def sentence(self) -> str:
        return self.peer.status.sentence


def connected(server: FakeServer, *given: Any, **more: Any) -> Desk:
    """A desk that has connected to a server; see `Desk`."""
    desk = Desk(server, *given, **more)
    desk.connect()
    return desk


def count_parts(update: bytes) -> int:
    """How many structs and deleted stretches an update has."""
    parts = parts_of(update)
    assert parts is not None
    return sum(map(len, parts.of.values())) + sum(map(len, read_deletions(update).values()))


def missing(state: bytes, update: bytes) -> set[int]:
    """The clients of whom an update has something that builds on what the owner of a state vector lacks."""
    parts = parts_of(update)
    assert parts is not None
    here = read_clocks(state)
    return {client for client, found in parts.of.items() if found and found[0].clock > here.get(client, 0)}


def sync_kinds(messages: list[bytes]) -> list[int]:
    """The kinds of the sync messages among `messages`."""
    return [message[1] for message in messages if message[0] == Message.SYNC]
