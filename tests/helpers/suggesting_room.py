"""A room in which editors and suggesters write at once, without sockets: real copies of the document, real peers, and
the server's own way in. Everything is drawn from a seed, so a plan is a number."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from itertools import count
from random import Random
from typing import Any, cast

from pycrdt import merge_updates

from cowrite.bridge.shared.refused_changes import ATTEMPTS
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.sync.awareness import Awareness, User
from cowrite.sync.events import Joined, ServerHolds, UpdateRefused
from cowrite.sync.peer import SyncPeer
from cowrite.sync.record import SyncRecord
from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.history.restoring import restoring
from cowrite_server.rooms.client import Client
from cowrite_server.rooms.intake import Intake
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello, hello_message
from cowrite_server.wire.protocol import (
    Close,
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
from helpers.suggesting_writer import ACTS, Writer
from helpers.words_kept import WordsKept


class Room:
    """The server's side: replica, gate and intake, and what is on the way to each member."""

    def __init__(self, text: str) -> None:
        first = MendedDocument.new(clock=lambda: 0)
        with first.edit(Origin.IMPORT) as edit:
            edit.insert(0, text)
        self.presence = Presence()
        self.gate = Gate(self.presence)
        self.intake = Intake("room", Replica([first.state()]), self.gate)
        self.members: list[Member] = []
        self.moments = count(1)  # no two people decide in the same millisecond
        self.writers: dict[int, str] = {}  # as the log has them
        self.past: list[bytes] = []  # moments that can be restored

    def begin_anew(self) -> None:
        """The server is started again: it knows the document, and forgets who wrote with which pen."""
        self.presence = Presence()
        self.gate = Gate(self.presence)
        for client, person in self.writers.items():
            self.gate.saw(client, person)
        self.intake = Intake("room", Replica([self.intake.replica.whole()]), self.gate)

    def remember(self) -> None:
        """This moment can be restored."""
        self.past.append(self.intake.replica.whole())

    def restore(self, who: Member, moment: bytes) -> None:
        """Somebody who may edit restores a moment: the server writes what brings it back, by a client of its own."""
        update = restoring(self.intake.replica.whole(), moment)
        if update != EMPTY_UPDATE:
            self.take(Restorer(self, who), 1, update)

    def take(self, member: Member | Restorer, number: int, update: bytes) -> None:
        accepted, contents = self.intake.accept({cast(Client, member): [(number, update)]}, saved=True)
        completed = self.intake.completed
        for data in contents:
            if data == EMPTY_UPDATE:
                continue
            for each in self.members:
                if each.online and (each is not member or completed):
                    each.down.append(sync_message(Sync.UPDATE, data))
        for client, last, data in accepted:
            for pen, _ in first_clocks(data):
                self.writers.setdefault(pen, str(client.person))
            client.settled(last)


class Restorer:
    """By whom a moment is restored, in the eyes of the server: no copy of the document has written it."""

    def __init__(self, room: Room, who: Member) -> None:
        self.room, self.role, self.person, self.name = room, who.role, who.person, who.name

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        assert reason is None, f"to restore a moment is refused: {reason}"

    def close(self, close: Close) -> None:
        raise AssertionError(f"what restores a moment was expelled: {close}")


class Member:
    """One person: a copy, a peer, and messages on their way up and down."""

    def __init__(self, room: Room, name: str, role: Role, chance: Random, *, suggests: bool = False) -> None:
        self.room, self.name, self.role, self.chance = room, name, role, chance
        self.suggests = suggests or not role.may_edit
        self.person = name
        self.letters = range(0x4E00 + 0x800 * len(room.members), 0x4E00 + 0x800 * (len(room.members) + 1))
        self.unused = iter(self.letters[1:])
        self.me = Author(name, "#2f5fd0", f"id-{name}")
        self.up: deque[bytes] = deque()
        self.down: deque[bytes] = deque()
        self.online = False
        self.refusals: list[UpdateRefused] = []
        self.number = 0
        self.now = 0
        room.members.append(self)
        self.record: SyncRecord | None = None
        self.attempts = 0
        self.kept: Mapping[str, Any] = {}
        self.sit(None)

    # Server's side: a `Client` as Intake knows it

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        if reason is not None:
            self.down.append(refused_message(Refused(number, reason)))
        self.down.append(saved_message(number))

    def close(self, close: Close) -> None:
        raise AssertionError(f"{self.name} was expelled: {close}")

    # The person's side

    def sit(self, state: bytes | None) -> None:
        """Opens the document, from its file where there is one."""
        self.document = MendedDocument(clock=lambda: self.now, client_id=self.chance.randrange(1, 2**32))
        if state is not None:
            self.document.apply_update(state, Origin.STORAGE)
        self.changes = SuggestedChanges(
            self.document, lambda: self.me, chance=self.chance, clock=lambda: next(self.room.moments)
        )
        self.changes.decided.recall(json.loads(json.dumps(self.kept)))
        self.peer = SyncPeer(
            self.document,
            Awareness(self.document.client_id, User(self.name, "#2f5fd0")),
            clock=lambda: 1000.0,
            record=self.record,
            merge=lambda updates: bytes(merge_updates(*updates)),
            joins=True,
        )
        self.writer = Writer(self.document, self.changes, self.me, self.chance, self.unused)
        self.document.observe_updates(self._on_update)
        self.attempts = 0
        self.changes.may_edit = self.role.may_edit
        self.document.suggester = self.changes if self.suggests else None
        self.document.mends = self.role.may_suggest

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        if update[1] not in (Origin.REMOTE, Origin.STORAGE):
            self._react(self.peer.local_update(update[0]))

    def _react(self, events: Sequence[object]) -> None:
        """As `SharedDocument` does."""
        for event in events:
            match event:
                case Joined():
                    self.attempts = 0
                case UpdateRefused() if not self._suggests_anew():
                    self.refusals.append(event)
                case ServerHolds(update) if not self.role.may_edit:
                    self.changes.suggest_anew(update)
                    self._react(self.peer.send_again())

    def _suggests_anew(self) -> bool:
        if self.peer.asks_for_all:
            return True
        if self.role.may_edit or self.attempts >= ATTEMPTS:
            return False
        self.attempts += 1
        self.peer.ask_for_all()
        return True

    def connect(self) -> None:
        if self.online:
            return
        self.online = True
        self.number = 0
        self.up.clear()
        self.down.clear()
        self.room.gate.saw(self.document.client_id, self.person)
        self.peer.connected()
        self.down.append(hello_message(Hello("epoch-1", self.role, "room", "in process", Limits())))
        self.down.append(sync_message(Sync.STEP_1, self.room.intake.replica.state()))
        self.flush()

    def cut(self) -> None:
        if self.online:
            self.online = False
            self.up.clear()
            self.down.clear()
            self.peer.disconnected(None, "")
            self.record = self.peer.record

    def restart(self) -> None:
        """The application ends and begins again, with the file."""
        self.cut()
        self.record = self.peer.record
        self.kept = self.changes.decided.kept
        self.sit(self.document.state())

    def flush(self) -> None:
        self.up.extend(self.peer.data_to_send())

    def hear(self) -> None:
        """One message of the server arrives."""
        message = self.down.popleft()
        self._react(self.peer.receive(message))
        self.flush()
        if self.peer.status.sentence.startswith("Saved"):
            self.attempts = 0

    def say_all(self) -> None:
        """All that this person has done reaches the server."""
        self.flush()
        while self.up:
            self.speak()

    def speak(self) -> None:
        """One message reaches the server."""
        message = self.up.popleft()
        reader = Reader(message)
        if reader.var_uint() != Message.SYNC:
            return
        kind, content = reader.var_uint(), reader.var_bytes()
        if kind == Sync.STEP_1:
            self.down.append(sync_message(Sync.STEP_2, self.room.intake.replica.missing(content)))
            return
        self.number += 1
        self.room.take(self, self.number, content)

    def move(self, what: str) -> None:
        """Something happens between this person and the server."""
        match what:
            case "hear":
                for _ in range(min(len(self.down), self.chance.randrange(1, 9))):
                    self.hear()
            case "speak":
                self.flush()
                for _ in range(min(len(self.up), self.chance.randrange(1, 9))):
                    self.speak()
            case "cut":
                self.cut()
            case "connect":
                self.connect()
            case "restart":
                self.restart()

    def act(self, what: str) -> None:
        """The person does something somewhere."""
        self.writer.act(what if self.role.may_suggest else "comment")


HISTORY = {"remember": 2, "restore": 2}
"""What happens to the history, where it does; to be put to what people do."""

NETWORK = {"hear": 30, "speak": 30, "cut": 1, "connect": 6, "restart": 0.5, "server": 0.2}
"""What happens to their messages, applications and server."""

TEXT = "abcdefghijklmnopqrstuvwxyz\nABCDEFG \U0001f44d HIJKLMNOPQRSTUVWXYZ."


def play(
    seed: int,
    steps: int | Sequence[int] = 150,
    acts: Mapping[str, int] = ACTS,
    roles: Mapping[str, Role] | None = None,
    account: WordsKept | None = None,
    suggesting: str = "",
) -> Room:
    """Plays a plan until all have everything.

    Args:
        seed: the same seed gives the same plan.
        steps: how many; or the numbers of those that are made, each of which is the same whatever others are.
        acts: what people do, and how often.
        roles: who is there; one or two editors and two suggesters where it is left out.
        account: is kept of what people do.
        suggesting: the names of those who may write all, and choose to suggest.
    """
    chance = Random(seed)
    room = Room(TEXT)
    if roles is None:
        roles = {"A": Role.EDITOR, "B": Role.SUGGESTER, "C": Role.SUGGESTER}
        if chance.random() < 0.5:
            roles["E"] = Role.EDITOR
    people = [Member(room, name, role, chance, suggests=name in suggesting) for name, role in roles.items()]
    settle(room)
    weights = {**acts, **NETWORK}
    for step in range(steps) if isinstance(steps, int) else steps:
        if not isinstance(steps, int):
            chance.seed(f"{seed} {step}")
        (what,), who = chance.choices(list(weights), list(weights.values())), chance.choice(people)
        if what == "server":
            for each in people:
                each.cut()
            room.begin_anew()
        elif what in NETWORK:
            who.move(what)
        elif what in HISTORY:
            editor = next(each for each in people if each.role.may_edit)
            if what == "remember" or not room.past:
                room.remember()
            else:
                room.restore(editor, chance.choice(room.past))
        else:
            with account.of(who.name, what, who.document) if account is not None else nullcontext():
                who.act(what)
            if chance.random() < 0.5:
                who.flush()
        who.now += chance.choice([1, 1, 700])
    settle(room)
    return room


def settle(room: Room) -> None:
    """Everybody comes back, and everything arrives."""
    for each in room.members:
        each.connect()
    moved = True
    while moved:
        moved = False
        for each in room.members:
            each.flush()
            moved = moved or bool(each.up)
            each.say_all()
            while each.down:
                each.hear()
                moved = True
