"""A server's sealed boxes without sockets, and the people who sit at it; each with a document and a real KeptBox.

What goes over the wire goes as messages; `Person.settle` lets everything arrive.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pycrdt
from PySide6.QtCore import QCoreApplication

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.shared.kept_box import KeptBox
from cowrite.bridge.shared.sealed import SharedSealed
from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.polls import Option, Poll, PollKind, Polls
from cowrite.core.sessions.sessions import Phase, Session, Sessions
from cowrite.core.text.origin import Origin
from cowrite.storage.sealed_items import SealedItems
from cowrite.sync.sealed_questions import SealedQuestions
from cowrite_server.document.revealing import Contribution, revealing
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.json_messages import refusal_message
from cowrite_server.wire.protocol import Limits, Message, Role
from cowrite_server.wire.sealed import (
    Count,
    SealedItem,
    SealedList,
    SealedReason,
    read_box,
    read_item,
    read_seal,
    seal_done_message,
    sealed_changed_message,
    sealed_counts_message,
    sealed_message,
)


class SealedServer:
    """The boxes and the document of one room."""

    def __init__(self, seed: int = 1) -> None:
        self.document: pycrdt.Doc[Any] = pycrdt.Doc()
        self.boxes: dict[str, dict[tuple[str, str], SealedItem]] = {}
        self.opened: set[str] = set()
        self.people: list[Person] = []
        self.refusals: list[SealedReason] = []
        """Reasons for which the next requests but for lists are refused."""
        self.seals = True
        self._chance = Random(seed)

    def counts(self) -> dict[str, Count]:
        """How much lies in each box."""
        return {box: Count(len(items), len({author for author, _ in items})) for box, items in self.boxes.items()}

    def take(self, update: bytes, source: Person | None = None) -> None:
        """Takes an update and passes it on to those who are connected."""
        self.document.apply_update(update)
        for person in self.people:
            if person is not source and person.is_online:
                person.document.apply_remote(update)

    def receive(self, person: Person, message: bytes) -> None:
        """Answers a request."""
        reader = Reader(message)
        kind, request = reader.var_uint(), reader.var_uint()
        if kind == Message.SEALED_GET:
            items = [item for box in self.boxes.values() for (author, _), item in box.items() if author == person.name]
            person.hear(sealed_message(request, SealedList(tuple(items), self.counts())))
            return
        if self.refusals:
            person.hear(refusal_message(Message.SEAL_REFUSED, request, self.refusals.pop(0)))
            return
        reason = self._do(kind, person, reader)
        person.hear(
            seal_done_message(request) if reason is None else refusal_message(Message.SEAL_REFUSED, request, reason)
        )
        for other in self.people:
            if other.is_online and other is not person and other.name == person.name and kind != Message.OPEN_BOX:
                other.hear(sealed_changed_message())
            if other.is_online:
                other.hear(sealed_counts_message({**dict.fromkeys(self.opened, Count(0, 0)), **self.counts()}))

    def _do(self, kind: int, person: Person, reader: Reader) -> SealedReason | None:
        if kind == Message.OPEN_BOX:
            return self._open(read_box(reader))
        item = read_seal(reader) if kind == Message.SEAL else SealedItem(*read_item(reader), {})
        if item.box in self.opened:
            return SealedReason.OPENED
        if kind == Message.SEAL:
            box = self.boxes.setdefault(item.box, {})
            for other in [key for key, there in box.items() if there == item and key[0] != person.name]:
                del box[other]
            box[person.name, item.id] = item
        else:
            self.boxes.get(item.box, {}).pop((person.name, item.id), None)
        return None

    def _open(self, box: str) -> SealedReason | None:
        lies = self.boxes.pop(box, {})
        if box in self.opened:
            return None
        items = [Contribution(author, author, item.id, item.fields) for (author, _), item in lies.items()]
        update = revealing(self.document.get_update(), box, items, 5000, self._chance)
        if update == EMPTY_UPDATE:
            self.boxes[box] = lies
            return SealedReason.NO_SUCH_BOX
        self.opened.add(box)
        self.take(update)
        return None


class Person:
    """Somebody with a document and a box; connected or not."""

    def __init__(
        self, name: str, folder: Path, storage: StorageThread, server: SealedServer | None = None, at: str = ""
    ) -> None:
        self.name = name
        self.server = server
        self.document = MendedDocument.new(clock=lambda: 0)
        self.file = folder / f"{at or name}.json"
        self.storage = storage
        self.is_online = False
        self.may_write = True
        self.heard: list[bytes] = []
        """Everything that the server has said, and the updates that came from it."""
        self._incoming: list[bytes] = []
        self._outgoing: list[bytes] = []
        chance, clock = Random(name), lambda: 1000
        self.board = Board(self.document, chance=chance, clock=clock)
        self.sessions = Sessions(self.document, chance=chance, clock=clock)
        self.polls = Polls(self.document, chance=chance, clock=clock)
        self.document.observe_updates(self._on_update)
        self._sit_down()
        if server is not None:
            server.people.append(self)

    def connect(self, *, again: bool = False) -> None:
        """Connects, and brings both documents to the same state; again, before anybody is told of the last answers."""
        assert self.server is not None
        if again:
            self.shared.show_synced(False)
            self.questions.disconnected()
        self.is_online = True
        self.server.take(self.document.update_since(self.server.document.get_state()), self)
        self.document.apply_remote(self.server.document.get_update(self.document.state_vector()))
        self.questions.connected(Hello("e", Role.EDITOR, "room", "fake", Limits(), 1, self.name, self.server.seals))
        self.shared.show_synced(True)

    def disconnect(self) -> None:
        """Loses the connection, and with it what was under way."""
        self.is_online = False
        self._incoming.clear()
        self._outgoing.clear()
        self.shared.show_synced(False)
        self.questions.disconnected()
        self.shared.tell()

    def kill(self) -> None:
        """Is killed and starts again: what had been given to the system by then is there."""
        if self.is_online:
            self.is_online = False
            self._incoming.clear()
            self._outgoing.clear()
        self.storage.run_quickly_now(lambda: None)
        left = self.file.read_bytes() if self.file.exists() else None
        self.box.end()
        self.file.unlink(missing_ok=True)
        if left is not None:
            self.file.write_bytes(left)
        self._sit_down()

    def send(self, most: int = 1000) -> bool:
        """Sends what waits; whether there was anything."""
        if not self.is_online or self.server is None:
            return False
        self._outgoing += self.questions.messages_to_send()
        messages, self._outgoing = self._outgoing[:most], self._outgoing[most:]
        for message in messages:
            self.server.receive(self, message)
        return bool(messages)

    def hear(self, message: bytes) -> None:
        """Something comes from the server."""
        self.heard.append(message)
        self._incoming.append(message)

    def take_in(self, *, tells: bool = True) -> bool:
        """Takes in what has come, and tells whoever asked; whether there was anything."""
        incoming, self._incoming = self._incoming, []
        for message in incoming:
            reader = Reader(message)
            self.questions.receive(reader.var_uint(), reader)
        if tells:
            self.shared.tell()
        return bool(incoming)

    def note(self, text: str, session: str, id: str = "") -> Note:
        """A note of one's own."""
        return Note(id or self.board.new_id("note"), text, Place(0, 0), session=session, author=self.name)

    def texts(self) -> list[str]:
        """What is on the board, sorted."""
        return sorted(note.text for note in self.board.notes())

    def _sit_down(self) -> None:
        self.questions = SealedQuestions()
        self.shared = SharedSealed(self.questions, lambda: None)
        self.box = KeptBox(
            self.document,
            SealedItems(self.file),
            self.storage,
            chance=Random(f"box of {self.name}"),
            clock=lambda: 2000,
            me=lambda: self.name,
            may_write=lambda: self.may_write,
            has_server=lambda: self.server is not None,
        )
        if self.server is not None:
            self.box.use(self.shared)

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        if update[1] in (Origin.REMOTE, Origin.STORAGE):
            self.heard.append(update[0])
        elif self.is_online and self.server is not None:
            self.server.take(update[0], self)


def session(person: Person, **fields: Any) -> str:
    """Begins one in which notes are written sealed."""
    return person.sessions.begin(Session("", "What now?", phase=Phase.WRITE, **fields))


def poll(person: Person, **fields: Any) -> str:
    """Opens one with dots for one idea."""
    return person.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("note:1", "one"),), **fields))


def settle(people: Iterable[Person]) -> None:
    """Lets everything happen that is going to happen by itself."""
    people = list(people)
    quiet = 0
    while quiet < 3:  # a timer of 0 ms begins the next round
        QCoreApplication.processEvents()
        moved = [person.send() | person.take_in() for person in people]
        quiet = 0 if any(moved) else quiet + 1
