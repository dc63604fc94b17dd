"""A room of people of whom some may not edit, and copies of its document that learn of everything in other ways."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from pycrdt import Doc

from cowrite_server.document.neighbours import neighbours_in
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import Id
from cowrite_server.document.updates import EMPTY_UPDATE, deletions, merge, read_update
from cowrite_server.document.view import Span, View
from cowrite_server.errors import BrokenUpdate
from cowrite_server.rooms.intake import Intake
from cowrite_server.wire.awareness import Presence as Entry
from cowrite_server.wire.awareness import awareness_message
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.protocol import Close, Reason, Role
from table import Table

EDITOR, SECOND, SUE, FORGER, OTHER = 5, 200, 9, 120, 11
"""Client ids: of two editors, an honest suggester, and whoever forges, by two ids."""


class Sender:
    """A client without a connection."""

    def __init__(self, person: str, role: Role, name: str | None = None) -> None:
        self.person = person
        self.role = role
        self.name = name
        self.reasons: list[Reason | None] = []
        self.closed: Close | None = None

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        self.reasons.append(reason)

    def close(self, code: Close) -> None:
        self.closed = code


class World:
    """A room with its intake, and copies of its document that learn of everything in other ways."""

    def __init__(self, chance: random.Random) -> None:
        table = Table()
        self.chance = chance
        self.presence = Presence()
        self.gate = Gate(self.presence)
        self.intake = Intake("room", Replica([table.editor.get_update()]), self.gate)
        self.log = [table.editor.get_update()]
        self.live: Doc[Any] = Doc(client_id=1)
        self.live.apply_update(self.log[0])
        self.docs = {client: self.copy(client) for client in (EDITOR, SECOND, SUE)}
        self.sent = {client: self.docs[client].get_state() for client in self.docs}
        for client, person in ((EDITOR, "editor"), (SECOND, "second"), (SUE, "sue")):
            self.show(client, person)

    def show(self, client: int, person: str) -> None:
        """Somebody is seen under a client id."""
        message = awareness_message([Entry(client, 1, {"user": {"name": person}})])
        for number in self.presence.receive(person, Reader(message[1:]).var_bytes(), person, person):
            self.gate.saw(number, person)

    def copy(self, client: int) -> Doc[Any]:
        """A document of somebody who comes."""
        doc: Doc[Any] = Doc(client_id=client)
        doc.apply_update(self.intake.replica.whole())
        return doc

    def send(self, sender: Sender, update: bytes) -> bytes | None:
        """Somebody sends an update; gives what of it the room has taken, or None where it has taken nothing."""
        try:
            read = read_update(update)
        except BrokenUpdate:
            return None
        # A sender is as much of a client as the intake asks of one.
        accepted, contents = self.intake.accept({sender: [(1, read)]}, saved=True)  # type: ignore[dict-item]
        if self.intake.broken:
            whole = Replica(self.log)
            self.intake.renew(whole)
            self.gate.forget()
            return None
        for content in contents:
            self.log.append(content)
            self.live.apply_update(content)
        return merge(contents) if contents else EMPTY_UPDATE if accepted or sender.reasons == [None] else None

    def copies(self) -> list[Doc[Any]]:
        """The document as somebody has it who was there, comes now, or reads the log, also in another order."""
        late: Doc[Any] = Doc()
        late.apply_update(self.intake.replica.arrived())
        merged: Doc[Any] = Doc()
        merged.apply_update(merge(self.log))
        shuffled: Doc[Any] = Doc()
        for update in self._in_another_order():
            shuffled.apply_update(update)
        return [self.live, late, merged, shuffled]

    def _in_another_order(self) -> Iterator[bytes]:
        """The log, each update behind all on which it builds."""
        known: dict[int, int] = {}
        parts = [(update, _needed(update)) for update in self.log]
        while parts:
            ready = [part for part in parts if all(known.get(client, 0) >= end for client, end in part[1].items())]
            part = self.chance.choice(ready or parts[:1])
            parts.remove(part)
            yield part[0]
            for units in neighbours_in(part[0]):
                known[units.first[0]] = max(known.get(units.first[0], 0), units.first[1] + units.length)


def _needed(update: bytes) -> dict[int, int]:
    """How many units of each client a document must have to take an update."""
    all_units = list(neighbours_in(update))
    needed: dict[int, int] = {}
    for units in all_units:
        needed.setdefault(*units.first)
    own = dict(needed)
    ids = [(client, at + length - 1) for client, ranges in deletions(update).items() for at, length in ranges]
    for units in all_units:
        parent = _id_of(units.parent) if units.parent[:1] == b"\0" else None
        ids += [id for id in (units.left, units.right, parent) if id is not None]
    for client, clock in ids:
        if clock < own.get(client, clock + 1):
            needed[client] = max(needed.get(client, 0), clock + 1)
    return needed


def _id_of(parent: bytes) -> Id:
    reader = Reader(parent[1:])
    return reader.var_uint(), reader.var_uint()


def shown_in(doc: Doc[Any]) -> object:
    """The body: all that can be seen, without what has no value."""
    view = View.of(doc)
    return _joined((span, span.look) for span in view.spans), view.hidden, view.keys


def plain_in(doc: Doc[Any]) -> object:
    """What somebody sees of the body who looks at no suggestions."""
    view = View.of(doc)
    spans = (span for span in view.spans if not span.attributes.get("insertion"))
    looks = ((span, {name: value for name, value in span.attributes.items() if name != "deletion"}) for span in spans)
    return _joined((span, repr(look)) for span, look in looks), view.hidden, view.keys


def _joined(spans: Iterable[tuple[Span, str]]) -> tuple[tuple[object, str], ...]:
    """Spans with their looks, texts of one look as one."""
    parts: list[tuple[object, str]] = []
    for span, look in spans:
        if parts and isinstance(parts[-1][0], bytes) and span.text is not None and parts[-1][1] == look:
            parts[-1] = (parts[-1][0] + span.text, look)
        else:
            parts.append((span.object if span.text is None else span.text, look))
    return tuple(parts)
