"""Plans of people in a room of whom some may not edit and send whatever bytes they like, each by a seed.

What their programs write is made anew from what honest ones write, with other neighbours, contents, parents, clocks and
deletions. Whatever is let through, every copy shows the same text, and shows as much changed as the role may.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from pycrdt import Array, Doc, Map, Text

from cowrite_server.document.entry_values import contents_of
from cowrite_server.document.neighbours import neighbours_in
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import Id, structs_in
from cowrite_server.document.suggested_entries import ASSIST, client_of
from cowrite_server.document.updates import EMPTY_UPDATE, deletions, merge, read_update
from cowrite_server.document.view import View
from cowrite_server.errors import BrokenUpdate
from cowrite_server.rooms.intake import Intake
from cowrite_server.wire.awareness import Presence as Entry
from cowrite_server.wire.awareness import awareness_message
from cowrite_server.wire.encoding import Reader, var_string, var_uint
from cowrite_server.wire.protocol import Close, Reason, Role
from table import Table, begin, body, claims, elsewhere, root

EDITOR, SECOND, SUE, FORGER, OTHER = 5, 200, 9, 120, 11
"""Client ids: of two editors, an honest suggester, and whoever forges, by two ids."""

STEPS = 25
"""What one plan has, one after the other."""

_ROOTS = ("body", "comments", "suggestions", "meta", "board", "page", "elsewhere")
_ROLES = (Role.SUGGESTER, Role.SUGGESTER, Role.SUGGESTER, Role.COMMENTER, Role.VIEWER)
_TEXT = ("a", "bc", "Ünï", "x👍y", "👩‍👩‍👧", "\n", "two words")
_ALLOWED = {Role.SUGGESTER: ("suggestions", "comments"), Role.COMMENTER: ("comments",), Role.VIEWER: ()}


class PlanFailed(AssertionError):
    """Something was let through that must not be, or an honest person was refused."""


@dataclass
class Report:
    """What came of the updates of plans, by role and outcome."""

    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Struct:
    """A struct of an update, to be written another way."""

    left: Id | None
    right: Id | None
    parent: bytes
    content: int
    data: bytes
    length: int

    def encoded(self) -> bytes:
        """It as bytes."""
        if self.content in (0, 10):
            return bytes((self.content,)) + self.data
        info, near = self.content, b""
        for bit, id in ((0x80, self.left), (0x40, self.right)):
            if id is not None:
                info, near = info | bit, near + var_uint(id[0]) + var_uint(id[1])
        if not near:
            near = self.parent or b"\1" + var_string("body")
            info |= 0x20 * _has_key(near)
        return bytes((info,)) + near + self.data


def _has_key(parent: bytes) -> bool:
    """Whether what a struct is in is named with the key under which it is there."""
    reader = Reader(parent)
    if reader.var_uint() == 1:
        reader.var_bytes()
    else:
        reader.var_uint()
        reader.var_uint()
    return reader.left > 0


Section = tuple[int, int, list[Struct]]


def taken_apart(update: bytes) -> tuple[list[Section], bytes]:
    """The sections of an update, and its list of deletions."""
    sections: dict[int, Section] = {}
    near = {units.first: units for units in neighbours_in(update)}
    reader = Reader(update)
    for client, clock, struct in structs_in(reader):
        units = near[client, clock]
        data = update[struct.at : reader.position]
        made = Struct(units.left, units.right, units.parent, struct.content, data, struct.length)
        sections.setdefault(client, (client, clock, []))[2].append(made)
    return list(sections.values()), update[reader.position :]


def put_together(sections: list[Section], deleted: bytes) -> bytes:
    """An update of sections and a list of deletions."""
    made = var_uint(len(sections))
    for client, clock, structs in sections:
        made += var_uint(len(structs)) + var_uint(client) + var_uint(clock)
        made += b"".join(struct.encoded() for struct in structs)
    return made + deleted


class _Sender:
    """A client without a connection."""

    def __init__(self, person: str, role: Role, name: str | None = None) -> None:
        self.person = person
        self.role = role
        self.name = name
        self.reasons: list[Reason | None] = []
        self.closed: Close | None = None

    def settled(self, number: int, reason: Reason | None = None) -> None:
        self.reasons.append(reason)

    def close(self, code: Close) -> None:
        self.closed = code


class _World:
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
        self.held: list[bytes] = []
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

    def send(self, sender: _Sender, update: bytes) -> bytes | None:
        """Somebody sends an update; gives what of it the room has taken, or None where it has taken nothing."""
        try:
            read = read_update(update)
        except BrokenUpdate:
            return None
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


def _shown(doc: Doc[Any]) -> object:
    """The body: all that can be seen, without what has no value."""
    view = View.of(doc)
    parts: list[tuple[object, str]] = []
    for piece in view.pieces:
        if parts and isinstance(parts[-1][0], bytes) and piece.text is not None and parts[-1][1] == piece.look:
            parts[-1] = (parts[-1][0] + piece.text, piece.look)
        else:
            parts.append((piece.object if piece.text is None else piece.text, piece.look))
    return tuple(parts), view.hidden, view.keys


def _plain(doc: Doc[Any]) -> object:
    """What somebody sees of the body who looks at no suggestions."""
    view = View.of(doc)
    parts: list[tuple[object, str]] = []
    for piece in view.pieces:
        if piece.attributes.get("insertion"):
            continue
        look = repr({name: value for name, value in piece.attributes.items() if name != "deletion"})
        if parts and isinstance(parts[-1][0], bytes) and piece.text is not None and parts[-1][1] == look:
            parts[-1] = (parts[-1][0] + piece.text, look)
        else:
            parts.append((piece.object if piece.text is None else piece.text, look))
    return tuple(parts), view.hidden, view.keys


class _Plan:
    """One plan, carried out as it is made."""

    def __init__(self, seed: int, report: Report) -> None:
        self.chance = random.Random(f"roles {seed}")
        self.world = _World(self.chance)
        self.report = report
        self.people = {
            EDITOR: _Sender("editor", Role.EDITOR),
            SECOND: _Sender("second", Role.OWNER),
            SUE: _Sender("sue", Role.SUGGESTER, "Sue"),
        }
        self.forger = _Sender("forger", Role.SUGGESTER)
        self.refused = 0

    def run(self) -> None:
        """Carries it out.

        Raises:
            PlanFailed: something was let through that must not be, or an honest person was refused.
        """
        chance = self.chance
        for _ in range(STEPS):
            roll = chance.random()
            if roll < 0.12:
                self._edit(EDITOR)
            elif roll < 0.18:
                self._edit(SECOND)
            elif roll < 0.24:
                self._pass_on(chance.choice((EDITOR, SECOND)))
            elif roll < 0.34:
                self._suggest()
            elif roll < 0.38:
                self._show()
            else:
                self._forge()
        for client in (EDITOR, SECOND):
            self._pass_on(client)
        shown = [_shown(copy) for copy in self.world.copies()]
        if any(each != shown[0] for each in shown):
            raise PlanFailed(f"copies differ in the end: {shown}")

    def _edit(self, client: int) -> None:
        doc = self.world.docs[client]
        with doc.transaction():
            for _ in range(self.chance.choice((1, 1, 2))):
                self._change(doc)
        if self.chance.random() < 0.5:
            self._pass_on(client)

    def _change(self, doc: Doc[Any]) -> None:
        """One change of an editor: among others, a suggestion is accepted or rejected."""
        chance, text = self.chance, body(doc)
        begin_, end = self._stretch(doc)
        match chance.randrange(9):
            case 0 | 1 | 2:
                text.insert(begin_, chance.choice(_TEXT))
            case 3 if begin_ < end:
                del text[begin_:end]
            case 4 if begin_ < end:
                text.format(begin_, end, {"bold": chance.choice((True, None))})
            case 5 if begin_ < end:
                text.format(begin_, end, {"insertion": None})  # accepted
            case 6:
                text.insert_embed(begin_, chance.choice(({"image": "x"}, Map({"cell": Text("one")}))), {})
            case 7:
                comments = root(doc, "comments")
                comments["c2"] = Map({"text": Text("nested"), "list": Array([1])})
            case _:
                with suppress(KeyError):
                    del root(doc, "comments")["c2"]

    def _stretch(self, doc: Doc[Any]) -> tuple[int, int]:
        """Two places of the body, in the library's units."""
        places = [0]
        for piece in View.of(doc).pieces:
            for letter in (piece.text or b"x").decode():
                places.append(places[-1] + (len(letter.encode()) if piece.text is not None else 1))
        first = self.chance.randrange(len(places))
        return places[first], places[min(first + self.chance.randrange(6), len(places) - 1)]

    def _pass_on(self, client: int) -> None:
        """What somebody has written reaches the room, at times without something before it; they learn of the rest."""
        world, doc = self.world, self.world.docs[client]
        update = doc.get_update(world.sent[client])
        world.send(self.people[client], update)
        doc.apply_update(world.intake.replica.arrived())
        world.sent[client] = doc.get_state()

    def _suggest(self) -> None:
        """An honest suggester writes, often without having heard of what others wrote."""
        chance, world, sue = self.chance, self.world, self.people[SUE]
        doc = world.docs[SUE]
        if chance.random() < 0.4:
            doc.apply_update(world.intake.replica.arrived())
        with doc.transaction():
            for _ in range(chance.choice((1, 2))):
                _write_suggestion(doc, chance, self._stretch)
        if chance.random() < 0.3:
            if chance.random() < 0.5:  # goes on by another id, as after a restart, and sends both at once
                world.docs[SUE] = self._begun_anew(doc.get_update())
            return
        sue.reasons.clear()
        world.send(sue, doc.get_update(world.sent[SUE]))
        doc.apply_update(world.intake.replica.arrived())
        world.sent[SUE] = doc.get_state()
        if sue.closed is not None or not {Reason.MALFORMED, Reason.TOO_LARGE, Reason.INCOMPLETE}.isdisjoint(
            sue.reasons
        ):
            raise PlanFailed(f"an honest suggester was refused: {sue.reasons}")
        refused = any(reason is not None for reason in sue.reasons)
        self.report.outcomes["honest refused" if refused else "honest taken"] += 1
        if refused:  # begins anew, by another id
            world.docs[SUE] = self._begun_anew(world.intake.replica.arrived())
            world.sent[SUE] = world.docs[SUE].get_state()

    def _begun_anew(self, document: bytes) -> Doc[Any]:
        """The honest suggester's document with another client id."""
        doc: Doc[Any] = Doc(client_id=self.chance.randrange(2, 2**31))
        doc.apply_update(document)
        self.world.show(doc.client_id, "sue")
        return doc

    def _show(self) -> None:
        """The forger is seen, under any id."""
        self.world.show(self.chance.choice((FORGER, FORGER + 1, SUE, EDITOR, OTHER, 3)), "forger")

    def _forge(self) -> None:
        chance, world = self.chance, self.world
        self.forger.role = role = chance.choice(_ROLES)
        update = _Forger(chance, self).update()
        self.forger.reasons.clear()
        shown, plain = _shown(world.live), _plain(world.live)
        kept = elsewhere(world.live, *_ALLOWED[role])
        claimed = _claims(world.live)
        taken = world.send(self.forger, update)
        outcome = "refused" if taken is None else "nothing new" if taken == EMPTY_UPDATE else "taken"
        self.report.outcomes[f"{role} {outcome}"] += 1
        is_news = taken is not None and taken != EMPTY_UPDATE
        for copy in world.copies() if is_news else [world.live]:
            if _plain(copy) != plain:
                raise PlanFailed(f"{role} changed the text from {plain} to {_plain(copy)} by {update.hex()}")
            if role is not Role.SUGGESTER and _shown(copy) != shown:
                raise PlanFailed(f"{role} changed suggestions from {shown} to {_shown(copy)} by {update.hex()}")
            if elsewhere(copy, *_ALLOWED[role]) != kept:
                raise PlanFailed(f"{role} changed {kept} to {elsewhere(copy, *_ALLOWED[role])} by {update.hex()}")
            if not _claims(copy).items() >= claimed.items():
                raise PlanFailed(f"{role} speaks for others by {update.hex()}: {_claims(copy)}")
        if is_news and len({repr(_shown(copy)) for copy in world.copies()}) > 1:
            shown_now = [_shown(copy) for copy in world.copies()]
            raise PlanFailed(f"{role} made copies differ by {update.hex()}: {shown_now}")
        if is_news and world.intake.replica.waits:
            raise PlanFailed(f"{role} made something wait by {update.hex()}")


def _claims(doc: Doc[Any]) -> dict[str, str]:
    """What the entries of suggested changes say that are somebody's, but for how each was decided."""
    held = contents_of(root(doc, "suggestions"))
    return {id: said for id, said in claims(doc).items() if client_of(held[id]) is not None or id.startswith(ASSIST)}


def _write_suggestion(doc: Doc[Any], chance: random.Random, stretch: Callable[[Doc[Any]], tuple[int, int]]) -> None:
    """One change of somebody who keeps to the rules, as cowrite writes them."""
    begin_, end = stretch(doc)
    text, mark = body(doc), {"insertion": f"change:{doc.client_id}"}
    match chance.randrange(7):
        case 0 | 1 | 2:
            looks = {name for piece in View.of(doc).pieces for name in piece.attributes}
            text.insert(begin_, chance.choice(_TEXT), {**dict.fromkeys(looks), **mark})
        case 3 if begin_ < end:
            text.format(begin_, end, {"deletion": chance.choice((mark["insertion"], None))})
        case 4:
            begin(doc, f"change:{doc.client_id}:{chance.randrange(9)}", author="Sue")
        case 5:
            root(doc, "comments")[chance.choice(("c1", f"k{chance.randrange(3)}"))] = Map({"text": "So."})
        case _:
            at = 0
            for piece in View.of(doc).pieces:  # takes back what is its own
                if piece.attributes.get("insertion") == mark["insertion"]:
                    del text[at : at + piece.length]
                    return
                at += piece.length


_CONTENTS: tuple[tuple[int, bytes, int], ...] = (
    (0, b"\2", 2),
    (1, b"\2", 2),
    (2, b"\1" + var_string('"json"'), 1),
    (3, var_string("bytes"), 1),
    (4, var_string("raw"), 3),
    (4, var_string("a👍"), 3),
    (5, var_string('{"image":"x"}'), 1),
    (6, var_string("insertion") + var_string('"s1"'), 1),
    (6, var_string("insertion") + var_string("null"), 1),
    (6, var_string("deletion") + var_string('"s1"'), 1),
    (6, var_string("bold") + var_string("true"), 1),
    (7, b"\1", 1),
    (7, b"\2", 1),
    (8, b"\2\x77" + var_string("v") + b"\x7f", 2),
    (9, var_string("guid") + b"\x76\0", 1),
    (10, b"\2", 2),
)


class _Forger:
    """Makes updates that no honest program writes, of those that one would."""

    def __init__(self, chance: random.Random, plan: _Plan) -> None:
        self._chance = chance
        self._plan = plan
        self._world = plan.world
        self._clocks = self._world.intake.replica.clocks()

    def update(self) -> bytes:
        """One of them."""
        chance = self._chance
        client = chance.choice((FORGER, FORGER, FORGER, FORGER + 1, OTHER))
        doc = self._world.copy(client)
        state = doc.get_state()
        with doc.transaction():
            for _ in range(chance.choice((1, 1, 2, 3))):
                if chance.random() < 0.15:
                    self._plan._change(doc)
                else:
                    _write_suggestion(doc, chance, self._plan._stretch)
        update = doc.get_update() if chance.random() < 0.1 else doc.get_update(state)
        sections, deleted = taken_apart(update)
        if not sections or chance.random() < 0.1:
            sections.append((client, self._clocks.get(client, 0), [self._struct(client)]))
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            self._forge(sections)
        if chance.random() < 0.25:
            deleted = self._deletions()
        return put_together(sections, deleted)

    def _forge(self, sections: list[Section]) -> None:
        """Changes something."""
        chance = self._chance
        number = chance.randrange(len(sections))
        client, clock, structs = sections[number]
        if not structs:
            structs.append(self._struct(client))
        at = chance.randrange(len(structs))
        struct, ahead = structs[at], clock + sum(each.length for each in structs)
        match chance.randrange(14):
            case 0 | 1:
                structs[at] = replace(struct, left=self._id(client, ahead, struct.left))
            case 2 | 3:
                structs[at] = replace(struct, right=self._id(client, ahead, struct.right))
            case 4:
                left = self._id(client, ahead, struct.left)
                structs[at] = replace(struct, left=left, right=chance.choice((left, struct.left, None)))
            case 5:
                structs[at] = replace(struct, left=None, right=struct.right or self._id(client, ahead, None))
            case 6:
                structs[at] = replace(struct, left=struct.left or self._id(client, ahead, None), right=None)
            case 7:
                structs[at] = replace(struct, left=None, right=None, parent=self._parent(client, ahead))
            case 8:
                content, data, length = chance.choice(_CONTENTS)
                structs[at] = replace(struct, content=content, data=data, length=length)
            case 9 | 10:
                structs.insert(at + chance.randrange(2), self._struct(client))
            case 11:
                del structs[at]
            case 12:
                sections[number] = client, max(0, clock + chance.choice((-3, -2, -1, -1, 1, 2, 40))), structs
            case _:
                other = chance.choice((FORGER, FORGER + 1, SUE, EDITOR, SECOND, 77))
                sections[number] = other, self._clocks.get(other, 0), structs
        if chance.random() < 0.05:
            other = chance.choice((FORGER, FORGER + 1, 77))
            sections.append((other, self._clocks.get(other, 0), [self._struct(other)]))

    def _struct(self, client: int) -> Struct:
        chance, ahead = self._chance, self._clocks.get(client, 0)
        content, data, length = chance.choice(_CONTENTS)
        left = self._id(client, ahead, None) if chance.random() < 0.6 else None
        right = self._id(client, ahead, left) if chance.random() < 0.6 else None
        return Struct(left, right, self._parent(client, ahead), content, data, length)

    def _id(self, client: int, ahead: int, near: Id | None) -> Id:
        """A unit of anybody's, at times one that is beside another or that nobody knows yet."""
        chance = self._chance
        if near is not None and chance.random() < 0.4:
            return near[0], max(0, near[1] + chance.randrange(-3, 4))
        if chance.random() < 0.4:
            return client, chance.randrange(max(1, ahead))
        who = chance.choice((*self._clocks, client))
        return who, chance.randrange(self._clocks.get(who, 0) + (2 if chance.random() < 0.05 else 0) or 1)

    def _parent(self, client: int, ahead: int) -> bytes:
        chance = self._chance
        key = var_string(chance.choice(("c1", "c2", "title", "s0", "text"))) if chance.random() < 0.5 else b""
        if chance.random() < 0.7:
            return b"\1" + var_string(chance.choice(_ROOTS)) + key
        id = self._id(client, ahead, None)
        return b"\0" + var_uint(id[0]) + var_uint(id[1]) + key

    def _deletions(self) -> bytes:
        chance = self._chance
        made = b""
        count = chance.choice((1, 1, 1, 2))
        for _ in range(count):
            client = chance.choice((FORGER, FORGER, FORGER + 1, *self._clocks, 77))
            ranges = [
                (chance.randrange(self._clocks.get(client, 0) + 1), chance.choice((0, 1, 1, 2, 3)))
                for _ in range(chance.choice((1, 1, 2, 3)))
            ]
            made += var_uint(client) + var_uint(len(ranges))
            made += b"".join(var_uint(at) + var_uint(length) for at, length in ranges)
        return var_uint(count) + made


def run_plan(seed: int, report: Report) -> None:
    """Carries out one plan.

    Args:
        seed: of which the plan is made.
        report: gets what came of it.

    Raises:
        PlanFailed: something was let through that must not be, or an honest person was refused.
    """
    _Plan(seed, report).run()
