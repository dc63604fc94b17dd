"""A room in which editors and suggesters write at once, without sockets: real copies of the document, real peers, and
the server's own way in. Everything is drawn from a seed, so a plan is a number."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from random import Random
from typing import cast

from pycrdt import merge_updates

from cowrite.bridge.shared.document import ATTEMPTS
from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.footnotes import footnotes_in
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import INSERTION, Span
from cowrite.core.text.suggested_text import as_suggested
from cowrite.core.writing.lines import delete, delete_in, press_enter
from cowrite.core.writing.moving import move, possible
from cowrite.core.writing.pasting import copied, insert_rich_text
from cowrite.core.writing.table_commands import (
    delete_columns,
    delete_rows,
    delete_table,
    insert_column,
    insert_row,
    insert_table,
)
from cowrite.core.writing.tables import in_table
from cowrite.sync.awareness import Awareness, User
from cowrite.sync.events import Joined, ServerHolds, UpdateRefused
from cowrite.sync.peer import SyncPeer
from cowrite.sync.record import SyncRecord
from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE
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
from helpers.words_kept import WordsKept


class Room:
    """The server's side: replica, gate and intake, and what is on the way to each member."""

    def __init__(self, text: str) -> None:
        first = Document.new(clock=lambda: 0)
        with first.edit(Origin.IMPORT) as edit:
            edit.insert(0, text)
        self.presence = Presence()
        self.gate = Gate(self.presence)
        self.intake = Intake("room", Replica([first.state()]), self.gate)
        self.members: list[Member] = []
        self.writers: dict[int, str] = {}  # as the log has them

    def begin_anew(self) -> None:
        """The server is started again: it knows the document, and forgets who wrote with which pen."""
        self.presence = Presence()
        self.gate = Gate(self.presence)
        for client, person in self.writers.items():
            self.gate.saw(client, person)
        self.intake = Intake("room", Replica([self.intake.replica.whole()]), self.gate)

    def take(self, member: Member, number: int, update: bytes) -> None:
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


class Member:
    """One person: a copy, a peer, and messages on their way up and down."""

    def __init__(self, room: Room, name: str, role: Role, chance: Random) -> None:
        self.room, self.name, self.role, self.chance = room, name, role, chance
        self.person = name
        self.letters = range(0x4E00 + 0x800 * len(room.members), 0x4E00 + 0x800 * (len(room.members) + 1))
        self.me = Author(name, "#2f5fd0", f"id-{name}")
        self.up: deque[bytes] = deque()
        self.down: deque[bytes] = deque()
        self.online = False
        self.refusals: list[UpdateRefused] = []
        self.number = 0
        self.said = 0
        self.now = 0
        room.members.append(self)
        self.record: SyncRecord | None = None
        self.attempts = 0
        self.sit(None)

    # Server's side: a `Client` as Intake knows it

    def settled(self, number: int, reason: Reason | None = None) -> None:
        if reason is not None:
            self.down.append(refused_message(Refused(number, reason)))
        self.down.append(saved_message(number))

    def close(self, close: Close) -> None:
        raise AssertionError(f"{self.name} was expelled: {close}")

    # The person's side

    def sit(self, state: bytes | None) -> None:
        """Opens the document, from its file where there is one."""
        self.document = Document(clock=lambda: self.now, client_id=self.chance.randrange(1, 2**32))
        if state is not None:
            self.document.apply_update(state, Origin.STORAGE)
        self.changes = SuggestedChanges(self.document, lambda: self.me, chance=self.chance, clock=lambda: 5)
        self.peer = SyncPeer(
            self.document,
            Awareness(self.document.client_id, User(self.name, "#2f5fd0")),
            clock=lambda: 1000.0,
            record=self.record,
            merge=lambda updates: bytes(merge_updates(*updates)),
            joins=True,
        )
        self.comments = Comments(self.document, chance=self.chance, clock=lambda: 5)
        self.document.observe_updates(self._on_update)
        self.attempts = 0
        self.changes.may_edit = self.role.may_edit
        self.document.suggester = None if self.role.may_edit else self.changes
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

    # What they do

    def letter(self) -> str:
        """One that nobody writes a second time."""
        self.said += 1
        return chr(self.letters.start + self.said)

    def places(self) -> list[int]:
        text = self.document.text()
        places, at = [0], 0
        for character in text.removesuffix("\n"):
            at += 2 if ord(character) > 0xFFFF else 1
            places.append(at)
        return places

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
        if not self.role.may_suggest:
            what = "comment"
        chance, document = self.chance, self.document
        places = self.places()
        at = chance.choice(places)
        match what:
            case "type":
                inner = [place for place in places[1:-1] if INSERTION in document.rope.attributes_at(place)]
                if inner and chance.random() < 0.7:
                    at = chance.choice(inner)
                for _ in range(chance.randrange(1, 5)):
                    with document.edit(Origin.LOCAL) as edit:
                        edit.insert(at, self.letter())
                    at += 1
            case "line":
                with document.edit(Origin.LOCAL) as edit:
                    edit.insert(at, "\n", {"header": 1} if chance.random() < 0.3 else {})
            case "delete" | "replace":
                index = places.index(at)
                stop = places[min(len(places) - 1, index + chance.randrange(1, 6))]
                own = [p for p in places[:-1] if self.changes.is_own(document.rope.attributes_at(p).get(INSERTION))]
                if own and chance.random() < 0.5:
                    at = chance.choice(own)
                    stop = min(places[-1], places[places.index(at) + 1])
                with document.edit(Origin.LOCAL) as edit:
                    if stop > at:
                        delete_in(edit, document, at, stop)
                    if what == "replace":
                        edit.insert(at, self.letter())
            case "format":
                index = places.index(at)
                stop = places[min(len(places) - 1, index + chance.randrange(1, 9))]
                with document.edit(Origin.LOCAL) as edit:
                    edit.format_text(at, stop - at, {"bold": chance.choice([True, None])})
            case "style":
                with document.edit(Origin.LOCAL) as edit:
                    edit.format_lines(at, 0, {"header": chance.choice([1, 2, None])})
            case "move":
                index = places.index(at)
                stop = places[min(len(places) - 1, index + chance.randrange(1, 9))]
                spans = list(as_suggested(document.spans(at, stop)))
                with document.edit(Origin.LOCAL) as edit:
                    delete_in(edit, document, at, stop)
                to = chance.choice(self.places())
                insert_rich_text(document, to, to, spans)
            case "lines":
                wanted = possible(document, at, at, up=chance.random() < 0.5)
                if wanted is not None:
                    move(document, wanted)
            case "paste":
                read = as_suggested(copied(document, *sorted((at, chance.choice(places)))))
                others = [Span(_WORDS.sub(lambda _: self.letter(), span.text), span.attributes) for span in read]
                insert_rich_text(document, at, at, others)
            case "comment":
                first, last = sorted((at, chance.choice(places)))
                if first < last:
                    self.comments.add(first, last, self.letter(), self.me)
            case "accept" | "reject":
                changes = self.changes.all()
                if not self.role.may_edit:
                    changes = [each for each in changes if self.changes.is_mine(each)]
                    what = "reject"
                if changes:
                    few = chance.sample(changes, min(len(changes), chance.randrange(1, 3)))
                    getattr(self.changes, what)([each.id for each in few])
            case "table":
                self._act_on_table(at, chance.choice(places))
            case "footnote":
                self._write_footnote(at)
            case "undo":
                for _ in range(chance.randrange(1, 4)):
                    document.undo()
            case "redo":
                for _ in range(chance.randrange(1, 4)):
                    document.redo()
            case "step":
                document.begin_undo_step()

    def _write_footnote(self, at: int) -> None:
        """Puts a footnote in, or goes on with one or takes it out, in several steps."""
        there = [at for at, _ in footnotes_in(self.document.spans())]
        is_new = not there or self.chance.random() < 0.4
        here = FootnoteHere(self.document, at if is_new else self.chance.choice(there), is_new=is_new)
        for _ in range(self.chance.randrange(1, 4)):
            here.write((*here.words, Span(self.letter())))
        if self.chance.random() < 0.2:
            here.write(())
        here.close()

    def _act_on_table(self, at: int, to: int) -> None:
        document, chance = self.document, self.chance
        inner = [place for place in (at, to, *self.places()) if in_table(document, place)]
        if not inner or chance.random() < 0.1:
            insert_table(document, at, at, chance.randrange(1, 4), chance.randrange(1, 4))
            return
        at, to = inner[0], chance.choice(inner)
        match chance.choice(("row", "row", "column", "rows", "columns", "table", "clear", "type", "enter", "cells")):
            case "row":
                insert_row(document, at, below=chance.random() < 0.5)
            case "column":
                insert_column(document, at, behind=chance.random() < 0.5)
            case "rows":
                delete_rows(document, min(at, to), max(at, to))
            case "columns":
                delete_columns(document, min(at, to), max(at, to))
            case "table":
                delete_table(document, at)
            case "clear":
                delete(document, min(at, to), max(at, to))
            case "enter":
                press_enter(document, at)
            case "cells":
                spans = as_suggested(copied(document, min(at, to), max(at, to)))
                others = [Span(_WORDS.sub("x", span.text), span.attributes) for span in spans]
                insert_rich_text(document, to, to, others)
            case _:
                with document.edit(Origin.LOCAL) as edit:
                    edit.insert(at, self.letter())


_WORDS = re.compile("[^\n\u2028]")

ACTS = {
    "type": 6,
    "line": 1,
    "delete": 3,
    "replace": 2,
    "format": 2,
    "style": 1,
    "move": 1,
    "accept": 3,
    "reject": 2,
    "undo": 3,
    "redo": 2,
    "step": 2,
}
"""What people do, and how often."""

TABLE_ACTS = {**ACTS, "table": 12}
"""The same, in tables too."""

NOTE_ACTS = {**ACTS, "footnote": 12}
"""The same, in footnotes too."""

ALL_ACTS = {**ACTS, "table": 4, "footnote": 4, "lines": 2, "paste": 2, "comment": 1}
"""All that people do who work for an afternoon."""

MOVE_ACTS = {**ALL_ACTS, "move": 8}
"""The same, by who cuts and pastes much."""

NETWORK = {"hear": 30, "speak": 30, "cut": 1, "connect": 6, "restart": 0.5, "server": 0.2}
"""What happens to their messages, applications and server."""

TEXT = "abcdefghijklmnopqrstuvwxyz\nABCDEFG \U0001f44d HIJKLMNOPQRSTUVWXYZ."


def play(
    seed: int,
    steps: int | Sequence[int] = 150,
    acts: Mapping[str, int] = ACTS,
    roles: Mapping[str, Role] | None = None,
    account: WordsKept | None = None,
) -> Room:
    """Plays a plan until all have everything.

    Args:
        seed: the same seed gives the same plan.
        steps: how many; or the numbers of those that are made, each of which is the same whatever others are.
        acts: what people do, and how often.
        roles: who is there; one or two editors and two suggesters where it is left out.
        account: is kept of what people do.
    """
    chance = Random(seed)
    room = Room(TEXT)
    if roles is None:
        roles = {"A": Role.EDITOR, "B": Role.SUGGESTER, "C": Role.SUGGESTER}
        if chance.random() < 0.5:
            roles["E"] = Role.EDITOR
    people = [Member(room, name, role, chance) for name, role in roles.items()]
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
