"""Several peers at a server that crashes, with everything that can happen in any order, from a seed.

The judge counts numbered tokens: at every crash each change that was called saved must be on the server's disk, and at
the end everybody must have every token exactly once.
"""

from __future__ import annotations

from collections import deque
from random import Random

import pytest

from cowrite.sync.awareness import Awareness, User
from cowrite.sync.peer import SyncPeer
from cowrite.sync.status import Kind
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello, hello_message
from cowrite_server.wire.protocol import Limits, Message, Role, Sync, saved_message, sync_message
from helpers.seeds import seeds
from helpers.sync_fakes import TextDocument

STEPS = 400


class Room:
    """A server whose memory runs ahead of its disk."""

    def __init__(self) -> None:
        self.memory = TextDocument()
        self.disk = TextDocument()
        self.wires: dict[str, Wire] = {}

    def open(self, name: str) -> Wire:
        wire = self.wires[name] = Wire()
        hello = Hello("epoch", Role.EDITOR, "room", "fake", Limits())
        wire.to_client += [hello_message(hello), sync_message(Sync.STEP_1, self.memory.state_vector())]
        return wire

    def receive(self, name: str, message: bytes) -> None:
        reader = Reader(message)
        if reader.var_uint() != Message.SYNC:
            return
        kind, content = reader.var_uint(), reader.var_bytes()
        if kind == Sync.STEP_1:
            self.wires[name].to_client.append(sync_message(Sync.STEP_2, self.memory.update_since(content)))
            return
        self.wires[name].received += 1
        self.memory.apply_remote(content)
        for other, wire in self.wires.items():
            if other != name:
                wire.to_client.append(sync_message(Sync.UPDATE, content))

    def save(self) -> None:
        """fsync, and the confirmations that follow it."""
        self.disk.apply_remote(self.memory.update_since(self.disk.state_vector()))
        for wire in self.wires.values():
            wire.to_client.append(saved_message(wire.received))

    def crash(self) -> None:
        """kill -9: memory is what the disk had."""
        self.memory = TextDocument()
        self.memory.apply_remote(self.disk.update_since(b"\0"))
        self.wires.clear()


class Wire:
    """A connection: what is on its way in both directions."""

    def __init__(self) -> None:
        self.to_client: deque[bytes] = deque()
        self.to_server: deque[bytes] = deque()
        self.received = 0


class Person:
    """A document and its peer."""

    def __init__(self, name: str, room: Room) -> None:
        self.name, self.room = name, room
        self.document = TextDocument()
        self.tokens: list[str] = []
        self._start(None)

    def _start(self, before: SyncPeer | None) -> None:
        awareness = Awareness(self.document.client, User(self.name, "#000000"))
        self.peer = SyncPeer(self.document, awareness, clock=lambda: 0.0, record=before.record if before else None)

    @property
    def wire(self) -> Wire | None:
        return self.room.wires.get(self.name)

    @property
    def called_saved(self) -> list[str]:
        return self.tokens[: len(self.tokens) - self.peer.waiting]

    def write(self) -> None:
        self.tokens.append(f"[{self.name}{len(self.tokens)}]")
        self.peer.local_update(self.document.write(self.tokens[-1]))

    def connect(self) -> None:
        self.disconnect()
        self.room.open(self.name)
        self.peer.connected()

    def disconnect(self) -> None:
        self.room.wires.pop(self.name, None)
        self.peer.disconnected()

    def restart(self) -> None:
        """The app is closed and opened again."""
        self.disconnect()
        self._start(self.peer)

    def send(self) -> None:
        if self.wire is not None:
            self.wire.to_server += self.peer.data_to_send()

    def hear(self) -> None:
        if self.wire is not None and self.wire.to_client:
            self.peer.receive(self.wire.to_client.popleft())

    def be_heard(self) -> None:
        if self.wire is not None and self.wire.to_server:
            self.room.receive(self.name, self.wire.to_server.popleft())


def happen(random: Random, room: Room, people: list[Person]) -> None:
    """One thing of all that can happen."""
    person = random.choice(people)
    what = random.choices(
        ["write", "send", "hear", "be heard", "save", "connect", "disconnect", "restart", "crash"],
        [20, 20, 30, 30, 5, 4, 2, 1, 1],
    )[0]
    match what:
        case "write":
            person.write()
        case "send":
            person.send()
        case "hear":
            person.hear()
        case "be heard":
            person.be_heard()
        case "save":
            room.save()
        case "connect":
            person.connect()
        case "disconnect":
            person.disconnect()
        case "restart":
            person.restart()
        case _:
            room.crash()
            for each in people:
                each.peer.disconnected()


def calm(people: list[Person]) -> None:
    """Everything that is under way arrives."""
    while True:
        for person in people:
            person.send()
        if not any(person.wire and (person.wire.to_client or person.wire.to_server) for person in people):
            return
        for person in people:
            person.be_heard()
            person.hear()


@pytest.mark.parametrize("seed", seeds(15))
def test_nothing_called_saved_is_lost_and_everybody_ends_with_every_token_once(seed: int) -> None:
    random = Random(seed)
    room = Room()
    people = [Person(name, room) for name in "abc"[: random.randint(1, 3)]]
    for _ in range(STEPS):
        happen(random, room, people)
        for person in people:
            lost = [token for token in person.called_saved if token not in room.disk.text]
            assert not lost, f"seed {seed}: called saved and not on disk: {lost}"
    for person in people:
        person.connect()
    calm(people)
    room.save()
    calm(people)
    for person in people:
        assert (person.peer.waiting, person.peer.status.kind) == (0, Kind.SAVED), f"seed {seed}"
        assert person.document.text == room.disk.text, f"seed {seed}"
    tokens = [token for person in people for token in person.tokens]
    assert all(room.disk.text.count(token) == 1 for token in tokens), f"seed {seed}"
